"""Settings for tests: the embedded defaults, or the servers that the environment gives."""

import os
import tempfile

os.environ.setdefault("GLIMPSE_SECRET_KEY", "only-for-tests")
os.environ.setdefault("GLIMPSE_ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
os.environ.setdefault("GLIMPSE_HTTPS", "false")
os.environ.setdefault("GLIMPSE_VAR", tempfile.mkdtemp(prefix="glimpse-tests-"))
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["GLIMPSE_VAR"] += f"/{worker}"
if url := os.environ.get("GLIMPSE_TEST_DATABASE_URL"):
    os.environ["GLIMPSE_DATABASE_URL"] = url

from glimpse.settings import *  # noqa: F403 (the environment must be set first)
from glimpse.settings import DATABASES, EMBEDDED_FOLDERS, STATIC_ROOT, STORAGES, VAR

for folder in [*EMBEDDED_FOLDERS, STATIC_ROOT]:
    folder.mkdir(parents=True, exist_ok=True)

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in earnest: a database in memory locks whole tables and knows no WAL.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
