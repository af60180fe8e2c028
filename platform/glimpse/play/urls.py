from django.urls import path, re_path

from glimpse.play.views import explanations, me, plain, rounds, showcase, studies, turns

app_name = "play"
urlpatterns = [
    path("", studies.home, name="home"),
    path("first/<slug:key>/glimpse/<int:level>", showcase.glimpse, name="showcase-glimpse"),
    path("first/<slug:key>/photo", showcase.photo, name="showcase-photo"),
    path("first/<slug:key>/evidence", showcase.evidence, name="showcase-evidence"),
    path("first/<slug:key>/more", showcase.more, name="showcase-more"),
    path("first/<slug:key>/guess", showcase.guess, name="showcase-guess"),
    path("studies/<slug:slug>/", studies.study, name="study"),
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
    path("rounds/<slug:key>/check", rounds.check, name="check"),
    path("rounds/<slug:key>/answer", rounds.answer, name="answer"),
    path("rounds/<slug:key>/skip", rounds.skip, name="skip"),
    path("rounds/<slug:key>/report", rounds.report, name="report"),
    path("photos/<slug:key>/", explanations.show, name="explanation"),
    path("photos/<slug:key>/photo", explanations.photo, name="photo"),
    re_path(
        r"^photos/(?P<key>[\w-]+)/evidence/(?P<regions>\d{1,18}(-\d{1,18}){0,99})$",
        explanations.evidence,
        name="evidence",
    ),
    path("me/", me.me, name="me"),
    path("me/told", me.told, name="told"),
    path("language", me.language, name="language"),
    path("points", plain.points_explained, name="points"),
    path("credits", plain.photo_credits, name="credits"),
    path("offline", plain.offline, name="offline"),
    path("service-worker.js", plain.service_worker, name="service-worker"),
    path("manifest.webmanifest", plain.manifest, name="manifest"),
]
