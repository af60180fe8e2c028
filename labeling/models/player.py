from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from labeling.models.image import unguessable_key
from labeling.models.study import Study


class Player(models.Model):
    """Somebody who plays: a guest with a signed cookie, later perhaps an account."""

    key = models.CharField(max_length=32, unique=True, default=unguessable_key, editable=False)
    nickname = models.CharField(
        max_length=40, help_text="Empty: somebody who has withdrawn, or whom an account took over."
    )
    named = models.BooleanField(
        default=False, help_text="The player chose the nickname, and nobody else may choose it."
    )
    language = models.CharField(max_length=8, default="en")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="player"
    )
    simulated = models.BooleanField(
        default=False, editable=False, help_text="A program, for trying things out."
    )
    streak_days = models.PositiveIntegerField(default=0, help_text="Days in a row, up to `streak_on`.")
    streak_on = models.DateField(null=True, blank=True, help_text="The last day with an answer.")
    told_up_to = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="The newest ledger entry that the player has been told of."
    )
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="merged",
        help_text="The player of the account that took over this guest's history.",
    )  # fmt: skip
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("nickname"), condition=Q(named=True), name="chosen_nickname_once")
        ]

    def __str__(self) -> str:
        return self.nickname


class Consent(models.Model):
    """That a player agreed to one version of a study's text, and when."""

    player = models.ForeignKey(Player, models.CASCADE, related_name="consents")
    study = models.ForeignKey(Study, models.CASCADE, related_name="consents")
    version = models.PositiveIntegerField()
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["player", "study", "version"], name="consent_once_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.player}, version {self.version}"
