import secrets
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from analysis.regions.settings import PRESETS

CONSENT_TEXT = """Glimpse is a study of what an artificial neural network sees. You look at parts of \
photographs, say in a word or two what you see, and guess the whole picture.

We keep what you type, your guesses, and when you gave them, under a nickname that we make up for you. We do \
not ask for your name and do not store your network address. Please do not type anything personal.

Your answers are used to describe what the network looks at. Taking part is voluntary, and you can stop at \
any time by closing the page."""


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
        max_length=255,
        blank=True,
        help_text="A state dict: safetensors, or torch.save of module.state_dict().",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # an empty owner means everybody: a private network must not lose its owner
        null=True,
        blank=True,
        related_name="networks",
        help_text="Empty: every researcher may use it.",
    )
    classes = models.FileField(
        upload_to=folder_of_its_own,
        max_length=255,
        blank=True,
        help_text="Class names of your own, one a line.",
    )
    class_names = models.JSONField(default=list, editable=False)
    digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text="SHA-256 of the parameters."
    )

    def __str__(self) -> str:
        return " ".join(filter(None, [self.name, Path(self.weights.name or "").name, self.digest[:8]]))


def check_layers(value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValidationError('Give a list of names: ["_blocks.14", "_blocks.15"].')
    if len(set(value)) < len(value):
        raise ValidationError("Name each layer once.")


def check_display_names(value: object) -> None:
    if not isinstance(value, dict) or not all(
        isinstance(name, str) and name.strip() for name in value.values()
    ):
        raise ValidationError('Give a name for each class: {"ox": "cow"}.')


class StudyState(models.TextChoices):
    DRAFT = "draft"
    PREPARING = "preparing"
    OPEN = "open"
    PAUSED = "paused"
    FINISHED = "finished"


class Target(models.TextChoices):
    PREDICTED = "predicted", "the predicted class"
    TRUE = "true", "the true class, or the predicted one where no truth is known"


class Study(models.Model):
    """One network, one set of photographs, one set of rules."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="studies"
    )
    network = models.ForeignKey(Network, models.PROTECT, related_name="studies")
    state = models.CharField(max_length=10, choices=StudyState.choices, default=StudyState.DRAFT)
    layers = models.JSONField(
        default=list,
        blank=True,
        validators=[check_layers],
        help_text='Names of layers: ["_blocks.14", "_blocks.15"]; empty: the default nine.',
    )
    preset = models.CharField(
        max_length=20,
        choices=[(name, name) for name in PRESETS],
        default="faithful",
        help_text="How regions are found: faithful is fast and repeatable, paper as published in "
        "arXiv 2405.03301, integrated exact in its sum and slow.",
    )
    target = models.CharField(
        "explained class",
        max_length=10,
        choices=Target.choices,
        default=Target.PREDICTED,
        help_text="What regions speak for or against.",
    )
    measure = models.BooleanField(
        "measure effects and stability",
        default=True,
        help_text="They are measured after the regions, when no photograph waits. You can play before.",
    )
    revision = models.PositiveIntegerField(default=1, help_text="Of the regions.")
    seed = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(2**31 - 1)])
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
        default=dict,
        blank=True,
        validators=[check_display_names],
        help_text='Names that players know, by class name: {"ox": "cow"}.',
    )
    consent_text = models.TextField(default=CONSENT_TEXT)
    consent_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "studies"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title
