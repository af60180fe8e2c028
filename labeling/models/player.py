from django.conf import settings
from django.db import models

from labeling.models.image import unguessable_key
from labeling.models.study import Study


class Player(models.Model):
    """Somebody who plays: a guest with a signed cookie, later perhaps an account."""

    key = models.CharField(max_length=32, unique=True, default=unguessable_key, editable=False)
    nickname = models.CharField(max_length=40)
    language = models.CharField(max_length=8, default="en")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="player"
    )
    created_at = models.DateTimeField(auto_now_add=True)

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
