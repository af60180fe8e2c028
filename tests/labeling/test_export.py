import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from labeling.models import Image, Player, Round, Study
from labeling.services.answers import Answer, round_answer
from labeling.services.explanations import explanations_work
from tests.factories import make_image, make_player, make_round, make_study

pytestmark = pytest.mark.django_db


def make_study_with_image() -> Study:
    study = make_study()
    make_image(study)
    return study


@pytest.fixture
def study() -> Study:
    return make_study_with_image()


def answered(study: Study, player: Player, *labels: str) -> Round:
    round_ = make_round(study, player)
    round_answer(round_=round_, answer=Answer(labels, round_.image.true_class))
    return round_


def exported(study: Study, folder: Path, part: str) -> list[dict[str, object]]:
    call_command("export", study.slug, format="jsonl", out=folder, verbosity=0)
    return [json.loads(line) for line in (folder / f"{study.slug}-{part}.jsonl").read_text().splitlines()]


def test_every_label_is_a_line_that_finds_its_region_again(study: Study, tmp_path: Path) -> None:
    round_ = answered(study, make_player(study), "Dark  beak", "péché")
    answered(study, make_player(study, nickname="Secret Name"), "claw")
    answered(make_study_with_image(), make_player(), "of another study")
    lines = exported(study, tmp_path / "new" / "folder", "labels")
    assert [line["raw"] for line in lines] == ["Dark  beak", "péché", "claw"]
    assert [line["player"] for line in lines] == [1, 1, 2]
    image, region = Image.objects.get(study=study), round_.region
    wanted = {"layer": region.layer, "region": region.index, "image_sha256": image.sha256, "correct": True}
    assert lines[0] | wanted == lines[0]
    assert lines[0]["map_indices"] == region.map_indices
    measured = {"effect": region.effect, "stability": 0.9, "mean_activation": 0.25, "area": 0.3}
    assert lines[0] | measured == lines[0]
    assert lines[0]["explained_class"] == image.explained_name


def test_nothing_in_it_tells_who_played(study: Study, tmp_path: Path) -> None:
    player = make_player(study, nickname="Secret Name")
    round_ = answered(study, player, "claw")
    exported(study, tmp_path, "labels")
    for text in (path.read_text() for path in tmp_path.iterdir()):
        assert not any(secret in text for secret in ("Secret Name", player.key, round_.key, round_.game.key))


def test_the_latest_explanation_names_regions_by_their_index(study: Study, tmp_path: Path) -> None:
    round_ = answered(study, make_player(study), "dark beak")
    assert not explanations_work(study_id=study.pk, seconds=60)
    answered(study, make_player(study), "dark beak")
    assert not explanations_work(study_id=study.pk, seconds=60)
    (explanation,) = exported(study, tmp_path, "explanations")
    assert explanation["revision"] == 2
    layers = explanation["layers"]
    assert isinstance(layers, list)
    layer = next(layer for layer in layers if layer["layer"] == round_.region.layer)
    named = next(region for region in layer["regions"] if round_.region.index in region["indices"])
    assert [label["examples"] for label in named["labels"]] == [["dark beak"]]


def test_what_is_not_measured_yet_is_null(tmp_path: Path) -> None:
    study = make_study()
    make_image(study, measured=False)
    answered(study, make_player(study), "claw")
    (line,) = exported(study, tmp_path, "labels")
    assert (line["effect"], line["stability"]) == (None, None)


def test_exporting_twice_gives_the_same_bytes(study: Study, tmp_path: Path) -> None:
    answered(study, make_player(study), "claw", "beak")
    for folder in ("one", "two"):
        exported(study, tmp_path / folder, "labels")
    one, two = (sorted((tmp_path / folder).iterdir()) for folder in ("one", "two"))
    assert [path.name for path in one] == [path.name for path in two]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_an_unknown_study_and_a_folder_that_cannot_be_are_said(study: Study, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=f"There is no study 'nix'. Studies: {study.slug}."):
        call_command("export", "nix", out=tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="Cannot write to"):
        call_command("export", study.slug, out=tmp_path / "file")
