from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from analysis.labels.entry import EntryError, check_entry
from labeling.models import Round
from labeling.models.game import SkipReason
from labeling.services.answers import Answer

MOST_LABELS = 3
MOST_CHARACTERS = 300  # of one input, before anything is computed from it
CANNOT_TELL = "none"


class LabelsField(forms.Field):
    """One to three labels: several inputs of one name, or one input with commas.

    Kept as they look: in compatible characters, one space apart, without what cannot be seen.
    """

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> tuple[str, ...]:
        bounded = [text[:MOST_CHARACTERS] for text in (value or [])[: MOST_LABELS + 1]]
        typed = [_visible(part) for text in bounded for part in normalize("NFKC", text).split(",")]
        return tuple(dict.fromkeys(part for part in typed if part))


def _visible(text: str) -> str:
    shown = (character for character in text if character.isprintable() or character.isspace())
    return " ".join("".join(shown).split())


class AnswerForm(forms.Form):
    labels = LabelsField(
        error_messages={
            "required": "Say in a word or two what you see. Anything counts: a colour, a shape, a part."
        }
    )
    guess = forms.ChoiceField(
        error_messages={"required": "Choose what the whole picture may be, or “I can’t tell”."}
    )

    def __init__(self, data: QueryDict | None = None, *, round_: Round) -> None:
        super().__init__(data)
        self.options: list[tuple[int, str]] = [(index, name) for index, name in round_.options]
        guess = self.fields["guess"]
        assert isinstance(guess, forms.ChoiceField)
        guess.required = not round_.familiar
        guess.choices = [(str(index), name) for index, name in self.options] + [(CANNOT_TELL, "I can’t tell")]

    def clean_labels(self) -> tuple[str, ...]:
        labels: tuple[str, ...] = self.cleaned_data["labels"]
        if len(labels) > MOST_LABELS:
            raise ValidationError(f"Three are enough: keep the {MOST_LABELS} that fit best.")
        for label in labels:
            try:
                check_entry(label, [name for _, name in self.options])
            except EntryError as error:
                raise ValidationError(str(error), code=error.code) from error
        return labels

    def clean_guess(self) -> int | None:
        guess: str = self.cleaned_data["guess"]
        return None if guess in {CANNOT_TELL, ""} else int(guess)

    def typed(self) -> tuple[str, ...]:
        """The labels as they arrived, to be shown again beside what is wrong with them."""
        field = self["labels"]
        return LabelsField().to_python(field.data)

    def answer(self) -> Answer:
        return Answer(self.cleaned_data["labels"], self.cleaned_data["guess"])


class MoreForm(forms.Form):
    to_level = forms.IntegerField(min_value=1, max_value=5)


class SkipForm(forms.Form):
    reason = forms.ChoiceField(choices=SkipReason.choices)

    def clean_reason(self) -> SkipReason:
        return SkipReason(self.cleaned_data["reason"])
