"""Players, for superusers alone: who may see which account belongs to whom."""

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin

from glimpse.research.site import admin_site
from labeling.models import Player
from labeling.services.nicknames import nickname_choose, nickname_reset


@admin.register(Player, site=admin_site)
class PlayerAdmin(ModelAdmin):
    """Nobody is deleted here: players withdraw, which counts their rounds down at the regions."""

    list_display = ["nickname", "named", "language", "account", "merged_into", "created_at"]
    list_filter = ["named", "language", ("user", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "merged_into"]
    search_fields = ["nickname"]
    fields = ["nickname", "named", "language", "account", "merged_into", "streak_days", "created_at"]
    readonly_fields = fields[1:]
    ordering = ["-pk"]
    actions = ["reset"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Player, form: "ModelForm[Player]", change: bool) -> None:
        """The one thing that is changed here is the nickname, and only where it differs."""
        if "nickname" in form.changed_data and not nickname_choose(player=obj, nickname=obj.nickname):
            messages.error(request, "Another player has chosen this nickname.")

    @admin.display(description="account")
    def account(self, player: Player) -> str | SafeString:
        if player.user is None:
            return "–"
        address = reverse("admin:auth_user_change", args=[player.user.pk])
        return format_html('<a href="{}">{}</a>', address, player.user)

    @admin.action(description="Give a made-up nickname")
    def reset(self, request: HttpRequest, players: QuerySet[Player]) -> None:
        for player in players:
            nickname_reset(player=player)
        messages.info(request, "The players have made-up nicknames now.")
