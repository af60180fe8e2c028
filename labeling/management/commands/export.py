"""`manage.py export demo --format jsonl --out DIR`: a study's labels and explanations as files."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from labeling.exports.explanations import explanation_lines
from labeling.exports.labels import label_lines
from labeling.models import Study

FORMATS = ["jsonl"]


class Command(BaseCommand):
    help = "Write a study's labels and explanations to files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", help="slug, such as demo")
        parser.add_argument("--format", choices=FORMATS, default="jsonl")
        parser.add_argument("--out", type=Path, default=Path(), help="folder, made if it is not there")

    def handle(self, *, study: str, out: Path, **options: Any) -> None:
        found = Study.objects.filter(slug=study).first()
        if found is None:
            slugs = ", ".join(Study.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no study {study!r}. Studies: {slugs}.")
        try:
            out.mkdir(parents=True, exist_ok=True)
            self._write(out / f"{study}-labels.jsonl", label_lines(found))
            self._write(out / f"{study}-explanations.jsonl", explanation_lines(found))
        except OSError as error:
            raise CommandError(f"Cannot write to {out}: {error.strerror}.") from error

    def _write(self, path: Path, lines: Iterable[str]) -> None:
        """Write beside and rename, so that a file under this name is always whole."""
        unfinished = path.with_suffix(".part")
        count = 0
        with unfinished.open("w", encoding="utf-8") as file:
            for count, line in enumerate(lines, start=1):  # noqa: B007 (counted for the message)
                file.write(line)
        unfinished.replace(path)
        self.stdout.write(f"{path}: {count} lines")
