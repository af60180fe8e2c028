"""Simulated players: what they know, how they differ, that they play by the rules and can be taken away."""

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from analysis.labels.entry import EntryError, check_entry
from labeling.demo.characters import CHARACTERS, Character, cast, says, thinks
from labeling.demo.sights import KINDS, LANGUAGES, Sight, centre, concepts, fitness, sights
from labeling.models import (
    ClassExplanation,
    Consent,
    Explanation,
    Game,
    Label,
    LedgerEntry,
    Player,
    Region,
    Round,
    Study,
    Word,
)
from labeling.models.game import RoundState
from labeling.models.study import Withdrawal
from labeling.services.answers import Answer, round_answer
from labeling.services.demo import DISPLAY_NAMES, PHOTOS
from labeling.services.simulated import NothingKnownError, simulated_play, simulated_remove
from labeling.services.words import words_count
from tests.factories import make_image, make_player, make_round, make_study

BY_NAME: dict[str, Character] = {one.name: one for one in CHARACTERS}
SPOT = Sight(concepts()["beak"], 0.2, 0.3)
NEAR, FAR = Sight(concepts()["eye"], 0.25, 0.3), Sight(concepts()["claws"], 0.6, 0.9)


def test_there_are_words_for_every_photograph_at_places_in_it() -> None:
    assert set(sights()) == {photo.name for photo in PHOTOS.glob("*.jpg")}
    for name, own in sights().items():
        assert len({sight.concept.key for sight in own}) == len(own) >= 8, name
        assert all(0 <= sight.x <= 1 and 0 <= sight.y <= 1 for sight in own), name
        assert len({sight.concept.kind for sight in own}) >= 3, name
    used = {sight.concept.key for own in sights().values() for sight in own}
    assert used == set(concepts()), "a concept that is nowhere"


def test_the_game_takes_what_they_say_in_both_languages() -> None:
    for concept in concepts().values():
        assert concept.kind in KINDS
        for language in LANGUAGES:
            for phrase in concept.phrases[language]:
                check_entry(phrase, [], language=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_words_do_not_name_an_answer(language: str) -> None:
    names = [names[language] for names in DISPLAY_NAMES.values()]
    refused = []
    for concept in concepts().values():
        for phrase in concept.phrases[language]:
            try:
                check_entry(phrase, names, language=language)
            except EntryError:
                refused.append(phrase)
    assert len(refused) <= 12, refused


def test_a_region_looks_where_its_map_is_high() -> None:
    region_map = np.zeros((5, 5), dtype=np.float32)
    region_map[1, 3] = region_map[1, 4] = 1.0
    assert centre(region_map) == pytest.approx((0.8, 0.3))  # columns 3 and 4, row 1
    region_map[4, 0] = 0.5
    assert centre(region_map) == pytest.approx((0.8, 0.3)), "8 % of 25 are two"


def test_kind_fits_the_layer_and_place_the_region() -> None:
    beak, red = SPOT, Sight(concepts()["red"], 0.2, 0.3)
    at = (0.2, 0.3)
    assert fitness(beak, 1, at) == pytest.approx(1.2)
    assert fitness(beak, 0.25, at) == pytest.approx((0.1 + 0.6) / 2)
    assert fitness(red, 0, at) > fitness(beak, 0, at)
    assert fitness(red, 1, at) < fitness(beak, 1, at)
    assert fitness(beak, 1, (0.35, 0.3)) == pytest.approx(1.2 * np.exp(-0.5))
    assert fitness(FAR, 1, at) < 0.001 * fitness(beak, 1, at)


@pytest.mark.parametrize("players", [1, 3, 7, 20, 40])
def test_a_cast_is_as_many_as_asked_for_and_mostly_honest(players: int) -> None:
    kinds = Counter(one.name for one in cast(players))
    assert kinds.total() == players
    for one in CHARACTERS:
        assert abs(kinds[one.name] - players * one.share) < 1
    assert sum(one.share for one in CHARACTERS) == pytest.approx(1)


def said_by(name: str, *, language: str = "en") -> list[str]:
    dice = random.Random(5)
    elsewhere = [concepts()[key] for key in ("snow", "bridge")]
    return [
        text
        for _ in range(400)
        for text in says(dice, BY_NAME[name], language, [(SPOT, 1.0), (NEAR, 0.3), (FAR, 0.1)], elsewhere)
    ]


def test_players_differ() -> None:
    right = {*SPOT.concept.phrases["en"], *NEAR.concept.phrases["en"]}
    share = {name: sum(text in right for text in said_by(name)) / len(said_by(name)) for name in BY_NAME}
    assert share["careful"] > share["quick"] > share["mistaken"] > 0.3
    assert share["bot"] == share["typist"] == 0
    assert set(said_by("bot")) == {"thing"}
    assert len(set(said_by("typist"))) > 300
    assert len(said_by("careful")) > 1.3 * len(said_by("quick"))
    assert not right.isdisjoint(said_by("careful"))
    assert set(FAR.concept.phrases["en"]).isdisjoint(said_by("careful")), "it hardly comes to mind"
    dice = random.Random(1)
    pause = {name: thinks(dice, one, ["a beak"], 0) for name, one in BY_NAME.items()}
    assert pause["careful"] > pause["quick"] > 1 > pause["bot"]


def test_the_same_dice_say_the_same_and_italians_speak_italian() -> None:
    assert said_by("quick") == said_by("quick")
    italian = Counter(text.casefold() for text in said_by("careful", language="it"))
    assert italian.most_common(1)[0][0] == "becco"
    assert "beak" not in italian


@pytest.fixture
def study() -> Study:
    """Three of the demo's photographs by name."""
    study = make_study(max_labellings=3)
    for name in ("koala.jpg", "scarlet_macaw.jpg", "petra.jpg"):
        image = make_image(study)
        image.name = name
        image.save()
    return study


@pytest.mark.django_db
def test_they_play_by_the_rules_and_are_marked(study: Study) -> None:
    played = simulated_play(study=study, players=6, rounds=3, seed=1, work=False)
    assert played == 18
    players = Player.objects.all()
    assert len(players) == 6
    assert all(player.simulated and player.nickname == f"Simulated {player.pk}" for player in players)
    assert Consent.objects.filter(study=study, version=study.consent_version).count() == 6
    assert set(Round.objects.values_list("state", flat=True)) == {RoundState.ANSWERED}
    assert len(set(Round.objects.values_list("seconds", flat=True))) == 18
    for round_ in Round.objects.all():
        assert round_.seconds is not None
        assert round_.ended_at is not None
        assert (round_.ended_at - round_.created_at).total_seconds() >= round_.seconds
    for label in Label.objects.select_related("round"):
        names = [name for _, name in label.round.options]
        check_entry(label.raw, names, language=label.language)
    for region in Region.objects.all():
        assert region.labellings == region.rounds.count() <= region.capacity


@pytest.mark.django_db
def test_related_words_at_the_same_place(study: Study) -> None:
    """The macaw's words are about a macaw, whoever says them; who is mistaken says others."""
    simulated_play(study=study, players=9, rounds=3, seed=3, work=False)
    said = Label.objects.filter(region__image__name="scarlet_macaw.jpg").exclude(raw="thing")
    known = {
        word
        for sight in sights()["scarlet_macaw.jpg"]
        for language in LANGUAGES
        for phrase in sight.concept.phrases[language]
        for word in phrase.split()
    }
    fitting = [not known.isdisjoint(text.casefold().split()) for text in said.values_list("raw", flat=True)]
    assert len(fitting) >= 6
    assert sum(fitting) / len(fitting) > 0.6


@pytest.mark.django_db
def test_there_is_an_end_where_the_study_has_no_more(study: Study) -> None:
    places = sum(Region.objects.filter(sign="supports").values_list("capacity", flat=True))
    played = simulated_play(study=study, players=7, rounds=100, seed=0, work=False)
    assert 0 < played <= places
    assert not Round.objects.filter(state=RoundState.OPEN).exists()


def rows() -> list[object]:
    """All that counts, without what people keep: their points, and how often their labels were confirmed."""
    return [
        list(Label.objects.order_by("pk").values("pk", "round", "raw", "text", "quarantined")),
        list(Round.objects.order_by("pk").values()),
        list(Game.objects.order_by("pk").values()),
        list(Player.objects.order_by("pk").values("pk", "nickname", "simulated")),
        list(Region.objects.order_by("pk").values()),
        list(Word.objects.order_by("text").values("text", "labels")),
        list(Study.objects.values_list("words_total", flat=True)),
        list(Consent.objects.order_by("pk").values()),
    ]


@pytest.mark.django_db
def test_all_of_it_can_be_taken_away_again(study: Study) -> None:
    assert study.withdrawal == Withdrawal.ANONYMISE, "what people said would stay"
    person = make_player(study)
    round_answer(round_=make_round(study, person), answer=Answer(("beak", "red"), None))
    words_count(study=study)
    before, points = rows(), LedgerEntry.objects.filter(player=person).count()
    simulated_play(study=study, players=8, rounds=3, seed=2, work=False)
    words_count(study=study)
    assert rows() != before
    assert simulated_remove(study=study, work=False) == 8
    assert rows() == before
    assert LedgerEntry.objects.exclude(player=person).count() == 0
    assert LedgerEntry.objects.count() >= points
    assert simulated_remove(study=study, work=False) == 0


@pytest.mark.django_db
def test_another_study_keeps_its_own(study: Study) -> None:
    other = make_study()
    image = make_image(other)
    image.name = "owl.jpg"
    image.save()
    simulated_play(study=study, players=2, rounds=1, seed=2, work=False)
    simulated_play(study=other, players=3, rounds=1, seed=2, work=False)
    simulated_remove(study=study, work=False)
    assert Player.objects.count() == Round.objects.filter(game__study=other).count() == 3


@pytest.mark.django_db
def test_by_command_with_explanations(study: Study, tmp_path: Path) -> None:
    call_command("simulate", study.slug, players=5, rounds=2, seed=4)
    images = study.images.filter(explanations__isnull=False).distinct()
    assert images.exists()
    explained = ClassExplanation.objects.filter(study=study)
    assert {one.explained_class for one in explained} == {image.explained_class for image in images}
    made_from = [one.manifest for one in explained] + [one.manifest for one in Explanation.objects.all()]
    assert all(manifest["simulated"] == manifest["players"] > 0 for manifest in made_from)
    study.refresh_from_db()
    assert study.reliability["simulated"] == study.reliability["players"] == 5
    call_command("export", study.slug, format="jsonl", out=tmp_path, verbosity=0)
    lines = (tmp_path / f"{study.slug}-labels.jsonl").read_text().splitlines()
    assert lines
    assert all(json.loads(line)["simulated"] for line in lines)
    call_command("simulate", study.slug, remove=True)
    assert not Label.objects.exists()
    assert not images.filter(explanations__result__icontains='"players"').exists()
    assert not explained.all().exists()
    study.refresh_from_db()
    assert study.reliability["players"] == 0


@pytest.mark.django_db
def test_what_cannot_be_played(study: Study) -> None:
    with pytest.raises(CommandError, match="no study 'nowhere'"):
        call_command("simulate", "nowhere")
    with pytest.raises(CommandError, match="at least one"):
        call_command("simulate", study.slug, players=0)
    study.images.update(name="holiday.jpg")
    with pytest.raises(NothingKnownError, match="demo's photographs"):
        simulated_play(study=study, players=1, rounds=1, seed=0)
    with pytest.raises(CommandError, match="demo's photographs"):
        call_command("simulate", study.slug)
    assert not Player.objects.exists()
