"""How far players agree, as pages say it: Krippendorff's alpha of a study, its layers and its regions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from labeling.models import RegionReliability, Study

WORDS = (
    (0.0, gettext_lazy("less than by chance")),
    (0.2, gettext_lazy("slight agreement")),
    (0.4, gettext_lazy("fair agreement")),
    (0.6, gettext_lazy("moderate agreement")),
    (0.8, gettext_lazy("substantial agreement")),
    (1.0, gettext_lazy("almost perfect agreement")),
)
"""Up to which alpha each is said: Landis and Koch, Biometrics 33 (1977)."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha with its interval, None where too few people spoke for one."""

    alpha: float
    low: float | None
    high: float | None

    @property
    def words(self) -> Promise:
        return next((words for top, words in WORDS if self.alpha <= top), WORDS[-1][1])


@dataclass(frozen=True, slots=True)
class Agreements:
    """As they were last reckoned; layers by name, over all images. A layer without an alpha is not there."""

    study: Agreement | None
    layers: Mapping[str, Agreement]


def agreements_of(study: Study) -> Agreements:
    found = study.reliability
    return Agreements(
        study=_agreement(found.get("study")),
        layers=_known((layer["layer"], layer) for layer in found.get("layers", ())),
    )


def region_agreements(study: Study) -> dict[str, Agreement]:
    """By the region's id, as text."""
    records: dict[str, object] = (
        RegionReliability.objects.filter(study=study).values_list("result", flat=True).first() or {}
    )
    return _known(records.items())


def _known(records: Iterable[tuple[str, object]]) -> dict[str, Agreement]:
    return {name: one for name, record in records if (one := _agreement(record))}


def _agreement(record: object) -> Agreement | None:
    if not isinstance(record, dict) or record.get("alpha") is None:
        return None
    return Agreement(record["alpha"], record.get("low"), record.get("high"))
