"""A study's form, with the photographs that it takes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from analysis.networks.errors import suggestion
from analysis.networks.photos import MAX_BYTES
from labeling.models import Network, Study


class PhotographsWidget(UnfoldAdminFileFieldWidget):
    allow_multiple_selected = True


class PhotographsField(forms.FileField):
    """Any number of files. What is in them is verified by the worker that prepares them."""

    widget = PhotographsWidget(attrs={"multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        files = data if isinstance(data, list | tuple) else [data]
        cleaned = [super(PhotographsField, self).clean(file, initial) for file in files if file]
        for file in cleaned:
            if file.size > MAX_BYTES:
                raise ValidationError(f"{file.name} has more than {MAX_BYTES // 2**20} MB. Scale it down.")
        return cleaned


class StudyForm(forms.ModelForm[Study]):
    photographs = PhotographsField(
        required=False, help_text="JPEG, PNG, WebP, GIF, TIFF or BMP; choose as many as you like."
    )
    photographs_class = forms.CharField(
        required=False,
        label="Their true class",
        widget=UnfoldAdminTextInputWidget,
        help_text="One class name of the network for all of them; empty: guesses are judged by its answers.",
    )

    def clean(self) -> dict[str, Any] | None:
        """Refuse a true class that the network, once it has been loaded, does not tell apart, and agreement
        that could retire a region only after its last place."""
        cleaned = super().clean() or self.cleaned_data
        most = cleaned.get("max_labellings", self.instance.max_labellings)
        if (fewest := cleaned.get("min_labellings")) and most and fewest > most:
            self.add_error("min_labellings", f"A region has {most} places: choose {most} or less.")
        network: Network | None = cleaned.get("network") or getattr(self.instance, "network", None)
        name, known = cleaned.get("photographs_class"), network.class_names if network else []
        if name and known and name not in known:
            self.add_error("photographs_class", f"{network} has no class {name}.{suggestion(name, known)}")
        return cleaned

    class Meta:
        model = Study
        fields = "__all__"  # noqa: DJ007 (the admin class decides which of them are shown)
