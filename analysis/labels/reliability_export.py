"""How far players agree as plain JSON types, with the reason where there is no number."""

from typing import Literal, TypedDict

from analysis.labels.reliability import Reliability

NoAlpha = Literal["nobody to compare", "too few regions", "nothing differs"]
"""Why there is no alpha: no region has two players; only one has, so that nothing is known of chance; or all
say the same everywhere, so that agreement could be chance alone."""
NoInterval = Literal["too few regions", "too few players", "nothing differs"]
"""Why an alpha has no interval: of fewer regions or, for one region, players than can be drawn again."""


class ReliabilityRecord(TypedDict):
    """One `Reliability`; `reason` is set where `alpha` is null, `no_interval` where only the interval is."""

    alpha: float | None
    low: float | None
    high: float | None
    units: int
    coders: int
    pairs: int
    reason: NoAlpha | None
    no_interval: NoInterval | None


class LayerReliabilityRecord(ReliabilityRecord):
    """Of one layer."""

    layer: str


def reliability_record(found: Reliability) -> ReliabilityRecord:
    """Of a layer or a study; a number of a single region is left out, as it is compared with itself."""
    if found.units < 2:
        return _record(found, "too few regions" if found.units else "nobody to compare", None)
    if found.alpha is None:
        return _record(found, "nothing differs", None)
    return _record(found, None, "nothing differs" if found.low is None else None)


def region_reliability_record(found: Reliability) -> ReliabilityRecord:
    """Of one region, which is compared with what is expected in its layer or study."""
    if found.alpha is None:
        return _record(found, "nothing differs" if found.pairs else "nobody to compare", None)
    return _record(found, None, "too few players" if found.low is None else None)


def _record(found: Reliability, reason: NoAlpha | None, no_interval: NoInterval | None) -> ReliabilityRecord:
    known = reason is None
    return {
        "alpha": found.alpha if known else None,
        "low": found.low if known else None,
        "high": found.high if known else None,
        "units": found.units,
        "coders": found.coders,
        "pairs": found.pairs,
        "reason": reason,
        "no_interval": no_interval,
    }
