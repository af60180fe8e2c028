from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from glimpse.research.scoped import OWN_STUDIES, ReadOnlyAdmin
from glimpse.research.site import admin_site
from labeling.models import Image, Job
from labeling.models.job import JobKind
from labeling.services.jobs import jobs_retry


@admin.register(Job, site=admin_site)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["what", "kind", "state", "error", "percent", "tries", "study", "heartbeat"]
    fields = ["what", "kind", "study", "state", "error", "percent", "tries", "heartbeat", "finished_at"]
    readonly_fields = fields
    list_filter = ["state", "kind", OWN_STUDIES]
    list_select_related = ["study__network"]
    actions = ["retry"]
    ordering = ["-pk"]

    @admin.display(description="subject")
    def what(self, job: Job) -> str:
        if job.kind in {JobKind.REGIONS, JobKind.MEASURES}:
            image = Image.objects.filter(pk=job.subject).first()
            return image.name if image else str(job.subject)
        if job.kind in {JobKind.QUALITY, JobKind.RELIABILITY}:
            return "all labels"
        names = job.study.network.class_names
        return str(names[job.subject]) if job.subject < len(names) else str(job.subject)

    @admin.display(description="progress", ordering="progress")
    def percent(self, job: Job) -> str:
        return f"{job.progress:.0%}"

    @admin.action(description="Retry failed jobs")
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        messages.info(request, f"Queued again: {jobs_retry(jobs=jobs)}.")
