"""A class explained in people's words: what its layers answer to, over all of its images."""

from collections.abc import Iterable, Sequence
from math import fsum

from analysis.explanations.class_records import (
    ClassExplanation,
    ClassLabel,
    ClassLayer,
    ExampleRegion,
    ImageEvidence,
)
from analysis.explanations.mentions import Mention, by_group, in_order, layers_of, mentions, names

TOP_LABELS = 5
EXAMPLES = 3


def explain_class(
    images: Iterable[ImageEvidence],
    layers: Sequence[str],
    *,
    top: int = TOP_LABELS,
    examples: int = EXAMPLES,
) -> ClassExplanation:
    r"""Explain a class: for each layer and sign the labels with the highest scores over the class's images.

    .. math:: s(l) = \sum_i \sum_{r \in i} s_r(l), \quad w(l) = \frac{1}{|R_l|} \sum_{r \in R_l} w_r

    over the regions r of a layer and sign in each image i, as merged in its explanation, R_l those that carry
    the label l at whatever rank. Only labels that are best in at least one of these regions, ties kept, are
    listed; what they score elsewhere counts. The order of images changes nothing.

    Args:
        images: of one class, any number and order.
        layers: names of the study's layers from shallow to deep; all of them stay in.
        top: labels to list for a layer and sign: of the highest scores, then first in the alphabet.
        examples: regions to show for a label, each of another image: the heaviest of each image.

    Raises:
        ValueError: an image or layer given twice, a layer that is not named, or numbers that are not finite.

    Source: arXiv 2405.03301; opposing regions are ours, as the paper has supporting ones only.
    """
    if top < 0 or examples < 0:
        raise ValueError("numbers of labels and examples must not be negative")
    ordered = in_order(images, layers)
    found = list(mentions(ordered))
    called = names(found)
    explained = []
    for layer in layers:
        own = [mention for mention in found if mention.region.layer == layer]
        count = sum(layer in layers_of(image) for image in ordered)
        supporting, opposing = (
            tuple(_labels([m for m in own if m.region.sign == sign], called, count, examples)[:top])
            for sign in ("supports", "opposes")
        )
        explained.append(ClassLayer(layer, count, supporting, opposing))
    return ClassExplanation(tuple(image.image for image in ordered), tuple(explained))


def _labels(
    found: Sequence[Mention], called: dict[int, str], of_images: int, examples: int
) -> list[ClassLabel]:
    listed = [
        _label(called[group], own, of_images, examples)
        for group, own in by_group(found).items()
        if any(mention.leads for mention in own)
    ]
    return sorted(listed, key=lambda label: (-label.score, label.name, label.group))


def _label(name: str, own: Sequence[Mention], of_images: int, examples: int) -> ClassLabel:
    heaviest = sorted(own, key=_by_weight)
    first = {mention.region.image: mention for mention in reversed(heaviest)}
    shown = sorted(first.values(), key=_by_weight)
    quotes = dict.fromkeys(quote for mention in heaviest for quote in mention.label.examples)
    return ClassLabel(
        group=own[0].label.group,
        name=name,
        score=fsum(mention.label.score for mention in own),
        weight=fsum(mention.region.weight for mention in own) / len(own),
        images=len(first),
        share=len(first) / of_images,
        leading=len({mention.region.image for mention in own if mention.leads}),
        quotes=tuple(quotes)[:examples],
        examples=tuple(
            ExampleRegion(m.region.image, m.region.region_ids, m.region.weight, m.label.score)
            for m in shown[:examples]
        ),
    )


def _by_weight(mention: Mention) -> tuple[float, float, int, tuple[int, ...]]:
    region = mention.region
    return -region.weight, -mention.label.score, region.image, region.region_ids
