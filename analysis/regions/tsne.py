"""Maps on a plane, as published: principal components, then t-SNE."""

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

COMPONENTS = 50
PERPLEXITY = 30.0  # scikit-learn's own, which the published notebooks keep


def tsne_plane(vectors: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """PCA to min(50, n, d) dimensions, then t-SNE to 2 (arXiv 2405.03301).

    One thread, since its sums depend on how many there are and t-SNE amplifies the last bit. The perplexity
    is lowered to n - 1 where there are fewer maps than it needs. Maps that are all the same, as those of one
    pixel are, stay at one point: scikit-learn would divide by their spread, and crash.

    Args:
        vectors: (n, d), n >= 4.
        seed: of both.

    Returns:
        (n, 2) float32.
    """
    if (vectors == vectors[0]).all():
        return np.zeros((len(vectors), 2), dtype=np.float32)
    with threadpool_limits(1):
        reduced = PCA(min(COMPONENTS, *vectors.shape), random_state=seed).fit_transform(vectors)
        plane = TSNE(2, perplexity=min(PERPLEXITY, len(vectors) - 1.0), random_state=seed).fit_transform(
            reduced
        )
    return np.asarray(plane, dtype=np.float32)
