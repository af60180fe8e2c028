"""The processes of an embedded Glimpse: site, gpu worker, and a worker for everything else."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.conf import settings

GRACE_SECONDS = 8.0  # Celery itself takes about five
COLLECT_STATIC = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0"]


def environment(hosts: Sequence[str]) -> dict[str, str]:
    """Production settings with a secret of this installation's own, whatever the caller's environment."""
    key = settings.VAR / "secret-key"
    if not key.exists():
        descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return {
        "DJANGO_SETTINGS_MODULE": "glimpse.settings",
        "GLIMPSE_ALLOWED_HOSTS": ",".join(hosts),
        "GLIMPSE_HTTPS": "false",
        "GLIMPSE_LOG_LEVEL": "ERROR",
        "GLIMPSE_SECRET_KEY_FILE": str(key),
        "OMP_NUM_THREADS": str(settings.GLIMPSE_TORCH_THREADS),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONWARNINGS": "ignore",
        "TOKENIZERS_PARALLELISM": "false",
        **os.environ,
        "GLIMPSE_DEBUG": "false",
    }


def site(address: str) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "glimpse.wsgi", "--bind", address]
    command += ["--workers", "2", "--worker-class", "gthread", "--threads", "8"]
    return [*command, "--graceful-timeout", "1", "--log-level", "warning"]


def worker(name: str, queues: str, *, sweeps: bool = False) -> list[str]:
    """A worker of one process. One that sweeps carries the schedule; there must be only one of those."""
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "glimpse", "worker"]
    command += ["--queues", queues, "--hostname", f"{name}@%h", "--concurrency", "1", "--loglevel", "ERROR"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [*command, "--beat"] if sweeps else command


class Processes:
    """Starts processes, starts one again that ends, and stops them all."""

    def __init__(self, variables: Mapping[str, str], folder: Path) -> None:
        self._variables = variables
        self._folder = folder
        self._running: dict[str, tuple[Sequence[str], subprocess.Popen[bytes]]] = {}

    def run(self, command: Sequence[str]) -> None:
        """Run a command to its end. Raises CalledProcessError where it fails."""
        subprocess.run(command, env=self._variables, cwd=self._folder, check=True)

    def start(self, name: str, command: Sequence[str]) -> None:
        # In a session of its own, so that Ctrl-C reaches this process alone and the end is orderly.
        process = subprocess.Popen(command, env=self._variables, cwd=self._folder, start_new_session=True)
        self._running[name] = (command, process)

    def restart_ended(self) -> list[str]:
        """The names of processes that had ended and were started again."""
        ended = [name for name in self._running if self.has_ended(name)]
        for name in ended:
            command, process = self._running[name]
            _kill_group(process)  # what it left behind, such as the schedule of a killed worker
            self.start(name, command)
        return ended

    def has_ended(self, name: str) -> bool:
        return self._running[name][1].poll() is not None

    def stop(self) -> None:
        """Ask all to end; after a few seconds make them. A job cut off here is done again later."""
        processes = [process for _, process in self._running.values()]
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in processes:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _kill_group(process)
                process.wait()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
