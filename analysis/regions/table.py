"""Regions as a table for people to read."""

from collections.abc import Iterator, Sequence
from statistics import mean
from typing import Literal, TypedDict

from typing_extensions import TypeIs

from analysis.regions.serialise import ImageDict

SHARES: tuple[Literal["kept", "dropped", "discarded", "opposing"], ...] = (
    "kept",
    "dropped",
    "discarded",
    "opposing",
)
HEAD = "   # sign       weight  effect  stable  maps   area  activation"


class Failed(TypedDict):
    """A photo that could not be explained."""

    photo: str
    error: str


class Explained(ImageDict):
    """A photo with its regions."""

    photo: str
    notes: list[str]
    network: str
    digest: str
    preset: str
    seed: int


Result = Explained | Failed


def is_explained(result: Result) -> TypeIs[Explained]:
    """Whether a photo has regions."""
    return "layers" in result


def as_table(results: Sequence[Result]) -> str:
    """A table for each photo; where there are several, then the fidelity of each layer over all of them."""
    tables = ["\n".join(_photo_lines(result)) for result in results]
    scores = fidelity_by_layer(results)
    if len(results) > 1 and scores:
        lines = [f"{'fidelity':<24} {'mean':>6} {'photos':>7}"]
        lines += [f"{layer:<24} {mean(values):>6.2f} {len(values):>7}" for layer, values in scores.items()]
        tables.append("\n".join(lines))
    return "\n\n".join(tables)


def fidelity_by_layer(results: Sequence[Result]) -> dict[str, list[float]]:
    """The fidelities of each layer, shallow to deep; layers without any are left out."""
    scores: dict[str, list[float]] = {}
    for result in filter(is_explained, results):
        for layer in result["layers"]:
            values = scores.setdefault(layer["name"], [])
            if layer["fidelity"] is not None:
                values.append(layer["fidelity"])
    return {layer: values for layer, values in scores.items() if values}


def _photo_lines(result: Result) -> Iterator[str]:
    if not is_explained(result):
        yield f"{result['photo']}: {result['error']}"
        return
    yield f"{result['photo']}: {result['class_name']} ({result['probability']:.1%})"
    if result["class_index"] != result["predicted_index"]:
        yield f"predicted: {result['predicted_name']}"
    yield from result["notes"]
    for layer in reversed(result["layers"]):
        shares = ", ".join(f"{layer[part]:.0%} {part}" for part in SHARES)
        fidelity = "" if layer["fidelity"] is None else f", fidelity {layer['fidelity']:.2f}"
        yield f"{layer['name']}: {shares}, k {layer['k']}{fidelity}"
        yield HEAD
        for region in layer["regions"]:
            yield (
                f"{region['index']:>4} {region['sign']:<9} {region['weight']:>7.1%} "
                f"{_shown(region['effect']):>7} {_shown(region['stability']):>7} "
                f"{region['maps']:>5} {region['area']:>6.1%} {region['mean_activation']:>11.3f}"
            )


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
