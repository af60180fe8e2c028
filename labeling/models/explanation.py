from django.db import models

from labeling.models.image import Image
from labeling.models.study import Study


class LabelGroup(models.Model):
    """Labels of one class that mean the same, under one name."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="label_groups")
    explained_class = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    members = models.JSONField(help_text="Normal forms and how often each was given.")

    class Meta:
        ordering = ["study", "explained_class", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "explained_class", "name"], name="group_name_once_a_class"
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
