"""Concept tests: what they cost, how often chance is confirmed, and along which direction."""

import time
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, ttest_ind
from sklearn.linear_model import LogisticRegression

from analysis.explanations import concepts
from analysis.explanations.concept_activations import PhotoRegions, collect
from analysis.explanations.concept_evidence import LabelledRegions, LayerEvidence
from analysis.explanations.concept_settings import ConceptSettings
from analysis.explanations.concept_space import ConceptSpace, concept_space
from analysis.explanations.concepts import concept_tests
from analysis.networks.photos import read_photo
from analysis.regions import explain_batch
from labeling.demo.sights import centre, fitness, sights
from tests.analysis.explanations.planted_layers import ANY, MARK, NAMES, planted_layers
from tests.benchmarks.networks import PHOTOS, network
from tests.benchmarks.tables import Cell, publish

pytestmark = pytest.mark.benchmark_table
Table = NDArray[np.float64]
SEEDS = range(6)
SETS = 30
EACH = 6  # labels of chance in a layer


@pytest.mark.timeout(1200)
def test_seconds_for_a_class() -> None:
    """All demo photographs as if of one class, each of its regions said to be what lies there."""
    shown = network("efficientnet_lite0")
    paths = [path for path in sorted(PHOTOS.glob("*.jpg")) if path.name in sights()]
    pictures = [read_photo(path).image for path in paths]
    found = [explain_batch(shown, [picture])[0] for picture in pictures]
    layers = [layer.name for layer in found[0].layers]
    photos: list[PhotoRegions] = []
    said: dict[int, str] = {}
    for image, (path, picture, regions) in enumerate(zip(paths, pictures, found, strict=True)):
        maps: dict[str, dict[int, NDArray[np.floating]]] = {layer: {} for layer in layers}
        for depth, layer in enumerate(regions.layers):
            for region in layer.regions:
                if region.sign == "supports":
                    place, number = centre(region.map), len(said)
                    best = max(sights()[path.name], key=lambda s: fitness(s, depth / len(layers), place))
                    said[number] = best.concept.key
                    maps[layer.name][number] = region.map
        photos.append(PhotoRegions(image, picture, regions.class_index, maps))
    start = time.process_time()
    collected = collect(shown, photos, layers)
    passed = time.process_time()
    evidence = [
        LayerEvidence(
            layer, own.regions, own.images, own.vectors, own.photos, own.gradients,
            [
                LabelledRegions(group, key, frozenset(n for n in own.regions.tolist() if said[n] == key))
                for group, key in enumerate(sorted(set(said.values())))
            ],
        )
        for layer, own in collected.items()
    ]  # fmt: skip
    results = concept_tests(evidence)
    tested = [result for result in results if result.p is not None]
    row = {
        "photos": len(photos),
        "layers": len(layers),
        "regions": len(said),
        "labels tested": len(tested),
        "passes, CPU s": passed - start,
        "tests, CPU s": time.process_time() - passed,
        "confirmed": sum(result.verdict.startswith("confirmed") for result in results),
    }
    publish(
        "concepts-seconds", [row], "EfficientNet-Lite0; labels placed by hand, see labeling/demo/places.csv"
    )


def usual_test(layer: LayerEvidence, carries: NDArray[np.bool_], dice: np.random.Generator) -> float:
    """p of the published recipe: scores against random sets, and of random sets, by Welch's t-test."""
    scores = [
        [usual_score(layer, own, dice) for own in owns]
        for owns in ([carries] * SETS, [random_set(carries, dice) for _ in range(SETS)])
    ]
    p = float(ttest_ind(*scores, equal_var=False).pvalue)
    return 1.0 if np.isnan(p) else p  # all scores are the same


def random_set(carries: NDArray[np.bool_], dice: np.random.Generator) -> NDArray[np.bool_]:
    return dice.permutation(carries)


def usual_score(layer: LayerEvidence, carries: NDArray[np.bool_], dice: np.random.Generator) -> float:
    others = dice.choice(np.flatnonzero(~carries), min(carries.sum(), (~carries).sum()), replace=False)
    rows = np.concatenate([np.flatnonzero(carries), others])
    scale = layer.vectors.std(axis=0) + 1e-9
    model = LogisticRegression(max_iter=1000).fit(layer.vectors[rows] / scale, carries[rows])
    return float((layer.gradients @ (model.coef_[0] / scale) > 0).mean())


def noise(layer: LayerEvidence, count: int, seed: int) -> LayerEvidence:
    """Labels on any sixteen regions."""
    dice = np.random.default_rng(seed)
    drawn = [dice.choice(layer.regions, 16, replace=False).tolist() for _ in range(count)]
    labels = [LabelledRegions(n, "noise", frozenset(own)) for n, own in enumerate(drawn)]
    return LayerEvidence(
        layer.layer, layer.regions, layer.images, layer.vectors, layer.class_images, layer.gradients, labels
    )


@pytest.mark.timeout(1200)
def test_labels_of_chance() -> None:
    dice = np.random.default_rng(0)
    layers = [noise(layer, EACH, kind) for kind in range(3) for layer in planted_layers(kind)]
    total = sum(len(layer.labels) for layer in layers)
    start = time.process_time()
    usual = [usual_test(layer, layer.carries(label), dice) for layer in layers for label in layer.labels]
    passed = time.process_time()
    ours = [result for layer in layers for result in concept_tests([layer])]
    ended = time.process_time()
    corrected = np.concatenate([false_discovery_control(usual[n : n + EACH]) for n in range(0, total, EACH)])
    rows: list[dict[str, Cell]] = [
        {
            "test": "30 + 30 scores, Welch's t",
            "labels": total,
            "p <= 0.05": float(np.mean(np.array(usual) <= 0.05)),
            "confirmed": float(np.mean(corrected <= 0.05)),
            "CPU s a label": (passed - start) / total,
        },
        {
            "test": "random concepts",
            "labels": total,
            "p <= 0.05": float(np.mean([(result.p or 0) <= 0.05 for result in ours])),
            "confirmed": float(np.mean([result.verdict.startswith("confirmed") for result in ours])),
            "CPU s a label": (ended - passed) / total,
        },
    ]
    publish("concepts-chance", rows, "Labels on any sixteen regions: nothing should be confirmed.")


def along(turn: str) -> Callable[[Table, Table], ConceptSpace]:
    """The space with another direction than the normal in standard deviations."""

    def changed(vectors: Table, gradients: Table) -> ConceptSpace:
        space = concept_space(vectors, gradients)
        spread = vectors.std(axis=0)
        telling = spread > 1e-9 * np.abs(vectors).max(axis=0)
        centred = vectors[:, telling] - vectors[:, telling].mean(axis=0)
        scaled = centred / spread[telling]
        # inner = Z S^-1 Z^T, so that Z^+ inner gives the normals of regions.
        normals = (np.linalg.pinv(scaled) @ space.inner).T
        raw = {"raw": normals / spread[telling], "means": centred}[turn]
        norms = raw @ raw.T if turn == "raw" else space.inner
        return ConceptSpace(space.inner, gradients[:, telling] @ raw.T, norms)

    return changed


@pytest.mark.timeout(1800)
def test_directions(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[dict[str, Cell]] = []
    directions = {
        "normal, in standard deviations": concept_space,
        "normal, in the layer's units": along("raw"),
        "difference of means, Mahalanobis": along("means"),
    }
    for name, space in directions.items():
        monkeypatch.setattr(concepts, "concept_space", space)
        verdicts = Counter(verdicts_of())
        rows.append(
            {
                "direction": name,
                "mark for its class": verdicts["own", MARK, "confirmed for"] / (3 * len(SEEDS)),
                "deepest layer": verdicts["own deepest", MARK, "confirmed for"] / len(SEEDS),
                "mark for others": verdicts["other", MARK, "confirmed for"] / (6 * len(SEEDS)),
                "mark against others": verdicts["other", MARK, "confirmed against"] / (6 * len(SEEDS)),
                "patches of anything": sum(
                    count
                    for (whose, group, verdict), count in verdicts.items()
                    if whose in ("own", "other") and group == ANY and verdict.startswith("confirmed")
                )
                / (9 * len(SEEDS)),
            }
        )
    publish("concepts-directions", rows, f"Shares of the layers of {len(SEEDS)} networks; {NAMES}")


def verdicts_of() -> Iterator[tuple[str, int, str]]:
    for seed in SEEDS:
        for kind in range(3):
            for result in concept_tests(planted_layers(kind, seed), ConceptSettings(randoms=999)):
                yield "other" if kind else "own", result.group, result.verdict
                if result.layer == "5" and not kind:
                    yield "own deepest", result.group, result.verdict
