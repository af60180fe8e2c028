"""From all work of a study to what is known of each player and of single labels."""

from collections.abc import Collection, Mapping

import numpy as np

from analysis.crowd.agreement import agreement_signals
from analysis.crowd.cliques import clique_signals
from analysis.crowd.crowd import Crowd, gathered
from analysis.crowd.gibberish import gibberish_signals, unknown_labels
from analysis.crowd.independence import confirmed, heard
from analysis.crowd.profanity import profane_labels, profanity_signals
from analysis.crowd.records import Flags, Judgement, Kind, Numbers, PlayerConduct, Signal, Work
from analysis.crowd.repetition import repetition_signals
from analysis.crowd.spam import spam_labels, spam_signals
from analysis.crowd.speed import speed_signals
from analysis.crowd.trust import trust_of
from analysis.crowd.words import vocabulary_of

FEWEST_ANSWERS = 5
SUFFICIENT = 2
PASSES = 4

Signals = Mapping[Kind, Mapping[int, Signal]]


def judge(
    work: Work,
    *,
    known: Collection[str] = (),
    trusted: Collection[int] = (),
    held: Collection[int] = (),
) -> Judgement:
    """Judge every player by signals kept apart, and single labels by what they say.

    A player is suspect where the weights of the signals found add up to 2: repetition, gibberish, spam,
    agreement far below what is expected, and clique agreement suffice alone; speed, profanity and low
    agreement need one another. With fewer than five answers there is no verdict and there are no signals.

    Suspect players confirm nobody. As that may make others suspect, the verdicts are found again until they
    stay, four times at most.

    Args:
        known: words that are right whatever the dictionaries say: those of class names.
        trusted: ids of players that a researcher trusts: their word counts.
        held: ids of players that a researcher holds: their word does not count.
    """
    vocabulary = vocabulary_of(work.forms, np.bincount(work.texts, minlength=len(work.forms)))
    crowd = gathered(work, vocabulary)
    spam, profane = spam_labels(work, crowd, known), profane_labels(work, known)
    lasting = {
        Kind.SPEED: speed_signals(work, crowd),
        Kind.REPETITION: repetition_signals(crowd, vocabulary.names),
        Kind.PROFANITY: profanity_signals(work, crowd, profane),
        Kind.SPAM: spam_signals(work, crowd, spam),
        Kind.CLIQUE: clique_signals(crowd),
    }
    unknown = unknown_labels(work, known, vocabulary.said)
    always, never = np.isin(crowd.ids, list(trusted)), np.isin(crowd.ids, list(held))
    suspect = np.zeros(crowd.size, np.bool_)
    for _ in range(PASSES):
        credible = (~suspect | always) & ~never
        gibberish = unknown & ~confirmed(crowd, credible)
        signals = lasting | {
            Kind.GIBBERISH: gibberish_signals(work, crowd, gibberish),
            Kind.AGREEMENT: agreement_signals(crowd, credible, heard(crowd, credible)),
        }
        before, suspect = suspect, _suspects(crowd, signals)
        if np.array_equal(before, suspect):
            break
    trust = trust_of(work, crowd, (~suspect | always) & ~never)
    labels = {Kind.GIBBERISH: gibberish, Kind.PROFANITY: profane, Kind.SPAM: spam}
    return Judgement(_conducts(crowd, signals, suspect, trust), _reasons(labels))


def _suspects(crowd: Crowd, signals: Signals) -> Flags:
    """(P,) players whose signals add up, among those with enough answers."""
    weights = np.zeros(crowd.size, np.int64)
    for own in signals.values():
        for player, signal in own.items():
            weights[player] += signal.weight
    return (weights >= SUFFICIENT) & _answered_enough(crowd)


def _answered_enough(crowd: Crowd) -> Flags:
    return np.bincount(crowd.players, minlength=crowd.size) >= FEWEST_ANSWERS


def _conducts(crowd: Crowd, signals: Signals, suspect: Flags, trust: Numbers) -> tuple[PlayerConduct, ...]:
    enough = _answered_enough(crowd)
    return tuple(
        PlayerConduct(
            player=player,
            trust=float(trust[code]),
            signals={kind: own[code] for kind, own in signals.items() if enough[code] and code in own},
            suspect=bool(suspect[code]),
        )
        for code, player in enumerate(crowd.ids.tolist())
    )


def _reasons(marked: Mapping[Kind, Flags]) -> dict[int, tuple[Kind, ...]]:
    """By row of a label, what it is held for; only labels that are."""
    reasons: dict[int, tuple[Kind, ...]] = {}
    for kind, flags in marked.items():
        for label in np.flatnonzero(flags).tolist():
            reasons[label] = (*reasons.get(label, ()), kind)
    return reasons
