from django.urls import path

from glimpse.accounts.views import claim, nickname, own_data, pages, withdrawal

app_name = "accounts"
urlpatterns = [
    path("about", pages.about, name="about"),
    path("privacy", pages.privacy, name="privacy"),
    path("me/nickname", nickname.nickname, name="nickname"),
    path("me/claim", claim.claim, name="claim"),
    path("me/data", own_data.download, name="data"),
    path("me/withdraw", withdrawal.withdraw, name="withdraw"),
    path("me/delete", withdrawal.delete, name="delete"),
]
