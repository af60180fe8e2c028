"""What a study's regions come to, for its researcher alone."""

import pytest
from django.contrib.auth.models import User
from django.forms import model_to_dict
from django.test import Client
from django.urls import reverse

from labeling.models import Image, ImageLayer, Job, Region, Study
from labeling.models.job import JobKind, JobState
from tests.factories import make_image, make_player, make_study
from tests.glimpse.rows import all_rows
from tests.glimpse.visitors import client_of, make_staff, make_superuser, signed_in


@pytest.fixture
def owner(db: None) -> User:
    return make_staff()


@pytest.fixture
def study(owner: User) -> Study:
    """With an image whose every layer has a fidelity."""
    study = make_study(owner=owner)
    make_image(study, regions=3)
    ImageLayer.objects.update(fidelity=0.75)
    return study


@pytest.fixture
def visit(owner: User) -> Client:
    return signed_in(owner)


def page(visit: Client, row: Study | Image | Region) -> str:
    name = f"admin:labeling_{row._meta.model_name}_change"
    return visit.get(reverse(name, args=[row.pk])).content.decode()


def picture_of(study: Study) -> str:
    return reverse("admin:labeling_study_fidelity", args=[study.pk])


def test_the_studys_page_has_the_table_and_the_picture(visit: Client, study: Study) -> None:
    shown = page(visit, study)
    assert ">0.75<" in shown
    assert "90%" in shown
    assert f'src="{picture_of(study)}"' in shown
    assert f'src="{picture_of(study)}?theme=dark"' in shown
    assert 'alt="Mean fidelity by layer, from deep to shallow: blocks.1 0.75, blocks.0 0.75"' in shown


def test_the_picture_is_svg_of_either_theme(visit: Client, study: Study) -> None:
    before = all_rows()
    light, dark, nonsense = (visit.get(picture_of(study), {"theme": theme}) for theme in ("", "dark", "x"))
    assert light.headers["Content-Type"] == "image/svg+xml"
    assert b"blocks.0" in light.content
    assert light.content != dark.content
    assert light.content == nonsense.content
    assert all_rows() == before


def test_before_anything_is_measured_there_is_no_picture(visit: Client, study: Study) -> None:
    ImageLayer.objects.update(fidelity=None)
    Region.objects.update(effect=None, stability=None)
    shown = page(visit, study)
    assert "No fidelity has been measured yet." in shown
    assert picture_of(study) not in shown
    assert visit.get(picture_of(study)).status_code == 404
    for row in (study, study.images.get(), study.regions.all()[0]):
        assert "None" not in page(visit, row).replace("display: none", "")


def test_images_of_earlier_versions_have_no_layers(visit: Client, study: Study) -> None:
    ImageLayer.objects.all().delete()
    Image.objects.update(seconds={}, explained_probability=None, logit=None)
    Region.objects.update(stability=None, mean_activation=None)
    assert "There is nothing to tell of the layers yet" in page(visit, study)
    assert "Layers of this photograph" not in page(visit, study.images.get())
    assert "–" in page(visit, study.regions.all()[0])


def test_a_new_studys_form_says_nothing_of_regions(visit: Client) -> None:
    shown = visit.get(reverse("admin:labeling_study_add")).content.decode()
    assert "nothing to tell" not in shown
    assert "integrated" in shown


def test_an_images_page_tells_class_seconds_and_layers(visit: Client, study: Study) -> None:
    shown = page(visit, study.images.get())
    assert "capture 0.10, clustering 0.05" in shown
    assert "Explained class" in shown
    assert "Layers of this photograph" in shown
    assert "blocks.1" in shown


def test_a_regions_page_and_list_tell_stability_and_activation(visit: Client, study: Study) -> None:
    for shown in (
        page(visit, study.regions.all()[0]),
        visit.get(reverse("admin:labeling_region_changelist")).content.decode(),
    ):
        assert "0.90" in shown
        assert "0.25" in shown
        assert "mean activation" in shown.lower()


def test_the_picture_is_for_the_studys_researcher_alone(client: Client, study: Study) -> None:
    assert signed_in(make_staff("hopper")).get(picture_of(study)).status_code == 404
    assert signed_in(make_superuser()).get(picture_of(study)).status_code == 200
    for visitor in (client, client_of(make_player(study)), signed_in(User.objects.create_user("visitor"))):
        response = visitor.get(picture_of(study))
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("admin:login"))


def unmeasured(study: Study) -> None:
    Study.objects.filter(pk=study.pk).update(measure=False)
    study.refresh_from_db()
    Region.objects.update(effect=None, stability=None)


def switch(visit: Client, study: Study, **changes: str) -> None:
    data = model_to_dict(study, exclude=["owner", "layers", "display_names"])
    data |= {"layers": "[]", "display_names": "{}"} | changes
    if not data["measure"]:
        del data["measure"]
    response = visit.post(reverse("admin:labeling_study_change", args=[study.pk]), data)
    assert response.status_code == 302


def waiting() -> list[int]:
    jobs = Job.objects.filter(kind=JobKind.MEASURES, state=JobState.QUEUED)
    return list(jobs.values_list("subject", flat=True))


def test_switching_measures_on_queues_what_is_missing(visit: Client, study: Study) -> None:
    unmeasured(study)
    switch(visit, study, title="Still off")
    assert waiting() == []
    switch(visit, study, measure="on")
    assert waiting() == [study.images.get().pk]
    study.refresh_from_db()
    assert study.measure
    switch(visit, study, measure="on", title="Still on")
    assert Job.objects.get(kind=JobKind.MEASURES).generation == 1, "asked for once"


def test_switching_measures_off_forgets_what_waits(visit: Client, study: Study) -> None:
    unmeasured(study)
    switch(visit, study, measure="on")
    assert waiting()
    study.refresh_from_db()
    switch(visit, study, measure="")
    assert waiting() == []
    assert not Study.objects.get().measure


def test_what_is_measured_is_not_measured_again(visit: Client, study: Study) -> None:
    Study.objects.update(measure=False)
    study.refresh_from_db()
    switch(visit, study, measure="on")
    assert waiting() == []


def test_the_action_queues_what_is_missing_of_own_studies(visit: Client, study: Study) -> None:
    others = make_study(owner=make_staff("hopper"))
    make_image(others)
    unmeasured(study)
    chosen = {"action": "measure", "_selected_action": [study.pk, others.pk]}
    shown = visit.post(reverse("admin:labeling_study_changelist"), chosen, follow=True).content.decode()
    assert "Photographs waiting to be measured: 1." in shown
    assert waiting() == [study.images.get().pk]


def test_preset_and_class_are_fixed_once_there_are_images(visit: Client, study: Study) -> None:
    switch(visit, study, preset="paper", target="true", measure="")
    study.refresh_from_db()
    assert (study.preset, study.target, study.measure) == ("faithful", "predicted", False)
