from django.urls import include, path

from glimpse.accounts.views.sign_out import sign_out
from glimpse.research.site import admin_site

urlpatterns = [
    path("admin/", admin_site.urls),
    path("account/logout/", sign_out, name="account_logout"),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("", include("glimpse.accounts.urls")),
    path("", include("glimpse.play.urls")),
]
