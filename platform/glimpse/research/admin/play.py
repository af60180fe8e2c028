from django.contrib import admin, messages
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from glimpse.research.layers import number
from glimpse.research.scoped import OWN_REGIONS_STUDIES, OWN_STUDIES, ReadOnlyAdmin
from glimpse.research.site import admin_site
from labeling.models import Explanation, Label, LabelGroup, Report, Round
from labeling.reasons import in_words
from labeling.services.quarantine import labels_quarantine, labels_release

QUARANTINE = "Quarantine: hold these labels"
OF_PLAYER = "round__player__id__exact"
RELEASE = "Release: let these labels count, whatever the signals say"


@admin.register(Round, site=admin_site)
class RoundAdmin(ReadOnlyAdmin):
    list_display = [
        "player", "image", "region", "state", "level", "correct", "took", "gold", "gold_hit", "held",
        "created_at",
    ]  # fmt: skip
    list_filter = ["state", "correct", "gold", "labels__quarantined", "level", OWN_REGIONS_STUDIES]
    list_select_related = ["player", "image", "region"]
    study_path = "region__study"
    ordering = ["-pk"]
    actions = ["quarantine", "release"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Round]:
        rounds: QuerySet[Round] = super().get_queryset(request)
        return rounds.prefetch_related("labels")

    @admin.display(description="labels held")
    def held(self, round_: Round) -> str:
        labels = round_.labels.all()
        return f"{sum(label.quarantined for label in labels)} of {len(labels)}" if labels else "–"

    @admin.display(description="seconds", ordering="seconds")
    def took(self, round_: Round) -> str:
        return number(round_.seconds)

    @admin.action(description=QUARANTINE)
    def quarantine(self, request: HttpRequest, rounds: QuerySet[Round]) -> None:
        held = labels_quarantine(labels=Label.objects.filter(round__in=list(rounds)))
        messages.info(request, f"Labels held: {held}.")

    @admin.action(description=RELEASE)
    def release(self, request: HttpRequest, rounds: QuerySet[Round]) -> None:
        released = labels_release(labels=Label.objects.filter(round__in=list(rounds)))
        messages.info(request, f"Labels released: {released}.")


@admin.register(Label, site=admin_site)
class LabelAdmin(ReadOnlyAdmin):
    list_display = [
        "raw", "text", "language", "player", "region", "confirmed", "quarantined", "why", "created_at",
    ]  # fmt: skip
    list_filter = [OWN_REGIONS_STUDIES, "quarantined", "released", "language"]
    list_select_related = ["region", "round__player"]
    search_fields = ["raw", "text", "round__player__nickname"]
    fields = [
        "raw", "text", "language", "player", "round", "region", "confirmed", "quarantined", "released", "why",
        "created_at",
    ]  # fmt: skip
    readonly_fields = fields
    study_path = "region__study"
    ordering = ["-pk"]
    actions = ["quarantine", "release"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """One player's labels, too: a filter would list all players."""
        return lookup == OF_PLAYER or bool(super().lookup_allowed(lookup, value, request))

    @admin.display(ordering="round__player")
    def player(self, label: Label) -> str:
        return str(label.round.player)

    @admin.display(description="why it is, or was, held")
    def why(self, label: Label) -> str:
        return in_words(label.reasons) or "–"

    @admin.action(description=QUARANTINE)
    def quarantine(self, request: HttpRequest, labels: QuerySet[Label]) -> None:
        messages.info(request, f"Labels held: {labels_quarantine(labels=labels)}.")

    @admin.action(description=RELEASE)
    def release(self, request: HttpRequest, labels: QuerySet[Label]) -> None:
        messages.info(request, f"Labels released: {labels_release(labels=labels)}.")


@admin.register(Report, site=admin_site)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ["image", "reason", "player", "created_at"]
    list_filter = ["reason", ("image__study", RelatedOnlyFieldListFilter)]
    list_select_related = ["image", "player"]
    study_path = "image__study"
    ordering = ["-pk"]


@admin.register(LabelGroup, site=admin_site)
class LabelGroupAdmin(ReadOnlyAdmin):
    list_display = ["name", "study", "explained_class", "members"]
    list_filter = [OWN_STUDIES]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LabelGroup]:
        found: QuerySet[LabelGroup] = super().get_queryset(request)
        return found.exclude(members=[])


@admin.register(Explanation, site=admin_site)
class ExplanationAdmin(ReadOnlyAdmin):
    list_display = ["image", "revision", "created_at"]
    list_select_related = ["image"]
    study_path = "image__study"
    ordering = ["-pk"]
