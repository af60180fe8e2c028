from django import forms
from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from glimpse.research.scoped import ScopedAdmin
from glimpse.research.site import admin_site
from labeling.models import Network


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
