"""Finance at the bank's side: lines entered and matched, days closed and confirmed, the certificate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from canbao.kernel import clock
from canbao.kernel.actor import Actor, Role
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import closing, custody_prints
from canbao.payments.banking import agency, lines
from canbao.payments.banking.lines import Line, LineView
from canbao.payments.channels.cash import matching
from canbao.payments.channels.cash import queries as custody
from canbao.payments.channels.cash.queries import DepositLine
from canbao.payments.closing import FinanceDayLine, Several, Totals
from canbao.web.access import officer
from canbao.web.counter import forms, words
from canbao.web.counter.township import deposit_listing, pdf
from canbao.web.office.pages import Act, Cell, Listing, Posted, address, answer, draw
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Row

BANK = "finance_bank"
DAYS = "finance_days"


@officer(Role.FINANCE)
def bank(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Lines of the bank that wait for their deposit, entering more, and matching them."""
    del county
    accounts = agency.accounts_of(actor.insurances)
    found = lines.lines_of(actor.insurances)
    waiting = custody.deposits(insurances=actor.insurances, waiting=True)
    acts = _acts(found, waiting, [(one.id, f"{one.bank} {one.number}") for one in accounts])
    done = answer(request, actor, acts)
    if done is not None:
        return done
    open_ = [one for one in found if one.matched_on is None]
    matched = [one for one in found if one.matched_on is not None]
    return draw(
        request, actor, BANK, _("The bank's lines"), acts=acts,
        listings=[
            _line_listing(_("Lines without a deposit"), open_, _("Every line has its deposit.")),
            deposit_listing(waiting),
            _line_listing(_("Lines matched"), matched, _("No line was matched yet.")),
        ],
    )  # fmt: skip


def _acts(
    found: Sequence[LineView], waiting: Sequence[DepositLine], accounts: Sequence[tuple[UUID, str]]
) -> list[Act]:
    def enter_one(it: Posted) -> Outcome:
        line = Line(
            new_id(), it.typed["reference"], it.typed["booked_on"], it.typed["amount"],
            it.typed["text"],
        )  # fmt: skip
        return whole(lines.enter(it.actor, UUID(it.typed["account"]), [line], **it.how))

    def enter_all(it: Posted) -> Outcome:
        return whole(lines.enter(it.actor, UUID(it.typed["account"]), it.typed["table"], **it.how))

    none = (
        ""
        if accounts
        else _("The agency's bank account is not entered yet. Ask the administrator.")
    )
    offered = _offered(found, waiting)
    acts = [
        Act(
            "enter", _("Enter a line"), _("Enter it"), enter_one, _("The line is entered."),
            address(BANK), forms.LineForm, options={"choices": accounts}, reason=none,
        ),
        Act(
            "paste", _("Paste lines"), _("Enter them all"), enter_all, _("The lines are entered."),
            address(BANK), forms.PasteForm, options={"choices": accounts}, reason=none,
        ),
    ]  # fmt: skip
    if offered:
        acts.insert(
            0,
            Act(
                "match", _("Match lines with deposits"), _("These are the same money"), _match,
                _("Matched. The money is in the bank."), address(BANK), forms.MatchForm,
                options={"offered": offered},
                hint=_("Account and amount are the same; look at the days and slip numbers."),
            ),
        )  # fmt: skip
    return acts


def _match(it: Posted) -> Outcome:
    pairs = {
        UUID(name.removeprefix("line_")): UUID(one)
        for name, one in it.typed.items()
        if name.startswith("line_") and one
    }
    if not pairs:
        raise Refused("nothing_matched")
    return whole(matching.match(it.actor, pairs, **it.how))


def whole(outcome: Outcome) -> Outcome:
    """The outcome, or the first refusal where nothing at all was done."""
    if outcome.refused and not outcome.done:
        first = next(iter(outcome.refused.values()))
        raise Refused(first.code, **first.facts)
    return outcome


def _offered(
    found: Sequence[LineView], waiting: Sequence[DepositLine]
) -> list[tuple[UUID, str, list[tuple[str, str]]]]:
    """For each open line the deposits that fit, as a field of the form."""
    return [(line.id, _line_said(line), [(str(one.id), _deposit_said(one)) for one in fitting])
            for line, fitting in matching.suggestions(found, waiting)]  # fmt: skip


def _line_said(line: LineView) -> str:
    amount = say.money(line.amount_fen, exact=True)
    return f"{line.reference}, {say.day(line.booked_on)}, {amount}"


def _deposit_said(one: DepositLine) -> str:
    return f"{one.slip_number}, {one.office_name}, {say.day(one.paid_in_on)}"


def _line_listing(caption: str, found: Sequence[LineView], empty: str) -> Listing:
    rows = [
        [
            Cell(one.reference, kind="name"),
            Cell(say.day(one.booked_on), kind="id"),
            Cell(say.money(one.amount_fen, exact=True), kind="number", label=_("Amount")),
            Cell(one.text),
            Cell(one.entered_by_name, label=_("Entered by")),
            Cell(f"{one.matched_by_name}, {say.day(one.matched_on)}", kind="due")
            if one.matched_on
            else Cell(_("no deposit yet"), colour="amber", kind="due"),
        ]
        for one in found
    ]
    heads = [
        Column(_("Number at the bank")), Column(_("Day")), Column(_("Amount"), "number"),
        Column(_("The bank's words")), Column(_("Entered by")), Column(_("Matched by")),
    ]  # fmt: skip
    return Listing(caption, heads, rows, empty)


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
        hint=_("Every day since the last close is closed with it. Nothing is booked on it any more."),
    )  # fmt: skip
    done = answer(request, actor, [act])
    if done is not None:
        return done
    found = closing.finance_days(actor.insurances)
    listing = Listing(
        _("Days closed"),
        [Column(_("Day")), Column(_("Certificate")), Column(_("Insurance")), Column(_("Closed by")),
         Column(_("Confirmed by"))],
        [_day(one) for one in found], _("No day is closed yet."),
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
    acts = []
    if one.confirmed_at is None:
        own = one.closed_by == actor.id
        acts = [
            Act(
                "confirm", _("Confirm the day"), _("Confirm it"),
                lambda it: closing.confirm(it.actor, day_id, **it.how), _("The day is confirmed."),
                address("finance_day", day_id),
                reason=_("You closed it yourself; a colleague must confirm it.") if own else "",
            )
        ]  # fmt: skip
    done = answer(request, actor, acts)
    if done is not None:
        return done
    totals = Totals.read(one.totals)
    rows = [
        Row(key=_("Insurance"), value=words.insurance(one.insurance)),
        Row(key=_("Closed by"), value=f"{one.closed_by_name}, {say.moment(one.closed_at)}"),
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
                (_("Where the money is"), [(one, "–", totals.standing[one]) for one in closing.STANDING]),
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
