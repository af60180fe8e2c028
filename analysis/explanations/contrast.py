"""What two classes share in people's words, and what separates them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

import numpy as np
from numpy.typing import NDArray

from analysis.explanations.class_records import ClassShare, Contrast, ImageEvidence, Meaning
from analysis.explanations.mentions import Mention, by_group, in_order, mentions, names
from analysis.explanations.permutation import holm, permutation_p
from analysis.explanations.same_meaning import Matched, Vectors, match
from analysis.labels.settings import LabelSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastSettings:
    """How two classes are compared.

    Args:
        low: a meaning separates the classes where the lower share is at most this part of the higher, 0 to
            below 1.
        level: `Meaning.certain` up to this corrected p-value, 0..1.
        permutations: deals of the images to the classes, at least 99.
        min_images: a meaning is tested when so many images of both classes together carry it, at least 1: of
            two images, in classes of one size, p is 1/2 or so at best, and each test costs the others.
        labels: at which distance names mean the same, see `match`.
        seed: of the deals.
    """

    low: float = 0.25
    level: float = 0.05
    permutations: int = 9999
    min_images: int = 3
    labels: LabelSettings = field(default_factory=LabelSettings)
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.low < 1 or not 0 < self.level < 1:
            raise ValueError("low must be 0 to below 1, and level between 0 and 1")
        if self.permutations < 99 or self.min_images < 1 or self.seed < 0:
            raise ValueError("at least 99 permutations, min_images at least 1, seed not negative")


_DEFAULT = ContrastSettings()


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """Supporting mentions of one class, by group and by image; images without any are left out."""

    groups: Mapping[int, Sequence[Mention]]
    called: Mapping[int, str]
    totals: Mapping[int, float]

    @classmethod
    def of(cls, images: Iterable[ImageEvidence], layers: Sequence[str]) -> "_Side":
        found = [m for m in mentions(in_order(images, layers)) if m.region.sign == "supports"]
        scores: dict[int, list[float]] = {}
        for mention in found:
            scores.setdefault(mention.region.image, []).append(mention.label.score)
        return cls(by_group(found), names(found), {image: fsum(own) for image, own in scores.items()})

    def own(self, groups: Sequence[int]) -> list[Mention]:
        return [mention for group in groups for mention in self.groups[group]]

    def shares(self, meanings: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        """(images, meanings): which part of an image's scores each has."""
        row = {image: index for index, image in enumerate(self.totals)}
        table = np.zeros((len(row), len(meanings)))
        for column, groups in enumerate(meanings):
            for mention in self.own(groups):
                image = mention.region.image
                table[row[image], column] += mention.label.score / self.totals[image]
        return table

    def share(self, groups: Sequence[int], share: float, layers: Sequence[str]) -> ClassShare:
        own = self.own(groups)
        scores = {group: fsum(m.label.score for m in self.groups[group]) for group in groups}
        best = min(groups, key=lambda group: (-scores[group], self.called[group]), default=None)
        here = {mention.region.layer for mention in own}
        return ClassShare(
            groups=tuple(groups),
            name="" if best is None else self.called[best],
            share=share,
            score=fsum(mention.label.score for mention in own),
            images=len({mention.region.image for mention in own}),
            layers=tuple(layer for layer in layers if layer in here),
        )


def contrast(
    one: Iterable[ImageEvidence],
    other: Iterable[ImageEvidence],
    layers: Sequence[str],
    settings: ContrastSettings = _DEFAULT,
    vectors: Vectors | None = None,
) -> Contrast:
    r"""Compare the supporting labels of two classes, meaning by meaning.

    .. math:: h_c(m) = \frac{1}{n_c} \sum_{i \in c} \frac{\sum_{l \in m} s_{il}}{\sum_l s_{il}}

    is the share of meaning m in class c, over its n_c images with words, s_il the sum of the scores of label
    l over regions and layers of image i: an image that many people played counts no more than another. A
    meaning with a lower share of at most `low` times the higher one separates, every other is shared. See
    `permutation_p` and `holm` for how sure a difference is.

    Args:
        one, other: images of two classes, any order.
        layers: all layers of the study, shallow to deep.
        settings: see `ContrastSettings`.
        vectors: of groups' names, see `match`.

    Raises:
        ValueError: as `explain_class`, or classes that have an image in common.
    """
    one, other = list(one), list(other)
    if {image.image for image in one} & {image.image for image in other}:
        raise ValueError("two classes must not have an image in common")
    sides = _Side.of(one, layers), _Side.of(other, layers)
    counts = len(sides[0].totals), len(sides[1].totals)
    if not all(counts):
        return Contrast(counts, (), (), (), 0)
    matched = match(sides[0].called, sides[1].called, settings.labels, vectors)
    found, tested = _meanings(sides, matched, layers, settings)
    shared = [m for m in found if min(m.one.share, m.other.share) > settings.low * _high(m)]
    apart = [m for m in found if m not in shared]
    return Contrast(
        images=counts,
        shared=tuple(sorted(shared, key=lambda m: (-min(m.one.share, m.other.share), *_by_name(m)))),
        one=tuple(
            sorted((m for m in apart if m.difference > 0), key=lambda m: (-m.difference, *_by_name(m)))
        ),
        other=tuple(
            sorted((m for m in apart if m.difference < 0), key=lambda m: (m.difference, *_by_name(m)))
        ),
        tested=tested,
    )


def _meanings(
    sides: tuple[_Side, _Side], matched: Sequence[Matched], layers: Sequence[str], settings: ContrastSettings
) -> tuple[list[Meaning], int]:
    one, other = sides
    ours, theirs = one.shares([m.one for m in matched]), other.shares([m.other for m in matched])
    often = (ours > 0).sum(axis=0) + (theirs > 0).sum(axis=0) >= settings.min_images
    p = np.full((2, len(matched)), np.nan)
    if often.any():
        p[0, often] = permutation_p(ours[:, often], theirs[:, often], settings.permutations, settings.seed)
        p[1, often] = holm(p[0, often])
    high, low = ours.mean(axis=0), theirs.mean(axis=0)
    return [
        _meaning(
            one.share(pair.one, float(high[at]), layers),
            other.share(pair.other, float(low[at]), layers),
            None if np.isnan(p[0, at]) else float(p[0, at]),
            None if np.isnan(p[1, at]) else float(p[1, at]),
            settings.level,
        )
        for at, pair in enumerate(matched)
    ], int(often.sum())


def _meaning(
    one: ClassShare, other: ClassShare, p: float | None, corrected: float | None, level: float
) -> Meaning:
    name = min((one, other), key=lambda share: (-share.score, share.name)).name
    certain = corrected is not None and corrected <= level
    return Meaning(name, one, other, one.share - other.share, p, corrected, certain)


def _high(meaning: Meaning) -> float:
    return max(meaning.one.share, meaning.other.share)


def _by_name(meaning: Meaning) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    return meaning.name, meaning.one.groups, meaning.other.groups
