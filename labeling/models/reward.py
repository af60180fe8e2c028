"""What play has earned: the ledger, and what is derived from it."""

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from labeling.models.game import Label, Round
from labeling.models.player import Player
from labeling.models.study import Study


class EntryKind(models.TextChoices):
    GUESS = "guess", "a right guess"
    AGREEMENT = "agreement", "somebody had seen the same"
    CONFIRMATION = "confirmation", "somebody saw the same later"
    STREAK = "streak", "days in a row"
    CORRECTION = "correction", "a correction"


class LedgerEntry(models.Model):
    """Points that one event earned. Rows are only ever added; a mistake is corrected by another entry.

    `key` names the event, so that nothing is paid twice. Of an agreement, `label` is the player's own label,
    `by` the label that agreed with it, and `other` the player who gave that.
    """

    player = models.ForeignKey(Player, models.CASCADE, related_name="ledger")
    study = models.ForeignKey(Study, models.CASCADE, related_name="ledger")
    round = models.ForeignKey(Round, models.SET_NULL, null=True, related_name="ledger")
    label = models.ForeignKey(Label, models.SET_NULL, null=True, related_name="ledger")
    by = models.ForeignKey(Label, models.SET_NULL, null=True, related_name="+")
    other = models.ForeignKey(Player, models.SET_NULL, null=True, related_name="+")
    corrects = models.ForeignKey("self", models.CASCADE, null=True, related_name="corrections")
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    points = models.SmallIntegerField()
    key = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["player", "other"], name="ledger_by_pair"),
            models.Index(fields=["player", "-id"], name="ledger_of_player"),
        ]

    def __str__(self) -> str:
        return f"{self.points:+} {self.get_kind_display()}"


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


class Standing(models.Model):
    """The sum of a player's entries of one week in one study. `week` is its Monday, in UTC."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="standings")
    player = models.ForeignKey(Player, models.CASCADE, related_name="standings")
    week = models.DateField()
    points = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["player", "study", "week"], name="standing_once_a_week")
        ]
        indexes = [models.Index(fields=["study", "week", "-points"], name="standing_by_points")]

    def __str__(self) -> str:
        return f"{self.player}, {self.week}: {self.points}"


class BadgeKind(models.TextChoices):
    FIRST_GLIMPSE = "first_glimpse", _("First glimpse")
    SHARP_EYE = "sharp_eye", _("Sharp eye")
    FULL_HOUSE = "full_house", _("Full house")
    KINDRED = "kindred", _("Kindred eyes")
    RARE_WORD = "rare_word", _("Rare word")
    STEADY = "steady", _("Steady")
    HUNDRED = "hundred", _("A hundred glimpses")


class Badge(models.Model):
    """Something that a player did for the first time."""

    player = models.ForeignKey(Player, models.CASCADE, related_name="badges")
    kind = models.CharField(max_length=16, choices=BadgeKind.choices)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["player", "kind"], name="badge_once_a_player")]

    def __str__(self) -> str:
        return self.get_kind_display()


class Word(models.Model):
    """How often a normal form has been said in a study, counted every now and then: rare ones earn more."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="words")
    text = models.CharField("normal form", max_length=60)
    labels = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "text"], name="word_once_a_study")]

    def __str__(self) -> str:
        return self.text
