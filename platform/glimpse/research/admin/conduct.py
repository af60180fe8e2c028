"""How players behave in a study: every signal with its evidence, and what a researcher decides."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from analysis.crowd.records import Kind
from glimpse.research.admin.play import OF_PLAYER
from glimpse.research.layers import number
from glimpse.research.scoped import OWN_STUDIES, ReadOnlyAdmin
from glimpse.research.site import admin_site
from labeling.models import Conduct
from labeling.services.quarantine import players_quarantine, players_release, players_unjudge


class FoundFilter(SimpleListFilter):
    title = "signal"
    parameter_name = "signal"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [(kind.value, kind.value) for kind in Kind]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Conduct]) -> QuerySet[Conduct]:
        kind = self.value()
        return queryset.filter(**{f"signals__{kind}__found": True}) if kind in set(Kind) else queryset


@admin.register(Conduct, site=admin_site)
class ConductAdmin(ReadOnlyAdmin):
    list_display = ["player", "study", "believed", "quarantined", "verdict", "found", "judged_at"]
    list_filter = [OWN_STUDIES, "quarantined", "verdict", FoundFilter]
    list_select_related = ["player", "study"]
    search_fields = ["player__nickname"]
    fields = ["player", "study", "believed", "quarantined", "verdict", "work", "judged_at"]
    readonly_fields = fields
    ordering = ["-quarantined", "trust", "pk"]
    actions = ["quarantine", "release", "unjudge"]
    change_form_outer_after_template = "research/conduct_signals.html"

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: Conduct | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        if obj is not None:
            context["signals"] = sorted(obj.signals.items())
        response: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        return response

    @admin.display(description="trust", ordering="trust")
    def believed(self, conduct: Conduct) -> str:
        return number(conduct.trust)

    @admin.display(description="found")
    def found(self, conduct: Conduct) -> str:
        return ", ".join(kind for kind, signal in sorted(conduct.signals.items()) if signal["found"]) or "–"

    @admin.display(description="labels")
    def work(self, conduct: Conduct) -> SafeString:
        address = reverse("admin:labeling_label_changelist")
        query = {OF_PLAYER: conduct.player_id, "region__study__id__exact": conduct.study_id}
        return format_html('<a href="{}?{}">What this player said →</a>', address, urlencode(query))

    @admin.action(description="Quarantine: hold all that these players say")
    def quarantine(self, request: HttpRequest, conducts: QuerySet[Conduct]) -> None:
        messages.info(request, f"Labels held: {players_quarantine(conducts=conducts)}.")

    @admin.action(description="Release: trust these players, whatever the signals say")
    def release(self, request: HttpRequest, conducts: QuerySet[Conduct]) -> None:
        messages.info(request, f"Labels released: {players_release(conducts=conducts)}.")

    @admin.action(description="Let the signals decide again")
    def unjudge(self, request: HttpRequest, conducts: QuerySet[Conduct]) -> None:
        taken_back = players_unjudge(conducts=conducts)
        messages.info(request, f"Decisions taken back: {taken_back}. The signals are judged in a moment.")
