"""The form of assisted entry, and the application it says."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.cases.claim import Claim, FamilyLine
from canbao.kernel import clock, refusals
from canbao.kernel.refusal import Refused
from canbao.papers.marks import Confirmation
from canbao.papers.sheets import Attached
from canbao.people import codes, meant, names, numbers, phones
from canbao.people.identities import Identity
from canbao.policy import published
from canbao.policy.rules.answers import Level
from canbao.policy.rules.person import OtherInsurance
from canbao.policy.words import RESIDENCIES, in_language
from canbao.web.desk import words
from canbao.web.theme.format import money
from canbao.web.theme.forms import DateParts, PlainForm

HOW: Final = (
    ("fingerprint", _("Fingerprint before a witness")),
    ("paper", _("Signed on paper")),
)
STUDENTS: Final = (
    ("none", _("Not in education")),
    ("kindergarten", _("Kindergarten")),
    ("school", _("School")),
    ("university", _("University")),
)
OTHERS: Final = (
    (OtherInsurance.EMPLOYEES_MEDICAL, _("Employees' medical insurance")),
    (OtherInsurance.EMPLOYEES_PENSION, _("Employees' pension")),
    (OtherInsurance.CIVIL_SERVICE_PENSION, _("Civil service pension")),
    (OtherInsurance.RESIDENTS_ELSEWHERE, _("Residents' insurance elsewhere")),
)
PROOF: Final = {"guardian": "guardian_proof", "proxy": "proxy_proof"}
FAMILY_LINES: Final = 6
FAMILY_PARTS: Final = ("name", "relation", "number", "enrolled", "reason")
CHILDREN: Final = [one for one in codes.RELATION if one.code[0] in "23"]


class EntryForm(PlainForm):
    """What the registration form asks, with the rules of the pack for level and groups."""

    kind = forms.ChoiceField(label=_("Kind of document"), choices=numbers.KINDS.choices)
    number = forms.CharField(label=_("Number"), max_length=60)
    name = forms.CharField(label=_("Name"), max_length=60)
    sex = forms.ChoiceField(
        label=_("Sex"), required=False, help_text=_("Only where the number does not say it."),
        choices=lambda: [("", ""), *((one.code, one.label) for one in codes.SEX if one.code in "12")],
    )  # fmt: skip
    birth_on = DateParts(
        label=_("Born"), required=False, help_text=_("Only where the number does not say it.")
    )
    ethnic = forms.ChoiceField(label=_("Ethnic group"), choices=codes.ETHNIC.choices)
    village = forms.ChoiceField(
        label=_("Village of the household register"),
        help_text=_("The right village gets the application, wherever it is handed in."),
    )
    household_number = forms.CharField(label=_("Household number"), max_length=40)
    relation = forms.ChoiceField(
        label=_("Relation to the householder"), choices=codes.RELATION.choices
    )
    address = forms.CharField(label=_("Registered address"), max_length=200)
    living_address = forms.CharField(label=_("Home address"), max_length=200, required=False)
    residency = forms.ChoiceField(label=_("Kind of household"))
    student = forms.ChoiceField(label=_("In education"), choices=STUDENTS)
    level = forms.ChoiceField(label=_("Level"), widget=forms.RadioSelect)
    groups = forms.MultipleChoiceField(
        label=_("Special group"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other_insurance = forms.MultipleChoiceField(
        label=_("Other insurance"), required=False, choices=OTHERS,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    how = forms.ChoiceField(
        label=_("How the applicant signs"), choices=HOW, widget=forms.RadioSelect
    )
    signer = forms.ChoiceField(label=_("Who signs"), choices=list(words.RELATIONS.items()))
    signer_name = forms.CharField(
        label=_("Name of whoever signs"), max_length=60, required=False,
        help_text=_("Only where it is not the person."),
    )  # fmt: skip
    witness = forms.CharField(label=_("Witness"), max_length=60, required=False)

    signed_on = DateParts(
        label=_("Day on the signed paper"), required=False,
        help_text=_("Only where the paper was signed before today."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, insurance: str, year: int, villages: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.insurance, self.year = insurance, year
        self.doubtful = False
        self.rules = published.rules(insurance, year)
        on = clock.today()
        offered = [one for one in self.rules.levels(on) if one.own_fen is not None]
        self._choose(
            "level",
            [(one.code, _level(one)) for one in offered],
        )
        self._choose(
            "groups", [(code, in_language(one.name)) for code, one in self.rules.groups.items()]
        )
        self._choose("village", villages)
        self._choose("residency", list(RESIDENCIES.items()))
        for place in range(FAMILY_LINES if insurance == "170" else 0):
            self._family(place)

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)

    def _family(self, place: int) -> None:
        """One child of an elderly applicant: who, and where insured or why not."""
        self.fields[f"child_{place}_relation"] = forms.ChoiceField(
            label=_("Relation"), required=False,
            choices=[(one.code, one.label) for one in CHILDREN],
        )  # fmt: skip
        for name, label in (
            ("name", _("Name")), ("number", _("Number")),
            ("enrolled", _("Insured at")), ("reason", _("Or why not")),
        ):  # fmt: skip
            self.fields[f"child_{place}_{name}"] = forms.CharField(
                label=label, max_length=60, required=False
            )

    @property
    def family_lines(self) -> list[list[Any]]:
        """The children's fields, a row each."""
        return [
            [self[f"child_{place}_{part}"] for part in FAMILY_PARTS]
            for place in range(FAMILY_LINES)
            if f"child_{place}_name" in self.fields
        ]

    def clean(self) -> dict[str, Any]:
        """Read name, number and phone as typed; compare birth date and sex with the number."""
        typed = super().clean() or {}
        self._read(typed, "name", names.read)
        if typed.get("phone"):
            self._read(typed, "phone", phones.read)
        if typed.get("number") and typed.get("kind"):
            self._number(typed)
        if typed.get("how") == "fingerprint" and not typed.get("witness"):
            self.add_error("witness", _("A fingerprint needs a witness. Type the witness's name."))
        if typed.get("signer", "self") != "self" and not typed.get("signer_name"):
            self.add_error("signer_name", _("Type the name of whoever signs for this person."))
        for place in range(FAMILY_LINES):
            self._child(typed, place)
        return typed

    def _read(self, typed: dict[str, Any], name: str, reader: Any) -> None:
        if not typed.get(name):
            return
        try:
            typed[name] = reader(typed[name])
        except Refused as refused:
            self.add_error(name, refusals.said(refused))

    def _number(self, typed: dict[str, Any]) -> None:
        kind = numbers.Kind(typed["kind"])
        try:
            document = numbers.read(kind, typed["number"], on=clock.today())
        except Refused as refused:
            self.doubtful = refused.code in meant.DOUBTFUL
            self.add_error("number", refusals.said(refused))
            return
        typed["number"] = document.number
        sex = codes.Sex(typed["sex"]) if typed.get("sex") else None
        for field in numbers.differences(document, birth_on=typed.get("birth_on"), sex=sex):
            self.add_error(field, _("The number says something else. Look at the document again."))
        typed["birth_on"] = document.birth_on or typed.get("birth_on")
        typed["sex"] = str(document.sex or typed.get("sex") or "")
        if not typed["birth_on"]:
            self.add_error("birth_on", _("This document does not say the birth date. Type it."))
        elif typed["birth_on"].year < clock.today().year - numbers.OLDEST_YEARS:
            self.add_error(
                "birth_on",
                _("This day cannot be a birthday of somebody alive. Look at the document again."),
            )
        elif typed["birth_on"] > clock.today():
            self.add_error("birth_on", _("This day lies ahead. Type the birth date again."))
        if not typed["sex"]:
            self.add_error("sex", _("This document does not say the sex. Choose it."))

    def _child(self, typed: dict[str, Any], place: int) -> None:
        number = f"child_{place}_number"
        if typed.get(f"child_{place}_name") and not typed.get(number):
            self.add_error(number, _("Type the number of this child, or take the line out."))
        elif typed.get(number):
            self._read(
                typed, number,
                lambda text: numbers.read(numbers.Kind.ID_CARD, text, on=clock.today()).number,
            )  # fmt: skip


def _level(one: Level) -> str:
    """A level with what the person pays and what others add."""
    name, own = in_language(one.name), money(one.own_fen or 0)
    said = {"name": name, "own": own, "added": money(one.whole_fen - (one.own_fen or 0))}
    if name == own:
        return gettext("%(own)s, others add %(added)s") % said
    return gettext("%(name)s: %(own)s, others add %(added)s") % said


def claim_of(
    form: EntryForm, case_id: UUID, kept: Sequence[tuple[str, int, UUID]], today: datetime.date
) -> Claim:
    """The application that a valid form says."""
    del today
    typed = form.cleaned_data
    proof = PROOF.get(typed["signer"], "")
    evidence = next((blob for kind, _page, blob in kept if kind == proof), None)
    signed = next((blob for kind, _page, blob in kept if kind == "signed_sheet"), None)
    return Claim(
        id=case_id,
        insurance=form.insurance,
        year=form.year,
        level=typed["level"],
        identity=Identity(
            kind=typed["kind"], number=typed["number"], name=typed["name"], sex=typed["sex"],
            birth_on=typed["birth_on"], ethnic=typed["ethnic"], village=typed["village"],
            address=typed["address"], living_address=typed["living_address"],
            household_nature="", phone=typed["phone"],
        ),
        household_number=typed["household_number"],
        relation=typed["relation"],
        residency=typed["residency"],
        student=typed["student"],
        confirmation=Confirmation(
            how=typed["how"],
            name=typed["signer_name"] if typed["signer"] != "self" else typed["name"],
            relation=typed["signer"],
            blob_id=signed,
            evidence_blob_id=evidence,
            witness=typed["witness"],
            signed_on=typed["signed_on"],
        ),
        attached=tuple(Attached(kind, page, blob) for kind, page, blob in kept),
        groups=tuple(typed["groups"]),
        other_insurance=tuple(typed["other_insurance"]),
        family=tuple(_family(typed)),
        phone_masked=phones.mask(typed["phone"]) if typed["phone"] else "",
    )  # fmt: skip


def _family(typed: dict[str, Any]) -> list[FamilyLine]:
    return [
        FamilyLine(
            typed[f"child_{place}_name"], typed[f"child_{place}_relation"] or CHILDREN[0].code,
            str(numbers.Kind.ID_CARD),
            typed[f"child_{place}_number"], typed[f"child_{place}_enrolled"],
            typed[f"child_{place}_reason"],
        )
        for place in range(FAMILY_LINES)
        if typed.get(f"child_{place}_name")
    ]  # fmt: skip
