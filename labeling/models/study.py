import secrets
from pathlib import Path

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


def folder_of_its_own(network: models.Model, file_name: str) -> str:
    """A place that no other upload takes, so that equal names never overwrite each other."""
    return f"networks/{secrets.token_hex(8)}/{Path(file_name).name}"


class Network(models.Model):
    """A classifier: where it comes from and, once a worker has loaded it, what it is."""

    name = models.CharField(
        max_length=200,
        help_text="efficientnet_lite0, a torchvision architecture such as vgg16, or a listed module:factory.",
    )
    weights = models.FileField(
        upload_to=folder_of_its_own,
        blank=True,
        help_text="A state dict: safetensors, or torch.save of module.state_dict().",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="networks",
        help_text="Empty: every researcher may use it.",
    )
    classes = models.FileField(
        upload_to=folder_of_its_own, blank=True, help_text="Class names of your own, one a line."
    )
    class_names = models.JSONField(default=list, editable=False)
    digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text="SHA-256 of the parameters."
    )

    def __str__(self) -> str:
        return f"{self.name} {self.digest[:8]}".strip()


class StudyState(models.TextChoices):
    DRAFT = "draft"
    PREPARING = "preparing"
    OPEN = "open"
    PAUSED = "paused"
    FINISHED = "finished"


class Study(models.Model):
    """One network, one set of photographs, one set of rules."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="studies"
    )
    network = models.ForeignKey(Network, models.PROTECT, related_name="studies")
    state = models.CharField(max_length=10, choices=StudyState.choices, default=StudyState.DRAFT)
    layers = models.JSONField(default=list, blank=True, help_text="Names of layers; empty: the default nine.")
    revision = models.PositiveIntegerField(default=1, help_text="Of the regions.")
    seed = models.PositiveIntegerField(default=0)
    max_labellings = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(1)], help_text="Independent players a region, at most."
    )
    rounds_per_game = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    options_per_round = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(2), MaxValueValidator(10)]
    )
    lease_seconds = models.PositiveIntegerField(
        default=300,
        validators=[MinValueValidator(30)],
        help_text="How long a round keeps a player's place at its region.",
    )
    display_names = models.JSONField(
        default=dict, blank=True, help_text='Names that players know, by class name: {"ox": "cow"}.'
    )
    consent_text = models.TextField()
    consent_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "studies"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title
