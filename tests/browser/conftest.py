"""Chromium against a live server. A test fails on any console error, failed request or foreign host."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from labeling.models import Player, Round, Study
from tests.browser.serving import Served, serving
from tests.browser.watching import Watch
from tests.browser.world import World, make_world
from tests.factories import make_image, make_player, make_round, make_study
from tests.glimpse.visitors import cookie_of

# Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_OTHER_HOSTS = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
PATIENCE_MS = 10_000


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if CHROMIUM is None:
        pytest.skip("no chromium on the path: apt-get install chromium")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return {"executable_path": CHROMIUM, "args": [*sandbox, NO_OTHER_HOSTS]}


@pytest.fixture(scope="session")
def browser_context_args(live_server: LiveServer) -> dict[str, Any]:
    return {"base_url": live_server.url, "viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def watch(context: BrowserContext, live_server: LiveServer) -> Iterator[Watch]:
    watch = Watch(live_server.url)
    context.on("page", watch.follow)
    context.set_default_timeout(PATIENCE_MS)
    yield watch
    assert watch.problems() == []


@pytest.fixture
def served() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def page(watch: Watch, context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def study(transactional_db: None) -> Study:
    """An open study of six images with one region each."""
    study = make_study()
    for true_class in range(6):
        make_image(study, true_class=true_class, predicted_class=true_class, layers=1, regions=1)
    return study


@pytest.fixture
def player(study: Study, context: BrowserContext, live_server: LiveServer) -> Player:
    """Somebody who has agreed already, in this browser."""
    player = make_player(study)
    name, value = cookie_of(player)
    context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    return player


@pytest.fixture
def round_(study: Study, player: Player) -> Round:
    return make_round(study, player)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()
