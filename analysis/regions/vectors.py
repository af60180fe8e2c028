"""Feature maps as vectors, so that their distance says how differently they light up."""

from torch import Tensor

from analysis.regions.recipe import Distance


def map_vectors(maps: Tensor, distance: Distance) -> Tensor:
    """Scale each map to [0, 1]; for `cosine` then to length 1; for `correlation` centred, then to length 1.

    Euclidean distances between such vectors are the maps' own, or sqrt(2 - 2 cosine), or
    sqrt(2 - 2 correlation). A map that is the same everywhere becomes zero where it cannot be scaled.

    Args:
        maps: (n, h, w) float32.
        distance: see `Recipe.distance`.

    Returns:
        (n, h * w) float32.
    """
    vectors = maps.flatten(1)
    low = vectors.amin(dim=1, keepdim=True) if distance != "cosine" else 0.0
    vectors = vectors - low
    vectors = vectors / _nonzero(
        vectors.abs().amax(dim=1, keepdim=True)
    )  # first, so that no square underflows
    if distance == "correlation":
        vectors = vectors - vectors.mean(dim=1, keepdim=True)
    return vectors if distance == "euclidean" else vectors / _nonzero(vectors.norm(dim=1, keepdim=True))


def _nonzero(lengths: Tensor) -> Tensor:
    return lengths.masked_fill(lengths == 0, 1.0)
