"""Coordinates of the plots, as text for SVG: no language writes them with a comma."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

WIDTH, HEIGHT = 100.0, 40.0
ROOM = 4.0
"""Between the plot and its edges above and below, so that no mark is cut."""
LARGEST_DOT = 9.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A value as a point; `strong` ones are filled."""

    x: str
    y: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """`line` joins neighbouring marks and breaks where a value is missing; `zero` is how high 0 lies.

    `fit` is a straight line, empty where there is none.
    """

    marks: list[Mark]
    line: str
    zero: str
    fit: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Values of a straight line at its first and its last column."""

    first: float
    last: float


def path_plot(values: Sequence[tuple[float, bool] | None]) -> Plot:
    """Values 0 and above, each with whether its mark is strong, in equal columns; None is a gap."""
    top = max([value for value, _ in filter(None, values)], default=0.0)
    return _plot(values, _Scale(0.0, top), "")


def trend_plots(lines: Sequence[tuple[Sequence[float | None], Line | None]]) -> list[Plot]:
    """Values over columns, None a gap, with a straight line through them: all on one scale."""
    values = [value for row, _ in lines for value in row if value is not None]
    ends = [end for _, line in lines if line for end in (line.first, line.last)]
    scale = _Scale(min([0.0, *ends]), max([0.0, *values, *ends]))
    return [
        _plot([None if value is None else (value, True) for value in row], scale, _fit(line, len(row), scale))
        for row, line in lines
    ]


def dot_radius(part: float) -> str:
    """Of a dot in a box of 20 x 20 whose area is `part` percent of the largest."""
    return _text(LARGEST_DOT * sqrt(part / 100))


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float

    def y(self, value: float) -> float:
        span = (self.high - self.low) or 1.0
        return HEIGHT - ROOM - (HEIGHT - 2 * ROOM) * (value - self.low) / span


def _plot(values: Sequence[tuple[float, bool] | None], scale: _Scale, fit: str) -> Plot:
    places = [
        None if value is None else (_x(column, len(values)), scale.y(value[0]))
        for column, value in enumerate(values)
    ]
    marks = [
        Mark(_text(place[0]), _text(place[1]), value[1])
        for place, value in zip(places, values, strict=True)
        if place is not None and value is not None
    ]
    return Plot(marks, _line(places), _text(scale.y(0)), fit)


def _fit(line: Line | None, columns: int, scale: _Scale) -> str:
    if line is None or columns < 2:
        return ""
    return _line([(_x(0, columns), scale.y(line.first)), (_x(columns - 1, columns), scale.y(line.last))])


def _line(places: Sequence[tuple[float, float] | None]) -> str:
    """An SVG path."""
    parts, drawing = [], False
    for place in places:
        if place is not None:
            parts.append(f"{'L' if drawing else 'M'}{_text(place[0])} {_text(place[1])}")
        drawing = place is not None
    return "".join(parts)


def _x(column: int, columns: int) -> float:
    return WIDTH * (column + 0.5) / columns


def _text(number: float) -> str:
    return f"{number:.2f}"
