"""Tables that a person reads and a program can read: printed, and written as JSON below var/benchmarks."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

Cell = str | float | int | None
FOLDER = Path(os.environ.get("GLIMPSE_BENCH_OUT", Path(__file__).parents[2] / "var" / "benchmarks"))


def publish(name: str, rows: Sequence[Mapping[str, Cell]], note: str = "") -> None:
    """Print rows of equal keys under their name, and write them as `NAME.json`."""
    columns = list(rows[0])
    cells = [columns, *([_shown(row[column]) for column in columns] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    print(f"\n{name}")
    for line in cells:
        print("  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True)))
    if note:
        print(note)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps({"note": note, "rows": list(rows)}, indent=2) + "\n")


def _shown(value: Cell) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
