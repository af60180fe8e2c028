import secrets
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_noop

from analysis.regions.settings import PRESETS

LABEL_PRESETS = ("glimpse", "paper")

CONSENT_TEXT = gettext_noop(
    """Glimpse is a study of what an artificial neural network sees. You look at parts of \
photographs, say in a word or two what you see, and guess the whole picture.

We keep what you type, your guesses, and when you gave them, under a nickname that we make up for you. We do \
not ask for your name and do not store your network address. Please do not type anything personal.

Your answers are used to describe what the network looks at. Taking part is voluntary, and you can stop at \
any time by closing the page. On your own page you can take away everything you gave, as a file, and \
withdraw it: what you said then stays without any sign of who said it."""
)


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
    names = value.values() if isinstance(value, dict) else [None]
    if not all(_is_name(name) or _are_names(name) for name in names):
        raise ValidationError('Give names by class: {"ox": "cow"}, or {"ox": {"en": "cow", "it": "mucca"}}.')


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_names(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_is_name, value.values()))


class StudyState(models.TextChoices):
    DRAFT = "draft"
    PREPARING = "preparing"
    OPEN = "open"
    PAUSED = "paused"
    FINISHED = "finished"


class Target(models.TextChoices):
    PREDICTED = "predicted", "the predicted class"
    TRUE = "true", "the true class, or the predicted one where no truth is known"


class Leaderboard(models.TextChoices):
    WEEKLY = "weekly", "this week's best"
    RELATIVE = "relative", "this week, a player's neighbours only"
    OFF = "off", "none"


class Withdrawal(models.TextChoices):
    ANONYMISE = "anonymise", "words stay, without any sign of who gave them"
    DELETE = "delete", "everything that the player gave is deleted"


class Study(models.Model):
    """One network, one set of photographs, one set of rules."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True, help_text="What players read on the study's page.")
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
    label_preset = models.CharField(
        "preset of labels",
        max_length=20,
        choices=[(name, name) for name in LABEL_PRESETS],
        default="glimpse",
        help_text="How labels are grouped and named: glimpse by meaning and shared words, under phrases that "
        "people typed; paper as published in arXiv 2405.03301.",
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
    min_labellings = models.PositiveSmallIntegerField(
        default=3,
        validators=[MinValueValidator(1)],
        help_text="Independent players a region before agreement may retire it.",
    )
    max_labellings = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(1)], help_text="Independent players a region, at most."
    )
    retire_agreement = models.FloatField(
        default=0.6,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="Share of pairs of players that mean the same, from which a region needs no more of them.",
    )
    gold_share = models.FloatField(
        default=0.1,
        validators=[MinValueValidator(0), MaxValueValidator(0.5)],
        help_text="Share of rounds with a region whose labels are settled: they calibrate trust.",
    )
    opposing_played = models.BooleanField(
        "play opposing regions", default=False, help_text="Also regions that speak against the class."
    )
    settled_taboo = models.BooleanField(
        "ask for fresh labels", default=False, help_text="Labels that are settled for a region are refused."
    )
    shareable = models.BooleanField(
        "allow shared links",
        default=False,
        help_text="You can make links by which anybody reads an explanation, with its photographs.",
    )
    leaderboard = models.CharField(max_length=8, choices=Leaderboard.choices, default=Leaderboard.WEEKLY)
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
        help_text='Names that players know, by class name: {"ox": "cow"}; or also by language: '
        '{"ox": {"en": "cow", "it": "mucca"}}.',
    )
    consent_text = models.TextField(default=CONSENT_TEXT)
    consent_version = models.PositiveIntegerField(default=1)
    withdrawal = models.CharField(
        max_length=9,
        choices=Withdrawal.choices,
        default=Withdrawal.ANONYMISE,
        help_text="What a player's withdrawal does. Say the same in the consent text.",
    )
    words_counted = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="The newest label that the counts of words include."
    )
    words_total = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="Labels that the counts of words include."
    )
    labels_judged = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="The newest label whose quality has been judged."
    )
    reliability = models.JSONField(
        default=dict, editable=False, help_text="Krippendorff's alpha of its labels, whole and by layer."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "studies"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title
