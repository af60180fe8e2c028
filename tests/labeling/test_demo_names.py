"""What the demo calls its classes, in both languages, and what it gives away."""

import csv
from collections import Counter

import pytest

from labeling.models import Image, Network, Study
from labeling.models.study import check_display_names
from labeling.selectors.class_names import display_name
from labeling.services.demo import DISPLAY_NAMES, PHOTOS, SHOWCASE, demo_create
from labeling.services.options import options_draw, options_shown

with (PHOTOS / "photos.csv").open(newline="", encoding="utf-8") as file:
    CLASSES = sorted({row["imagenet_class"] for row in csv.DictReader(file)})


def test_every_class_has_a_name_in_both_languages_and_no_two_share_one() -> None:
    check_display_names(DISPLAY_NAMES)
    assert set(CLASSES) <= DISPLAY_NAMES.keys()
    for language in ("en", "it"):
        names = Counter(names[language].casefold() for names in DISPLAY_NAMES.values())
        assert names.most_common(1)[0][1] == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", CLASSES)
def test_all_options_have_names_that_players_know_even_of_the_first_photograph(name: str) -> None:
    """The first is prepared before the classes of the others are known."""
    unknown = [f"ordinary class {number}" for number in range(900)]
    network = Network.objects.create(name="n", class_names=[*unknown, *DISPLAY_NAMES])
    study = Study.objects.create(slug="s", title="S", network=network, display_names=DISPLAY_NAMES)
    index = network.class_names.index(name)
    image = Image(study=study, key="k", sha256="1", true_class=index, predicted_class=index)
    image.options = options_draw(image)
    assert len(image.options) == study.options_per_round == 10
    assert index in image.options
    for language in ("en", "it"):
        shown = [text for _, text in options_shown(study, image.options, language)]
        assert len(set(shown)) == 10
        assert {*shown} <= {names[language] for names in DISPLAY_NAMES.values()}


@pytest.mark.django_db
def test_no_two_options_have_one_name_in_any_language() -> None:
    names = {"crane": {"en": "crane", "it": "gru"}, "lifter": {"en": "lifter", "it": "gru"}, "owl": "owl"}
    network = Network.objects.create(name="n", class_names=[*names, "rest"])
    for seed in range(5):
        study = Study.objects.create(
            slug=f"s{seed}", title="S", network=network, display_names=names, seed=seed
        )
        image = Image(study=study, key="k", sha256="1", true_class=2, predicted_class=2)
        shown = {display_name(study, network.class_names[index], "it") for index in options_draw(image)}
        assert shown == {"gru", "owl", "rest"}
        assert len(options_draw(image)) == 3


@pytest.mark.django_db(transaction=True)
def test_the_demo_gives_three_photographs_away_and_adding_it_again_changes_nothing() -> None:
    study = demo_create()
    assert set(study.images.filter(showcase=True).values_list("name", flat=True)) == SHOWCASE
    assert len(SHOWCASE) == 3
    Image.objects.filter(name="panda.jpg").update(showcase=False)
    demo_create()
    assert not Image.objects.get(name="panda.jpg").showcase
