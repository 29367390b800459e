"""The shape of what administrators type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canbao.cases import correction
from canbao.cases import words as case_words
from canbao.kernel import clock
from canbao.kernel.actor import Role
from canbao.kernel.trust import WAIVABLE
from canbao.web.desk.frame import ROLES
from canbao.web.office import recorded, words
from canbao.web.theme.forms import DateParts, PlainForm

Choices = Iterable[tuple[Any, Any]]
_PACK_MEGABYTES: Final = 1


def _listed(found: Any) -> list[tuple[str, Any]]:
    return [(str(key), text) for key, text in found.items()]


class Dated(PlainForm):
    """A form with a day that is today unless somebody types another."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if isinstance(field, DateParts) and field.required and name not in self.initial:
                self.initial[name] = clock.today()


class Named(PlainForm):
    """A name."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=60)


class RegionForm(PlainForm):
    """A new township or village."""

    code = forms.CharField(
        label=_("Code"), max_length=12, help_text=_("12 digits, as the statistics bureau gives it")
    )
    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=60)


class MergeForm(Dated):
    """Into which region of the same level, and from when."""

    into = forms.ChoiceField(label=_("Merges into"))
    on = DateParts(label=pgettext_lazy("date", "From"))

    def __init__(self, *args: Any, choices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["into"].choices = list(choices)  # type: ignore[attr-defined]


class OfficeForm(PlainForm):
    """What is said of an office that is there."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=60)
    insurances = forms.MultipleChoiceField(
        label=_("Insurances it serves"),
        choices=_listed(words.INSURANCES),
        widget=forms.CheckboxSelectMultiple,
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    hours = forms.CharField(label=_("Opening hours"), max_length=80, required=False)


class NewOfficeForm(Dated, OfficeForm):
    """A new office."""

    kind = forms.ChoiceField(label=_("Kind"), choices=_listed(words.OFFICE_KINDS))
    region_code = forms.CharField(
        label=_("Code of the region it serves"), max_length=12, help_text=_("12 digits")
    )
    from_on = DateParts(label=_("Opens on"))


class AccountForm(PlainForm):
    """A bank account of an agency."""

    insurance = forms.ChoiceField(label=_("Insurance"))
    holder = forms.CharField(label=_("Account holder"), max_length=80)
    bank = forms.CharField(label=_("Bank"), max_length=80)
    number = forms.CharField(label=_("Account number"), max_length=40)

    def __init__(self, *args: Any, choices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["insurance"].choices = list(choices)  # type: ignore[attr-defined]


class DayForm(Dated):
    """One day."""

    on = DateParts(label=pgettext_lazy("date", "From"))


class OfficerForm(PlainForm):
    """A new officer."""

    name = forms.CharField(label=_("Name"), max_length=60)
    login = forms.CharField(
        label=_("Login name"),
        max_length=30,
        help_text=_("small letters and digits; it is never given to somebody else"),
    )
    phone = forms.CharField(label=_("Office phone"), max_length=40, required=False)


class PostingForm(Dated):
    """A posting."""

    office = forms.ChoiceField(label=_("Office"))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(str(role), text) for role, text in ROLES.items() if role is not Role.SYSTEM],
    )
    from_on = DateParts(label=pgettext_lazy("date", "From"))
    to_on = DateParts(label=_("Until"), required=False)
    stands_in_for = forms.CharField(
        label=_("Stands in for"),
        max_length=30,
        required=False,
        help_text=_("login of the colleague at the same office"),
    )

    def __init__(self, *args: Any, offices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["office"].choices = [(str(one), name) for one, name in offices]  # type: ignore[attr-defined]


class EndPostingForm(Dated):
    """Which posting ends, and when."""

    posting = forms.ChoiceField(label=_("Posting"))
    on = DateParts(label=_("Ends on"))

    def __init__(self, *args: Any, postings: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["posting"].choices = [(str(one), text) for one, text in postings]  # type: ignore[attr-defined]


class SealForm(Dated):
    """A new seal of an office."""

    kind = forms.ChoiceField(label=_("Kind"), choices=_listed(words.SEAL_KINDS))
    name = forms.CharField(label=_("Name on the arc"), max_length=80)
    purpose = forms.CharField(label=_("Purpose below"), max_length=40, required=False)
    from_on = DateParts(label=pgettext_lazy("date", "From"))


class CustodyForm(Dated):
    """To whom a seal goes, from when, until when, and instead of whom."""

    officer = forms.ChoiceField(label=_("Officer"))
    from_on = DateParts(label=pgettext_lazy("date", "From"))
    to_on = DateParts(label=_("Until"), required=False)
    instead_of = forms.ChoiceField(label=_("Taken from"), required=False)

    def __init__(self, *args: Any, officers: Choices, holders: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["officer"].choices = [(str(one), name) for one, name in officers]  # type: ignore[attr-defined]
        nobody = [("", _("nobody: both hold it"))]
        held = [(str(one), name) for one, name in holders]
        self.fields["instead_of"].choices = [*nobody, *held]  # type: ignore[attr-defined]


class EndCustodyForm(Dated):
    """Who gives a seal back, and when."""

    custody = forms.ChoiceField(label=_("Officer"))
    on = DateParts(label=_("Given back on"))

    def __init__(self, *args: Any, custody: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["custody"].choices = [(str(one), name) for one, name in custody]  # type: ignore[attr-defined]


class WaiverForm(Dated):
    """A named exception."""

    login = forms.CharField(label=_("Login name of the officer"), max_length=30)
    rule = forms.ChoiceField(label=_("Rule"), choices=[(one, words.RULES[one]) for one in WAIVABLE])
    reason = forms.CharField(label=_("Why"), max_length=200)
    from_on = DateParts(label=pgettext_lazy("date", "From"))
    to_on = DateParts(label=_("Until"))


class PackForm(PlainForm):
    """A pack or flow as a file or pasted."""

    file = forms.FileField(label=_("Pack or flow, a TOML file"), required=False)
    name = forms.CharField(label=_("File name, where it is pasted"), max_length=80, required=False)
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        strip=False,
        max_length=_PACK_MEGABYTES * 1_000_000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("file") and not cleaned.get("text"):
            self.add_error("file", _("Choose a file, or paste the text below."))
        return cleaned


class RecordForm(PlainForm):
    """What is looked for in the record."""

    case = forms.CharField(label=_("Case number"), max_length=24, required=False)
    login = forms.CharField(label=_("Login name"), max_length=30, required=False)
    event = forms.ChoiceField(label=_("What happened"), required=False)
    from_on = forms.DateField(label=_("From day"), required=False)
    to_on = forms.DateField(label=_("To day"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        listed = sorted(
            ((key, str(text)) for key, text in recorded.EVENTS.items()), key=lambda one: one[1]
        )
        self.fields["event"].choices = [("", _("anything")), *listed]  # type: ignore[attr-defined]
        for name in ("from_on", "to_on"):
            self.fields[name].error_messages["invalid"] = str(
                _("This is no day. Write it like 2026-11-20.")
            )


class PasswordForm(PlainForm):
    """The own password."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=200,
        help_text=_("10 characters or more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password once more"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Typed twice alike."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("new") and cleaned.get("new") != cleaned.get("again"):
            self.add_error("again", _("The two differ. Type the new password twice."))
        return cleaned


class OnePersonForm(PlainForm):
    """Which of two rows stays, and how one knows that they are one person."""

    kept = forms.ChoiceField(label=_("Which row stays"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("How one knows"), max_length=200)

    def __init__(self, *args: Any, rows: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kept"].choices = rows  # type: ignore[attr-defined]


class ReasonForm(PlainForm):
    """How one knows."""

    reason = forms.CharField(label=_("How one knows"), max_length=200)


class CorrectionForm(PlainForm):
    """A typing error: which field, what is right, and how one knows."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    field = forms.ChoiceField(
        label=_("Which field"),
        choices=[(one, case_words.FIELDS[one]) for one in correction.FIELDS],
    )
    new = forms.CharField(
        label=_("What is right"),
        max_length=200,
        required=False,
        help_text=_("as it stands on the paper; a date like 1970-01-31"),
    )
    reason = forms.CharField(label=_("How one knows"), max_length=200)
