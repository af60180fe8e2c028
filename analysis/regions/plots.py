"""A study's fidelity, layer by layer, as a picture."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Theme = Literal["light", "dark"]

INCHES_WIDE, INCHES_A_LAYER, INCHES_AROUND = 4.6, 0.3, 0.75
LONGEST_NAME = 24
# Text, grid, dots. Each is legible on the research pages' background of that theme, which shows through.
COLOURS: dict[Theme, tuple[str, str, str]] = {
    "light": ("#4b5563", "#d1d5db", "#8f5300"),
    "dark": ("#d1d5db", "#374151", "#ffb547"),
}
_SETTINGS_ARE_GLOBAL = threading.Lock()


@dataclass(frozen=True, slots=True)
class LayerFidelity:
    """The mean fidelity of one layer over `count` images, with its interval where there is one; -1..1."""

    layer: str
    mean: float
    low: float | None
    high: float | None
    count: int


def fidelity_plot(layers: Sequence[LayerFidelity], theme: Theme = "light") -> bytes:
    """Draw each layer's mean as a dot on a line from -1 to 1, its interval as a bar, deep layers on top.

    Args:
        layers: shallow to deep, at least one.
        theme: of the page that it stands on; the picture itself is transparent.

    Returns:
        SVG in UTF-8, the same bytes for the same input.
    """
    text, grid, dots = COLOURS[theme]
    # Text stays text in the reader's own font; equal ids and no date make equal pictures equal bytes.
    settings = mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "glimpse", "font.size": 10.0})
    with _SETTINGS_ARE_GLOBAL, settings:
        figure = Figure(
            figsize=(INCHES_WIDE, INCHES_AROUND + INCHES_A_LAYER * len(layers)), layout="constrained"
        )
        axes = figure.subplots()
        _draw(axes, layers, dots)
        _label(axes, layers, text, grid)
        buffer = BytesIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _draw(axes: Axes, layers: Sequence[LayerFidelity], colour: str) -> None:
    for place, layer in enumerate(layers):
        if layer.low is not None and layer.high is not None:
            axes.plot(
                [layer.low, layer.high], [place, place], color=colour, linewidth=3, alpha=0.5,
                solid_capstyle="round",
            )  # fmt: skip
    means = [layer.mean for layer in layers]
    axes.plot(means, range(len(layers)), "o", color=colour, markersize=6, clip_on=False)


def _label(axes: Axes, layers: Sequence[LayerFidelity], text: str, grid: str) -> None:
    lowest = min([0.0, *(layer.mean if layer.low is None else layer.low for layer in layers)])
    axes.set_xlim(-1.0 if lowest < 0 else 0.0, 1.0)
    axes.set_ylim(-0.6, len(layers) - 0.4)
    axes.set_yticks(range(len(layers)), [_short(layer.layer) for layer in layers], parse_math=False)
    axes.set_xlabel("rank correlation of weights and effects", color=text)
    axes.tick_params(colors=text, length=0)
    axes.grid(visible=True, axis="x", color=grid, linewidth=0.8)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)
    counts = axes.secondary_yaxis("right")
    counts.set_yticks(range(len(layers)), [f"n = {layer.count}" for layer in layers])
    counts.tick_params(colors=text, length=0)
    for spine in counts.spines.values():
        spine.set_visible(False)


def _short(name: str) -> str:
    """The end of a long name tells more than its beginning."""
    return name if len(name) <= LONGEST_NAME else "…" + name[1 - LONGEST_NAME :]
