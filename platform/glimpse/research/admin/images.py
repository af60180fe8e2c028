from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from glimpse.research.layers import image_table
from glimpse.research.scoped import OWN_STUDIES, ReadOnlyAdmin
from glimpse.research.site import admin_site
from labeling.models import Image
from labeling.services.showcase import showcase_begin, showcase_end
from labeling.services.studies import images_delete, object_place


def picture(address: str, description: str, side: int) -> SafeString:
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">', address, description, side, side
    )


def wrapped(text: str) -> SafeString:
    """Text without spaces, which would else be wider than a phone."""
    return format_html('<span style="overflow-wrap: anywhere">{}</span>', text)


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
        "showcase",
        "prepared_at",
    ]
    list_filter = [OWN_STUDIES, "showcase", "predicted_name"]
    search_fields = ["name", "class_name", "predicted_name"]
    fields = [
        "large", "explanation", "name", "study", "class_name", "predicted_name", "sure", "explained_name",
        "explained_sure", "object_box", "showcase", "remarks", "author", "licence", "origin", "digest",
        "prepared_at", "timings",
    ]  # fmt: skip
    readonly_fields = [name for name in fields if name != "object_box"]
    actions = ["give_away", "stop_giving_away"]
    change_form_outer_after_template = "research/image_layers.html"

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: Image | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        if obj is not None:
            context["layers"] = image_table(obj)
        response: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        return response

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Only of where the object is."""
        return self.has_view_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Image, form: ModelForm[Image], change: bool) -> None:
        object_place(image=obj, box=obj.object_box or [])

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        images_delete(images=Image.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> None:
        images_delete(images=queryset)

    @admin.action(description="Give away on the front page")
    def give_away(self, request: HttpRequest, images: QuerySet[Image]) -> None:
        given = showcase_begin(images=images)
        messages.info(request, f"Given away from now on, and played by nobody: {given}.")
        if left := images.filter(showcase=False).count():
            messages.warning(request, f"Not given away, as somebody has played them: {left}.")

    @admin.action(description="Stop giving away")
    def stop_giving_away(self, request: HttpRequest, images: QuerySet[Image]) -> None:
        stopped = showcase_end(images=images)
        messages.info(
            request, f"No longer given away: {stopped}. Nobody plays them: too many have seen them."
        )

    @admin.display(description="photo")
    def thumbnail(self, image: Image) -> str | SafeString:
        return picture(reverse("play:photo", args=[image.key]), image.name, 64) if image.prepared_at else "–"

    @admin.display(description="probability", ordering="probability")
    def sure(self, image: Image) -> str:
        return "–" if image.probability is None else f"{image.probability:.0%}"

    @admin.display(description="probability of the explained class")
    def explained_sure(self, image: Image) -> str:
        return "–" if image.explained_probability is None else f"{image.explained_probability:.0%}"

    @admin.display(description="notes")
    def remarks(self, image: Image) -> str:
        return " ".join(image.notes) or "–"

    @admin.display(description="source")
    def origin(self, image: Image) -> SafeString:
        return wrapped(image.source or "–")

    @admin.display(description="SHA-256 of the bytes that arrived")
    def digest(self, image: Image) -> SafeString:
        return wrapped(image.sha256)

    @admin.display(description="seconds")
    def timings(self, image: Image) -> str:
        return ", ".join(f"{step} {taken:.2f}" for step, taken in image.seconds.items()) or "–"

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
