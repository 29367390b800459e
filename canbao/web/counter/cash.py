"""Taking cash: a household is found, its people ticked, one press writes the receipt; the day's end beside it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from canbao.kernel import clock, outcomes, refusals
from canbao.kernel import money as money_text
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.payments import blocks, queries, receipts
from canbao.payments.blocks import BlockRow
from canbao.payments.channels.cash import collecting
from canbao.payments.channels.cash.collecting import Ticket
from canbao.payments.charges import ChargeRow, State
from canbao.people import finding
from canbao.people.finding import HouseholdRow, MemberRow
from canbao.web.access import key_of, officer
from canbao.web.counter import counting, words
from canbao.web.desk import acts
from canbao.web.desk.frame import frame
from canbao.web.theme.pieces import Column

COLLECTORS: Final = (Role.VILLAGE, Role.TOWNSHIP)
LONGEST_NAME: Final = 60
LONGEST_SEARCH: Final = 60
# Round sums that a payer is likely to hand over, in fen.
_ROUND: Final = (10_000, 50_000, 100_000)
UNPROCESSABLE: Final = 422


@dataclass(frozen=True, slots=True)
class Shown:
    """One person's charge on the page: ticked, to be ticked, or why it is not."""

    row: ChargeRow
    name: str
    level: str
    others_fen: int
    ticked: bool

    @property
    def payable(self) -> bool:
        """Whether money may be taken for it."""
        return self.row.due_fen > 0

    @property
    def value(self) -> str:
        """What the box carries: the charge and what was shown as due."""
        return f"{self.row.id}.{self.row.due_fen}"


@dataclass(frozen=True, slots=True)
class TicketForm:
    """What one insurance of a household costs, and what was typed for its receipt."""

    insurance: str
    lines: Sequence[Shown]
    block: BlockRow | None
    payer_name: str
    given_text: str
    given_fen: int | None
    ticket_id: UUID
    key: str
    faults: Sequence[str] = ()
    paper: Mapping[str, str] | None = None

    @property
    def chosen(self) -> list[Shown]:
        """The ticked lines."""
        return [one for one in self.lines if one.ticked and one.payable]

    @property
    def sum_fen(self) -> int:
        """What they come to."""
        return sum(one.row.due_fen for one in self.chosen)

    @property
    def change_fen(self) -> int | None:
        """What is given back, once it is known what was given."""
        return None if self.given_fen is None else self.given_fen - self.sum_fen

    @property
    def round_sums(self) -> list[int]:
        """Sums above it that a payer is likely to hand over."""
        found = {-(-self.sum_fen // step) * step for step in _ROUND}
        return sorted(found - {self.sum_fen})[:2]

    @property
    def capitals(self) -> str:
        """The sum in capitals."""
        return money_text.in_capitals(self.sum_fen)


@officer(*COLLECTORS)
def cash(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """The page of screen 12: a household to collect from, and the notes to count."""
    del county
    act = request.POST.get("act", "")
    if act in counting.ACTS:
        done, counted = counting.answer(request, actor, act)
        if done is not None:
            return done
    else:
        counted = None
    found: list[HouseholdRow] = []
    household: tuple[HouseholdRow, list[MemberRow]] | None = None
    fault = ""
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    chosen = request.GET.get("household", "")
    if chosen:
        household = finding.household(acts.uuid_or_404(chosen))
    elif text:
        try:
            found = finding.households(text, actor.villages)
        except Refused as refused:
            fault = refusals.said(refused)
        if len(found) == 1:
            household = finding.household(found[0].id)
    held = blocks.held_by(actor.id)
    forms: list[TicketForm] = []
    if household is not None:
        posted = request.POST if act in {"count", "collect"} else None
        forms = _forms(actor, household, held, posted)
        if act == "collect":
            done, forms = _collect(request, actor, forms)
            if done is not None:
                return done
    failed = any(one.faults for one in forms) or (counted is not None and bool(counted.fault))
    values = {
        "household": household[0] if household else None,
        "members": len(household[1]) if household else 0,
        "found": found if len(found) > 1 else [],
        "nobody": bool(text) and not found and not fault,
        "search": text,
        "next_block": held[0] if held else None,
        "search_fault": fault,
        "forms": forms,
        "columns": [
            Column(gettext("Chosen"), "check"), Column(gettext("Person")),
            Column(gettext("Insurance and year")), Column(gettext("To pay"), "number"),
        ],
        "has_errors": failed or bool(fault),
        **counting.shown(actor, counted),
        **frame(request, actor, "cash"),
    }  # fmt: skip
    return render(request, "counter/cash.html", values, status=UNPROCESSABLE if failed else 200)


def _forms(
    actor: Actor,
    household: tuple[HouseholdRow, list[MemberRow]],
    held: Sequence[BlockRow],
    posted: QueryDict | None,
) -> list[TicketForm]:
    """One form an insurance, the one that was posted with what was typed."""
    names = {one.person_id: one.name for one in household[1]}
    owed = [
        one
        for one in queries.owed(names)
        if one.insurance in actor.insurances
        and (one.state == State.OPEN or one.year >= clock.today().year)
    ]
    others = queries.others_of([one.id for one in owed if one.own_fen == 0])
    forms = []
    for insurance in sorted({one.insurance for one in owed}, reverse=True):
        mine = posted if posted is not None and posted.get("insurance") == insurance else None
        ticked = None if mine is None else {one.partition(".")[0] for one in mine.getlist("line")}
        lines = [
            Shown(
                one, names[one.person_id], queries.level_name(one, words.language()),
                others.get(one.id, 0), ticked is None or str(one.id) in ticked,
            )
            for place in names
            for one in owed
            if one.person_id == place and one.insurance == insurance
        ]  # fmt: skip
        forms.append(_form(insurance, lines, held, household[0].name, mine))
    return forms


def _form(
    insurance: str, lines: Sequence[Shown], held: Sequence[BlockRow], head: str, posted: QueryDict | None
) -> TicketForm:  # fmt: skip
    block = held[0] if held else None
    if posted is None:
        return TicketForm(insurance, lines, block, head, "", None, uuid4(), str(uuid4()))
    given = posted.get("given", "").replace("\0", "").strip()[:LONGEST_NAME]
    if posted.get("quick"):
        given = str(posted["quick"])[:LONGEST_NAME]
    chosen = next((one for one in held if str(one.id) == posted.get("block")), block)
    fen = money_text.read(given) if given else None
    faults = [refusals.say("amount_unclear")] if given and fen is None else []
    paper = {
        name: posted.get(name, "").strip()[:4]
        for name in ("paper_year", "paper_month", "paper_day", "into_today")
    }
    return TicketForm(
        insurance, lines, chosen, posted.get("payer", "").replace("\0", "").strip()[:LONGEST_NAME],
        given, fen, _uuid_or_new(posted.get("ticket", "")), posted.get("key", "") or str(uuid4()),
        faults, paper=paper if any(paper.values()) else None,
    )  # fmt: skip


def _uuid_or_new(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _collect(
    request: HttpRequest, actor: Actor, forms: list[TicketForm]
) -> tuple[HttpResponse | None, list[TicketForm]]:
    """Take the money of the form that was posted, or say beside it why not."""
    place = next(
        (i for i, one in enumerate(forms) if one.insurance == request.POST.get("insurance")), None
    )
    if place is None:
        raise Refused("not_found")
    key = key_of(request, actor)
    done = outcomes.kept(actor, key)
    if done is not None and done.outcome.done:
        return _to_receipt(actor, done.outcome.done[0], again=True), forms
    if forms[place].faults:
        return None, forms
    try:
        receipt_id, again = _take(request, actor, forms[place], key)
    except Refused as refused:
        if refused.code in {"not_found", "page_too_old"}:
            raise
        changed = replace(
            forms[place], faults=[acts.sentence_of(refused.code, refused.facts)], key=str(uuid4())
        )
        return None, [changed if i == place else one for i, one in enumerate(forms)]
    return _to_receipt(actor, receipt_id, again=again), forms


def _take(request: HttpRequest, actor: Actor, form: TicketForm, key: str) -> tuple[UUID, bool]:
    """Write the receipt; the first one instead where all of it was paid already. Refuses as `collect`, and `sum_changed`."""
    ticket = _ticket(request, form)
    if form.block is None:
        raise Refused("not_your_block")
    # Nothing is taken that was not shown: without a script the sum is seen only after working it out again.
    ticked_fen = sum(ticket.due_fen.values())
    if ticked_fen and request.POST.get("shown") != str(ticked_fen):
        raise Refused("sum_changed", sum=money_text.in_yuan(ticked_fen))
    outcome = collecting.collect(actor, form.block.id, [ticket], at=clock.now(), key=key)
    if outcome.done:
        return outcome.done[0], outcome.again
    refusal = next(iter(outcome.refused.values()))
    first = receipts.paying(ticket.due_fen) if refusal.code == "paid_already" else None
    if first is None:
        raise Refused(refusal.code, **refusal.facts)
    return first, True


def _ticket(request: HttpRequest, form: TicketForm) -> Ticket:
    """What was ticked, with the amounts as they were shown. Refuses `page_too_old`, `date_unclear`."""
    due: dict[UUID, int] = {}
    for one in request.POST.getlist("line"):
        charge, _, fen = one.partition(".")
        if not (fen.isascii() and fen.isdigit()) or len(fen) > 12:  # noqa: PLR2004 - a bigint column
            raise Refused("page_too_old")
        due[acts.uuid_or_404(charge)] = int(fen)
    number = request.POST.get("number", "").lstrip("0")
    paper = form.paper or {}
    paid_on = (
        _day(paper)
        if any(paper.get(f"paper_{part}") for part in ("year", "month", "day"))
        else None
    )
    return Ticket(
        form.ticket_id,
        int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0,  # noqa: PLR2004 - a bigint
        form.payer_name, due, form.given_fen or 0, paid_on,
        into_today=bool(paper.get("into_today")),
    )  # fmt: skip


def _day(paper: Mapping[str, str]) -> datetime.date:
    try:
        return datetime.date(*(int(paper[f"paper_{part}"]) for part in ("year", "month", "day")))
    except ValueError as fault:
        raise Refused("paper_day_unclear") from fault


def _to_receipt(actor: Actor, receipt_id: UUID, *, again: bool) -> HttpResponse:
    target = reverse("cash_receipt", args=[actor.county, receipt_id])
    return HttpResponseRedirect(f"{target}?{'again' if again else 'done'}=1", status=303)
