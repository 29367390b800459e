"""The shapes of what residents type; rules are asked elsewhere."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canbao.kernel import refusals
from canbao.kernel.refusal import Refused
from canbao.people import codes, names, numbers
from canbao.policy.rules.resolved import Rules
from canbao.policy.words import in_language
from canbao.web.portal import judging
from canbao.web.portal.basket import Person
from canbao.web.theme.forms import DateParts, Option, PlainForm

INSURANCES: Final = [
    ("390", Option(_("Medical insurance"), _("For the hospital and medicine; the whole family"))),
    ("170", Option(_("Pension"), _("For old age; from 16, without an employees' pension"))),
]
RESIDENCIES: Final = [
    ("rural", Option(_("Rural household"), _("As it says on the household booklet"))),
    ("urban", Option(_("Urban household"))),
    ("unified", Option(_("Resident household"), _("Newer booklets do not say rural or urban"))),
    ("permit", Option(_("Registered elsewhere, residence permit of this county"))),
    ("elsewhere", Option(_("Registered elsewhere, no residence permit"))),
]
STUDENTS: Final = [
    ("none", _("Not at school")),
    ("kindergarten", _("Kindergarten")),
    ("school", _("Primary, middle or vocational school")),
    ("university", _("University or college")),
]
OTHERS: Final = [
    ("employees_medical", _("Employees' medical insurance")),
    ("residents_elsewhere", _("Residents' insurance in another place")),
    ("employees_pension", _("Employees' pension")),
    ("civil_service_pension", _("Civil service pension")),
]
SIGNERS: Final = [
    ("parent", _("Father or mother")),
    ("guardian", Option(_("Somebody else"), _("With proof, for example from the village"))),
]
# Words people use at the door first; the whole table follows.
_USUAL: Final = ("02", "10", "20", "30", "38", "28", "51", "52", "41", "42", "43", "44")
_LONGEST_NAME: Final = 200


class PhoneForm(PlainForm):
    """A mobile number."""

    phone = forms.CharField(
        label=_("What is your mobile number?"),
        help_text=_("We send a code to it by text message. It is free."),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )


class CodeForm(PlainForm):
    """The code of the message."""

    code = forms.CharField(
        label=_("Which code is in the message?"),
        help_text=_("Six digits, good for 10 minutes."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class ElsewhereForm(PlainForm):
    """The number of somebody elsewhere in the county for whom one pays."""

    number = forms.CharField(
        label=_("ID card number"),
        help_text=_("All 18 places, for example of your parents"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class StartForm(PlainForm):
    """Which insurance."""

    insurance = forms.ChoiceField(
        label=_("Which insurance do you apply for?"), choices=INSURANCES, widget=forms.RadioSelect
    )


class WhoForm(PlainForm):
    """Name, document and number of one person."""

    name = forms.CharField(
        label=_("Name"), help_text=_("As on the ID card"), max_length=_LONGEST_NAME, strip=False
    )
    relation = forms.ChoiceField(
        label=_("What is this person to the head of the household?"),
        help_text=_("The first page of the household booklet says it"),
    )
    kind = forms.ChoiceField(label=_("Document"), initial="id_card")
    number = forms.CharField(
        label=_("Number of the document"), max_length=_LONGEST_NAME, strip=False
    )

    def __init__(
        self, data: Any = None, *, kept: str = "", on: datetime.date, county: str, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.kept, self.on, self.county = kept, on, county
        self.only_number_wrong = False
        relations = {code: label for code, label in codes.RELATION.choices() if code != "01"}
        usual = [(code, relations.pop(code)) for code in _USUAL]
        self.fields["relation"].choices = [  # type: ignore[attr-defined]
            ("", _("Please choose")), *usual, *relations.items()
        ]  # fmt: skip
        self.fields["kind"].choices = numbers.KINDS.choices()  # type: ignore[attr-defined]
        self.fields["number"].required = not kept
        self.fields["number"].help_text = (
            _("%(number)s is kept. Leave this empty to keep it.") % {"number": numbers.mask(kept)}
            if kept
            else _("On an ID card it has 18 characters, the last may be X.")
        )

    def clean_name(self) -> str:
        """The name in its one written form."""
        try:
            return names.read(self.cleaned_data["name"])
        except Refused as refused:
            raise forms.ValidationError(refusals.said(refused)) from refused

    def clean(self) -> dict[str, Any]:
        """The number belongs to its kind of document."""
        said = super().clean() or {}
        kind = said.get("kind")
        typed = said.get("number") or ""
        if kind and "number" not in self.errors and (typed.strip() or not self.kept):
            fault = judging.number_fault(kind, typed, self.on, self.county)
            if fault:
                self.add_error("number", fault)
                self.only_number_wrong = set(self.errors) == {"number"} and bool(typed.strip())
        return said


class HomeForm(PlainForm):
    """Where a person belongs and lives."""

    village = forms.ChoiceField(label=_("Village of the household booklet"))
    address = forms.CharField(
        label=_("Address in the household booklet"), help_text=_("As on its first page"),
        max_length=150,
    )  # fmt: skip
    household_number = forms.CharField(
        label=_("Number of the household booklet"), max_length=40, required=False
    )
    residency = forms.ChoiceField(
        label=_("What kind of household is it?"), choices=RESIDENCIES, widget=forms.RadioSelect
    )
    living_address = forms.CharField(
        label=_("Address where this person lives, if it is another"), max_length=150, required=False
    )

    def __init__(
        self, data: Any = None, *, villages: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.fields["village"].choices = [("", _("Please choose")), *villages]  # type: ignore[attr-defined]


class MoreForm(PlainForm):
    """What the rules ask of a person besides."""

    sex = forms.ChoiceField(
        label=_("Sex"), choices=[("1", _("Male")), ("2", _("Female"))], widget=forms.RadioSelect
    )
    birth_on = DateParts(label=_("Date of birth"))
    ethnic = forms.ChoiceField(label=_("Ethnic group"), initial="01")
    student = forms.ChoiceField(
        label=_("Is this person at school?"), choices=STUDENTS, widget=forms.RadioSelect,
        initial="none",
    )  # fmt: skip
    guardian = forms.CharField(
        label=_("Who signs for this child?"), help_text=_("Name of a grown-up"), max_length=50
    )
    guardian_is = forms.ChoiceField(
        label=_("What is this grown-up to the child?"), choices=SIGNERS, widget=forms.RadioSelect
    )
    groups = forms.MultipleChoiceField(
        label=_("Is this person in one of these groups?"),
        help_text=_("The county checks it against its lists; then somebody else pays"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    other = forms.MultipleChoiceField(
        label=_("Does this person have another insurance?"),
        choices=OTHERS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, data: Any = None, *, person: Person, rules: Rules, on: datetime.date, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.on = on
        self.fields["ethnic"].choices = codes.ETHNIC.choices()  # type: ignore[attr-defined]
        groups = [(one.code, in_language(one.name)) for one in rules.groups.values()]
        self.fields["groups"].choices = groups  # type: ignore[attr-defined]
        if judging.read_number(person, on, rules.place).get("birth_on"):
            self._drop("sex", "birth_on")
        if not person.minor_on(on):
            # Of somebody whose birth date is asked here it is asked once that is known.
            self._drop("guardian", "guardian_is")
        if person.born is not None and person.age_on(on) >= _OLDEST_STUDENT:
            self._drop("student")
        if not groups:
            self._drop("groups")

    def _drop(self, *names_: str) -> None:
        for name in names_:
            self.fields.pop(name, None)

    def clean_birth_on(self) -> datetime.date | None:
        """Nobody is born after today, or 130 years ago."""
        born: datetime.date | None = self.cleaned_data.get("birth_on")
        if born is not None and not (
            self.on.year - numbers.OLDEST_YEARS <= born.year and born <= self.on
        ):
            raise forms.ValidationError(
                _("This day cannot be a birthday of somebody alive. Look at the document again.")
            )
        return born

    def clean_guardian(self) -> str:
        """The grown-up's name in its one written form."""
        typed = self.cleaned_data["guardian"]
        if not typed:
            return ""
        try:
            return names.read(typed)
        except Refused as refused:
            raise forms.ValidationError(refusals.said(refused)) from refused


_OLDEST_STUDENT: Final = 40


class LevelForm(PlainForm):
    """Category or tier."""

    level = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(
        self, data: Any = None, *, label: str, hint: str, options_of: Iterable[Any], **options: Any
    ) -> None:
        super().__init__(data, **options)
        field = self.fields["level"]
        field.label, field.help_text = label, hint
        field.choices = list(options_of)  # type: ignore[attr-defined]


class KinForm(PlainForm):
    """One child of an elderly applicant."""

    name = forms.CharField(label=_("Name of the child"), max_length=_LONGEST_NAME)
    relation = forms.ChoiceField(
        label=_("Son or daughter?"),
        choices=[("20", pgettext_lazy("relation", "Son")), ("30", pgettext_lazy("relation", "Daughter"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    number = forms.CharField(label=_("Number of the ID card"), max_length=_LONGEST_NAME)
    enrolled = forms.CharField(
        label=_("Where is the child insured?"), help_text=_("For example: here, or in Jinan"),
        max_length=60, required=False,
    )  # fmt: skip
    reason = forms.CharField(label=_("If not insured, why?"), max_length=60, required=False)

    def __init__(self, data: Any = None, *, on: datetime.date, county: str, **options: Any) -> None:
        super().__init__(data, **options)
        self.on, self.county = on, county

    clean_name = WhoForm.clean_name

    def clean_number(self) -> str:
        """A sound number in its one written form."""
        try:
            read = numbers.read(
                numbers.Kind.ID_CARD, self.cleaned_data["number"], on=self.on,
                known_areas={self.county},
            )  # fmt: skip
        except Refused as refused:
            raise forms.ValidationError(refusals.said(refused)) from refused
        return read.number

    def clean(self) -> dict[str, Any]:
        """Where insured, or why not."""
        said = super().clean() or {}
        if not said.get("enrolled") and not said.get("reason"):
            self.add_error("enrolled", str(_("Say where the child is insured, or why not.")))
        return said


class ProxyForm(PlainForm):
    """Somebody else signs, with proof."""

    name = forms.CharField(label=_("Name of whoever signs"), max_length=_LONGEST_NAME)
    evidence = forms.FileField(
        label=_("Photo of the proof"),
        help_text=_("For example a letter of authority with fingerprint, or the village's paper"),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
        required=False,
    )
    sheet = forms.FileField(
        label=_("Photo of the signed sheet"),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    clean_name = WhoForm.clean_name


class SheetForm(PlainForm):
    """A photo of a sheet that was signed by hand."""

    sheet = forms.FileField(
        label=_("Photo of the signed sheet"),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )


class AppealForm(PlainForm):
    """What the applicant says against a refusal."""

    text = forms.CharField(
        label=_("Why do you think the decision is wrong?"),
        help_text=_("In your own words. Another officer reads it."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
    )
