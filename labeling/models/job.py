from django.db import models
from django.db.models import Q

from labeling.models.study import Study


class JobKind(models.TextChoices):
    REGIONS = "regions", "Regions"
    MEASURES = "measures", "Effects and stability"
    EXPLANATIONS = "explanations", "Explanations"
    CLASSES = "classes", "Explanations of classes"
    CONCEPTS = "concepts", "Concept tests"
    QUALITY = "quality", "Quality of labels"
    RELIABILITY = "reliability", "Agreement of players"


class JobState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(models.Model):
    """Work to do: the truth about it. A message on the broker is only a nudge to look here.

    `subject` is an image (kinds regions and measures), the index of a class (kinds explanations, classes and
    concepts), or 0 (kinds quality and reliability, which are of the whole study). There is one row for each
    piece of work; asking for it again raises `generation`, and work that was claimed at an older generation
    is queued once more when it ends. `attempt` only grows and so names one claim.
    """

    study = models.ForeignKey(Study, models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=12, choices=JobKind.choices)
    subject = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    generation = models.PositiveIntegerField(default=0)
    claimed_generation = models.PositiveIntegerField(default=0)
    attempt = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0, help_text="Since it was last asked for.")
    progress = models.FloatField(default=0, help_text="0 to 1.")
    heartbeat = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["study", "kind", "subject"], name="one_job_a_subject")]
        indexes = [
            models.Index(fields=["study", "kind", "state"], name="job_by_state"),
            models.Index(fields=["kind"], name="job_waiting", condition=Q(state="queued")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
