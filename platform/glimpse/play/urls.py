from django.urls import path, re_path

from glimpse.play.views import explanations, rounds, studies, turns

app_name = "play"
urlpatterns = [
    path("", studies.home, name="home"),
    path("studies/<slug:slug>/progress", studies.progress, name="progress"),
    path("studies/<slug:slug>/start", studies.start, name="start"),
    path("studies/<slug:slug>/consent", studies.consent, name="consent"),
    path("studies/<slug:slug>/agree", studies.agree, name="agree"),
    path("games/<str:key>/next", turns.next_turn, name="next"),
    path("games/<str:key>/waiting", turns.waiting, name="waiting"),
    path("games/<str:key>/summary", turns.summary, name="summary"),
    path("rounds/<str:key>/", rounds.show, name="round"),
    path("rounds/<str:key>/glimpse/<int:level>", rounds.glimpse, name="glimpse"),
    path("rounds/<str:key>/more", rounds.more, name="more"),
    path("rounds/<str:key>/answer", rounds.answer, name="answer"),
    path("rounds/<str:key>/skip", rounds.skip, name="skip"),
    path("photos/<str:key>/", explanations.show, name="explanation"),
    path("photos/<str:key>/photo", explanations.photo, name="photo"),
    re_path(
        r"^photos/(?P<key>[\w-]+)/evidence/(?P<regions>\d{1,18}(-\d{1,18}){0,99})$",
        explanations.evidence,
        name="evidence",
    ),
]
