"""What is known of each player of a study, kept up to date."""

from collections.abc import Iterable, Mapping

from django.utils import timezone

from analysis.crowd.records import PlayerConduct, Signal
from labeling.models import Conduct, Study
from labeling.models.conduct import Verdict

CHUNK = 500
DIGITS = 4


def conducts_write(*, study: Study, known: Iterable[PlayerConduct], verdicts: Mapping[int, str]) -> None:
    """Write what changed; the same again writes nothing. Expects the caller's transaction."""
    rows = {conduct.player_id: conduct for conduct in Conduct.objects.filter(study=study)}
    new, changed = [], []
    for one in known:
        verdict = verdicts.get(one.player, Verdict.NONE)
        values = {
            "trust": round(one.trust, DIGITS),
            "signals": {str(kind): _record(signal) for kind, signal in sorted(one.signals.items())},
            "quarantined": is_held(verdict, one.suspect),
        }
        row = rows.get(one.player)
        if row is None:
            new.append(Conduct(study=study, player_id=one.player, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in (values | {"judged_at": timezone.now()}).items():
                setattr(row, name, value)
            changed.append(row)
    Conduct.objects.bulk_create(new, CHUNK, ignore_conflicts=True)
    Conduct.objects.bulk_update(changed, ["trust", "signals", "quarantined", "judged_at"], CHUNK)


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
