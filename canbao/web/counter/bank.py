"""Finance at the bank's side: lines entered, matched with deposits and refunds, and matches taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from canbao.kernel.actor import Actor, Role
from canbao.kernel.ids import new_id
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments.banking import agency, bounced, lines, matched, outgoing, unmatching
from canbao.payments.banking.lines import Line, LineView
from canbao.payments.banking.outgoing import PayoutRow
from canbao.payments.channels.cash import matching
from canbao.payments.channels.cash import queries as custody
from canbao.payments.channels.cash.queries import DepositLine
from canbao.web.access import officer
from canbao.web.counter import forms, words
from canbao.web.counter.township import deposit_listing
from canbao.web.office.pages import Act, Cell, Listing, Posted, address, answer, draw, search_of
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Row

BANK = "finance_bank"
# A line and what it may be, as a field of a form.
Offered = list[tuple[UUID, str, list[tuple[str, str]]]]


@officer(Role.FINANCE)
def bank(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Lines of the bank that wait for their deposit or refund, entering more, and matching them.

    A search finds any line, with what it may be, however many others there are.
    """
    del county
    wanted = search_of(request)
    accounts = agency.accounts_of(actor.insurances)
    open_ = lines.lines_of(actor.insurances, matched=False, wanted=wanted)
    fens = {abs(one.amount_fen) for one in open_} if wanted else None
    deposits = custody.deposits(
        insurances=actor.insurances, waiting=True, fens=fens, most=custody.SHOWN
    )
    paid = outgoing.waiting(actor.insurances, fens)
    back = bounced.standing(actor.insurances, {one.amount_fen for one in open_})
    acts = [
        *_matching(open_, deposits, paid, back),
        _never_left(bounced.may_never_have_left(actor.insurances)),
        *_entering([(one.id, f"{one.bank} {one.number}") for one in accounts]),
    ]
    done = answer(request, actor, acts)
    if done is not None:
        return done
    known = lines.lines_of(actor.insurances, matched=True, wanted=wanted)
    undone = unmatching.undone(actor.insurances, wanted)
    none = _("No such line is here.") if wanted else ""
    may_be = [
        deposit_listing(deposits, how=_how(), empty=_("No deposit is on its way to the bank.")),
        _paid_listing(paid),
    ]
    return draw(
        request, actor, BANK, _("The bank's lines"), acts=acts, search=wanted,
        search_label=_("Number at the bank, or a day such as 2026-11-25"),
        listings=[
            _line_listing(
                _("Lines not matched"), open_, none or _("Every line is matched."),
                {line for act in acts for line, *_more in act.options.get("offered", ())},
            ),
            *(one for one in may_be if one.lines or not wanted),
            _line_listing(_("Lines matched"), known, none or _("No line was matched yet.")),
            *([_undone_listing(undone)] if undone else []),
        ],
    )  # fmt: skip


def _how() -> str:
    """What to do to see a line that a cut list leaves out."""
    return _("Look for a line above by its number at the bank or its day.")


def _entering(accounts: Sequence[tuple[UUID, str]]) -> list[Act]:
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
    return [
        Act(
            "enter", _("Enter a line"), _("Enter it"), enter_one, _("The line is entered."),
            address(BANK), forms.LineForm, options={"choices": accounts}, reason=none,
        ),
        Act(
            "paste", _("Paste lines"), _("Enter them all"), enter_all, _("The lines are entered."),
            address(BANK), forms.PasteForm, options={"choices": accounts}, reason=none,
        ),
    ]  # fmt: skip


def _matching(
    found: Sequence[LineView], deposits: Sequence[DepositLine], paid: Sequence[PayoutRow],
    back: Sequence[PayoutRow],
) -> list[Act]:  # fmt: skip
    came: Offered = [
        (line.id, _line_said(line), [(str(one.id), _deposit_said(one)) for one in fitting])
        for line, fitting in matched.suggestions(
            found, deposits, matching.may_be, lambda one: one.paid_in_on
        )
    ]
    went: Offered = [
        (line.id, _line_said(line), [(str(one.id), _paid_said(one)) for one in fitting])
        for line, fitting in matched.suggestions(
            found, paid, outgoing.fits, lambda one: one.done_on
        )
    ]
    returned: Offered = [
        (line.id, _line_said(line), [(str(one.id), _paid_said(one)) for one in fitting])
        for line, fitting in matched.suggestions(found, back, bounced.fits, lambda one: one.done_on)
    ]
    return [
        Act(
            "match", _("Match lines with deposits"), _("These are the same money"),
            _doing(matching.match), _("Matched. The money is in the bank."), address(BANK),
            forms.MatchForm, options={"offered": came}, gone=not came,
            hint=_("Account and amount are the same; look at the days and slip numbers."),
        ),
        Act(
            "match_out", _("Match lines with refunds"), _("These are the same money"),
            _doing(outgoing.match), _("Matched. The money has left the bank."), address(BANK),
            forms.MatchForm, options={"offered": went}, gone=not went,
            hint=_("The amount is the same; look at the days, the name and the account."
                   " Whoever said that a refund was paid does not match it."),
        ),
        Act(
            "match_back", _("Match lines with refunds sent back"), _("The bank sent this money back"),
            _doing(bounced.came_back), _("Matched. The refund is due again, and its payee is told."),
            address(BANK), forms.MatchForm, options={"offered": returned}, gone=not returned,
            hint=_("A line that came in may be a refund that the bank could not deliver: same amount, and the"
                   " bank's words say so. Whoever it is for then asks anew, with another account."),
        ),
    ]  # fmt: skip


def _never_left(paid: Sequence[PayoutRow]) -> Act:
    """Said to be paid by mistake: the bank never paid it."""
    return Act(
        "never_left", _("A refund was never paid"), _("It was never paid"),
        lambda it: whole(
            bounced.never_left(it.actor, {UUID(it.typed["payout"]): it.typed["reason"]}, **it.how)
        ),
        _("The refund is due again, and its payee is told."), address(BANK), forms.NeverLeft,
        options={"choices": [
            (str(one.id), say.facts(one.refund__person__name, say.money(one.amount_fen, exact=True), _paid_said(one)))
            for one in paid
        ]},
        gone=not paid, danger=True,
        hint=_("Only where the bank's lines of these days do not show it. If it left and came back, match the line"
               " that came in."),
    )  # fmt: skip


def _doing(match: Callable[..., Outcome]) -> Callable[[Posted], Outcome]:
    def do(it: Posted) -> Outcome:
        pairs = {
            UUID(name.removeprefix("line_")): UUID(one)
            for name, one in it.typed.items()
            if name.startswith("line_") and one
        }
        if not pairs:
            raise Refused("nothing_matched")
        return whole(match(it.actor, pairs, **it.how))

    return do


def whole(outcome: Outcome) -> Outcome:
    """The outcome, or the first refusal where nothing at all was done."""
    if outcome.refused and not outcome.done:
        first = next(iter(outcome.refused.values()))
        raise Refused(first.code, **first.facts)
    return outcome


def _line_said(line: LineView) -> str:
    amount = say.money(line.amount_fen, exact=True)
    return say.facts(line.reference, say.day(line.booked_on), amount)


def _deposit_said(one: DepositLine) -> str:
    return say.facts(one.slip_number, one.office_name, say.day(one.paid_in_on))


def _paid_said(one: PayoutRow) -> str:
    return say.facts(f"{one.holder} {one.masked}", say.day(one.done_on))


def _line_listing(
    caption: str, found: Part[LineView], empty: str, offered: Collection[UUID] = ()
) -> Listing:
    """Lines of the bank; those `offered` have beside them above what they may be."""
    rows = [
        [
            Cell(one.reference, address("finance_line", one.id) if one.matched_on else "", kind="name"),
            Cell(say.day(one.booked_on), kind="id"),
            Cell(say.money(one.amount_fen, exact=True), kind="number", label=_("Amount")),
            Cell(one.text),
            Cell(one.entered_by_name, label=_("Entered by")),
            Cell(say.facts(one.matched_by_name, say.day(one.matched_on)), kind="due")
            if one.matched_on
            else Cell(_("to be matched above"), colour="blue", kind="due")
            if one.id in offered
            else Cell(
                _("no refund yet") if one.amount_fen < 0 else _("no deposit yet"), colour="amber",
                kind="due",
            ),
        ]
        for one in found
    ]  # fmt: skip
    heads = [
        Column(_("Number at the bank")), Column(_("Day")), Column(_("Amount"), "number"),
        Column(_("The bank's words")), Column(_("Entered by")), Column(_("Matched by")),
    ]  # fmt: skip
    return Listing(caption, heads, rows, empty, total=found.total, how=_how())


def _paid_listing(paid: Part[PayoutRow]) -> Listing:
    rows = [
        [
            Cell(one.refund__person__name, kind="name"),
            Cell(f"{one.holder} {one.masked}", label=_("Account")),
            Cell(say.money(one.amount_fen, exact=True), kind="number", label=_("Amount")),
            Cell(one.by_name, label=_("Said by")),
            Cell(say.day(one.done_on), kind="due", label=_("Refund paid on")),
        ]
        for one in paid
    ]
    heads = [
        Column(_("Person")), Column(_("Account")), Column(_("Amount"), "number"),
        Column(_("Said by")), Column(_("Refund paid on")),
    ]  # fmt: skip
    return Listing(
        _("Refunds paid, not found in the bank's lines"), heads, rows,
        _("Every refund that was paid is found in the bank's lines."), total=paid.total, how=_how(),
    )  # fmt: skip


def _undone_listing(undone: Part[unmatching.UnmatchedRow]) -> Listing:
    rows = [
        [
            Cell(one.line__reference, kind="name"),
            Cell(say.day(one.line__booked_on), kind="id"),
            Cell(say.money(one.line__amount_fen, exact=True), kind="number", label=_("Amount")),
            Cell(say.facts(one.matched_by_name, say.day(one.matched_on)), label=_("Matched by")),
            Cell(say.facts(one.by_name, say.day(one.undone_on)), label=_("Taken back by")),
            Cell(one.reason, kind="due"),
        ]
        for one in undone
    ]
    heads = [
        Column(_("Number at the bank")), Column(_("Day")), Column(_("Amount"), "number"),
        Column(_("Matched by")), Column(_("Taken back by")), Column(_("Reason")),
    ]  # fmt: skip
    return Listing(_("Matches taken back"), heads, rows, total=undone.total, how=_how())


@officer(Role.FINANCE)
def line(request: HttpRequest, actor: Actor, county: str, line_id: UUID) -> HttpResponse:
    """One matched line; another officer than the one who matched it takes the match back."""
    del county
    one = lines.line(actor.insurances, line_id)
    acts = []
    # What was sent twice is answered by its key, though the line is open again by now.
    if one.matched_on is not None or request.method == "POST":
        own = one.matched_by == actor.id
        acts = [
            Act(
                "unmatch", _("Take the match back"), _("Take it back"),
                lambda it: whole(
                    unmatching.unmatch(it.actor, {line_id: it.typed["reason"]}, **it.how)
                ),
                _("The match is taken back; both are open again."), address(BANK), forms.Reason,
                danger=True,
                reason=_("You matched it yourself; a colleague must take it back.") if own else "",
            )
        ]  # fmt: skip
    done = answer(request, actor, acts)
    if done is not None:
        return done
    return draw(
        request, actor, BANK, one.reference, rows=_facts(one), acts=acts,
        parent=(_("The bank's lines"), address(BANK)),
    )  # fmt: skip


def _counterpart(one: LineView) -> str:
    """What this line was matched with: the deposit's slip, or whose refund."""
    assert one.matched_id is not None  # a line that is matched
    if one.matched_kind == matched.DEPOSIT:
        return _deposit_said(custody.deposit(one.matched_id))
    paid = outgoing.payout(one.matched_id)
    return say.facts(paid.refund__person__name, _paid_said(paid))


def _facts(one: LineView) -> list[Row]:
    known: Mapping[str, Any] = {
        matched.DEPOSIT: _("a deposit of cash"), matched.PAYOUT: _("a refund paid"),
        matched.RETURN: _("a refund that the bank sent back"),
    }  # fmt: skip
    rows = [
        Row(key=_("Insurance"), value=words.insurance(one.insurance)),
        Row(key=_("Day"), value=say.day(one.booked_on)),
        Row(key=_("Amount"), value=say.money(one.amount_fen, exact=True)),
        Row(key=_("The bank's words"), value=one.text or "–"),
        Row(key=_("Entered by"), value=one.entered_by_name),
    ]
    if one.matched_on is not None:
        kind = known.get(one.matched_kind, one.matched_kind)
        rows += [
            Row(key=_("Matched with"), value=say.facts(kind, _counterpart(one))),
            Row(key=_("Matched by"), value=say.facts(one.matched_by_name, say.day(one.matched_on))),
        ]
    return rows
