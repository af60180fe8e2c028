"""The real thing on embedded defaults: set up, prepared and served by one command."""

import json
import signal
import socket
import time
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

import glimpse
from glimpse import processes
from labeling.models import Job, Region, Study
from labeling.models.job import JobKind, JobState
from labeling.selectors.studies import preparation
from labeling.services.demo import DEFAULT, NETWORKS, demo_admin_create, demo_create

ROOT = Path(glimpse.__file__).resolve().parents[2]


class Command(BaseCommand):
    help = "Set up the demo study and serve it with its workers. Ctrl-C stops everything."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="do all the work here, then end")
        parser.add_argument("--network", choices=NETWORKS, default=DEFAULT, help="each has its own study")
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets phones on your network play")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, prepare_only: bool, network: str, host: str, port: int, **options: Any) -> None:
        if not prepare_only:
            _check_port(host, port)
        call_command("migrate", verbosity=0)
        study = demo_create(network)
        if prepare_only:
            self._prepare(study)
        else:
            self._serve(study, host, port)

    def _prepare(self, study: Study) -> None:
        from labeling.services.classes import classes_work
        from labeling.services.concept_jobs import concepts_work
        from labeling.services.explanations import explanations_work
        from labeling.services.jobs import jobs_retry, jobs_sweep
        from labeling.services.measures import measures_work
        from labeling.services.preparation import regions_work
        from labeling.services.quality import quality_request_due, quality_work
        from labeling.services.reliability import reliability_work

        started = time.monotonic()
        jobs_retry(jobs=Job.objects.filter(study=study))
        quality_request_due()
        while _open_jobs(study):
            jobs_sweep()
            regions_work(study_id=study.pk, seconds=5)
            measures_work(study_id=study.pk, seconds=5)
            quality_work(study_id=study.pk, seconds=5)
            explanations_work(study_id=study.pk, seconds=5)
            classes_work(study_id=study.pk, seconds=5, at_once=True)
            concepts_work(study_id=study.pk, seconds=5, at_once=True)
            reliability_work(study_id=study.pk, seconds=5, at_once=True)
            self.stderr.write(f"{preparation(study).prepared} images prepared, {_measured(study)} measured")
            time.sleep(0.1)
        regions = Region.objects.filter(study=study, revision=study.revision)
        summary = {
            "images": preparation(study).prepared,
            "regions": regions.count(),
            "measured": regions.exclude(effect=None).exclude(stability=None).count(),
            "failed": preparation(study).failed,
            "seconds": round(time.monotonic() - started, 1),
        }
        self.stdout.write(json.dumps(summary))
        if broken := Job.objects.filter(study=study, state=JobState.FAILED).first():
            raise CommandError(f"Not all is done: {broken.error}")

    def _serve(self, study: Study, host: str, port: int) -> None:
        hosts = ["localhost", "127.0.0.1"] if host in {"localhost", "127.0.0.1"} else ["*"]
        running = processes.Processes(processes.environment(hosts), ROOT)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        try:
            running.start("gpu worker", processes.worker("gpu", "gpu"))
            running.start("worker", processes.worker("rest", "text,default", sweeps=True))
            running.run(processes.COLLECT_STATIC)
            running.start("site", processes.site(f"{host}:{port}"))
            self._say_where(study, host, port)
            while not running.has_ended("site"):
                time.sleep(1)
                for name in running.restart_ended():
                    self.stderr.write(f"The {name} had stopped and was started again.")
            raise CommandError("The site has stopped; its last words are above.")
        except KeyboardInterrupt:
            self.stdout.write("\nStopping.")
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C does not help
            running.stop()

    def _say_where(self, study: Study, host: str, port: int) -> None:
        shown = {"127.0.0.1": "localhost", "0.0.0.0": _own_address()}.get(host, host)
        _wait_for(host, port)
        self.stdout.write(f"\n  Play      http://{shown}:{port}/")
        self.stdout.write(f"  Research  http://{shown}:{port}/admin/")
        if password := demo_admin_create():
            self.stdout.write(f"            user admin, password {password} (shown this once)")
        state = preparation(study)
        rest = "; the others follow while you play" if state.under_way else ""
        self.stdout.write(f"  {state.prepared} of {state.images} photos are ready{rest}.")
        self.stdout.write("  Ctrl-C stops everything.\n")


def _measured(study: Study) -> int:
    return Job.objects.filter(study=study, kind=JobKind.MEASURES, state=JobState.DONE).count()


def _open_jobs(study: Study) -> bool:
    unfinished = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING)
    return Job.objects.filter(unfinished, study=study, kind__in=JobKind.values).exists()


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Cannot listen on {host}:{port} ({error}). Stop what uses it or give another --port."
            ) from error


def _own_address() -> str:
    """This machine's address in its network. A datagram socket that is connected sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
        except OSError:
            return "localhost"
        return str(probe.getsockname()[0])


def _wait_for(host: str, port: int, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise CommandError("The site did not start; its last words are above.")
