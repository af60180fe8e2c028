"""The rules of the house that no single test would notice broken."""

import ast
import hashlib
import json
import os
import platform
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = [ROOT / "analysis", ROOT / "labeling", ROOT / "platform" / "glimpse"]
VENDOR = ROOT / "platform" / "glimpse" / "play" / "static" / "play" / "vendor"
LONGEST = 400
# Names that no folder of assets has, so that ignoring them anywhere hides nothing from the wheel.
UNANCHORED = {"__pycache__/", "*.pyc", "*.egg-info/"}


def sources(package: Path, *suffixes: str) -> list[Path]:
    found = [path for path in package.rglob("*") if path.suffix in suffixes]
    return [path for path in found if not {"migrations", "vendor", "__pycache__"} & set(path.parts)]


def imported(path: Path) -> set[str]:
    """The top packages that a file imports, wherever in the file."""
    tops: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            tops.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            tops.add(node.module.split(".")[0])
    return tops


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("analysis", {"django", "celery", "labeling", "glimpse", "tests"}),
        ("labeling", {"glimpse", "tests"}),
        ("platform/glimpse", {"tests"}),
    ],
)
def test_imports_run_one_way(package: str, forbidden: set[str]) -> None:
    files = sources(ROOT / package, ".py")
    assert files
    wrong = {str(path.relative_to(ROOT)): bad for path in files if (bad := imported(path) & forbidden)}
    assert wrong == {}


def test_platform_is_a_source_root_and_no_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert [path.name for path in (ROOT / "platform").iterdir() if path.name != "__pycache__"] == ["glimpse"]
    assert not (ROOT / "tests" / "platform").exists()


def test_no_tests_live_under_platform() -> None:
    found = [
        path
        for pattern in ("conftest.py", "test_*.py", "*_test.py")
        for path in (ROOT / "platform").rglob(pattern)
    ]
    assert found == []


def test_importing_platform_gives_the_standard_librarys() -> None:
    standard = Path(sysconfig.get_path("stdlib")).resolve()
    assert Path(platform.__file__).resolve().parent == standard
    asked = [
        sys.executable,
        "manage.py",
        "shell",
        "-v",
        "0",
        "-c",
        "import platform; print(platform.__file__)",
    ]
    answer = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert Path(answer.strip()).resolve().parent == standard


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_ignored_folders_are_anchored() -> None:
    patterns = (ROOT / ".gitignore").read_text().split()
    assert [pattern for pattern in patterns if not pattern.startswith("/")] == [
        pattern for pattern in patterns if pattern in UNANCHORED
    ]


def test_vendored_files_are_what_was_published() -> None:
    listed = {entry["file"]: entry for entry in json.loads((VENDOR / "vendored.json").read_text())}
    assert {path.name for path in VENDOR.iterdir()} - {"vendored.json"} == set(listed)
    for name, entry in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == entry["sha256"], name
        assert entry["package"]
        assert entry["version"]
        assert entry["licence"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_no_file_is_long(package: Path) -> None:
    long = [
        (path.name, count)
        for path in sources(package, ".py", ".js", ".css", ".html")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    ]
    assert long == []


def test_names_say_something() -> None:
    vague = {"utils", "util", "common", "helpers", "manager", "misc"}
    found = [path for package in PACKAGES for path in package.rglob("*.py")]
    assert [path for path in found if vague & {path.stem, path.parent.name}] == []


def test_migrations_say_what_the_models_say(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_sites_process_never_loads_torch() -> None:
    """Importing it takes seconds and hundreds of megabytes; only workers need it."""
    program = (
        "import django, sys; django.setup(); import glimpse.urls, glimpse.wsgi, labeling.tasks;"
        "print(sorted({'torch', 'torchvision', 'sentence_transformers', 'sklearn'} & set(sys.modules)))"
    )
    variables = {"DJANGO_SETTINGS_MODULE": "glimpse.settings", "GLIMPSE_DEBUG": "true"}
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **variables, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert answer.strip() == "[]"
