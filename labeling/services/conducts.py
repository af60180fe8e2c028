"""What is known of each player of a study, kept up to date."""

from collections.abc import Iterable, Mapping

from django.utils import timezone

from analysis.crowd.records import PlayerConduct, Signal
from labeling.models import Conduct, Study
from labeling.models.conduct import Verdict

CHUNK = 500
DIGITS = 4
TRUST_STEP = 0.05
"""In which trust counts: explanations are not made anew for every breath of it."""


def conducts_write(*, study: Study, known: Iterable[PlayerConduct], verdicts: Mapping[int, str]) -> list[int]:
    """Write what changed; the same again writes nothing. Returns the players whose labels now count for more
    or less than before. Expects the caller's transaction."""
    rows = {conduct.player_id: conduct for conduct in Conduct.objects.filter(study=study)}
    new, changed, otherwise = [], [], []
    for one in known:
        verdict = verdicts.get(one.player, Verdict.NONE)
        trust = round(one.trust, DIGITS)
        values = {
            "trust": trust,
            "signals": {str(kind): _record(signal) for kind, signal in sorted(one.signals.items())},
            "quarantined": is_held(verdict, one.suspect),
        }
        row = rows.get(one.player)
        if believed(row.trust if row else None) != believed(trust):
            otherwise.append(one.player)
        if row is None:
            new.append(Conduct(study=study, player_id=one.player, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in (values | {"judged_at": timezone.now()}).items():
                setattr(row, name, value)
            changed.append(row)
    Conduct.objects.bulk_create(new, CHUNK, ignore_conflicts=True)
    Conduct.objects.bulk_update(changed, ["trust", "signals", "quarantined", "judged_at"], CHUNK)
    return sorted(otherwise)


def believed(trust: float | None) -> float:
    """How much a player's labels count, 0..1, in steps of `TRUST_STEP`; 1 for one who has not been judged."""
    return 1.0 if trust is None else round(round(trust / TRUST_STEP) * TRUST_STEP, DIGITS)


def is_held(verdict: str, suspect: bool) -> bool:
    """Whether a player's work is held: as a researcher decided, else as the signals say."""
    return verdict == Verdict.QUARANTINED or (verdict == Verdict.NONE and suspect)


def _record(signal: Signal) -> dict[str, object]:
    return {
        "value": round(signal.value, DIGITS),
        "limit": round(signal.limit, DIGITS),
        "found": signal.found,
        "alone": signal.weight > 1,
        "evidence": signal.evidence,
    }
