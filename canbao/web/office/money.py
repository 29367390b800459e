"""Live lists of money, each line with what can be done about it: not enrolled, not paid, due, denied; the slip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from canbao.cases import queries as cases
from canbao.cases import refund_offers
from canbao.kernel.actor import Actor, Role
from canbao.kernel.queries import regions
from canbao.payments import answering, answers, blocks, refund_requests, refunds, seeing, watch
from canbao.payments import words as paid
from canbao.payments.answers import Denial
from canbao.payments.refunds import DueRow
from canbao.payments.watch import AdvanceRow, ChargedRow
from canbao.people import queries as people
from canbao.policy import words as said
from canbao.web.access import officer
from canbao.web.office.pages import Act, Cell, Listing, address, answer, draw
from canbao.web.theme import format as say
from canbao.web.theme.forms import PlainForm
from canbao.web.theme.pieces import Column, Figure, Row

LISTS: Final = "money_lists"
WHAT: Final = _("What can be done")


@officer(Role.COUNTY, Role.FINANCE)
def lists(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Whose money and enrolment do not meet, what must be given back, and what payers deny."""
    del county
    held, back = watch.advances_held(actor), refunds.waiting(actor)
    stray, unpaid = watch.paid_not_enrolled(actor), watch.enrolled_not_paid(actor)
    denied = answers.denials(actor.insurances)
    places = {one.code: one.name for one in regions(level="village")}
    names = people.persons([one.person_id for one in back])
    numbers = cases.numbers_of([one.subject_id for one in held])
    why = refund_offers.reason_names(back)
    asked = refund_requests.open_subjects(one.id for one in back)
    listings = [
        Listing(
            _("Paid in advance, not yet enrolled"),
            _columns(
                _("Name"), _("Case"), _("Insurance, year"), _("Paid on"), _("Receipt"), _("Amount")
            ),
            [_advance(one, numbers) for one in held],
            _("Nobody has paid for an application that is still on its way."),
            total=held.total,
        ),
        Listing(
            _("Paid, but nobody is enrolled"),
            _columns(_("Name"), _("Village, household"), _("Insurance, year"), _("Paid"), act=True),
            [[*_charged(one, places, one.paid_fen), _stray(one, actor)] for one in stray],
            _("Every payment has its enrolment."),
            total=stray.total,
        ),
        Listing(
            _("To be given back"),
            _columns(
                _("Name"), _("Insurance, year"), _("Why"), _("Since"), _("State"), _("Amount"),
                act=True,
            ),
            [
                _back(one, names[one.person_id].name, why[one.id], asked.get(one.id), actor)
                for one in back
            ],
            _("Nothing is to be given back."),
            total=back.total,
        ),
        Listing(
            _("Denied payments"),
            _columns(
                _("Payer"), _("Receipt"), _("What the payer says"), _("Since"), _("Amount"), act=True
            ),
            [_denied(one, actor) for one in denied],
            _("No payer denies a payment."),
            total=denied.total,
        ),
        Listing(
            _("Enrolled, but not paid"),
            _columns(
                _("Name"), _("Village, household"), _("Insurance, year"), _("Still owed"), act=True
            ),
            [
                [*_charged(one, places, one.own_fen - one.paid_fen), _visit(one)]
                for one in unpaid
            ],
            _("Everybody who is enrolled has paid."),
            total=unpaid.total,
            how=_("The season's list names them village by village."),
        ),
    ]  # fmt: skip
    figures = [
        Figure(_("Paid in advance"), str(held.total)),
        Figure(_("Paid, not enrolled"), str(stray.total)),
        Figure(_("To be given back"), str(back.total)),
        Figure(_("Denied payments"), str(denied.total)),
        Figure(_("Enrolled, not paid"), str(unpaid.total)),
    ]
    return draw(request, actor, LISTS, _("Money and enrolment"), listings=listings, figures=figures)


class SlipForm(PlainForm):
    """What the payer signed on the slip."""

    said = forms.ChoiceField(
        label=_("What did the payer sign?"),
        choices=[("right", _("The money is right")), ("wrong", _("The money is not right"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Words on the slip"), max_length=200, required=False)


@officer(Role.VILLAGE, Role.TOWNSHIP)
def slip(request: HttpRequest, actor: Actor, county: str, receipt_id: UUID) -> HttpResponse:
    """Enter the signature of a payer who has no phone, as it stands on the slip."""
    del county
    view = seeing.see(actor, receipt_id)
    act = Act(
        "slip", _("Signature on the slip"), _("Enter it"),
        lambda it: answering.answer(
            it.actor, receipt_id, it.typed["said"] == "right", it.typed["note"], **it.how
        ),
        _("The answer stands with the receipt."), address("money_slip", receipt_id), SlipForm,
        gone=view.answer is not None or view.cancelled_on is not None,
    )  # fmt: skip
    mine = view.receipt.collector_id == actor.id
    acts = [act] if mine else []
    done = answer(request, actor, acts)
    if done is not None:
        return done
    rows = [
        Row(key=_("Number"), value=blocks.in_places(view.receipt.number)),
        Row(key=_("Paid by"), value=view.receipt.payer_name),
        Row(key=_("Amount"), value=say.money(view.receipt.amount_fen)),
        Row(key=_("Date"), value=say.day(view.receipt.paid_on)),
        Row(key=_("The payer's answer"), value=_answered(view)),
    ]
    return draw(
        request, actor, "cash", _("Receipt %(number)s") % {"number": blocks.in_places(view.receipt.number)},
        rows=rows, acts=acts, links=[(_("Print"), address("receipt_pdf", receipt_id))],
    )  # fmt: skip


def _answered(view: Any) -> Any:
    if view.answer is None:
        return _("not yet")
    return _("The money is right") if view.answer.right else _("The money is not right")


def _columns(*names: Any, act: bool = False) -> Sequence[Column]:
    found = [*(Column(one) for one in names[:-1]), Column(names[-1], "number")]
    return [*found, Column(WHAT)] if act else found


def _do(text: Any, href: str = "") -> Cell:
    """What can be done about a line: a link where the actor does it, else who does."""
    return Cell(text, href, label=WHAT)


def _stray(one: ChargedRow, actor: Actor) -> Cell:
    if actor.role is Role.COUNTY:
        return _do(_("Ask for it back"), address("refund_ask", one.person_id))
    return _do(_("The county asks for it back, or enrols"))


def _back(one: DueRow, name: str, why: str, case: UUID | None, actor: Actor) -> list[Cell]:
    return [
        Cell(name, kind="name"),
        Cell(_of(one.insurance, one.year), label=_("Insurance, year")),
        Cell(why, label=_("Why")),
        Cell(say.day(one.due_on), label=_("Since")),
        Cell(paid.state(one.state), label=_("State")),
        _fen(one.amount_fen),
        _give(one, case, actor),
    ]


def _give(one: DueRow, case: UUID | None, actor: Actor) -> Cell:
    if case is not None:
        return _do(_("See the case"), address("case", case))
    if actor.role is Role.COUNTY:
        return _do(_("Ask for it"), address("refund_ask", one.person_id))
    return _do(_("Write it off, where nobody can be paid"), address("refunds") + "?tab=due")


def _denied(one: Denial, actor: Actor) -> list[Cell]:
    looks = actor.role is Role.FINANCE
    return [
        Cell(one.payer_name, kind="name"),
        Cell(
            f"{blocks.in_places(one.receipt_number)} {one.collector_name}",
            address("cash_receipt", one.receipt_id),
            label=_("Receipt"),
        ),
        Cell(one.note, label=_("What the payer says")),
        Cell(say.moment(one.at), label=_("Since")),
        _fen(one.amount_fen),
        _do(_("Look into it and close it"), address("finance_denial", one.id))
        if looks
        else _do(_("Finance looks into it")),
    ]


def _visit(one: ChargedRow) -> Cell:
    wanted = urlencode({"insurance": one.insurance, "year": one.year, "at": one.village})
    return _do(_("On the visit list"), f"{address('season_visits')}?{wanted}")


def _advance(one: AdvanceRow, numbers: Mapping[UUID, tuple[str, str]]) -> list[Cell]:
    number = numbers.get(one.subject_id, ("", ""))[0]
    to_case = address("case", one.subject_id) if number else ""
    return [
        Cell(one.person__name, kind="name"),
        Cell(number, to_case, label=_("Case")),
        Cell(_of(one.receipt__insurance, one.year), label=_("Insurance, year")),
        Cell(say.day(one.receipt__paid_on), label=_("Paid on")),
        Cell(
            f"{blocks.in_places(one.receipt__number)} {one.receipt__collector_name}",
            address("cash_receipt", one.receipt_id),
            label=_("Receipt"),
        ),
        _fen(one.amount_fen),
    ]


def _charged(one: ChargedRow, places: dict[str, str], fen: int) -> list[Cell]:
    return [
        Cell(one.person__name, kind="name"),
        Cell(
            f"{places.get(one.village, one.village)} {one.household_number}",
            label=_("Village, household"),
        ),
        Cell(_of(one.insurance, one.year), label=_("Insurance, year")),
        _fen(fen),
    ]


def _of(insurance: str, year: int) -> str:
    return f"{said.INSURANCES[insurance]} {year}"


def _fen(fen: int) -> Cell:
    return Cell(say.money(fen), kind="number", label=_("Amount"))
