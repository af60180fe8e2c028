import secrets

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from labeling.models.study import Study


def unguessable_key() -> str:
    return secrets.token_urlsafe(16)


def check_box(value: object) -> None:
    if value == []:
        return
    if not isinstance(value, list) or len(value) != 4 or not all(_is_share(edge) for edge in value):
        raise ValidationError("Give four numbers from 0 to 1: [left, top, right, bottom].")
    left, top, right, bottom = value
    if left >= right or top >= bottom:
        raise ValidationError("Left must be smaller than right, and top smaller than bottom.")


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


class Image(models.Model):
    """A photograph of a study. `upload` holds what arrived until a worker has verified and re-encoded it."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="images")
    sha256 = models.CharField(max_length=64, help_text="Of the bytes that arrived.")
    key = models.CharField(max_length=32, unique=True, default=unguessable_key, editable=False)
    name = models.CharField(max_length=255, help_text="File name as it arrived; players never see it.")
    author = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=500, blank=True)

    upload = models.FileField(max_length=255, blank=True)
    photo = models.FileField(max_length=255, blank=True, help_text="RGB, upright, without metadata.")
    crop = models.JSONField(
        default=list, editable=False, help_text="What the network sees: left, top, right, bottom in pixels."
    )
    maps = models.FileField(
        max_length=255, blank=True, help_text="Region maps at layer resolution, one compressed file."
    )
    notes = models.JSONField(default=list, editable=False)
    object_box = models.JSONField(
        default=list,
        blank=True,
        validators=[check_box],
        help_text="Where the object is: left, top, right, bottom as shares of what the network sees, such as "
        "[0.1, 0.2, 0.9, 1]. Empty: not known.",
    )

    class_name = models.CharField("true class", max_length=200, blank=True)
    true_class = models.PositiveIntegerField(null=True, blank=True, editable=False)
    predicted_class = models.PositiveIntegerField(null=True, blank=True, editable=False)
    predicted_name = models.CharField("predicted class", max_length=200, blank=True, editable=False)
    probability = models.FloatField(
        null=True, blank=True, editable=False, help_text="Of the predicted class."
    )
    explained_class = models.PositiveIntegerField(null=True, blank=True, editable=False)
    explained_name = models.CharField("explained class", max_length=200, blank=True, editable=False)
    explained_probability = models.FloatField(null=True, blank=True, editable=False)
    logit = models.FloatField(null=True, blank=True, editable=False, help_text="Of the explained class.")
    network_digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Of the network that its regions are of."
    )
    seconds = models.JSONField(
        default=dict, editable=False, help_text="What each step took; in a batch, this photograph's part."
    )
    options = models.JSONField(
        default=list, editable=False, help_text="Indices of the classes that its rounds offer."
    )
    prepared_at = models.DateTimeField(null=True, blank=True, editable=False)
    showcase = models.BooleanField(
        default=False, help_text="The front page gives it away as a first glimpse; nobody plays it."
    )

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["study", "sha256"], name="image_once_a_study")]

    def __str__(self) -> str:
        return self.name

    @property
    def answer_class(self) -> int | None:
        """The class of a right guess: the true one, or the predicted one where no truth is known."""
        return self.predicted_class if self.true_class is None else self.true_class

    @property
    def answer_name(self) -> str:
        return self.predicted_name if self.true_class is None else self.class_name


class Sign(models.TextChoices):
    SUPPORTS = "supports"
    OPPOSES = "opposes"


class ImageLayer(models.Model):
    """What one layer's evidence on one image comes to; the four shares add up to 1."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="layers")
    revision = models.PositiveIntegerField()
    layer = models.CharField(max_length=200)
    depth = models.PositiveIntegerField(help_text="Position of the layer, shallow to deep.")
    channels = models.PositiveIntegerField(help_text="Feature maps.")
    kept = models.FloatField(help_text="Share in the supporting regions shown.")
    dropped = models.FloatField(help_text="Share in supporting clusters too light to show.")
    discarded = models.FloatField(help_text="Share in supporting maps too light to cluster.")
    opposing = models.FloatField(help_text="Share that speaks against the class, shown or not.")
    clusters = models.PositiveSmallIntegerField(help_text="Supporting clusters found, shown or not.")
    silhouette = models.FloatField(null=True, help_text="Of these clusters, -1 to 1.")
    fidelity = models.FloatField(null=True, help_text="Rank correlation of weights and effects, -1 to 1.")

    class Meta:
        ordering = ["image", "depth"]
        constraints = [
            models.UniqueConstraint(fields=["image", "revision", "layer"], name="layer_once_an_image")
        ]

    def __str__(self) -> str:
        return f"{self.layer} of {self.image}"


class Region(models.Model):
    """Feature maps of one layer that act together on one image, and its places for players.

    `reserved` counts labellings plus live leases; the database itself keeps it at or below `capacity`. A
    region is played while `reserved` is below `capacity` and `retired_at` is empty.
    """

    study = models.ForeignKey(Study, models.CASCADE, related_name="regions")
    image = models.ForeignKey(Image, models.CASCADE, related_name="regions")
    revision = models.PositiveIntegerField()
    layer = models.CharField(max_length=200)
    depth = models.PositiveIntegerField(help_text="Position of the layer, shallow to deep.")
    index = models.PositiveIntegerField()
    sign = models.CharField(max_length=8, choices=Sign.choices)
    weight = models.FloatField(help_text="Share of the layer's evidence, 0 to 1.")
    effect = models.FloatField(null=True, help_text="Measured drop of the logit when the region is removed.")
    stability = models.FloatField(
        null=True, help_text="How much of its map survives small image noise, -1 to 1."
    )
    map_indices = models.JSONField()
    area = models.FloatField(help_text="Share of the crop where the map is at least half of its range.")
    mean_activation = models.FloatField(null=True, help_text="Of its feature maps, over maps and pixels.")

    priority = models.FloatField()
    capacity = models.PositiveSmallIntegerField()
    reserved = models.PositiveSmallIntegerField(default=0)
    labellings = models.PositiveSmallIntegerField(default=0, help_text="Players who described it.")
    agreement = models.FloatField(
        null=True, help_text="Share of pairs of its players that mean the same, 0 to 1."
    )
    retired_at = models.DateTimeField(null=True, help_text="When agreement made more players needless.")
    settled = models.JSONField(default=list, help_text="Normal forms of what most of its players mean.")
    gold = models.BooleanField(default=False, help_text="Settled enough to calibrate players.")

    class Meta:
        ordering = ["image", "depth", "index"]
        constraints = [
            models.UniqueConstraint(fields=["image", "revision", "layer", "index"], name="region_identity"),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("capacity")), name="region_never_above_capacity"
            ),
        ]
        indexes = [
            models.Index(
                fields=["study", "revision", "-priority"],
                name="region_in_play",
                condition=Q(reserved__lt=F("capacity"), retired_at=None),
            ),
            models.Index(
                fields=["study", "revision", "-priority"], name="region_gold", condition=Q(gold=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.layer} #{self.index}"
