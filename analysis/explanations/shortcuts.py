"""Labels that the network may use though they are not of the object: "snow" for a husky.

Possible, never proven: people look at the evidence, and a concept test says whether the label is used at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, isfinite

from analysis.explanations.class_records import ImageEvidence, OutsideRegion, Shortcut
from analysis.explanations.mentions import Mention, by_group, in_order, mentions, names, regions_of
from analysis.explanations.outside import denser
from analysis.explanations.places import Places
from analysis.labels.lemma_key import lemma_key


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortcutSettings:
    """When a label is a possible shortcut.

    Args:
        min_outside: share of its mass outside the object, 0..1.
        min_density: how many times denser it must be outside than inside, at least 1, so that a small object
            does not make every label one.
        min_images: in how many images it must lie outside, at least 1.
        min_image_share: the same as a share of the images that it leads in, 0..1.
        min_weight: share of the class's supporting weight that it must lead, 0..1.
        min_settled: by words, how many regions of the class must be settled, in two images or more, before a
            word that is not among theirs means anything, at least 1.
    """

    min_outside: float = 0.5
    min_density: float = 2.0
    min_images: int = 2
    min_image_share: float = 0.5
    min_weight: float = 0.01
    min_settled: int = 3

    def __post_init__(self) -> None:
        shares = (self.min_outside, self.min_image_share, self.min_weight)
        if not all(0 <= share <= 1 for share in shares) or not (
            isfinite(self.min_density) and self.min_density >= 1
        ):
            raise ValueError("shares must be 0..1, and min_density at least 1")
        if self.min_images < 1 or self.min_settled < 1:
            raise ValueError("min_images and min_settled must be at least 1")


_DEFAULT = ShortcutSettings()
FEWEST_SETTLED_IMAGES = 2


def find_shortcuts(
    images: Iterable[ImageEvidence], layers: Sequence[str], settings: ShortcutSettings = _DEFAULT
) -> tuple[Shortcut, ...]:
    r"""Look for labels whose supporting regions lie outside the object, or that nobody agrees on.

    A region counts for the labels that are best in it. By place, over a label's regions r of all layers, in
    images with a box or mask and maps,

    .. math:: o = \sum_r w_r o_r / \sum_r w_r, \quad e = \sum_r w_r e_r / \sum_r w_r

    with o_r, e_r of `outside`; a label is flagged where o and its density reach the settings, and do so in
    enough of its images. By words, a label with no region that can be judged by place is flagged where no
    word that the class's settled regions show shares a lemma with it.

    Args:
        images: of one class, any order.
        layers: all layers of the study.
        settings: see `ShortcutSettings`.

    Returns:
        Those by place first; within these by descending weight, then name.

    Raises:
        ValueError: as `explain_class`, or a map that is not finite.
    """
    ordered = in_order(images, layers)
    found = [m for m in mentions(ordered) if m.region.sign == "supports"]
    called = names(found)
    total = fsum(r.weight for image in ordered for r in regions_of(image) if r.sign == "supports")
    places = Places(ordered)
    settled = _settled_lemmas(ordered, settings)
    shortcuts = []
    for group, own in by_group(m for m in found if m.leads).items():
        regions = [places.judge(mention.region) for mention in own]
        judged = [region for region in regions if region.outside is not None]
        weight = fsum(region.weight for region in regions) / total if total > 0 else 0.0
        if weight < settings.min_weight:
            continue
        if judged:
            shortcuts.append(_by_place(group, called[group], weight, judged, settings))
        elif settled and not settled & _lemmas(own):
            shortcuts.append(_by_words(group, called[group], weight, regions, settings))
    flagged = [shortcut for shortcut in shortcuts if shortcut is not None]
    return tuple(sorted(flagged, key=lambda s: (s.basis, -s.weight, s.name, s.group)))


def _by_place(
    group: int, name: str, weight: float, judged: Sequence[OutsideRegion], settings: ShortcutSettings
) -> Shortcut | None:
    images = sorted({region.image for region in judged})
    lie_outside = sum(
        _lies_outside(*_mean([region for region in judged if region.image == image]), settings)
        for image in images
    )
    share, expected = _mean(judged)
    often = lie_outside >= max(settings.min_images, settings.min_image_share * len(images))
    if not (often and _lies_outside(share, expected, settings)):
        return None
    return Shortcut(
        group, name, "place", share, expected, denser(share, expected), weight, lie_outside, len(images),
        _heaviest_first(judged),
    )  # fmt: skip


def _by_words(
    group: int, name: str, weight: float, regions: Sequence[OutsideRegion], settings: ShortcutSettings
) -> Shortcut | None:
    images = len({region.image for region in regions})
    if images < settings.min_images:
        return None
    return Shortcut(
        group, name, "words", None, None, None, weight, images, images, _heaviest_first(regions)
    )  # fmt: skip


def _lies_outside(share: float, expected: float, settings: ShortcutSettings) -> bool:
    density = denser(share, expected)
    return share >= settings.min_outside and (density is None or density >= settings.min_density)


def _mean(regions: Sequence[OutsideRegion]) -> tuple[float, float]:
    """Outside and expected shares, weighted; plain means where nothing has weight."""
    total = fsum(region.weight for region in regions)
    weights = [region.weight / total if total > 0 else 1 / len(regions) for region in regions]
    share = fsum(w * (region.outside or 0) for w, region in zip(weights, regions, strict=True))
    expected = fsum(w * (region.expected or 0) for w, region in zip(weights, regions, strict=True))
    return min(share, 1.0), expected


def _heaviest_first(regions: Sequence[OutsideRegion]) -> tuple[OutsideRegion, ...]:
    return tuple(sorted(regions, key=lambda r: (-r.weight, r.image, r.layer, r.region_ids)))


def _lemmas(found: Iterable[Mention]) -> frozenset[str]:
    """Of all that a label was called and of what people typed for it."""
    texts = {text.casefold() for m in found for text in (m.label.name, *m.label.examples)}
    return frozenset().union(*(lemma_key(text) for text in texts))


def _settled_lemmas(images: Sequence[ImageEvidence], settings: ShortcutSettings) -> frozenset[str]:
    """Of all settled words; none where too few regions are settled to tell."""
    settled = [[words for words in image.settled.values() if words] for image in images]
    if sum(map(len, settled)) < settings.min_settled or sum(map(bool, settled)) < FEWEST_SETTLED_IMAGES:
        return frozenset()
    words = {word.casefold() for own in settled for region in own for word in region}
    return frozenset().union(*(lemma_key(word) for word in words))
