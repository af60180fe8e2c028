"""The `faithful` preset, the default."""

from analysis.regions.recipe import Recipe

FAITHFUL = Recipe(
    weights="contribution",
    vectors="contributions",
    blur=1 / 28,
    distance="correlation",
    projection="none",
    linkage="ward",
    min_regions=4,
    max_regions=8,
    drop_below_heaviest=0,
    drop_below_mean=0,
    maps="contributions",
    sharpness=4,
)
