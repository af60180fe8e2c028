"""A label's way from what was typed to its group, in words."""

from analysis.labels.correction import Correction
from analysis.labels.scopes import Scope


def way_of(text: str, scope: Scope) -> str:
    """What each step made of a text of the scope, one line a step.

    Raises:
        KeyError: the scope does not have the text.
    """
    reading = scope.readings[text]
    group = next(group for group in scope.groups if any(form == reading.form for form, _ in group.members))
    others = [f"{form} ({count})" for form, count in group.members if form != reading.form]
    steps = [
        ("typed", f"{text!r} by {scope.people[text]}"),
        ("plain text", reading.plain),
        ("language", reading.language),
        *(("spelling", _changed(one)) for one in reading.spelling),
        *([("translated", reading.translated)] if reading.translated != reading.spelt else []),
        ("phrase", reading.phrase or f"nothing is left; it stays {reading.form!r}"),
        ("group", group.name),
        ("with", ", ".join(others) or "nothing else"),
    ]
    return "\n".join([f"scope {scope.name}", *(f"  {step:<12} {found}" for step, found in steps)])


def _changed(one: Correction) -> str:
    people = f"which {one.support} used" if one.support else "which a dictionary has and nobody used"
    return f"{one.word!r} is {one.meant!r}, {people}"
