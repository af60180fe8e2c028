from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from glimpse.play import pictures
from glimpse.research.scoped import OWN_STUDIES, ReadOnlyAdmin
from glimpse.research.site import admin_site
from labeling.models import Image, Region
from labeling.services.studies import images_delete


def picture(address: str, description: str, side: int) -> SafeString:
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">', address, description, side, side
    )


@admin.register(Image, site=admin_site)
class ImageAdmin(ReadOnlyAdmin):
    deletable = True
    list_display = [
        "thumbnail",
        "name",
        "study",
        "class_name",
        "predicted_name",
        "sure",
        "prepared_at",
    ]
    list_filter = [OWN_STUDIES, "predicted_name"]
    search_fields = ["name", "class_name", "predicted_name"]
    fields = [
        "large", "explanation", "name", "study", "class_name", "predicted_name", "probability", "notes",
        "author", "licence", "source", "sha256", "prepared_at",
    ]  # fmt: skip
    readonly_fields = fields

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        images_delete(images=Image.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> None:
        images_delete(images=queryset)

    @admin.display(description="photo")
    def thumbnail(self, image: Image) -> str | SafeString:
        return picture(reverse("play:photo", args=[image.key]), image.name, 64) if image.prepared_at else "–"

    @admin.display(description="probability", ordering="probability")
    def sure(self, image: Image) -> str:
        return "–" if image.probability is None else f"{image.probability:.0%}"

    @admin.display(description="photo")
    def large(self, image: Image) -> str | SafeString:
        return picture(reverse("play:photo", args=[image.key]), image.name, 320) if image.prepared_at else "–"

    @admin.display
    def explanation(self, image: Image) -> str | SafeString:
        if not image.prepared_at:
            return "Not prepared yet: see its job."
        return format_html(
            '<a href="{}">Open the explanation →</a>', reverse("play:explanation", args=[image.key])
        )


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
        "maps",
        "places",
    ]
    list_filter = [OWN_STUDIES, "sign", "layer"]
    list_select_related = ["image"]
    search_fields = ["image__name"]
    fields = [
        "large", "image", "layer", "index", "sign", "weight", "effect", "area", "maps", "map_indices",
        "revision", "reserved", "capacity", "priority",
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
        return "–" if region.effect is None else f"{region.effect:.2f}"

    @admin.display(description="places taken", ordering="reserved")
    def places(self, region: Region) -> str:
        return f"{region.reserved} of {region.capacity}"

    @admin.display(description="feature maps")
    def maps(self, region: Region) -> int:
        return len(region.map_indices)

    def _address(self, region: Region) -> str:
        return reverse("admin:labeling_region_evidence", args=[region.pk])
