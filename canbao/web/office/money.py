"""Live lists of money: paid but not enrolled, enrolled but not paid, to be given back; and the signed slip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from canbao.cases import queries as cases
from canbao.kernel.actor import Actor, Role
from canbao.kernel.queries import regions
from canbao.payments import answering, prints, refunds, seeing, watch
from canbao.payments import words as paid
from canbao.payments.refunds import DueRow, State
from canbao.payments.watch import AdvanceRow, ChargedRow
from canbao.people import queries as people
from canbao.policy import words as said
from canbao.web.access import officer
from canbao.web.office.pages import Act, Cell, Listing, address, answer, draw
from canbao.web.theme import format as say
from canbao.web.theme.forms import PlainForm
from canbao.web.theme.pieces import Column, Figure, Row

LISTS: Final = "money_lists"


@officer(Role.COUNTY, Role.FINANCE)
def lists(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Whose money and enrolment do not meet, and what must be given back."""
    del county
    held, back = watch.advances_held(actor), refunds.waiting(actor)
    stray, unpaid = watch.paid_not_enrolled(actor), watch.enrolled_not_paid(actor)
    places = {one.code: one.name for one in regions(level="village")}
    names = people.persons([one.person_id for one in back])
    numbers = cases.numbers_of([one.subject_id for one in held])
    listings = [
        Listing(
            _("Paid in advance, not yet enrolled"),
            _columns(
                _("Name"), _("Case"), _("Insurance, year"), _("Paid on"), _("Receipt"), _("Amount")
            ),
            [_advance(one, numbers, actor) for one in held],
            _("Nobody has paid for an application that is still on its way."),
            total=held.total,
        ),
        Listing(
            _("Paid, but nobody is enrolled"),
            _columns(_("Name"), _("Village, household"), _("Insurance, year"), _("Paid")),
            [_charged(one, places, one.paid_fen) for one in stray],
            _("Every payment has its enrolment."),
            total=stray.total,
        ),
        Listing(
            _("To be given back"),
            _columns(
                _("Name"), _("Insurance, year"), _("Why"), _("Since"), _("State"), _("Amount")
            ),
            [
                [
                    Cell(names[one.person_id].name, _to_ask(one, actor), kind="name"),
                    Cell(_of(one.insurance, one.year), label=_("Insurance, year")),
                    Cell(paid.reason(one.reason), label=_("Why")),
                    Cell(say.day(one.due_on), label=_("Since")),
                    Cell(paid.state(one.state), label=_("State")),
                    _fen(one.amount_fen),
                ]
                for one in back
            ],
            _("Nothing is to be given back."),
        ),
        Listing(
            _("Enrolled, but not paid"),
            _columns(_("Name"), _("Village, household"), _("Insurance, year"), _("Still owed")),
            [_charged(one, places, one.own_fen - one.paid_fen) for one in unpaid],
            _("Everybody who is enrolled has paid."),
            total=unpaid.total,
            how=_("The season's list names them village by village."),
        ),
    ]
    figures = [
        Figure(_("Paid in advance"), str(held.total)),
        Figure(_("Paid, not enrolled"), str(stray.total)),
        Figure(_("To be given back"), str(len(back))),
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
    )  # fmt: skip
    mine = view.receipt.collector_id == actor.id
    acts = [act] if mine and view.answer is None and view.cancelled_on is None else []
    done = answer(request, actor, acts)
    if done is not None:
        return done
    rows = [
        Row(key=_("Number"), value=prints.number(view.receipt.number)),
        Row(key=_("Paid by"), value=view.receipt.payer_name),
        Row(key=_("Amount"), value=say.money(view.receipt.amount_fen)),
        Row(key=_("Date"), value=say.day(view.receipt.paid_on)),
        Row(key=_("The payer's answer"), value=_answered(view)),
    ]
    return draw(
        request, actor, "cash", _("Receipt %(number)s") % {"number": prints.number(view.receipt.number)},
        rows=rows, acts=acts, links=[(_("Print"), address("receipt_pdf", receipt_id))],
    )  # fmt: skip


def _answered(view: Any) -> Any:
    if view.answer is None:
        return _("not yet")
    return _("The money is right") if view.answer.right else _("The money is not right")


def _to_ask(one: DueRow, actor: Actor) -> str:
    """Where the county asks for what nobody asks for yet; finance pays it and does not ask."""
    open_ = actor.role is Role.COUNTY and one.state == State.DUE
    return address("refund_ask", one.person_id) if open_ else ""


def _columns(*names: Any) -> Sequence[Column]:
    return [*(Column(one) for one in names[:-1]), Column(names[-1], "number")]


def _advance(one: AdvanceRow, numbers: Mapping[UUID, tuple[str, str]], actor: Actor) -> list[Cell]:
    number = numbers.get(one.subject_id, ("", ""))[0]
    to_case = address("case", one.subject_id) if number and actor.role is Role.COUNTY else ""
    return [
        Cell(one.person__name, kind="name"),
        Cell(number, to_case, label=_("Case")),
        Cell(_of(one.receipt__insurance, one.year), label=_("Insurance, year")),
        Cell(say.day(one.receipt__paid_on), label=_("Paid on")),
        Cell(
            f"{prints.number(one.receipt__number)} {one.receipt__collector_name}",
            address("receipt_pdf", one.receipt_id),
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
