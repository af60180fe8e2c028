import re
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from labeling.models import Player, Study
from labeling.selectors.nicknames import is_taken

FEWEST, MOST = 3, 24  # characters of a nickname
LINKED = re.compile(r"\b(https?|www|com|net|org)\b", re.IGNORECASE)


class NicknameForm(forms.Form):
    nickname = forms.CharField(
        label=gettext_lazy("Nickname"),
        max_length=200,
        help_text=gettext_lazy("3 to 24 letters, digits and spaces. Everybody can see it."),
        error_messages={"required": gettext_lazy("Write a nickname.")},
        widget=forms.TextInput({"class": "field", "autocomplete": "nickname", "spellcheck": "false"}),
    )

    def __init__(self, data: QueryDict | None = None, *, player: Player) -> None:
        super().__init__(data, initial={"nickname": player.nickname})
        self.player = player

    def clean_nickname(self) -> str:
        from analysis.crowd.profanity import is_profane  # loads lists that no other page needs

        nickname = " ".join(normalize("NFKC", self.cleaned_data["nickname"]).split())
        if not FEWEST <= len(nickname) <= MOST:
            raise ValidationError(
                _("Use %(fewest)s to %(most)s characters."), params={"fewest": FEWEST, "most": MOST}
            )
        if not all(character.isalnum() or character == " " for character in nickname):
            raise ValidationError(_("Use letters, digits and spaces only."))
        if not any(character.isalpha() for character in nickname):
            raise ValidationError(_("Use at least one letter."))
        if LINKED.search(nickname):
            raise ValidationError(_("Leave out links and addresses."))
        if is_profane(nickname):
            raise ValidationError(_("Choose a nickname that nobody minds reading."))
        if is_taken(nickname, self.player):
            raise self.taken()
        return nickname

    def taken(self) -> ValidationError:
        return ValidationError(_("Somebody else has this nickname. Choose another one."))


class WithdrawalForm(forms.Form):
    study = forms.ModelChoiceField(Study.objects.none(), to_field_name="slug")
    sure = forms.BooleanField(
        error_messages={"required": gettext_lazy("Tick the box first: this cannot be undone.")}
    )

    def __init__(self, data: QueryDict | None = None, *, studies: QuerySet[Study]) -> None:
        super().__init__(data)
        field = self.fields["study"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = studies


class DeletionForm(forms.Form):
    sure = forms.BooleanField(
        error_messages={"required": gettext_lazy("Tick the box first: this cannot be undone.")}
    )
