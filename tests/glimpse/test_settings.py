"""Settings in a process of their own, with nothing but the environment that a test gives."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {"GLIMPSE_SECRET_KEY": "s3cret", "GLIMPSE_ALLOWED_HOSTS": "glimpse.example, www.glimpse.example"}


def run(folder: Path, arguments: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GLIMPSE_", "DJANGO_"))}
    paths = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": paths, **variables},
        capture_output=True,
        text=True,
    )


def read(folder: Path, expression: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return run(folder, ["-c", f"from glimpse import settings; print(({expression}))"], variables)


def value(folder: Path, expression: str, **variables: str) -> str:
    done = read(folder, expression, PRODUCTION | variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("missing", list(PRODUCTION))
def test_production_refuses_to_start_without(tmp_path: Path, missing: str) -> None:
    given = {name: text for name, text in PRODUCTION.items() if name != missing}
    done = read(tmp_path, "settings.DEBUG", given)
    assert done.returncode == 1
    assert "ImproperlyConfigured" in done.stderr
    assert f"Set {missing}" in done.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("GLIMPSE_DEBUG", "maybe"),
        ("GLIMPSE_TORCH_THREADS", "many"),
        ("GLIMPSE_TORCH_THREADS", "0"),
        ("GLIMPSE_STALE_SECONDS", "1"),
        ("GLIMPSE_TRANSLATION", "translate"),
        ("GLIMPSE_TRANSLATION", "nowhere.translate"),
        ("GLIMPSE_TRANSLATION", "textwrap.no function"),
    ],
)
def test_it_refuses_what_it_cannot_read(tmp_path: Path, name: str, text: str) -> None:
    done = read(tmp_path, "settings.DEBUG", PRODUCTION | {name: text})
    assert done.returncode == 1
    assert f"{name} is " in done.stderr


def test_production_is_the_default_and_is_safe(tmp_path: Path) -> None:
    expression = (
        "settings.DEBUG, settings.ALLOWED_HOSTS, settings.SESSION_COOKIE_SECURE, "
        "settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT, "
        "settings.SECURE_HSTS_SECONDS > 0, settings.CSRF_COOKIE_HTTPONLY"
    )
    hosts = "['glimpse.example', 'www.glimpse.example']"
    assert value(tmp_path, expression) == f"(False, {hosts}, True, True, True, True, True)"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("from the file\n")
    given = {"GLIMPSE_SECRET_KEY": "", "GLIMPSE_SECRET_KEY_FILE": str(secret)}
    assert value(tmp_path, "settings.SECRET_KEY", **given) == "from the file"
    given = {"GLIMPSE_SECRET_KEY_FILE": str(secret)}
    assert value(tmp_path, "settings.SECRET_KEY", **given) == "s3cret"


def test_development_needs_nothing(tmp_path: Path) -> None:
    done = read(tmp_path, "settings.DEBUG, settings.SECURE_SSL_REDIRECT", {"GLIMPSE_DEBUG": "true"})
    assert done.stdout.strip() == "(True, False)"


def test_a_translation_is_found_and_not_loaded(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text("raise SystemExit('loaded')")
    assert value(tmp_path, "settings.GLIMPSE_TRANSLATION") == ""
    given = {"GLIMPSE_TRANSLATION": "slow.translate"}
    assert value(tmp_path, "settings.GLIMPSE_TRANSLATION", **given) == "slow.translate"


def test_reading_settings_makes_no_folder(tmp_path: Path) -> None:
    shown = value(tmp_path, "settings.VAR, settings.MEDIA_ROOT.is_absolute()")
    assert shown == f"({(tmp_path / 'var')!r}, True)"
    assert list(tmp_path.iterdir()) == []


def test_another_database_and_broker_need_settings_alone(tmp_path: Path) -> None:
    given = {
        "GLIMPSE_DATABASE_URL": "postgres://ada:pw@db.example:5433/glimpse",
        "GLIMPSE_BROKER_URL": "redis://broker.example/0",
    }
    expression = (
        "settings.DATABASES['default']['ENGINE'], settings.DATABASES['default']['HOST'], "
        "'init_command' in settings.DATABASES['default'].get('OPTIONS', {}), "
        "settings.CELERY_BROKER_URL, hasattr(settings, 'CELERY_BROKER_TRANSPORT_OPTIONS')"
    )
    assert value(tmp_path, expression, **given) == (
        "('django.db.backends.postgresql', 'db.example', False, 'redis://broker.example/0', False)"
    )


def test_djangos_own_check_for_deployment_asks_for_no_more_than_is_ours_to_say(tmp_path: Path) -> None:
    """Subdomains and browsers' preload lists are for who owns the domain."""
    given = PRODUCTION | {
        "DJANGO_SETTINGS_MODULE": "glimpse.settings",
        "GLIMPSE_SECRET_KEY": "Zq#9" + "x7K-" * 15,
    }
    done = run(tmp_path, ["-m", "django", "check", "--deploy"], given)
    assert done.returncode == 0, done.stderr
    assert set(re.findall(r"\(([\w.]+)\)", done.stderr)) <= {"security.W005", "security.W021"}
    assert "security.W005" in done.stderr


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtps://ada%40site:p%2Fw@mail.example", "('mail.example', 465, 'ada@site', 'p/w', False, True)"),
        ("smtp+tls://ada:pw@mail.example:2587", "('mail.example', 2587, 'ada', 'pw', True, False)"),
        ("smtp://localhost", "('localhost', 25, '', '', False, False)"),
    ],
)
def test_a_mail_server_needs_one_setting(tmp_path: Path, url: str, expected: str) -> None:
    names = ["HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL"]
    expression = ", ".join(f"settings.EMAIL_{name}" for name in names)
    assert value(tmp_path, expression, GLIMPSE_EMAIL_URL=url) == expected
    secret = tmp_path / "mail"
    secret.write_text(f"{url}\n")
    assert value(tmp_path, expression, GLIMPSE_EMAIL_URL_FILE=str(secret)) == expected


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://host:port"])
def test_a_mail_server_that_cannot_be_read_is_refused(tmp_path: Path, url: str) -> None:
    done = read(tmp_path, "settings.DEBUG", PRODUCTION | {"GLIMPSE_EMAIL_URL": url})
    assert done.returncode == 1
    assert "GLIMPSE_EMAIL_URL cannot be read" in done.stderr
    assert "Traceback" not in done.stderr.split("ImproperlyConfigured")[-1]


def test_without_a_mail_server_mails_are_files(tmp_path: Path) -> None:
    shown = value(
        tmp_path,
        "settings.EMAIL_BACKEND.split('.')[-2], settings.EMAIL_FILE_PATH in settings.EMBEDDED_FOLDERS",
    )
    assert shown == "('filebased', True)"


def test_attempts_are_counted_over_all_processes_where_a_cache_is_given(tmp_path: Path) -> None:
    given = {"GLIMPSE_CACHE_URL": "redis://cache.example/1"}
    assert value(tmp_path, "settings.CACHES['default']['LOCATION']", **given) == given["GLIMPSE_CACHE_URL"]
