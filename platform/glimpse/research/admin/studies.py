from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import ForeignKey, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path, reverse

from glimpse.research.admin.networks import networks_of
from glimpse.research.forms import StudyForm
from glimpse.research.layers import fidelity_in_words, fidelity_picture, study_table
from glimpse.research.scoped import ScopedAdmin
from glimpse.research.site import admin_site
from labeling.exports.labels import label_lines
from labeling.models import Network, Study
from labeling.selectors.images import studies_of_researcher
from labeling.selectors.layers import layer_means
from labeling.selectors.studies import preparation, tally
from labeling.services.studies import (
    Upload,
    consent_text_changed,
    images_add,
    labels_regroup,
    measures_cancel,
    measures_request,
    studies_delete,
)

# What the regions are made from stays as it is once there are images.
FIXED = (
    "network", "layers", "preset", "target", "revision", "seed", "max_labellings", "options_per_round",
    "opposing_played",
)  # fmt: skip


@admin.register(Study, site=admin_site)
class StudyAdmin(ScopedAdmin):
    form = StudyForm
    list_display = ["title", "state", "network", "owner", "prepared", "labels", "players"]
    list_filter = ["state"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title", "slug", "description", "network", "state", "photographs", "photographs_class",
                ]
            },
        ),
        ("Method", {"fields": ["preset", "label_preset", "target", "layers", "seed", "revision", "measure"]}),
        ("Consent", {"fields": ["consent_text", "consent_version", "withdrawal"]}),
        (
            "Rules",
            {
                "fields": [
                    "min_labellings", "max_labellings", "retire_agreement", "gold_share",
                    "opposing_played", "settled_taboo", "leaderboard", "rounds_per_game",
                    "options_per_round", "lease_seconds", "display_names", "shareable", "owner",
                ]
            },
        ),
    ]  # fmt: skip
    actions = ["export_labels", "measure"]
    study_path = "pk"
    change_form_outer_after_template = "research/study_regions.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Study]:
        return studies_of_researcher(request.user).select_related("network", "owner")

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/fidelity/", self.admin_site.admin_view(self.fidelity), name="labeling_study_fidelity"
        )
        return [own, *super().get_urls()]

    def fidelity(self, request: HttpRequest, pk: int) -> HttpResponse:
        study = self.get_queryset(request).filter(pk=pk).first()
        if study is None:
            raise Http404
        return fidelity_picture(study, "dark" if request.GET.get("theme") == "dark" else "light")

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: Study | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        if obj is not None:
            means = layer_means(obj)
            measured = any(layer.fidelity for layer in means)
            context["layers"] = study_table(means)
            context["picture"] = measured and reverse("admin:labeling_study_fidelity", args=[obj.pk])
            context["in_words"] = fidelity_in_words(means)
        response: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        return response

    def get_readonly_fields(self, request: HttpRequest, obj: Study | None = None) -> list[str]:
        fixed = list(FIXED) if obj is not None and obj.images.exists() else []
        return [*fixed, "consent_version", *([] if request.user.is_superuser else ["owner"])]

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        if db_field.related_model is Network:
            kwargs["queryset"] = networks_of(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def delete_model(self, request: HttpRequest, obj: Study) -> None:
        studies_delete(studies=Study.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Study]) -> None:
        studies_delete(studies=queryset)

    @admin.display(description="images prepared")
    def prepared(self, study: Study) -> str:
        state = preparation(study)
        return f"{state.prepared} of {state.images}" + (f", {state.failed} failed" if state.failed else "")

    @admin.display
    def labels(self, study: Study) -> int:
        return tally(study).labels

    @admin.display
    def players(self, study: Study) -> int:
        return tally(study).players

    @admin.action(description="Export labels (JSON Lines)")
    def export_labels(self, request: HttpRequest, studies: QuerySet[Study]) -> StreamingHttpResponse | None:
        study = studies.first()
        if study is None or studies.count() > 1:
            messages.error(request, "Choose one study: each has a file of its own.")
            return None
        headers = {"Content-Disposition": f'attachment; filename="{study.slug}-labels.jsonl"'}
        return StreamingHttpResponse(label_lines(study), content_type="application/x-ndjson", headers=headers)

    @admin.action(description="Measure effects and stability")
    def measure(self, request: HttpRequest, studies: QuerySet[Study]) -> None:
        queued = sum(measures_request(study=study) for study in studies)
        messages.info(request, f"Photographs waiting to be measured: {queued}.")

    def save_model(
        self, request: HttpRequest, obj: Study, form: forms.ModelForm[Study], change: bool
    ) -> None:
        if not change and obj.owner_id is None:
            obj.owner_id = request.user.pk
        before = Study.objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        # A form takes {} for a change of names that are {}.
        if before and [before.label_preset, before.display_names] != [obj.label_preset, obj.display_names]:
            labels_regroup(study=obj)
        if change and "consent_text" in form.changed_data:
            consent_text_changed(study=obj)
        if change and "measure" in form.changed_data:
            (measures_request if obj.measure else measures_cancel)(study=obj)
        if files := form.cleaned_data["photographs"]:
            class_name = form.cleaned_data["photographs_class"]
            # After the commit, each photograph in a transaction of its own, so that nobody waits for all.
            transaction.on_commit(lambda: self._add(request, obj, files, class_name))

    def _add(
        self, request: HttpRequest, study: Study, files: list[UploadedFile[bytes]], class_name: str
    ) -> None:
        uploads = (Upload(file.name or "photograph", file.read(), class_name) for file in files)
        added = images_add(study=study, uploads=uploads)
        already = f". Already there: {len(files) - added}" if added < len(files) else ""
        messages.info(request, f"Photographs waiting to be prepared: {added}{already}.")
