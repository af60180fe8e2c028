from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from glimpse.play import pictures
from glimpse.research.admin.images import picture
from glimpse.research.layers import number
from glimpse.research.scoped import OWN_STUDIES, ReadOnlyAdmin
from glimpse.research.site import admin_site
from labeling.models import Region


@admin.register(Region, site=admin_site)
class RegionAdmin(ReadOnlyAdmin):
    list_display = [
        "thumbnail",
        "image",
        "layer",
        "index",
        "sign",
        "share",
        "drop",
        "survival",
        "mean",
        "maps",
        "places",
        "labellings",
        "agreeing",
        "retired",
        "gold",
    ]
    list_filter = [OWN_STUDIES, "sign", "gold", ("retired_at", EmptyFieldListFilter), "layer"]
    list_select_related = ["image"]
    search_fields = ["image__name"]
    fields = [
        "large", "image", "layer", "index", "sign", "weight", "drop", "survival", "area", "mean", "maps",
        "map_indices",
        "revision", "reserved", "capacity", "labellings", "priority", "agreeing", "retired_at", "gold",
        "settled_words",
    ]  # fmt: skip
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/evidence/", self.admin_site.admin_view(self.evidence), name="labeling_region_evidence"
        )
        return [own, *super().get_urls()]

    def evidence(self, request: HttpRequest, pk: int) -> HttpResponse:
        region = self.get_queryset(request).select_related("image").filter(pk=pk).first()
        if region is None:
            raise Http404
        return pictures.respond(pictures.evidence(region.image, [region], pictures.CARD_SIDE))

    @admin.display(description="evidence")
    def thumbnail(self, region: Region) -> SafeString:
        return picture(self._address(region), str(region), 64)

    @admin.display(description="evidence")
    def large(self, region: Region) -> SafeString:
        return picture(self._address(region), str(region), 320)

    @admin.display(description="weight", ordering="weight")
    def share(self, region: Region) -> str:
        return f"{region.weight:.1%}"

    @admin.display(description="effect", ordering="effect")
    def drop(self, region: Region) -> str:
        return number(region.effect)

    @admin.display(description="stability", ordering="stability")
    def survival(self, region: Region) -> str:
        return number(region.stability)

    @admin.display(description="mean activation", ordering="mean_activation")
    def mean(self, region: Region) -> str:
        return number(region.mean_activation)

    @admin.display(description="places taken", ordering="reserved")
    def places(self, region: Region) -> str:
        return f"{region.reserved} of {region.capacity}"

    @admin.display(description="agreement", ordering="agreement")
    def agreeing(self, region: Region) -> str:
        return "–" if region.agreement is None else f"{region.agreement:.0%}"

    @admin.display(boolean=True, ordering="retired_at")
    def retired(self, region: Region) -> bool:
        return region.retired_at is not None

    @admin.display(description="settled labels")
    def settled_words(self, region: Region) -> str:
        return ", ".join(region.settled) or "–"

    @admin.display(description="feature maps")
    def maps(self, region: Region) -> int:
        return len(region.map_indices)

    def _address(self, region: Region) -> str:
        return reverse("admin:labeling_region_evidence", args=[region.pk])
