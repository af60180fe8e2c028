"""Tables and pictures of what the layers of a study, or of one of its images, come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.http import HttpResponse

from labeling.models import Image, Study
from labeling.selectors.layers import LayerMeans, Mean, layer_means

Theme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Table:
    """Text in cells; the first of a row names it."""

    headers: tuple[str, ...]
    rows: list[tuple[str, ...]]


def study_table(means: Sequence[LayerMeans]) -> Table:
    """Means over images, deep layers first, as on the explanation pages and in the picture."""
    headers = (
        "Layer", "Fidelity", "n", "Stability", "by weight", "Effect", "Kept", "Dropped", "Discarded",
        "Opposing", "k", "Silhouette", "Images",
    )  # fmt: skip
    rows = [
        (
            layer.layer,
            _interval(layer.fidelity),
            "0" if layer.fidelity is None else str(layer.fidelity.count),
            number(layer.stability),
            number(layer.weighted_stability),
            number(layer.effect),
            *(f"{share:.0%}" for share in (layer.kept, layer.dropped, layer.discarded, layer.opposing)),
            f"{layer.clusters:.1f}",
            number(layer.silhouette),
            str(layer.images),
        )
        for layer in reversed(means)
    ]
    return Table(headers, rows)


def image_table(image: Image) -> Table:
    """One image's layers of the study's revision, deep ones first."""
    headers = (
        "Layer", "Maps", "Kept", "Dropped", "Discarded", "Opposing", "k", "Silhouette", "Fidelity",
    )  # fmt: skip
    rows = [
        (
            layer.layer,
            str(layer.channels),
            *(f"{share:.0%}" for share in (layer.kept, layer.dropped, layer.discarded, layer.opposing)),
            str(layer.clusters),
            number(layer.silhouette),
            number(layer.fidelity),
        )
        for layer in image.layers.filter(revision=image.study.revision).order_by("-depth")
    ]
    return Table(headers, rows)


def fidelity_picture(study: Study, theme: Theme) -> HttpResponse:
    """The fidelity by layer as SVG; 404 where nothing has been measured."""
    from analysis.regions.plots import LayerFidelity, fidelity_plot  # matplotlib takes a second to load

    layers = [
        LayerFidelity(layer.layer, mean.value, mean.low, mean.high, mean.count)
        for layer in layer_means(study)
        if (mean := layer.fidelity) is not None
    ]
    if not layers:
        return HttpResponse("Nothing has been measured yet.", status=404, content_type="text/plain")
    response = HttpResponse(fidelity_plot(layers, theme), content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-cache"
    return response


def fidelity_in_words(means: Sequence[LayerMeans]) -> str:
    """What the picture shows, for those who do not see it."""
    known = [f"{layer.layer} {layer.fidelity.value:.2f}" for layer in reversed(means) if layer.fidelity]
    return f"Mean fidelity by layer, from deep to shallow: {', '.join(known)}"


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _interval(mean: Mean | None) -> str:
    if mean is None:
        return "–"
    bounds = "" if mean.low is None or mean.high is None else f" [{mean.low:.2f}, {mean.high:.2f}]"
    return f"{mean.value:.2f}{bounds}"
