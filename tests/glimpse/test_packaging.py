"""What is delivered: the wheel, and static files under hashed names."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel that is built here."""
    pytest.importorskip("hatchling", reason="building a wheel needs hatchling, a development dependency")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize(
    ("source", "inside"),
    [
        ("platform/glimpse/templates", "glimpse/templates"),
        ("platform/glimpse/play/templates", "glimpse/play/templates"),
        ("platform/glimpse/play/static", "glimpse/play/static"),
        ("labeling/demo/photos", "labeling/demo/photos"),
        ("labeling/migrations", "labeling/migrations"),
        ("labeling/management/commands", "labeling/management/commands"),
        ("analysis", "analysis"),
    ],
)
def test_the_wheel_holds_everything_in(wheel: set[str], source: str, inside: str) -> None:
    files = [path for path in (ROOT / source).rglob("*") if path.is_file() and path.suffix != ".pyc"]
    expected = {f"{inside}/{path.relative_to(ROOT / source).as_posix()}" for path in files}
    assert expected
    assert expected - wheel == set()


def test_the_wheel_holds_nothing_else(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"analysis", "labeling", "glimpse"}
    assert [name for name in wheel if name.endswith((".pyc", ".sqlite3")) or "/tests/" in name] == []


def test_static_files_are_collected_under_hashed_names(tmp_path: Path) -> None:
    variables = {
        "DJANGO_SETTINGS_MODULE": "glimpse.settings",
        "GLIMPSE_DEBUG": "false",
        "GLIMPSE_SECRET_KEY": "only-for-this-test",
        "GLIMPSE_ALLOWED_HOSTS": "localhost",
        "GLIMPSE_VAR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
    }
    collect = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, cwd=tmp_path, env={**os.environ, **variables}, check=True)
    manifest = json.loads((tmp_path / "static" / "staticfiles.json").read_text())["paths"]
    for name in ("glimpse.css", "label-chips.js", "glimpse-stage.js", "favicon.svg", "vendor/htmx.min.js"):
        hashed = manifest[f"play/{name}"]
        assert hashed != f"play/{name}"
        assert (tmp_path / "static" / hashed).exists()
    assert (tmp_path / "static" / f"{manifest['play/glimpse.css']}.gz").exists()
    styles = (tmp_path / "static" / manifest["play/glimpse.css"]).read_text()
    font = manifest["play/vendor/bricolage-grotesque-latin-wght-normal.woff2"].rsplit("/", 1)[1]
    assert font in styles
