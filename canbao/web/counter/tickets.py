"""One receipt to be written at the counter: what its form shows, what was typed, and one press that writes it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from canbao.kernel import money as money_text
from canbao.kernel import outcomes, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments.blocks import BlockRow
from canbao.payments.channels.cash import collecting
from canbao.payments.channels.cash.collecting import Ticket
from canbao.web.access import key_of
from canbao.web.desk import acts
from canbao.web.theme.pieces import Column

LONGEST_NAME: Final = 60
# The round sum that means: as much as the receipt.
EXACT: Final = "exact"
# Round sums that a payer is likely to hand over, in fen.
_ROUND: Final = (10_000, 50_000, 100_000)
_DATE: Final = ("paper_year", "paper_month", "paper_day")


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a form: what may be paid for it, or in words why nothing may be taken."""

    id: UUID
    name: str
    about: str
    due_fen: int
    ticked: bool
    why: str = ""
    # The receipt that stands for it already.
    receipt_id: UUID | None = None

    @property
    def payable(self) -> bool:
        """Whether money may be taken for it."""
        return not self.why

    @property
    def value(self) -> str:
        """What the box carries: for what, and what was shown as due."""
        return f"{self.id}.{self.due_fen}"


@dataclass(frozen=True, slots=True)
class Head:
    """Whose form it is: heading, words beside it, the address it is sent to, and whether it takes an advance."""

    title: str
    about: str
    query: str
    advance: bool = False


@dataclass(frozen=True, slots=True)
class TicketForm:
    """What one insurance of a household costs, and what was typed for its receipt."""

    head: Head
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
    def exact(self) -> str:
        """What the button of the exact sum sends."""
        return EXACT

    @property
    def payable(self) -> bool:
        """Whether money may be taken for somebody on it."""
        return any(one.payable for one in self.lines)

    @property
    def columns(self) -> list[Column]:
        """The heads of its lines; nobody is chosen where nothing may be taken."""
        said = [Column(gettext("Chosen"), "check")] if self.payable else []
        return [
            *said, Column(gettext("Person")), Column(gettext("Insurance and year")),
            Column(gettext("To pay"), "number"),
        ]  # fmt: skip

    @property
    def chosen(self) -> list[Shown]:
        """The ticked lines."""
        return [one for one in self.lines if one.ticked and one.payable]

    @property
    def sum_fen(self) -> int:
        """What they come to."""
        return sum(one.due_fen for one in self.chosen)

    @property
    def change_fen(self) -> int | None:
        """What is given back, once it is known what was given."""
        return None if self.given_fen is None else self.given_fen - self.sum_fen

    @property
    def missing_fen(self) -> int:
        """What was given too little."""
        return max(0, -(self.change_fen or 0))

    @property
    def round_sums(self) -> list[int]:
        """Sums above it that a payer is likely to hand over."""
        found = {-(-self.sum_fen // step) * step for step in _ROUND}
        return sorted(found - {self.sum_fen})[:2]

    @property
    def capitals(self) -> str:
        """The sum in capitals."""
        return money_text.in_capitals(self.sum_fen)


@dataclass(frozen=True, slots=True)
class Way:
    """How a form's money is taken, and which receipt stands already where the operation refuses."""

    take: Callable[[UUID, Ticket, str], Outcome]
    standing: Callable[[str, Ticket], UUID | None]


def sent_for(posted: QueryDict | None, insurance: str) -> QueryDict | None:
    """What was posted, where it was this insurance's form."""
    return posted if posted is not None and posted.get("insurance") == insurance else None


def ticked(posted: QueryDict | None, one: UUID) -> bool:
    """Whether a line is chosen: all are until a form was sent."""
    if posted is None:
        return True
    return str(one) in {line.partition(".")[0] for line in posted.getlist("line")}


def form(
    head: Head, insurance: str, lines: Sequence[Shown], held: Sequence[BlockRow], payer: str,
    posted: QueryDict | None,
) -> TicketForm:  # fmt: skip
    """The form as it was typed, or fresh with the payer who is likely."""
    block = held[0] if held else None
    if posted is None:
        return TicketForm(
            head, insurance, lines, block, payer, "", None, uuid4(), str(uuid4())
        )  # fmt: skip
    given = posted.get("given", "").replace("\0", "").strip()[:LONGEST_NAME]
    quick = posted.get("quick", "")[:LONGEST_NAME]
    sum_fen = sum(one.due_fen for one in lines if one.ticked and one.payable)
    if quick:
        given = money_text.in_yuan(sum_fen) if quick == EXACT else quick
    chosen = next((one for one in held if str(one.id) == posted.get("block")), block)
    fen = money_text.read(given) if given else None
    faults = [refusals.say("amount_unclear")] if given and fen is None else []
    if fen is not None and fen - sum_fen > collecting.CHANGE_MOST_FEN:
        faults = [refusals.say("too_much_given")]
    paper = {name: posted.get(name, "").strip()[:4] for name in (*_DATE, "into_today")}
    return TicketForm(
        head, insurance, lines, chosen,
        posted.get("payer", "").replace("\0", "").strip()[:LONGEST_NAME],
        given, fen, _uuid_or_new(posted.get("ticket", "")), posted.get("key", "") or str(uuid4()),
        faults, paper=paper if any(paper.values()) else None,
    )  # fmt: skip


def _uuid_or_new(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def collect(
    request: HttpRequest, actor: Actor, forms: list[TicketForm], way: Way
) -> tuple[HttpResponse | None, list[TicketForm]]:
    """Take the money of the form that was posted, or say beside it why not."""
    place = next(
        (i for i, one in enumerate(forms) if one.insurance == request.POST.get("insurance")), None
    )
    if place is None:
        raise Refused("not_found")
    key = key_of(request, actor)
    # Whatever else was typed since: the receipt that stands is shown, and nothing is taken.
    done = outcomes.kept(actor, str(key))
    if done is not None and done.outcome.done:
        return _to_receipt(actor, done.outcome.done[0], again=True), forms
    if forms[place].faults:
        return None, forms
    try:
        receipt_id, again = _take(request, forms[place], way, key)
    except Refused as refused:
        if refused.code in {"not_found", "page_too_old"}:
            raise
        changed = replace(
            forms[place], faults=[acts.sentence_of(refused.code, refused.facts)], key=str(uuid4())
        )
        return None, [changed if i == place else one for i, one in enumerate(forms)]
    return _to_receipt(actor, receipt_id, again=again), forms


def _take(request: HttpRequest, form: TicketForm, way: Way, key: str) -> tuple[UUID, bool]:
    """Write the receipt; the first one instead where all of it was paid already. Refuses as the operation, and `sum_changed`."""
    ticket = _ticket(request, form)
    if form.block is None:
        raise Refused("not_your_block")
    # Nothing is taken that was not shown: without a script the sum is seen only after working it out again.
    ticked_fen = sum(ticket.due_fen.values())
    if ticked_fen and request.POST.get("shown") != str(ticked_fen):
        raise Refused("sum_changed", sum=money_text.in_yuan(ticked_fen))
    outcome = way.take(form.block.id, ticket, key)
    if outcome.done:
        return outcome.done[0], outcome.again
    refusal = next(iter(outcome.refused.values()))
    first = way.standing(refusal.code, ticket)
    if first is None:
        raise Refused(refusal.code, **refusal.facts)
    return first, True


def _ticket(request: HttpRequest, form: TicketForm) -> Ticket:
    """What was ticked, with the amounts as they were shown. Refuses `page_too_old`, `date_unclear`."""
    due: dict[UUID, int] = {}
    for one in request.POST.getlist("line"):
        subject, _, fen = one.partition(".")
        if not (fen.isascii() and fen.isdigit()) or len(fen) > 12:  # noqa: PLR2004 - a bigint column
            raise Refused("page_too_old")
        due[acts.uuid_or_404(subject)] = int(fen)
    number = request.POST.get("number", "").lstrip("0")
    paper = form.paper or {}
    paid_on = _day(paper) if any(paper.get(part) for part in _DATE) else None
    return Ticket(
        form.ticket_id,
        int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0,  # noqa: PLR2004 - a bigint
        form.payer_name, due, form.given_fen or 0, paid_on,
        into_today=bool(paper.get("into_today")),
    )  # fmt: skip


def _day(paper: Mapping[str, str]) -> datetime.date:
    try:
        return datetime.date(*(int(paper[part]) for part in _DATE))
    except ValueError as fault:
        raise Refused("paper_day_unclear") from fault


def _to_receipt(actor: Actor, receipt_id: UUID, *, again: bool) -> HttpResponse:
    target = reverse("cash_receipt", args=[actor.county, receipt_id])
    return HttpResponseRedirect(f"{target}?{'again' if again else 'done'}=1", status=303)
