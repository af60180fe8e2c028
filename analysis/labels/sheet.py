"""A table of labels in a CSV file: what each line says, refused with its number where it cannot be."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.labels.scoring import LAST_LEVEL

REQUIRED = ("scope", "text")
MOST = 1_000_000_000
_YES, _NO = ("1", "true", "yes", "y"), ("0", "false", "no", "n")


class SheetError(ValueError):
    """A file that cannot be read as labels, with a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `count` people, or one `player`, gave a text in a scope, at a reveal level (0..5).

    `correct` is whether they guessed right, None where the file does not say.
    """

    scope: str
    text: str
    count: int = 1
    player: str = ""
    language: str = ""
    level: int = 0
    correct: bool | None = None


def read_sheet(lines: Iterable[str]) -> Iterator[Line]:
    """Lines of a CSV file with a header: scope and text, and where they are there count, player, language,
    level and correct. Further columns are left alone, empty cells are as if the column were not there.

    Args:
        lines: of text, such as a file opened with newline="".

    Raises:
        SheetError: a column is missing, or a cell cannot be; with the number of the line.
    """
    reader = csv.DictReader(lines)
    try:
        missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
        if missing:
            raise SheetError(
                f"The first line must name the columns scope and text; {' and '.join(missing)} not found."
            )
        for row in reader:
            yield _line(row, reader.line_num)
    except csv.Error as error:
        raise SheetError(f"line {reader.line_num}: {error}. Save the file as CSV, in UTF-8.") from error
    except UnicodeDecodeError as error:
        raise SheetError("The file is not UTF-8 text. Save it as CSV, in UTF-8.") from error


def _line(row: dict[str, str | None], number: int) -> Line:
    scope, text = row["scope"], row["text"]
    if scope is None or text is None:
        raise SheetError(f"line {number}: it ends too early: every line needs a scope and a text.")
    return Line(
        scope=scope,
        text=text,
        count=_whole(row.get("count"), 1, MOST, "count", number, otherwise=1),
        player=(row.get("player") or "").strip(),
        language=(row.get("language") or "").strip().casefold(),
        level=_whole(row.get("level"), 0, LAST_LEVEL, "level", number, otherwise=0),
        correct=_truth(row.get("correct"), number),
    )


def _whole(cell: str | None, least: int, most: int, name: str, number: int, *, otherwise: int) -> int:
    text = (cell or "").strip()
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
        raise SheetError(
            f"line {number}: {name} must be a whole number from {least} to {most}, not {cell!r}."
        )
    return int(text)


def _truth(cell: str | None, number: int) -> bool | None:
    text = (cell or "").strip().casefold()
    if text and text not in (*_YES, *_NO):
        raise SheetError(f"line {number}: correct must be 1 or 0, true or false, yes or no, not {cell!r}.")
    return text in _YES if text else None
