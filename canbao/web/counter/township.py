"""The township's side: slips to count and sign, cash in the safe, what was paid in at the bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from canbao.kernel import clock
from canbao.kernel import money as money_text
from canbao.kernel.actor import Actor, Role
from canbao.kernel.part import Part
from canbao.payments import custody_prints
from canbao.payments.banking import agency
from canbao.payments.channels.cash import depositing, handing, queries
from canbao.payments.channels.cash.queries import DayLine, DepositLine, Held, SlipLine
from canbao.web.access import officer
from canbao.web.counter import forms, words
from canbao.web.office.pages import Act, Cell, Listing, address, answer, draw, wants_more
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Figure, Row

TAKEOVER = "takeover"
# The same page with more of its lists.
MORE = "?more=1"


@officer(Role.TOWNSHIP)
def takeover(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Slips to answer, cash below and in the safe with its age, deposits, and paying in."""
    del county
    today = clock.today()
    safe = queries.in_safes(actor.insurances, office_id=actor.office_id)
    lying = {one.insurance: one.fen for one in safe}
    # The account that cash in the safe waits for comes first, so that the form begins with it.
    accounts = sorted(
        agency.accounts_of(actor.insurances), key=lambda one: -lying.get(one.insurance, 0)
    )
    choices = [
        (one.id, say.facts(words.insurance(one.insurance), f"{one.bank} {one.number}"))
        for one in accounts
    ]
    pay_in = Act(
        "pay_in", _("Pay in at the bank"), _("Note the deposit"),
        lambda it: depositing.pay_in(
            it.actor, UUID(it.typed["account"]), it.typed["slip_number"], it.typed["amount"],
            it.typed["paid_in_on"], **it.how,
        ),
        _("The deposit is noted. Finance looks for it in the bank's lines."), address(TAKEOVER),
        forms.PayInForm, options={"choices": choices},
        hint=_("As it stands on the bank's slip, one slip an insurance."),
        reason="" if accounts else _("The agency's bank account is not entered yet. Ask the administrator."),
    )  # fmt: skip
    done = answer(request, actor, [pay_in])
    if done is not None:
        return done
    hands = queries.in_hands(actor.insurances, offices=queries.offices_within(actor))
    limit = queries.limits({one.insurance for one in (*safe, *hands)}, today)
    most = queries.MORE if wants_more(request) else queries.SHOWN
    slips = queries.slips(office_id=actor.office_id, most=most)
    waiting = [one for one in slips if one.state == handing.OFFERED]
    answered = Part(
        [one for one in slips if one.state != handing.OFFERED], slips.total - len(waiting)
    )
    deposits = queries.deposits(office_id=actor.office_id, most=most)
    return draw(
        request, actor, TAKEOVER, _("Take cash over"), acts=[pay_in],
        figures=[Figure(_("In the safe"), say.money(sum(one.fen for one in safe), exact=True))],
        listings=[
            slip_listing(
                _("Slips to count and sign"), Part(waiting, len(waiting)), _("No slip waits for you.")
            ),
            held_listing(_("In the safe"), safe, limit, _("The safe is empty.")),
            held_listing(_("In collectors' hands"), hands, limit, _("No collector holds cash.")),
            deposit_listing(deposits, MORE),
            slip_listing(_("Slips answered"), answered, _("No slip was answered yet."), MORE),
        ],
    )  # fmt: skip


def slip_listing(caption: str, slips: Part[SlipLine], empty: str, more: str = "") -> Listing:
    """Hand-over slips; `more` is where more of them are, should the list be cut."""
    lines = []
    for one in slips:
        said, colour = words.SLIPS[one.state]
        lines.append(
            [
                Cell(one.collector_name, address("handover", one.id), kind="name"),
                Cell(one.number, kind="id"),
                Cell(words.insurance(one.insurance)),
                Cell(say.money(one.amount_fen, exact=True), kind="number", label=_("Amount")),
                Cell(say.day(one.offered_on), label=_("Signed on")),
                Cell(said, colour=colour, kind="due"),
            ]
        )
    heads = [
        Column(_("Collector")), Column(_("Slip")), Column(_("Insurance")),
        Column(_("Amount"), "number"), Column(_("Signed on")), Column(_("State")),
    ]  # fmt: skip
    return Listing(caption, heads, lines, empty, total=slips.total, more=more)


def held_listing(
    caption: str, held: Sequence[Held], limit: Mapping[str, int], empty: str
) -> Listing:
    """Cash with its age, what is overdue in red."""
    lines = []
    for one in held:
        said, colour = words.age(one, limit, clock.today())
        lines.append(
            [
                Cell(one.holder_name, kind="name"),
                Cell("" if one.safe else one.office_name, kind="id"),
                Cell(words.insurance(one.insurance)),
                Cell(say.money(one.fen, exact=True), kind="number", label=_("Amount")),
                Cell(
                    say.money(one.not_counted_fen, exact=True) if one.not_counted_fen else "–",
                    kind="number", label=_("Not counted yet"),
                ),
                Cell(said, colour=colour, kind="due"),
            ]
        )  # fmt: skip
    heads = [
        Column(_("Who")), Column(_("Office")), Column(_("Insurance")), Column(_("Amount"), "number"),
        Column(_("Not counted yet"), "number"), Column(_("The oldest")),
    ]  # fmt: skip
    return Listing(caption, heads, lines, empty)


def deposit_listing(
    deposits: Part[DepositLine], more: str = "", how: str = "", empty: str = ""
) -> Listing:
    """Deposits, found at the bank or not; `more` is where more of them are, `how` what to do to see them."""
    lines = [
        [
            Cell(one.slip_number, kind="name"),
            Cell(one.office_name, kind="id"),
            Cell(words.insurance(one.insurance)),
            Cell(say.money(one.amount_fen, exact=True), kind="number", label=_("Amount")),
            Cell(say.facts(say.day(one.paid_in_on), one.by_name)),
            Cell(_("at the bank"), colour="green", kind="due") if one.banked_on
            else Cell(_("on the way"), colour="blue", kind="due"),
        ]
        for one in deposits
    ]  # fmt: skip
    heads = [
        Column(_("Deposit slip")), Column(_("Office")), Column(_("Insurance")),
        Column(_("Amount"), "number"), Column(_("Paid in")), Column(_("State")),
    ]  # fmt: skip
    return Listing(
        _("Deposits"), heads, lines, empty or _("Nothing was paid in yet."), total=deposits.total, how=how,
        more=more,
    )  # fmt: skip


@officer(Role.VILLAGE, Role.TOWNSHIP, Role.FINANCE)
def handover(request: HttpRequest, actor: Actor, county: str, slip_id: UUID) -> HttpResponse:
    """One slip: the days it carries, and for the township the two ways to answer it."""
    del county
    slip = queries.slip(actor, slip_id)
    acts = (
        _answers(slip) if actor.role is Role.TOWNSHIP and slip.office_id == actor.office_id else []
    )
    if slip.collector_id == actor.id:
        acts = []
    done = answer(request, actor, acts)
    if done is not None:
        return done
    said, _colour = words.SLIPS[slip.state]
    rows = [
        Row(key=_("State"), value=said),
        Row(key=_("Handed over by"), value=say.facts(slip.collector_name, slip.from_office_name)),
        Row(key=_("To"), value=slip.office_name),
        Row(key=_("Insurance"), value=words.insurance(slip.insurance)),
        Row(key=_("Amount"), value=say.money(slip.amount_fen, exact=True)),
        Row(key=_("In capitals"), value=money_text.in_capitals(slip.amount_fen)),
        Row(key=_("Signed by the collector"), value=say.moment(slip.offered_at)),
    ]
    if slip.answered_at:
        rows.append(
            Row(
                key=_("Answered by"),
                value=say.facts(slip.answered_by_name, say.moment(slip.answered_at)),
            )
        )
    if slip.reason:
        rows.append(Row(key=_("Reason"), value=slip.reason))
    back = {Role.TOWNSHIP: TAKEOVER, Role.FINANCE: "finance"}.get(actor.role, "cash")
    return draw(
        request, actor, back, _("Hand-over slip %(number)s") % {"number": slip.number}, rows=rows,
        acts=acts, listings=[day_listing(queries.closed_days(handover_id=slip.id))],
        links=[(_("Print the slip"), address("handover_pdf", slip.id))],
    )  # fmt: skip


def _answers(slip: SlipLine) -> list[Act]:
    here, gone = address("handover", slip.id), slip.state != handing.OFFERED
    return [
        Act(
            "accept", _("Count together and take it over"), _("Take it over and sign"),
            lambda it: handing.accept(it.actor, slip.id, it.typed["counted"], **it.how),
            _("Taken over and signed. The cash lies in your safe."), here, forms.Counted, gone=gone,
        ),
        Act(
            "refuse", _("It does not agree"), _("Send the slip back"),
            lambda it: handing.refuse(it.actor, slip.id, it.typed["reason"], **it.how),
            _("The slip went back to the collector."), here, forms.Reason, danger=True, gone=gone,
        ),
    ]  # fmt: skip


def day_listing(days: Part[DayLine], caption: str = "", more: str = "") -> Listing:
    """Closed days with what was counted."""
    lines = []
    for one in days:
        off = one.difference_fen
        lines.append(
            [
                Cell(say.day(one.day), kind="name"),
                Cell(one.collector_name, kind="id"),
                Cell(_receipts(one), kind="number", label=_("Receipts")),
                Cell(
                    say.money(one.expected_fen, exact=True), kind="number", label=_("By the book")
                ),
                Cell(say.money(one.counted_fen, exact=True), kind="number", label=_("Counted")),
                Cell(_off(off, one.reason), colour="red") if off else Cell(_("agrees")),
            ]
        )
    heads = [
        Column(_("Day")), Column(_("Collector")), Column(_("Receipts"), "number"),
        Column(_("By the book"), "number"), Column(_("Counted"), "number"), Column(_("Difference")),
    ]  # fmt: skip
    return Listing(
        caption or _("Closed days"),
        heads,
        lines,
        _("No day is closed yet."),
        total=days.total,
        more=more,
    )


def _receipts(one: DayLine) -> str:
    if not one.cancelled:
        return str(one.receipts)
    return _("%(number)s, of these %(cancelled)s cancelled") % {
        "number": one.receipts, "cancelled": one.cancelled,
    }  # fmt: skip


def _off(fen: int, reason: str) -> str:
    """By how much the notes were off, and what the collector said."""
    said = (
        _("%(amount)s too much: %(reason)s") if fen > 0 else _("%(amount)s too little: %(reason)s")
    )
    return said % {"amount": say.money(abs(fen)), "reason": reason}


@officer(Role.VILLAGE, Role.TOWNSHIP, Role.FINANCE)
def handover_pdf(request: HttpRequest, actor: Actor, county: str, slip_id: UUID) -> HttpResponse:
    """The slip on paper."""
    del request, county
    slip = queries.slip(actor, slip_id)
    return pdf(custody_prints.slip(actor, slip.id, at=clock.now()), f"{slip.number}.pdf")


def pdf(content: bytes, name: str) -> HttpResponse:
    """A paper to look at or print; never kept by the browser."""
    return HttpResponse(
        content, content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store",
        },
    )  # fmt: skip
