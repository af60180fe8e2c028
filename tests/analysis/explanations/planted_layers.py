"""What concept tests see of the network with the planted shortcut."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray

from analysis.explanations.concept_activations import PhotoRegions, collect
from analysis.explanations.concept_evidence import LabelledRegions, LayerEvidence
from tests.analysis.explanations.planted import SIDE, Box, Picture, pictures, planted_network

LAYERS = {"1": 16, "3": 8, "5": 8}
PATCH = 8
MARK, DISC, ANY = 0, 1, 2
NAMES = {MARK: "red mark", DISC: "green disc", ANY: "anything"}


@cache
def planted_layers(kind: int, seed: int = 0) -> tuple[LayerEvidence, ...]:
    """Forty pictures of the class, all with a mark, whatever the class; boxes instead of saliency regions.

    Half of the patches carry a label, the others are there to be compared with.
    """
    shown = [one for one in pictures(120, seed=50 + kind, marked=True) if one.kind == kind]
    dice = np.random.default_rng(kind)
    boxes = [boxes_of(one, dice) for one in shown]
    flat = [(image, label, box) for image, own in enumerate(boxes) for label, box in own]
    photos = [
        PhotoRegions(
            image,
            torch.from_numpy(one.pixels),
            kind,
            {
                layer: {n: box_map(box, side) for n, (own, _, box) in enumerate(flat) if own == image}
                for layer, side in LAYERS.items()
            },
        )
        for image, one in enumerate(shown)
    ]
    found = collect(planted_network(seed), photos, list(LAYERS))
    labels = [
        LabelledRegions(
            group, name, frozenset(n for n, (_, label, _) in enumerate(flat) if chosen(n, label, group))
        )
        for group, name in NAMES.items()
    ]
    return tuple(
        LayerEvidence(name, own.regions, own.images, own.vectors, own.photos, own.gradients, labels)
        for name, own in found.items()
    )


def boxes_of(shown: Picture, dice: np.random.Generator) -> Sequence[tuple[int, Box]]:
    """The mark, the disc, and two patches anywhere."""
    named = [(MARK, shown.mark), (DISC, shown.disc)]
    corners = dice.integers(0, SIDE - PATCH + 1, (2, 2)).tolist()
    patches = [(ANY, (top, left, top + PATCH, left + PATCH)) for top, left in corners]
    return [(label, box) for label, box in named if box is not None] + patches


def chosen(number: int, label: int, group: int) -> bool:
    return label == group and (group != ANY or number % 2 == 0)


def box_map(box: Box, side: int) -> NDArray[np.float32]:
    """The share of each of a layer's positions that lies in the box, (side, side)."""
    pixels = np.zeros((SIDE, SIDE), np.float32)
    top, left, bottom, right = box
    pixels[top:bottom, left:right] = 1
    found: NDArray[np.float32] = pixels.reshape(side, SIDE // side, side, SIDE // side).mean(axis=(1, 3))
    return found
