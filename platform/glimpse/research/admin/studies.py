from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from analysis.networks.photos import MAX_BYTES
from glimpse.research.scoped import ScopedAdmin
from glimpse.research.site import admin_site
from labeling.exports.labels import label_lines
from labeling.models import Network, Study
from labeling.selectors.images import studies_of_researcher
from labeling.selectors.studies import preparation, tally
from labeling.services.studies import Upload, consent_text_changed, images_add, studies_delete

# What the regions are made from stays as it is once there are images.
FIXED = ("network", "layers", "revision", "seed", "max_labellings", "options_per_round")


class PhotographsWidget(UnfoldAdminFileFieldWidget):
    allow_multiple_selected = True


class PhotographsField(forms.FileField):
    """Any number of files. What is in them is verified by the worker that prepares them."""

    widget = PhotographsWidget(attrs={"multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        files = data if isinstance(data, list | tuple) else [data]
        cleaned = [super(PhotographsField, self).clean(file, initial) for file in files if file]
        for file in cleaned:
            if file.size > MAX_BYTES:
                raise ValidationError(f"{file.name} has more than {MAX_BYTES // 2**20} MB. Scale it down.")
        return cleaned


class StudyForm(forms.ModelForm[Study]):
    photographs = PhotographsField(
        required=False, help_text="JPEG, PNG, WebP, GIF, TIFF or BMP; choose as many as you like."
    )
    photographs_class = forms.CharField(
        required=False,
        label="Their true class",
        widget=UnfoldAdminTextInputWidget,
        help_text="One class name of the network for all of them; empty: guesses are judged by its answers.",
    )

    class Meta:
        model = Study
        fields = "__all__"  # noqa: DJ007 (the admin class decides which of them are shown)


@admin.register(Study, site=admin_site)
class StudyAdmin(ScopedAdmin):
    form = StudyForm
    list_display = ["title", "state", "network", "owner", "prepared", "labels", "players"]
    list_filter = ["state"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "slug", "network", "state", "photographs", "photographs_class"]}),
        ("Consent", {"fields": ["consent_text", "consent_version"]}),
        (
            "Rules",
            {
                "fields": [
                    "max_labellings", "rounds_per_game", "options_per_round", "lease_seconds",
                    "display_names", "layers", "revision", "seed", "owner",
                ]
            },
        ),
    ]  # fmt: skip
    actions = ["export_labels"]
    study_path = "pk"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Study]:
        return studies_of_researcher(request.user).select_related("network", "owner")

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

    def save_model(
        self, request: HttpRequest, obj: Study, form: forms.ModelForm[Study], change: bool
    ) -> None:
        if not change and obj.owner_id is None:
            obj.owner_id = request.user.pk
        super().save_model(request, obj, form, change)
        if change and "consent_text" in form.changed_data:
            consent_text_changed(study=obj)
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


def networks_of(request: HttpRequest) -> QuerySet[Network]:
    """Shared networks and the researcher's own."""
    if request.user.is_superuser:
        return Network.objects.all()
    return Network.objects.filter(Q(owner=None) | Q(owner_id=request.user.pk))


@admin.register(Network, site=admin_site)
class NetworkAdmin(ScopedAdmin):
    list_display = ["name", "weights", "owner", "short_digest"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Network]:
        return networks_of(request).select_related("owner")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        own = networks_of(request).filter(owner_id=request.user.pk)
        may = obj is None or request.user.is_superuser or own.filter(pk=obj.pk).exists()
        return may and super().has_change_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Network | None = None) -> list[str]:
        return ["name", "weights", "classes"] if obj is not None and obj.digest else []

    def get_exclude(self, request: HttpRequest, obj: Network | None = None) -> list[str]:
        return [] if request.user.is_superuser else ["owner"]

    def save_model(
        self, request: HttpRequest, obj: Network, form: forms.ModelForm[Network], change: bool
    ) -> None:
        if not change and not request.user.is_superuser:
            obj.owner_id = request.user.pk
        super().save_model(request, obj, form, change)

    @admin.display(description="digest")
    def short_digest(self, network: Network) -> str:
        return network.digest[:12]
