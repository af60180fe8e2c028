from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

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
    TOO_DARK = "dark", "Too dark to see"
    NOTHING = "nothing", "Nothing I could name"
    UPSETTING = "upsetting", "I would rather not look at this"


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
    leased_until = models.DateTimeField()
    level = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(5)])

    guess = models.PositiveIntegerField(null=True, blank=True)
    correct = models.BooleanField(default=False)
    guess_points = models.PositiveSmallIntegerField(default=0)
    label_points = models.PositiveSmallIntegerField(default=0)
    skip_reason = models.CharField(max_length=10, choices=SkipReason.choices, blank=True)
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
            models.Index(
                fields=["leased_until"], name="round_live_lease", condition=Q(state="open", holds_place=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.player}, {self.region}"

    @property
    def points(self) -> int:
        return self.guess_points + self.label_points


class Label(models.Model):
    """What a player typed, and its normal form."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="labels")
    region = models.ForeignKey(Region, models.CASCADE, related_name="labels")
    raw = models.CharField(max_length=60)
    text = models.CharField("normal form", max_length=60)
    language = models.CharField(max_length=8)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "text"], name="label_once_a_round")]
        indexes = [models.Index(fields=["region", "text"], name="label_by_region_and_text")]

    def __str__(self) -> str:
        return self.raw
