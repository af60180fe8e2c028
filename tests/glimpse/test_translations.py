"""Italian says everything that English says."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.test import Client

from labeling.models import Player, Round, Study
from tests.factories import make_round
from tests.glimpse.visitors import client_of

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "platform" / "glimpse" / "locale" / "it" / "LC_MESSAGES" / "django.po"
IGNORED = [argument for name in (".venv", "tests", "docs", "var") for argument in ("--ignore", name)]
MAKE = [sys.executable, "manage.py", "makemessages", "--locale", "it", "--no-wrap", "--no-obsolete", *IGNORED]
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%|<\w+>|</\w+>|&nbsp;")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def forms(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Pairs of what is said in English and in Italian."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]


def test_everything_is_translated(catalogue: polib.POFile) -> None:
    assert len(catalogue) > 200
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy] == []


def test_translations_keep_what_is_filled_in(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        for english, italian in forms(entry):
            assert sorted(PLACEHOLDER.findall(italian)) == sorted(PLACEHOLDER.findall(english)), english


def test_what_is_delivered_is_what_is_written(catalogue: polib.POFile) -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    delivered = {entry.msgid: forms(entry) for entry in compiled}
    assert delivered == {entry.msgid: forms(entry) for entry in catalogue}


def test_the_catalogue_has_every_sentence_of_the_sources(catalogue: polib.POFile) -> None:
    if shutil.which("xgettext") is None:
        pytest.skip("no xgettext on the path: apt-get install gettext")
    before = {path: path.read_bytes() for path in CATALOGUE.parent.iterdir()}
    try:
        subprocess.run(MAKE, cwd=ROOT, check=True, capture_output=True)
        found = {entry.msgid for entry in polib.pofile(str(CATALOGUE))}
    finally:
        for path, content in before.items():
            path.write_bytes(content)
    assert found == {entry.msgid for entry in catalogue}


def test_pages_follow_the_browser(client: Client, study: Study) -> None:
    page = client.get("/", headers={"Accept-Language": "it-IT,it;q=0.9,en;q=0.5"})
    assert '<html lang="it">' in page.content.decode()
    assert "Che cosa vede una rete?" in page.content.decode()
    assert page.headers["Content-Language"] == "it"


def test_a_chosen_language_is_remembered_and_goes_before_the_browsers(client: Client, study: Study) -> None:
    chosen = client.post("/language", {"language": "it", "next": "/points"})
    assert chosen.headers["Location"] == "/points"
    assert client.cookies["django_language"]["httponly"]
    page = client.get("/points", headers={"Accept-Language": "en"}).content.decode()
    assert "Come funzionano i punti" in page


@pytest.mark.parametrize("language", ["xx", "", "de", "../it"])
def test_a_language_that_is_not_there_changes_nothing(client: Client, study: Study, language: str) -> None:
    client.post("/language", {"language": language})
    assert "django_language" not in client.cookies


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_it_leads_nowhere_else(client: Client, study: Study, address: str) -> None:
    assert client.post("/language", {"language": "it", "next": address}).headers["Location"] == "/"


def test_a_players_rounds_and_labels_are_in_the_chosen_language(study: Study, player: Player) -> None:
    study.display_names = {"macaw": {"en": "parrot", "it": "pappagallo"}, "hen": "chicken"}
    study.save()
    visit = client_of(player)
    visit.post("/language", {"language": "it"})
    player.refresh_from_db()
    round_ = make_round(study, player)
    names = [name for _, name in round_.options]
    assert "pappagallo" in names
    assert "parrot" not in names
    assert "chicken" in names, "a name without a language is for all"
    visit.post(f"/rounds/{round_.key}/answer", {"labels": "becco rosso", "guess": "none"})
    label = Round.objects.get(pk=round_.pk).labels.get()
    assert label.language == "it"


def test_a_refusal_is_in_the_players_language(study: Study, player: Player) -> None:
    round_ = make_round(study, player)
    visit = client_of(player)
    visit.post("/language", {"language": "it"})
    page = visit.post(f"/rounds/{round_.key}/answer", {"labels": "x" * 61, "guess": "none"})
    assert "È troppo lungo. Usa al massimo 60 caratteri." in page.content.decode()
