"""The `paper` preset: regions as published (arXiv 2405.03301), step by step.

For one layer with K maps A and gradients G = d logit / d A:

1. Weight of a map: a_k = mean over pixels of 1[A > 0] 1[G > 0] G, as a share w_k = a_k / sum(a).
2. Maps with w_k <= 0.896 / K are discarded (.175, .35, .7, 1.4 % for 512, 256, 128, 64 maps), with 0.768 / K
   where K < 64.
3. Each remaining map is flattened and min-max scaled.
4. PCA to min(50, maps, pixels) dimensions, then t-SNE to a plane.
5. Agglomerative clustering with Ward linkage and Euclidean distance on that plane, k = 3..8 by the best mean
   silhouette there.
6. Weight of a cluster: w_C = sum of its maps' w_k. Clusters with w_C < max(max(w) / 3, mean(w) / 2) are
   dropped.
7. Map of a cluster: A_C = sum(w_k A_k) / sum(w_k) of raw activations, bilinear to the size of the crop.

t-SNE amplifies the last bit of its input into another picture, so this preset runs photos one at a time with
one thread and a fixed seed: it repeats itself, also beside other photos and under another number of threads.
Another seed may give other clusters, which is a property of the published method.
"""

from analysis.regions.recipe import Recipe

PAPER = Recipe(
    weights="guided",
    vectors="activations",
    blur=0,
    distance="euclidean",
    projection="tsne",
    linkage="ward",
    min_regions=3,
    max_regions=8,
    drop_below_heaviest=1 / 3,
    drop_below_mean=1 / 2,
    maps="activations",
    sharpness=1,
)
