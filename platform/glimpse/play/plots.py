"""Coordinates of the plots, as text for SVG: no language writes them with a comma."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

WIDTH, HEIGHT = 100.0, 40.0
ROOM = 4.0
"""Between the plot and its edges above and below, so that no mark is cut."""
LARGEST_DOT = 7.5


@dataclass(frozen=True, slots=True)
class Mark:
    """A value as a point; `strong` ones are filled."""

    x: str
    y: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """`line` joins neighbouring marks and breaks where a value is missing; `zero` is how high 0 lies.

    `fit` is a straight line and `band` what lies between the flattest and the steepest that it may be, turned
    about the middle of the marks; both are empty where there is none.
    """

    marks: list[Mark]
    line: str
    zero: str
    fit: str = ""
    band: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """A straight line over places 0, the first column, to 1, the last, and the interval of its slope."""

    intercept: float
    slope: float
    low: float | None = None
    high: float | None = None

    def at(self, place: float) -> float:
        return self.intercept + self.slope * place


@dataclass(frozen=True, slots=True)
class Whisker:
    """A slope in a box of `WIDTH` by 10, 0, and the slope's interval, empty where there is none."""

    at: str
    zero: str
    interval: str


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low`, at the bottom of the plot, to `high`."""

    low: float
    high: float

    def y(self, value: float) -> float:
        return HEIGHT - ROOM - (HEIGHT - 2 * ROOM) * self._part(value)

    def x(self, value: float) -> float:
        return ROOM + (WIDTH - 2 * ROOM) * self._part(value)

    def _part(self, value: float) -> float:
        return (value - self.low) / ((self.high - self.low) or 1.0)


def path_plot(values: Sequence[tuple[float, bool] | None]) -> Plot:
    """Values 0 and above, each with whether its mark is strong, in equal columns; None is a gap."""
    top = max([value for value, _ in filter(None, values)], default=0.0)
    return _plot(values, Scale(0.0, top), None)


def trend_scale(rows: Sequence[Sequence[float | None]]) -> Scale:
    """That all of these values fit on, and 0."""
    values = [value for row in rows for value in row if value is not None]
    return Scale(min([0.0, *values]), max([0.0, *values]))


def trend_plot(means: Sequence[float | None], fit: Fit | None, scale: Scale) -> Plot:
    """Values over columns, None a gap, with a straight line, of which what leaves the scale is to be cut."""
    return _plot([None if mean is None else (mean, True) for mean in means], scale, fit)


def whisker_scale(fits: Sequence[Fit]) -> Scale:
    """Of slopes and their intervals, and 0."""
    ends = [end for fit in fits for end in (fit.slope, fit.low, fit.high) if end is not None]
    return Scale(min([0.0, *ends]), max([0.0, *ends]))


def whisker(fit: Fit, scale: Scale) -> Whisker:
    interval = (
        ""
        if fit.low is None or fit.high is None
        else f"M{text(scale.x(fit.low))} 5H{text(scale.x(fit.high))}"
    )
    return Whisker(text(scale.x(fit.slope)), text(scale.x(0)), interval)


def dot_radius(part: float) -> str:
    """Of a dot in a box of 20 x 20 whose area is `part` percent of the largest."""
    return text(LARGEST_DOT * sqrt(part / 100))


def text(number: float) -> str:
    return f"{number:.2f}"


def _plot(values: Sequence[tuple[float, bool] | None], scale: Scale, fit: Fit | None) -> Plot:
    places = [
        None if value is None else (_x(column, len(values)), scale.y(value[0]))
        for column, value in enumerate(values)
    ]
    marks = [
        Mark(text(place[0]), text(place[1]), value[1])
        for place, value in zip(places, values, strict=True)
        if place is not None and value is not None
    ]
    has_fit = fit is not None and len(values) > 1
    return Plot(
        marks,
        _line(places),
        text(scale.y(0)),
        _fit(fit, len(values), scale) if fit and has_fit else "",
        _band(fit, [value is not None for value in values], scale) if fit and has_fit else "",
    )


def _fit(fit: Fit, columns: int, scale: Scale) -> str:
    ends = [(_x(0, columns), scale.y(fit.at(0))), (_x(columns - 1, columns), scale.y(fit.at(1)))]
    return _line(ends)


def _band(fit: Fit, present: Sequence[bool], scale: Scale) -> str:
    """Two triangles that meet where all lines of least squares do: at the mean of the places with values."""
    if fit.low is None or fit.high is None or not any(present):
        return ""
    columns = len(present)
    last = columns - 1
    middle = sum(column for column, is_there in enumerate(present) if is_there) / sum(present)
    centre = f"{text(_x(middle, columns))} {text(scale.y(fit.at(middle / last)))}"
    parts = []
    for column in (0, last):
        x, away = text(_x(column, columns)), (column - middle) / last
        ends = [text(scale.y(fit.at(middle / last) + slope * away)) for slope in (fit.low, fit.high)]
        parts.append(f"M{centre}L{x} {ends[0]}V{ends[1]}Z")
    return "".join(parts)


def _line(places: Sequence[tuple[float, float] | None]) -> str:
    """An SVG path."""
    parts, drawing = [], False
    for place in places:
        if place is not None:
            parts.append(f"{'L' if drawing else 'M'}{text(place[0])} {text(place[1])}")
        drawing = place is not None
    return "".join(parts)


def _x(column: float, columns: int) -> float:
    return WIDTH * (column + 0.5) / columns
