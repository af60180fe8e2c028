"""The researchers' site: Django's admin under a theme, with the wider policy that the theme needs."""

from collections.abc import Callable
from typing import Any

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponseBase
from unfold.sites import UnfoldAdminSite

# unfold ships Alpine's evaluating build and inline styles.
theme_policy = csp_update(
    {"script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]}
)


class ResearchSite(UnfoldAdminSite):
    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        return theme_policy(super().admin_view(view, cacheable))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        sign_in: Callable[..., HttpResponseBase] = theme_policy(super().login)
        return sign_in(request, extra_context)


admin_site = ResearchSite()
