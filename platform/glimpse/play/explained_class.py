"""What the pages of explanations of classes show, to those who may see them and to readers of a link."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from analysis.explanations.class_export import TrendRecord
from glimpse.play.plots import Line, Plot, dot_radius, trend_plots
from glimpse.play.screens import Context
from labeling.models import ClassExplanation, Study
from labeling.selectors.class_names import class_names, display_name
from labeling.selectors.class_pages import MatrixRow, ShownClass, ShownClassLabel, shown_class
from labeling.selectors.crowds import crowd_of
from labeling.selectors.revisions import facts
from labeling.selectors.verdicts import concept_tests, verdicts_in


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
    dots: list[Dot | None]


@dataclass(frozen=True, slots=True)
class PlottedTrend:
    trend: TrendRecord
    plot: Plot


def class_name(study: Study, class_index: int) -> str:
    return display_name(study, class_names(study)[class_index])


def class_context(study: Study, found: ClassExplanation, places: ClassPlaces) -> Context:
    """Pictures are of the images that `places` has an address for."""
    tests = concept_tests(study.pk, found.explained_class)
    shown = shown_class(found, places.evidence.keys(), verdicts_in(tests), study.revision)
    images = Q(study=study, explained_class=found.explained_class)
    return {
        "study": study,
        "class_index": found.explained_class,
        "name": class_name(study, found.explained_class),
        "explanation": shown,
        "places": places,
        "rows": [DottedRow(row, [_dot(cell) for cell in row.cells]) for row in shown.matrix()],
        "rising": _plotted(shown, shown.trends["rising"]),
        "falling": _plotted(shown, shown.trends["falling"]),
        "tests": tests,
        "crowd": crowd_of(images, found.manifest),
        "facts": facts(found.manifest),
        "made_at": found.created_at,
    }


def _dot(label: ShownClassLabel | None) -> Dot | None:
    return Dot(label, dot_radius(label.part)) if label else None


def _plotted(shown: ShownClass, groups: list[int]) -> list[PlottedTrend]:
    """On one scale for rising and falling ones alike."""
    trends = {trend["group"]: trend for trend in shown.trends["trends"]}
    steep = [*shown.trends["rising"], *shown.trends["falling"]]
    plots = trend_plots([(trends[group]["means"], _line(trends[group])) for group in steep])
    by_group = dict(zip(steep, plots, strict=True))
    return [PlottedTrend(trends[group], by_group[group]) for group in groups]


def _line(trend: TrendRecord) -> Line | None:
    intercept, slope = trend["intercept"], trend["slope"]
    return None if intercept is None or slope is None else Line(intercept, intercept + slope)
