"""Everything that is kept about one player, as one JSON object, written while it is read.

Nothing of other people is in it, no file name of a photograph, and of a round that is still open nothing that
its page does not show.
"""

import json
from collections.abc import Iterator, Mapping

from django.core.serializers.json import DjangoJSONEncoder

from labeling.models import Badge, Conduct, Consent, Game, LedgerEntry, Player, Report, Round
from labeling.models.game import RoundState
from labeling.selectors.own_data import identities_of

CHUNK = 500
Record = dict[str, object]


def player_parts(player: Player, account: Record | None) -> Iterator[str]:
    """Pieces of a JSON text: the profile, then one list for each kind of row."""
    own = identities_of(player)
    yield "{\n" + f'"profile": {_dumps(_profile(player))},\n"account": {_dumps(account)}'
    for name, records in _lists(own).items():
        yield f',\n"{name}": ['
        for position, record in enumerate(records):
            yield (",\n  " if position else "\n  ") + _dumps(record)
        yield "\n]"
    yield "\n}\n"


def _dumps(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _lists(own: list[Player]) -> Mapping[str, Iterator[Record]]:
    return {
        "consents": _consents(own),
        "games": _games(own),
        "points": _points(own),
        "badges": _badges(own),
        "reports": _reports(own),
        "trust": _trust(own),
    }


def _profile(player: Player) -> Record:
    return {
        "nickname": player.nickname,
        "language": player.language,
        "since": player.created_at,
        "days_in_a_row": player.streak_days,
        "last_played_on": player.streak_on,
    }


def _consents(own: list[Player]) -> Iterator[Record]:
    for one in Consent.objects.filter(player__in=own).select_related("study").order_by("pk"):
        is_current = one.version == one.study.consent_version
        yield {
            "study": one.study.title,
            "version": one.version,
            "given_at": one.given_at,
            "text": one.study.consent_text if is_current else None,
        }


def _games(own: list[Player]) -> Iterator[Record]:
    games = Game.objects.filter(player__in=own).select_related("study").order_by("pk")
    rounds = games.prefetch_related("rounds__labels", "rounds__player")
    for game in rounds.iterator(CHUNK):
        yield {
            "study": game.study.title,
            "began": game.created_at,
            "ended": game.finished_at,
            "rounds": [_round(one) for one in game.rounds.all() if one.player in own],
        }


def _round(round_: Round) -> Record:
    shown: Record = {
        "number": round_.number,
        "began": round_.created_at,
        "state": round_.state,
        "steps_shown": round_.level + 1,
        "had_seen_the_picture": round_.familiar,
        "options": [name for _, name in round_.options],
    }
    if round_.state == RoundState.OPEN:
        return shown
    names = dict(round_.options)
    return shown | {
        "ended": round_.ended_at,
        "seconds": round_.seconds,
        "guess": names.get(round_.guess),
        "right": round_.correct,
        "skipped_because": round_.skip_reason or None,
        "compared_with_settled_labels": round_.gold,
        "agreed_with_settled_labels": round_.gold_hit,
        "labels": [
            {
                "typed": label.raw,
                "read_as": label.text,
                "language": label.language,
                "at": label.created_at,
                "confirmed_by": label.confirmed,
                "held_back": label.quarantined,
            }
            for label in round_.labels.all()
        ],
    }


def _points(own: list[Player]) -> Iterator[Record]:
    entries = LedgerEntry.objects.filter(player__in=own).select_related("study", "label").order_by("pk")
    for entry in entries.iterator(CHUNK):
        yield {
            "study": entry.study.title,
            "at": entry.created_at,
            "for": entry.kind,
            "label": entry.label.raw if entry.label else None,
            "points": entry.points,
        }


def _badges(own: list[Player]) -> Iterator[Record]:
    for badge in Badge.objects.filter(player__in=own).order_by("pk"):
        yield {"badge": badge.kind, "given_at": badge.given_at}


def _reports(own: list[Player]) -> Iterator[Record]:
    for report in Report.objects.filter(player__in=own).select_related("image__study").order_by("pk"):
        yield {"study": report.image.study.title, "reason": report.reason, "at": report.created_at}


def _trust(own: list[Player]) -> Iterator[Record]:
    for one in Conduct.objects.filter(player__in=own).select_related("study").order_by("pk"):
        yield {
            "study": one.study.title,
            "trust": one.trust,
            "held_back": one.quarantined,
            "judged_at": one.judged_at,
        }
