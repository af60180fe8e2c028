"""Layers of few numbers for concept tests."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analysis.explanations.concept_evidence import LabelledRegions, LayerEvidence

IMAGES, EACH, CHANNELS = 12, 5, 24


def make_layer(
    seed: int,
    labels: Mapping[int, NDArray[np.intp]],
    *,
    name: str = "deep",
    shifted: NDArray[np.intp] | None = None,
    shift: float = 0.0,
    channels: int = CHANNELS,
) -> LayerEvidence:
    """Activations as after a ReLU, alike within an image; some rows moved along the gradient.

    Args:
        seed: of all numbers.
        labels: rows by the number of the group.
        name: of the layer.
        shifted: rows.
        shift: how far, in its units.
        channels: of the layer.
    """
    dice = np.random.default_rng(seed)
    images = np.repeat(np.arange(IMAGES), EACH)
    own = dice.standard_normal((IMAGES * EACH, channels)) + dice.standard_normal((IMAGES, channels))[images]
    vectors = np.maximum(own, 0)
    towards = dice.standard_normal(channels)
    if shifted is not None:
        vectors[shifted] += shift * towards / np.linalg.norm(towards)
    return LayerEvidence(
        layer=name,
        regions=np.arange(IMAGES * EACH) + 100,
        images=images,
        vectors=vectors,
        class_images=np.arange(IMAGES),
        gradients=towards + 0.3 * dice.standard_normal((IMAGES, channels)),
        labels=[
            LabelledRegions(group, f"label {group}", frozenset((rows + 100).tolist()))
            for group, rows in labels.items()
        ],
    )


def one_of_each_image(seed: int = 0) -> NDArray[np.intp]:
    """Rows: a region of each image, any."""
    dice = np.random.default_rng(seed)
    found: NDArray[np.intp] = np.arange(IMAGES) * EACH + dice.integers(0, EACH, IMAGES)
    return found
