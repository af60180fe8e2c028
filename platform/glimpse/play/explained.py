"""What the pages of local explanations show, to those who may see the photograph and to readers of a link."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from glimpse.play.plots import Plot, path_plot
from glimpse.play.screens import Context
from labeling.models import Image
from labeling.selectors.class_names import display_name
from labeling.selectors.crowds import crowd_of, unjoined_languages
from labeling.selectors.explanations import ShownExplanation, explanation_of
from labeling.selectors.label_paths import LabelPath, headline, label_paths, story
from labeling.selectors.reliability import agreements_of, region_agreements
from labeling.selectors.revisions import facts
from labeling.selectors.typed import Rows, TypedOfRegion, languages_of, typed_of, typed_until
from labeling.selectors.verdicts import verdicts_of


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses of an image's pictures; a region's evidence is at `evidence` followed by its ids."""

    photo: str
    evidence: str


@dataclass(frozen=True, slots=True)
class PlottedPath:
    path: LabelPath
    plot: Plot


def image_context(image: Image) -> Context:
    """What the network said of the photograph, and what it is."""
    study = image.study
    return {
        "image": image,
        "study": study,
        "name": display_name(study, image.explained_name),
        "network_answer": display_name(study, image.predicted_name),
        "truth": display_name(study, image.answer_name),
        "network_right": image.predicted_class == image.answer_class,
        "explains_answer": image.explained_class == image.predicted_class,
        "probability": round(100 * (image.explained_probability or 0)),
        "answer_probability": round(100 * (image.probability or 0)),
    }


def explanation_context(
    image: Image, places: Places, asked: Mapping[str, str], revision: int | None
) -> Context:
    """One revision, or the latest; `asked` may choose a `region` by its ids and a `label` by its group.

    Raises:
        Explanation.DoesNotExist: there is no such revision.
    """
    verdicts = verdicts_of(image.study_id, image.explained_class)
    shown = explanation_of(image, revision, verdicts)
    rows = typed_until(image, shown.made_at)
    languages = languages_of(rows)
    paths = label_paths(shown.layers)
    return {
        **image_context(image),
        "explanation": shown,
        "places": places,
        "headline": headline(shown.layers),
        "story": story(shown.layers),
        "paths": [PlottedPath(path, _plot(path)) for path in paths],
        "chosen": _chosen_label(paths, asked),
        "chosen_region": _chosen_region(shown, asked),
        "crowd": crowd_of(Q(pk=image.pk), shown.manifest),
        "languages": languages,
        "unjoined": unjoined_languages(languages.values(), shown.manifest),
        "facts": facts(shown.manifest),
        "made_at": shown.made_at,
        "typed": _typed(shown, rows),
        "layer_agreements": agreements_of(image.study).layers if revision is None else {},
        "region_agreements": region_agreements(image.study) if revision is None else {},
    }


def _typed(shown: ShownExplanation, rows: Rows) -> dict[str, TypedOfRegion]:
    """By a region's ids all that people typed there, where its card does not quote it all."""
    found = {region.ids: (region, typed_of(rows, region.numbers)) for region in shown.regions()}
    return {
        ids: said
        for ids, (region, said) in found.items()
        if {one.raw for one in said.labels} - region.quoted()
    }


def _plot(path: LabelPath) -> Plot:
    return path_plot([(step.weight, step.leads) if step else None for step in path.steps])


def _chosen_label(paths: list[LabelPath], asked: Mapping[str, str]) -> int | None:
    groups = [path.group for path in paths]
    wanted = asked.get("label", "")
    return int(wanted) if wanted.isdecimal() and int(wanted) in groups else next(iter(groups), None)


def _chosen_region(shown: ShownExplanation, asked: Mapping[str, str]) -> str:
    """Its ids, "" for none."""
    wanted = asked.get("region", "")
    return wanted if any(region.ids == wanted and region.pictured for region in shown.regions()) else ""
