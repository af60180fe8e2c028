"""Scores of a class's labels by image and layer, and straight lines through their means."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analysis.explanations.class_records import ImageEvidence, Reason
from analysis.explanations.mentions import Mention, layers_of, mentions, names
from analysis.explanations.records import Sign

if TYPE_CHECKING:
    Sparse = csr_array[np.float64, tuple[int, int]]

FEWEST_LAYERS = 3
FEWEST_IMAGES = 2
FLAT = 1e-12
"""Slopes up to this share of the label's highest mean are rounding."""


class TrendTable(NamedTuple):
    """Scores of one class.

    Attributes:
        labels: (G,) group and name, ascending.
        scores: (G, I * L) sparse, images in order, all layers of an image together.
        has: (I, L) float64, 1 where an image has a layer.
    """

    labels: list[tuple[int, str]]
    scores: "Sparse"
    has: NDArray[np.float64]

    @classmethod
    def of(cls, images: Sequence[ImageEvidence], layers: Sequence[str], sign: Sign) -> "TrendTable":
        """Of labels that are best in a region of this sign; what they score elsewhere counts."""
        found = list(mentions(images))
        called = names(found)
        own = [mention for mention in found if mention.region.sign == sign]
        groups = sorted({mention.label.group for mention in own if mention.leads})
        has = [[layer in layers_of(image) for layer in layers] for image in images]
        return cls(
            labels=[(group, called[group]) for group in groups],
            scores=_scores(own, groups, [image.image for image in images], layers),
            has=np.array(has, dtype=np.float64).reshape(len(images), len(layers)),
        )

    def reason(self) -> Reason | None:
        """Why there is no line, None where there is one."""
        if len(self.has) < FEWEST_IMAGES:
            return "fewer than two images"
        return "fewer than three layers" if int(self.has.any(axis=0).sum()) < FEWEST_LAYERS else None

    def means(self) -> NDArray[np.float64]:
        """(G, L) float64, NaN for a layer that no image has."""
        images, layers = self.has.shape
        cells = self.scores.toarray().reshape(len(self.labels), images, layers)
        count = self.has.sum(axis=0)
        sums = cells.sum(axis=1)
        means: NDArray[np.float64] = np.divide(sums, count, out=np.full(sums.shape, np.nan), where=count > 0)
        return means

    def slopes(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Slopes where each image is there so many times, (draws, I) -> (draws, G); NaN where undefined.

        A slope is linear in the scores: a score counts for its image's times, through the layer's mean and
        the line's coefficient of the layer.
        """
        count = times @ self.has
        each = np.divide(coefficients(count > 0), count, out=np.zeros_like(count), where=count > 0)
        weights = (times[:, :, None] * each[:, None, :]).reshape(len(times), -1)
        slopes: NDArray[np.float64] = np.asarray(self.scores @ weights.T).T
        slopes[(count > 0).sum(axis=1) < FEWEST_LAYERS] = np.nan
        return slopes

    def line(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Slope and intercept of each label, both (G,); the intercept is the line's value at place 0."""
        means = self.means()
        present: NDArray[np.bool_] = self.has.max(axis=0) > 0
        slopes = self.slopes(np.ones((1, len(self.has))))[0]
        slopes[np.abs(slopes) <= FLAT * np.nanmax(means, axis=1, initial=0.0)] = 0
        centre = places(self.has.shape[1])[present].mean()
        return slopes, means[:, present].mean(axis=1) - slopes * centre


def places(layers: int) -> NDArray[np.float64]:
    """Where each layer stands: 0 the first, 1 the last, (L,)."""
    return np.linspace(0, 1, layers) if layers > 1 else np.zeros(layers)


def coefficients(present: NDArray[np.bool_]) -> NDArray[np.float64]:
    r"""What each layer's mean adds to the slope of the least-squares line, (draws, L) bool -> (draws, L).

    .. math:: a_l = (x_l - \bar x) / \sum_k (x_k - \bar x)^2

    over layers that are present; 0 elsewhere, and where there are fewer than two.
    """
    x = places(present.shape[1])
    count = np.maximum(present.sum(axis=1, keepdims=True), 1)
    away = np.where(present, x - (present @ x)[:, None] / count, 0)
    squares = (away**2).sum(axis=1, keepdims=True)
    found: NDArray[np.float64] = np.divide(away, squares, out=np.zeros_like(away), where=squares > 0)
    return found


def _scores(
    found: Sequence[Mention], groups: Sequence[int], images: Sequence[int], layers: Sequence[str]
) -> "Sparse":
    row = {group: index for index, group in enumerate(groups)}
    place = {layer: index for index, layer in enumerate(layers)}
    start = {image: index * len(layers) for index, image in enumerate(images)}
    kept = [mention for mention in found if mention.label.group in row]
    rows = [row[mention.label.group] for mention in kept]
    columns = [start[mention.region.image] + place[mention.region.layer] for mention in kept]
    values = np.array([mention.label.score for mention in kept], dtype=np.float64)
    return csr_array((values, (rows, columns)), shape=(len(groups), len(images) * len(layers)))
