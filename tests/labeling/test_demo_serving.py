"""`manage.py demo` as a person runs it: open the address, press Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.labeling.installation import ROOT, SLOW, Installation


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
            return b"What does a" in page.read()
    except OSError:
        return False


def processes_of(folder: Path) -> list[str]:
    """Every process that was started with this installation's folder, however it was started."""
    wanted, found = f"GLIMPSE_VAR={folder}".encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc, which is not here")
def test_it_serves_prepares_and_ends_with_all_its_processes(installation: Installation) -> None:
    port = free_port()
    command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(port)]
    log = installation.folder / "worker.log"
    with log.open("wb") as output:
        demo = subprocess.Popen(
            command, env=installation.variables, stdout=output, stderr=output, start_new_session=True
        )
    try:
        installation.wait_until(lambda: answers(port), 60)
        ready = "select 1 from labeling_image where prepared_at is not null"
        installation.wait_until(lambda: bool(installation.rows(ready)), 60)
        assert len(processes_of(installation.folder)) >= 4
        again = subprocess.run(
            command, env=installation.variables, capture_output=True, text=True, timeout=60 * SLOW
        )
        assert again.returncode == 1
        assert f"Cannot listen on 127.0.0.1:{port}" in again.stderr
        os.killpg(demo.pid, signal.SIGINT)
        assert demo.wait(30 * SLOW) == 0, log.read_text()
    finally:
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGKILL)
    assert processes_of(installation.folder) == []
    assert log.read_text().count("shown this once") == 1
    assert "Traceback" not in log.read_text()
