from django.conf import settings
from django.db import models
from django.db.models import Q

from labeling.models.image import Image, unguessable_key
from labeling.models.study import Study


class LabelGroup(models.Model):
    """Labels of one class that mean the same, under one name.

    `number` is what explanations and links know it by: it lasts while labels come, names change, and groups
    part or meet. A group that came apart stays, without name and members: somebody may have withdrawn them.
    Each member says how players typed it (`typed`), so that who wrote "stirpes" finds it among the stripes.
    """

    study = models.ForeignKey(Study, models.CASCADE, related_name="label_groups")
    explained_class = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    members = models.JSONField(help_text="Normal forms and how often each was given.")

    class Meta:
        ordering = ["study", "explained_class", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "explained_class", "number"], name="group_number_once_a_class"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Explanation(models.Model):
    """What people said about one image's regions, as of one revision, and what it was computed from."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="explanations")
    revision = models.PositiveIntegerField()
    result = models.JSONField()
    manifest = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["image", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["image", "revision"], name="explanation_revision_once_an_image")
        ]

    def __str__(self) -> str:
        return f"{self.image}, revision {self.revision}"


class ClassExplanation(models.Model):
    """What people said about one class's regions in all its images, as of one revision."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="class_explanations")
    explained_class = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    result = models.JSONField()
    manifest = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["study", "explained_class", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "explained_class", "revision"], name="class_revision_once_a_class"
            )
        ]

    def __str__(self) -> str:
        return f"class {self.explained_class} of {self.study}, revision {self.revision}"


class ConceptTest(models.Model):
    """Whether the network uses what the labels of one class name: the latest tests, one a group and layer."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="concept_tests")
    explained_class = models.PositiveIntegerField()
    result = models.JSONField()
    manifest = models.JSONField()
    created_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["study", "explained_class"]
        constraints = [
            models.UniqueConstraint(fields=["study", "explained_class"], name="concept_test_once_a_class")
        ]

    def __str__(self) -> str:
        return f"concepts of class {self.explained_class} of {self.study}"


class RegionReliability(models.Model):
    """Krippendorff's alpha of each region of a study, apart from the study: it is large, and rarely read."""

    study = models.OneToOneField(Study, models.CASCADE, related_name="region_reliability")
    result = models.JSONField(help_text="By the region's id.")
    created_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"agreement about regions of {self.study}"


class Share(models.Model):
    """A link by which anybody may read one explanation: of an image, or else of a class."""

    key = models.CharField(max_length=32, unique=True, default=unguessable_key, editable=False)
    study = models.ForeignKey(Study, models.CASCADE, related_name="shares")
    image = models.ForeignKey(Image, models.CASCADE, null=True, blank=True, related_name="shares")
    explained_class = models.PositiveIntegerField(null=True, blank=True)
    revision = models.PositiveIntegerField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(image__isnull=True) ^ Q(explained_class__isnull=True),
                name="share_of_an_image_or_a_class",
            )
        ]

    def __str__(self) -> str:
        return self.key


class SentenceVector(models.Model):
    """The vector of one text in one sentence model: computed once, ever, for all workers."""

    model = models.CharField(max_length=200)
    digest = models.BinaryField(max_length=32, help_text="SHA-256 of the text.")
    vector = models.BinaryField(help_text="float32, little-endian.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "digest"], name="vector_once_a_text")]

    def __str__(self) -> str:
        return f"{self.model} {bytes(self.digest).hex()[:8]}"
