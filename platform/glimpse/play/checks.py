"""What to say of a label while it is being typed. It tells nothing that the page does not: what is refused
depends on the options on offer and, where the study asks for fresh labels, on what is settled; suggestions
come from a dictionary, never from what other people said."""

from analysis.labels.entry import EntryError, check_entry
from analysis.labels.plain_text import plain_text
from analysis.labels.spelling import suggestion
from glimpse.play.forms import MOST_CHARACTERS, refusal
from labeling.models import Round

Check = dict[str, str | None]


def check_label(round_: Round, typed: str, language: str) -> Check:
    """`problem` is a sentence, `suggestion` the whole label with unknown words put right; None where none."""
    label = typed[:MOST_CHARACTERS].strip()
    if not label:
        return {"problem": None, "suggestion": None}
    problem = refusal(round_, label)
    return {"problem": problem, "suggestion": None if problem else _meant(round_, label, language)}


def _meant(round_: Round, label: str, language: str) -> str | None:
    names = [name for _, name in round_.options]
    meant = suggestion(plain_text(label), language, known=" ".join(names).split())
    if meant is None:
        return None
    try:
        check_entry(meant, names, language=language)
    except EntryError:
        return None
    return meant
