from django.contrib import admin

from glimpse.research.scoped import OWN_REGIONS_STUDIES, OWN_STUDIES, ReadOnlyAdmin
from glimpse.research.site import admin_site
from labeling.models import Explanation, Label, LabelGroup, Round


@admin.register(Round, site=admin_site)
class RoundAdmin(ReadOnlyAdmin):
    list_display = [
        "player",
        "image",
        "region",
        "state",
        "level",
        "correct",
        "created_at",
    ]
    list_filter = ["state", "correct", "level", OWN_REGIONS_STUDIES]
    list_select_related = ["player", "image", "region"]
    study_path = "region__study"
    ordering = ["-pk"]


@admin.register(Label, site=admin_site)
class LabelAdmin(ReadOnlyAdmin):
    list_display = ["raw", "text", "language", "region", "created_at"]
    list_filter = [OWN_REGIONS_STUDIES, "language"]
    list_select_related = ["region"]
    search_fields = ["raw", "text"]
    study_path = "region__study"
    ordering = ["-pk"]


@admin.register(LabelGroup, site=admin_site)
class LabelGroupAdmin(ReadOnlyAdmin):
    list_display = ["name", "study", "explained_class", "members"]
    list_filter = [OWN_STUDIES]
    search_fields = ["name"]


@admin.register(Explanation, site=admin_site)
class ExplanationAdmin(ReadOnlyAdmin):
    list_display = ["image", "revision", "created_at"]
    list_select_related = ["image"]
    study_path = "image__study"
    ordering = ["-pk"]
