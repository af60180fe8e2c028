from django.db import models

from labeling.models.player import Player
from labeling.models.study import Study


class Verdict(models.TextChoices):
    """What a researcher decided; it stands above all signals."""

    NONE = "", "none: the signals decide"
    TRUSTED = "trusted", "trusted"
    QUARANTINED = "quarantined", "quarantined"


class Conduct(models.Model):
    """What is known of one player's work in one study: trust, and each signal apart with its evidence.

    `signals` holds, by name, {"value": number, "limit": number, "found": bool, "evidence": sentence}.
    """

    study = models.ForeignKey(Study, models.CASCADE, related_name="conducts")
    player = models.ForeignKey(Player, models.CASCADE, related_name="conducts")
    trust = models.FloatField(null=True, help_text="From gold rounds and agreement, 0 to 1.")
    signals = models.JSONField(default=dict)
    quarantined = models.BooleanField(default=False)
    verdict = models.CharField(max_length=11, choices=Verdict.choices, default=Verdict.NONE, blank=True)
    judged_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "conduct"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["study", "player"], name="conduct_once_a_study")]
        indexes = [models.Index(fields=["study"], name="conduct_held", condition=models.Q(quarantined=True))]

    def __str__(self) -> str:
        return f"{self.player} in {self.study}"
