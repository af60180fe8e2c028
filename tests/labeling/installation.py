"""A Glimpse of its own: a folder, a database, and processes that are started, killed and watched."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from glimpse.processes import worker

ROOT = Path(__file__).resolve().parents[2]

SLOW = 4
"""Limits are for a quiet machine, and stretched by this for a busy one: nothing waits longer than it must."""

ADD_PHOTOS = """
from labeling.models import Network, Study
from labeling.services.demo import PHOTOS
from labeling.services.studies import Upload, images_add
network = Network.objects.create(name="efficientnet_lite0")
study = Study.objects.create(slug="s", title="S", state="open", consent_text="-", network=network)
photos = sorted(PHOTOS.glob("*.jpg"))[:{}]
images_add(study=study, uploads=[Upload(photo.name, photo.read_bytes()) for photo in photos])
"""


class Installation:
    """Settings by the environment alone; `variables` say what is not embedded."""

    def __init__(self, folder: Path, variables: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.variables = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GLIMPSE_")},
            "DJANGO_SETTINGS_MODULE": "glimpse.settings",
            "GLIMPSE_DEBUG": "true",
            "GLIMPSE_VAR": str(folder),
            "GLIMPSE_BATCH_SIZE": "2",
            "GLIMPSE_HEARTBEAT_SECONDS": "1",
            "GLIMPSE_STALE_SECONDS": "2",
            "GLIMPSE_SWEEP_SECONDS": "1",
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
            "TOKENIZERS_PARALLELISM": "false",
            **(variables or {}),
        }
        self._workers: list[subprocess.Popen[bytes]] = []

    def manage(self, *arguments: str, seconds: float = 150) -> str:
        """Run a command of manage.py to its end; what it printed."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(
            command, env=self.variables, capture_output=True, text=True, timeout=seconds * SLOW
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, script: str, *, seconds: float = 150) -> None:
        self.manage("shell", "--verbosity", "0", "--command", script, seconds=seconds)

    def add_photos(self, count: int) -> None:
        """A new study with the first demo photos, not yet prepared."""
        self.manage("migrate", "--verbosity", "0")
        self.run(ADD_PHOTOS.format(count))

    def start_worker(self, name: str, queues: str, *, sweeps: bool = False) -> subprocess.Popen[bytes]:
        command = worker(name, queues, sweeps=sweeps)
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                command, env=self.variables, cwd=ROOT, stderr=log, stdout=log, start_new_session=True
            )
        self._workers.append(process)
        return process

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What one query gives, past Django and all services."""
        url = self.variables.get("GLIMPSE_DATABASE_URL")
        if url is None:
            with closing(sqlite3.connect(self.folder / "glimpse.sqlite3", timeout=20)) as database:
                return database.execute(query).fetchall()
        import psycopg  # an extra of the package, which the embedded tests do without

        with psycopg.connect(url) as server:
            return server.execute(query.encode()).fetchall()

    def file(self, name: object) -> Path:
        return self.folder / "media" / str(name)

    def wait_until(self, reached: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds * SLOW
        while not reached():
            assert time.monotonic() < deadline, (self.folder / "worker.log").read_text()[-3000:]
            time.sleep(0.05)

    def kill(self, process: subprocess.Popen[bytes], *, whole_group: bool) -> None:
        """End at once and without a last word, as a power cut or the kernel's memory guard would."""
        (os.killpg if whole_group else os.kill)(process.pid, signal.SIGKILL)
        process.wait(10)

    def close(self) -> None:
        """No process is left behind, not even one whose parent was killed."""
        for process in self._workers:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            finally:
                process.wait(10)
