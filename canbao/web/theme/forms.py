"""Form fields that the theme's pieces need: a date in three parts, money in fen, choices with prices."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.kernel import money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django_stubs_ext import StrOrPromise

_WIDE: Final = str.maketrans("０１２３４５６７８９", "0123456789")


@dataclass(frozen=True, slots=True)
class Option:
    """The label of a choice that says more than its name: hint, price at the right, a remark.

    A disabled one stays visible, and its hint says why it cannot be chosen.
    """

    text: StrOrPromise
    hint: StrOrPromise = ""
    price: StrOrPromise = ""
    remark: StrOrPromise = ""
    disabled: bool = False

    def __str__(self) -> str:
        return str(self.text)


class PlainForm(forms.Form):
    """A form whose refusals name the field and say what to do; the base of every page's form."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            word(field, str(field.label or name))

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, value in self.cleaned_data.items():
            secret = isinstance(self.fields[name].widget, forms.PasswordInput)
            if isinstance(value, str) and not secret:
                self.cleaned_data[name] = legible(value)


def word(field: forms.Field, label: str) -> None:
    """Give a field its refusals in words, with its name; for one that a form adds later, too."""
    several = isinstance(field, forms.ChoiceField)
    empty = (
        gettext("Nothing is chosen at “%(label)s”. Please choose.")
        if several
        else gettext("“%(label)s” is empty. Please fill it in.")
    )
    field.error_messages["required"] = empty % {"label": label}
    # Whoever refuses fills these in once more.
    facts = {"label": label.replace("%", "%%"), "limit": "%(limit_value)s"}
    if "invalid_choice" in field.error_messages:
        field.error_messages["invalid_choice"] = (
            gettext("What was chosen at “%(label)s” is not offered here. Please choose again.")
            % facts
        )
    limits = {
        "max_length": gettext("“%(label)s” is too long: at most %(limit)s characters."),
        "max_value": gettext("“%(label)s” is too large: at most %(limit)s."),
        "min_value": gettext("“%(label)s” is too small: at least %(limit)s."),
    }
    for code, sentence in limits.items():
        field.error_messages.setdefault(code, sentence % facts)
    field.error_messages.setdefault(
        "null_characters_not_allowed",
        gettext("“%(label)s” holds a sign that cannot be written. Type it again.") % facts,
    )


def legible(text: str) -> str:
    """Text without signs that nobody sees and no form prints; what joins letters stays."""
    return "".join(
        one
        for one in text
        if one in "\n\t\u200c\u200d" or unicodedata.category(one) not in {"Cc", "Cf"}
    )


class DatePartsWidget(forms.MultiWidget):
    """Year, month and day as three number boxes, named `<name>_year`, `_month`, `_day`."""

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        parts: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput() for name in ("year", "month", "day")
        }
        super().__init__(parts, dict(attrs) if attrs else None)

    def decompress(self, value: date | None) -> list[str]:
        """Take a date apart for its three boxes."""
        return [str(value.year), str(value.month), str(value.day)] if value else ["", "", ""]


class DateParts(forms.MultiValueField):
    """A business date typed in three boxes; full-width figures are understood."""

    widget = DatePartsWidget

    def __init__(self, **options: Any) -> None:
        parts = tuple(forms.CharField(max_length=4, required=False) for _part in range(3))
        super().__init__(parts, require_all_fields=False, **options)

    def compress(self, data_list: Sequence[str]) -> date | None:
        """Put the three boxes together; refuse what is no day of the calendar."""
        if not any(data_list):
            return None
        try:
            year, month, day = (int(str(part).translate(_WIDE)) for part in data_list)
            return date(year, month, day)
        except ValueError as error:
            raise ValidationError(
                _("This date does not exist. Type year, month and day in figures."),
                code="date_not_real",
            ) from error


class FenField(forms.Field):
    """An amount typed in yuan, given to the page as whole fen; never through a float."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Mark the box as money, for the piece that draws it."""
        return {**super().widget_attrs(widget), "inputmode": "decimal", "data-kind": "money"}

    def to_python(self, value: str | None) -> int | None:
        """Read 1,270 or 1270.00 as 127000 fen; refuse more than two places."""
        if not (value or "").strip():
            return None
        fen = money.read(value or "")
        if fen is None:
            raise ValidationError(
                _("This is not an amount. Type it in figures, for example 440 or 440.50."),
                code="not_an_amount",
            )
        return fen

    def prepare_value(self, value: object) -> object:
        """Show fen as yuan again."""
        return money.in_yuan(value) if isinstance(value, int) else value
