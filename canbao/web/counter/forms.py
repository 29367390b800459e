"""The shape of what is typed at the counter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from canbao.payments.banking import lines
from canbao.web.counter import words
from canbao.web.office.forms import Dated
from canbao.web.theme.forms import DateParts, FenField, PlainForm, word

_MOST_FEN = 10**12
_MOST_NUMBER = 9_999_999  # seven digits, as they are printed

Choices = Iterable[tuple[Any, Any]]


class Choosing(PlainForm):
    """A form whose first field offers what the page gives it."""

    chooses = ""

    def __init__(self, *args: Any, choices: Choices = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields[self.chooses]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


class SheetForm(PlainForm):
    """A sheet that will be no receipt."""

    number = forms.IntegerField(
        label=_("Receipt number"), min_value=1, max_value=_MOST_NUMBER, widget=forms.TextInput
    )
    why = forms.ChoiceField(
        label=_("What happened to it"), widget=forms.RadioSelect,
        choices=[("spoilt", _("Spoilt, all sheets are here")), ("lost", _("Lost, with a statement"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=200)


class Reason(PlainForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class Counted(PlainForm):
    """Cash counted together."""

    counted = FenField(label=_("Counted together"))


class PayInForm(Choosing, Dated):
    """Cash paid in at the bank."""

    chooses = "account"
    account = forms.ChoiceField(label=_("Account"))
    slip_number = forms.CharField(label=_("Number of the deposit slip"), max_length=40)
    amount = FenField(label=_("Amount"))
    paid_in_on = DateParts(label=_("Paid in on"))


class BlockForm(Choosing):
    """A run of receipt numbers for a collector."""

    chooses = "holder"
    holder = forms.ChoiceField(label=_("Collector"))
    label = forms.CharField(label=_("Name of the block"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(words.KINDS.items()))
    first = forms.IntegerField(
        label=_("First number"), min_value=1, max_value=_MOST_NUMBER, widget=forms.TextInput
    )
    last = forms.IntegerField(
        label=_("Last number"), min_value=1, max_value=_MOST_NUMBER, widget=forms.TextInput
    )


class SignedFen(FenField):
    """An amount with a minus in front where the bank paid it out."""

    def to_python(self, value: str | None) -> int | None:
        """Read -440 as 44000 fen that went out."""
        fen = lines.signed_fen(value or "")
        return super().to_python(value) if fen is None else fen


class LineForm(Choosing, Dated):
    """One line of the bank."""

    chooses = "account"
    account = forms.ChoiceField(label=_("Account"))
    reference = forms.CharField(label=_("Number at the bank"), max_length=lines.LONGEST_REFERENCE)
    amount = SignedFen(label=_("Amount"), help_text=_("What went out has a minus in front: -440."))
    booked_on = DateParts(label=_("Day"))
    text = forms.CharField(label=_("The bank's words"), max_length=120, required=False)


class PasteForm(Choosing):
    """A table pasted from the bank."""

    chooses = "account"
    account = forms.ChoiceField(label=_("Account"))
    table = forms.CharField(
        label=_("Lines"), max_length=100_000, widget=forms.Textarea,
        help_text=_("A line each: day, amount, number at the bank, the bank's words. What went out has a minus"
                    " in front. Write amounts without thousands separators where columns stand apart by commas."),
    )  # fmt: skip

    def clean_table(self) -> list[lines.Line]:
        """The lines; every row that is not plainly read is named."""
        found, faults = lines.read_pasted(self.cleaned_data["table"])
        if faults:
            raise forms.ValidationError([_fault(one) for one in faults[:20]])
        if not found:
            raise forms.ValidationError(_("There is no line in it."))
        return found


_FAULTS = {
    "columns": _("Row %(row)s: day, amount and number are needed."),
    "day": _("Row %(row)s: the day is not plain. Write it as 2026-11-25."),
    "amount": _("Row %(row)s: the amount is not plain. Write it as 1270 or 1270.50."),
    "reference": _("Row %(row)s: the number at the bank is missing or longer than 40 signs."),
    "twice": _("Row %(row)s: this number at the bank stands in an earlier row too."),
}


def _fault(one: lines.Fault) -> str:
    return str(_FAULTS[one.code]) % {"row": one.row}


class NeverLeft(Choosing):
    """A refund said to be paid that never left the bank, and how that was found."""

    chooses = "payout"
    payout = forms.ChoiceField(label=_("Refund"))
    reason = forms.CharField(label=_("How this was found"), max_length=200)


class MatchForm(PlainForm):
    """Which deposit or refund each line of the bank is; a field a line."""

    def __init__(
        self, *args: Any, offered: Sequence[tuple[UUID, str, Sequence[tuple[str, str]]]] = (), **options: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        for line, label, choices in offered:
            field = forms.ChoiceField(
                label=label, choices=[("", _("Not now")), *choices], required=False
            )
            word(field, label)
            self.fields[f"line_{line.hex}"] = field


class CloseDayForm(Choosing, Dated):
    """The last day to close."""

    chooses = "insurance"
    insurance = forms.ChoiceField(label=_("Insurance"))
    day = DateParts(label=_("Up to and with"))


class PriceForm(PlainForm):
    """The sums that were shown, so that nothing else is done than what was read."""

    own_fen = forms.IntegerField(
        label=_("Own share"), min_value=0, max_value=_MOST_FEN, widget=forms.HiddenInput
    )
    too_much_fen = forms.IntegerField(
        label=_("Paid too much"), min_value=0, max_value=_MOST_FEN, widget=forms.HiddenInput
    )


class FindingForm(PlainForm):
    """What was found out about a denial."""

    finding = forms.CharField(label=_("What was found out"), max_length=200)
