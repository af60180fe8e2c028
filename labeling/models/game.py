from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from labeling.models.image import Image, Region, unguessable_key
from labeling.models.player import Player
from labeling.models.study import Study


class Game(models.Model):
    """A few rounds that one player plays in a row, none of them from the same image."""

    key = models.CharField(max_length=32, unique=True, default=unguessable_key, editable=False)
    study = models.ForeignKey(Study, models.CASCADE, related_name="games")
    player = models.ForeignKey(Player, models.CASCADE, related_name="games")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "player"],
                condition=Q(finished_at__isnull=True),
                name="one_unfinished_game_a_player",
            )
        ]

    def __str__(self) -> str:
        return f"{self.player}, {self.created_at:%Y-%m-%d %H:%M}"


class RoundState(models.TextChoices):
    OPEN = "open"
    ANSWERED = "answered"
    SKIPPED = "skipped"


class SkipReason(models.TextChoices):
    TOO_DARK = "dark", _("Too dark to see")
    NOTHING = "nothing", _("Nothing I could name")
    UPSETTING = "upsetting", _("I would rather not look at this")


class Round(models.Model):
    """One region in front of one player.

    `key` is also the idempotency key of the answer: a round ends once, whatever arrives after that changes
    nothing. `holds_place` while the round counts in the region's `reserved`.
    """

    key = models.CharField(max_length=32, unique=True, default=unguessable_key, editable=False)
    game = models.ForeignKey(Game, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    player = models.ForeignKey(Player, models.CASCADE, related_name="rounds")
    image = models.ForeignKey(Image, models.CASCADE, related_name="rounds")
    region = models.ForeignKey(Region, models.CASCADE, related_name="rounds")
    familiar = models.BooleanField(
        default=False, help_text="The player had seen the whole image before: there is nothing to guess."
    )
    options = models.JSONField(help_text="Classes to choose from: [index, name] each.")

    state = models.CharField(max_length=8, choices=RoundState.choices, default=RoundState.OPEN)
    holds_place = models.BooleanField(default=True)
    gold = models.BooleanField(default=False, help_text="Of a settled region, to calibrate the player.")
    gold_hit = models.BooleanField(null=True, help_text="Whether the player saw what is settled there.")
    leased_until = models.DateTimeField()
    level = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(5)])

    guess = models.PositiveIntegerField(null=True, blank=True)
    correct = models.BooleanField(default=False)
    skip_reason = models.CharField(max_length=10, choices=SkipReason.choices, blank=True)
    seconds = models.FloatField(
        null=True, blank=True, help_text="From the first sight to the answer, as far as can be known."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["player", "region"], name="region_once_a_player"),
            models.UniqueConstraint(fields=["game", "number"], name="round_number_once_a_game"),
            models.UniqueConstraint(fields=["game", "image"], name="image_once_a_game"),
            models.UniqueConstraint(fields=["game"], condition=Q(state="open"), name="one_open_round_a_game"),
        ]
        indexes = [
            models.Index(fields=["player", "image"], name="round_by_player_and_image"),
            models.Index(
                fields=["leased_until"], name="round_live_lease", condition=Q(state="open", holds_place=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.player}, {self.region}"


class Label(models.Model):
    """What a player typed, and its normal form.

    Nothing that a quarantine holds counts anywhere; nothing that a researcher has released is held again.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="labels")
    region = models.ForeignKey(Region, models.CASCADE, related_name="labels")
    raw = models.CharField(max_length=60)
    text = models.CharField("normal form", max_length=60)
    language = models.CharField(max_length=8)
    confirmed = models.PositiveSmallIntegerField(
        default=0, help_text="Independent players who meant the same."
    )
    quarantined = models.BooleanField(default=False)
    released = models.BooleanField(default=False, help_text="By a researcher, for good.")
    reasons = models.JSONField(default=list, help_text="Why it is, or was, held in quarantine.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "text"], name="label_once_a_round")]
        indexes = [
            models.Index(fields=["region", "text"], name="label_by_region_and_text"),
            models.Index(fields=["region"], name="label_held", condition=Q(quarantined=True)),
        ]

    def __str__(self) -> str:
        return self.raw


class ReportReason(models.TextChoices):
    UPSETTING = "upsetting", _("It is upsetting")
    PRIVATE = "private", _("It shows somebody who may not want that")
    BROKEN = "broken", _("Something is wrong with the picture")


class Report(models.Model):
    """That a player thinks a picture should not be here."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="reports")
    player = models.ForeignKey(Player, models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=10, choices=ReportReason.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["image", "player"], name="report_once_a_player")]

    def __str__(self) -> str:
        return self.get_reason_display()
