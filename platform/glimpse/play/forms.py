from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analysis.labels.entry import MAX_CHARACTERS, MAX_WORDS, EntryError, EntryFault, check_entry
from analysis.labels.normal_form import normalise
from labeling.models import Round
from labeling.models.game import ReportReason, SkipReason
from labeling.services.agreements import meaning_key
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
            "required": gettext_lazy(
                "Say in a word or two what you see. Anything counts: a colour, a shape, a part."
            )
        }
    )
    guess = forms.ChoiceField(
        error_messages={"required": gettext_lazy("Choose what the whole picture may be, or “I can’t tell”.")}
    )
    seconds = forms.FloatField(required=False, min_value=0, max_value=86_400)

    def __init__(self, data: QueryDict | None = None, *, round_: Round) -> None:
        super().__init__(data)
        self.round = round_
        self.options: list[tuple[int, str]] = [(index, name) for index, name in round_.options]
        guess = self.fields["guess"]
        assert isinstance(guess, forms.ChoiceField)
        guess.required = not round_.familiar
        guess.choices = [(str(index), name) for index, name in self.options] + [
            (CANNOT_TELL, _("I can’t tell"))
        ]

    def clean_labels(self) -> tuple[str, ...]:
        labels: tuple[str, ...] = self.cleaned_data["labels"]
        if len(labels) > MOST_LABELS:
            raise ValidationError(_("Three are enough: keep the ones that fit best."))
        for label in labels:
            if problem := refusal(self.round, label):
                raise ValidationError(problem)
        return labels

    def clean_guess(self) -> int | None:
        guess: str = self.cleaned_data["guess"]
        return None if guess in {CANNOT_TELL, ""} else int(guess)

    def typed(self) -> tuple[str, ...]:
        """The labels as they arrived, to be shown again beside what is wrong with them."""
        field = self["labels"]
        return LabelsField().to_python(field.data)

    def answer(self) -> Answer:
        return Answer(
            self.cleaned_data["labels"], self.cleaned_data["guess"], self.cleaned_data.get("seconds")
        )


def refusal(round_: Round, label: str) -> str | None:
    """A sentence that says what to do where a label will not do; the same whichever option is right."""
    try:
        check_entry(label, [name for _, name in round_.options], language=round_.player.language)
    except EntryError as error:
        return _sentence(error)
    if round_.game.study.settled_taboo and not round_.gold and _is_settled(round_, label):
        return _("“%(label)s” is well known here already. What else do you see?") % {"label": label}
    return None


def _is_settled(round_: Round, label: str) -> bool:
    key = meaning_key(normalise(label))
    return any(key == meaning_key(text) for text in round_.region.settled)


def _sentence(error: EntryError) -> str:
    sentences = {
        EntryFault.EMPTY: _("Add a word that says what you see."),
        EntryFault.TOO_LONG: _("That is too long. Use at most %(most)s characters.")
        % {"most": MAX_CHARACTERS},
        EntryFault.LINK: _("Leave out links and addresses. Describe what you see in words."),
        EntryFault.NO_LETTER: _("Use letters: say in a word or two what you see."),
        EntryFault.TOO_MANY_WORDS: _("Use at most %(most)s words for one feature.") % {"most": MAX_WORDS},
        EntryFault.TABOO: _(
            "“%(name)s” is one of the answers. Describe what you see without naming an answer."
        )
        % {"name": error.name},
    }
    return sentences[error.code]


class MoreForm(forms.Form):
    to_level = forms.IntegerField(min_value=1, max_value=5)


class SkipForm(forms.Form):
    reason = forms.ChoiceField(choices=SkipReason.choices)

    def clean_reason(self) -> SkipReason:
        return SkipReason(self.cleaned_data["reason"])


class ReportForm(forms.Form):
    reason = forms.ChoiceField(choices=ReportReason.choices)

    def clean_reason(self) -> ReportReason:
        return ReportReason(self.cleaned_data["reason"])
