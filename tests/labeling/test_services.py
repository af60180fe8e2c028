"""PostgreSQL and Redis by settings alone: the same code, end to end."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.labeling.installation import Installation

pytestmark = pytest.mark.services

PHOTOS = 3
PLAY = """
from labeling.models import Study
from labeling.services.answers import Answer, round_answer
from labeling.services.players import guest_create
from labeling.services.rounds import game_start, round_next
for _ in range(2):
    game = game_start(player=guest_create(language="en"), study=Study.objects.get())
    while round_ := round_next(game=game):
        assert round_answer(round_=round_, answer=Answer(("a tall tower",), None))
"""


@pytest.fixture
def grown(tmp_path: Path) -> Iterator[Installation]:
    """An installation on servers, with a database of its own."""
    database, broker = (os.environ.get(f"GLIMPSE_TEST_{name}_URL") for name in ("DATABASE", "BROKER"))
    if not database or not broker:
        pytest.skip("set GLIMPSE_TEST_DATABASE_URL and GLIMPSE_TEST_BROKER_URL to test on servers")
    import psycopg

    name = f"glimpse_{secrets.token_hex(6)}"
    with psycopg.connect(database, autocommit=True) as server:
        server.execute(f"create database {name}".encode())
    own = urlunsplit(urlsplit(database)._replace(path=f"/{name}"))
    installation = Installation(tmp_path, {"GLIMPSE_DATABASE_URL": own, "GLIMPSE_BROKER_URL": broker})
    yield installation
    installation.close()
    with psycopg.connect(database, autocommit=True) as server:
        server.execute(f"drop database {name} with (force)".encode())


def test_photos_and_labels_go_all_the_way(grown: Installation) -> None:
    grown.add_photos(PHOTOS)
    grown.start_worker("gpu", "gpu")
    grown.start_worker("rest", "text,default", sweeps=True)
    done = "select count(*) from labeling_job where kind = '{}' and state = 'done'"
    grown.wait_until(lambda: grown.rows(done.format("regions")) == [(PHOTOS,)], 60)
    assert grown.rows("select count(*) from labeling_image where prepared_at is not null") == [(PHOTOS,)]
    grown.run(PLAY)
    open_jobs = "select state from labeling_job where state != 'done'"
    grown.wait_until(lambda: grown.rows(open_jobs) == [], 60)
    explained = grown.rows("select image_id from labeling_explanation group by image_id")
    assert len(explained) == PHOTOS
    assert grown.rows("select distinct name from labeling_labelgroup") == [("tall tower",)]
    results = [result for (result,) in grown.rows("select result::text from labeling_explanation")]
    assert all('"tall tower"' in str(result) for result in results)
    assert not list((grown.folder / "broker").rglob("*.msg")), "messages went through Redis"
