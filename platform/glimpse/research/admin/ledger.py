"""The ledger of points, to look at: nobody writes here by hand."""

from django.contrib import admin

from glimpse.research.scoped import OWN_STUDIES, ReadOnlyAdmin
from glimpse.research.site import admin_site
from labeling.models import LedgerEntry


@admin.register(LedgerEntry, site=admin_site)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "player", "study", "kind", "points", "label", "other"]
    list_filter = [OWN_STUDIES, "kind"]
    list_select_related = ["player", "study", "label", "other"]
    search_fields = ["player__nickname", "label__raw"]
    fields = [
        "created_at", "player", "study", "kind", "points", "round", "label", "by", "other", "corrects", "key",
    ]  # fmt: skip
    readonly_fields = fields
    ordering = ["-pk"]
    show_full_result_count = False
