"""What the pages of explanations of classes show, to those who may see them and to readers of a link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from analysis.explanations.class_export import TrendRecord, TrendsRecord
from analysis.explanations.concept_records import ConceptRecord, Verdict
from glimpse.play.plots import (
    Fit,
    Plot,
    Scale,
    Whisker,
    dot_radius,
    trend_plot,
    trend_scale,
    whisker,
    whisker_scale,
)
from glimpse.play.screens import Context
from labeling.models import ClassExplanation, Study
from labeling.selectors.class_headlines import Foremost, Part
from labeling.selectors.class_names import class_names, display_name
from labeling.selectors.class_pages import languages_of_class, shown_class
from labeling.selectors.class_shown import MatrixRow, ShownClass, ShownClassLabel, ShownExample
from labeling.selectors.contrasts import contrast_of
from labeling.selectors.crowds import crowd_of, unjoined_languages
from labeling.selectors.revisions import facts
from labeling.selectors.verdicts import concept_tests, verdicts_in

FOREMOST, SHOWN_HINTS = 6, 2
VERDICTS: tuple[Verdict, ...] = ("confirmed for", "confirmed against", "not confirmed", "too few examples")


@dataclass(frozen=True, slots=True)
class ClassPlaces:
    """By image: the address that its regions' ids follow, and its own page, where a reader may go there."""

    evidence: Mapping[int, str]
    pages: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Dot:
    """A label in one layer of the matrix."""

    label: ShownClassLabel
    radius: str


@dataclass(frozen=True, slots=True)
class DottedRow:
    row: MatrixRow
    dots: Sequence[Dot | None]


@dataclass(frozen=True, slots=True)
class PlottedTrend:
    """`whisker` is None where there is no slope."""

    trend: TrendRecord
    plot: Plot
    whisker: Whisker | None


@dataclass(frozen=True, slots=True)
class Portrait:
    """A label of the headline with the picture that stands for it."""

    label: Foremost
    part: Part
    example: ShownExample


def class_name(study: Study, class_index: int) -> str:
    return display_name(study, class_names(study)[class_index])


def class_context(study: Study, found: ClassExplanation, places: ClassPlaces) -> Context:
    """Pictures are of the images that `places` has an address for."""
    tests = sorted(concept_tests(study.pk, found.explained_class), key=_by_verdict)
    shown = shown_class(found, places.evidence.keys(), verdicts_in(tests), study.revision)
    images = Q(study=study, explained_class=found.explained_class)
    scale = trend_scale([trend["means"] for trend in _steepest(shown.trends)])
    plotted = plotted_trends(shown.trends, scale)
    return {
        "study": study,
        "class_index": found.explained_class,
        "name": class_name(study, found.explained_class),
        "explanation": shown,
        "places": places,
        "portraits": _portraits(shown),
        "rows": [DottedRow(row, [_dot(cell) for cell in row.cells]) for row in shown.matrix()],
        "trend_top": scale.high,
        "trends": list(plotted.values()),
        "rising": [plotted[group] for group in shown.trends["rising"]],
        "falling": [plotted[group] for group in shown.trends["falling"]],
        **_shortcuts(shown),
        "numbers": {layer.name: str(layer.number) for layer in shown.layers},
        "tests": [test for test in tests if test["verdict"] != "too few examples"],
        "untested": [test for test in tests if test["verdict"] == "too few examples"],
        "crowd": crowd_of(images, found.manifest),
        "unjoined": unjoined_languages(languages_of_class(study, found.explained_class), found.manifest),
        "facts": facts(found.manifest),
        "made_at": found.created_at,
    }


def contrast_context(study: Study, one: int, other: int) -> Context:
    """Two classes beside each other: the foremost meanings of each kind first, all of them folded away."""
    found = contrast_of(study, one, other)
    kinds = (found["one"], found["shared"], found["other"])
    shares = [
        share["share"] for kind in kinds for meaning in kind for share in (meaning["one"], meaning["other"])
    ]
    return {
        "contrast": found,
        "foremost": f":{FOREMOST}",
        "has_more": any(len(kind) > FOREMOST for kind in kinds),
        "highest": max(shares, default=1.0) or 1.0,
    }


def plotted_trends(found: TrendsRecord, scale: Scale) -> dict[int, PlottedTrend]:
    """By group; their slopes on one scale too."""
    fits = {trend["group"]: _fit(trend) for trend in found["trends"]}
    slopes = whisker_scale([fit for fit in fits.values() if fit])
    return {
        trend["group"]: PlottedTrend(
            trend, trend_plot(trend["means"], fit, scale), whisker(fit, slopes) if fit else None
        )
        for trend in found["trends"]
        for fit in [fits[trend["group"]]]
    }


def _steepest(found: TrendsRecord) -> list[TrendRecord]:
    steep = {*found["rising"], *found["falling"]}
    return [trend for trend in found["trends"] if trend["group"] in steep]


def _fit(trend: TrendRecord) -> Fit | None:
    intercept, slope = trend["intercept"], trend["slope"]
    return None if intercept is None or slope is None else Fit(intercept, slope, trend["low"], trend["high"])


def _shortcuts(shown: ShownClass) -> Context:
    """Those by place and the heaviest of the weak hints, then the others, to be folded away."""
    strong = [one for one in shown.shortcuts if one.by_place]
    weak = [one for one in shown.shortcuts if not one.by_place]
    return {"flagged": strong + weak[:SHOWN_HINTS], "hints": weak[SHOWN_HINTS:]}


def _portraits(shown: ShownClass) -> list[Portrait]:
    """Of as many images as there are."""
    found: list[Portrait] = []
    for part in shown.headline.parts:
        for label in part.labels:
            example = shown.portrait(label.group, {one.example.image for one in found})
            if example:
                found.append(Portrait(label, part, example))
    return found


def _by_verdict(test: ConceptRecord) -> tuple[int, float, str, str]:
    """Confirmed ones first, then by how sure that is."""
    p = test["corrected_p"]
    return VERDICTS.index(test["verdict"]), 1.0 if p is None else p, test["name"], test["layer"]


def _dot(label: ShownClassLabel | None) -> Dot | None:
    return Dot(label, dot_radius(label.part)) if label else None
