from django.urls import path, re_path

from glimpse.play.views import explanations, rounds, studies, turns

app_name = "play"
urlpatterns = [
    path("", studies.home, name="home"),
    path("studies/<slug:slug>/progress", studies.progress, name="progress"),
    path("studies/<slug:slug>/start", studies.start, name="start"),
    path("studies/<slug:slug>/consent", studies.consent, name="consent"),
    path("studies/<slug:slug>/agree", studies.agree, name="agree"),
    path("games/<slug:key>/next", turns.next_turn, name="next"),
    path("games/<slug:key>/waiting", turns.waiting, name="waiting"),
    path("games/<slug:key>/summary", turns.summary, name="summary"),
    path("rounds/<slug:key>/", rounds.show, name="round"),
    path("rounds/<slug:key>/glimpse/<int:level>", rounds.glimpse, name="glimpse"),
    path("rounds/<slug:key>/more", rounds.more, name="more"),
    path("rounds/<slug:key>/answer", rounds.answer, name="answer"),
    path("rounds/<slug:key>/skip", rounds.skip, name="skip"),
    path("photos/<slug:key>/", explanations.show, name="explanation"),
    path("photos/<slug:key>/photo", explanations.photo, name="photo"),
    re_path(
        r"^photos/(?P<key>[\w-]+)/evidence/(?P<regions>\d{1,18}(-\d{1,18}){0,99})$",
        explanations.evidence,
        name="evidence",
    ),
]
