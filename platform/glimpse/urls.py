from django.urls import include, path

from glimpse.research.site import admin_site

urlpatterns = [
    path("admin/", admin_site.urls),
    path("", include("glimpse.play.urls")),
]
