"""Finance's days: closed with their totals, confirmed by a second officer, and the certificate on paper."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from canbao.kernel import clock
from canbao.kernel.actor import Actor, Role
from canbao.payments import closing, custody_prints
from canbao.payments.closing import FinanceDayLine, Several, Totals
from canbao.web.access import officer
from canbao.web.counter import forms, words
from canbao.web.counter.township import pdf
from canbao.web.office.pages import Act, Cell, Listing, address, answer, draw
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Row

DAYS = "finance_days"


@officer(Role.FINANCE)
def days(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Days closed, and closing the next."""
    del county
    choices = [(one, words.insurance(one)) for one in sorted(actor.insurances)]
    act = Act(
        "close",
        _("Close a day"),
        _("Close it up to this day"),
        lambda it: closing.close(it.actor, it.typed["insurance"], it.typed["day"], **it.how),
        _("The day is closed. A colleague confirms it."),
        lambda outcome: address("finance_day", outcome.done[0]), forms.CloseDayForm,
        options={"choices": choices},
        hint=_(
            "Every day since the last close is closed with it. Nothing is booked on it any more: if it is today,"
            " collectors take no more cash of this insurance today."
        ),
    )  # fmt: skip
    done = answer(request, actor, [act])
    if done is not None:
        return done
    found = closing.finance_days(actor.insurances)
    listing = Listing(
        _("Days closed"),
        [Column(_("Day")), Column(_("Certificate")), Column(_("Insurance")), Column(_("Closed by")),
         Column(_("Confirmed by"))],
        [_day(one) for one in found], _("Finance has not closed a day yet."),
    )  # fmt: skip
    return draw(request, actor, DAYS, _("Days"), acts=[act], listings=[listing])


def _day(one: FinanceDayLine) -> list[Cell]:
    return [
        Cell(say.day(one.day), address("finance_day", one.id), kind="name"),
        Cell(one.number, kind="id"),
        Cell(words.insurance(one.insurance)),
        Cell(one.closed_by_name, label=_("Closed by")),
        Cell(one.confirmed_by_name, kind="due")
        if one.confirmed_by_name
        else Cell(_("not confirmed yet"), colour="amber", kind="due"),
    ]


@officer(Role.FINANCE)
def day(request: HttpRequest, actor: Actor, county: str, day_id: UUID) -> HttpResponse:
    """One closed day with its totals; a second finance officer confirms it."""
    del county
    one = closing.finance_day(actor, day_id)
    own = one.closed_by == actor.id
    acts = [
        Act(
            "confirm", _("Confirm the day"), _("Confirm it"),
            lambda it: closing.confirm(it.actor, day_id, **it.how), _("The day is confirmed."),
            address("finance_day", day_id), gone=one.confirmed_at is not None,
            reason=_("You closed it yourself; a colleague must confirm it.") if own else "",
        )
    ]  # fmt: skip
    done = answer(request, actor, acts)
    if done is not None:
        return done
    totals = Totals.read(one.totals)
    rows = [
        Row(key=_("Certificate"), value=one.number),
        Row(key=_("Insurance"), value=words.insurance(one.insurance)),
        Row(
            key=_("Closed up to before"),
            value=say.day(one.after_on) if one.after_on else _("not closed before"),
        ),
        Row(key=_("Closed by"), value=say.facts(one.closed_by_name, say.moment(one.closed_at))),
        Row(key=_("Confirmed by"), value=one.confirmed_by_name or _("not confirmed yet")),
    ]
    sums = [Column(_("What")), Column(_("How many"), "number"), Column(_("Amount"), "number")]
    return draw(
        request, actor, DAYS, _("Close of %(day)s") % {"day": say.day(one.day)}, rows=rows,
        acts=acts, parent=(_("Days"), address(DAYS)),
        links=[(_("Print the certificate"), address("day_pdf", day_id))],
        listings=[
            Listing(
                title, sums,
                [
                    [
                        Cell(words.TOTALS[name], kind="name"),
                        Cell(number, kind="number", label=_("How many")),
                        Cell(say.money(fen, exact=True), kind="number", label=_("Amount")),
                    ]
                    for name, number, fen in lines_
                ],
            )
            for title, lines_ in (
                (_("What happened"), _sums(totals.moved)),
                (_("Where the money is"), [(one, "–", totals.standing[one]) for one in closing.STANDING if one in totals.standing]),
                (_("Open items"), _sums(totals.open)),
            )
        ],
    )  # fmt: skip


def _sums(of: Mapping[str, Several]) -> list[tuple[str, object, int]]:
    """Sums of papers in the order in which money moves."""
    return [(one, of[one].number, of[one].fen) for one in words.TOTALS if one in of]


@officer(Role.FINANCE)
def day_pdf(request: HttpRequest, actor: Actor, county: str, day_id: UUID) -> HttpResponse:
    """The certificate on paper."""
    del request, county
    one = closing.finance_day(actor, day_id)
    return pdf(custody_prints.certificate(actor, day_id, at=clock.now()), f"{one.number}.pdf")
