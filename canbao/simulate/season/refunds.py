"""Money asked back: rightly, twice, and with a stale amount; the county, two people at finance, and the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from canbao.cases import (
    appeal,
    application,
    handing_over,
    payee,
    queries,
    refund_offers,
    refunding,
)
from canbao.cases.claim import Channel
from canbao.cases.flow import Status
from canbao.cases.refunding import Ask
from canbao.cases.tables import Appeal, Case
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.papers.marks import Confirmation
from canbao.payments import refund_requests, writing_off
from canbao.payments.refund_requests import Account, Source
from canbao.payments.refunds import State
from canbao.payments.tables import ReceiptLine, RefundDue
from canbao.people import queries as people
from canbao.simulate.season import walks
from canbao.simulate.season.world import World, act

KIND: Final = "refund"
_BANK: Final = "明水农村商业银行"
_SIGNER: Final = "代签人"


@act(6)
def ask_back(world: World) -> None:
    """Somebody asks for money that is due, or that a receipt brought; now and then for too much."""
    wishes = [_wish(world, one) for one in _sources(world) if one.fen > 0]
    if wishes:
        if world.maybe(0.1):
            wishes[0] = replace(wishes[0], fen=wishes[0].fen + world.rng.choice((100, -100)))
        actor = world.county(world.insurance())
        world.do(refunding.ask, actor, wishes, Channel.PAPER)


@act(2)
def ask_back_twice(world: World) -> None:
    """The same money is asked for twice at once, and once more afterwards."""
    for one in _sources(world)[:1]:
        actor = world.county(one.insurance)
        both = [_wish(world, one), _wish(world, one)]
        world.do(refunding.ask, actor, both, Channel.PAPER)
        world.do(refunding.ask, actor, [_wish(world, one)], Channel.PAPER)


@act(5)
def check_refunds(world: World) -> None:
    """The county checks what is asked back."""
    insurance = world.insurance()
    _desk(world, world.county(insurance), "county", insurance, refuses=0.1)


@act(6)
def approve_refunds(world: World) -> None:
    """Finance's first officer approves: what was only wished is booked, charge and cover end.

    What the bank did not pay is approved again, or refused after all.
    """
    insurance = world.insurance()
    _desk(world, world.finance(insurance), "finance", insurance, refuses=0.05, returns=0.05)


@act(6)
def hand_refunds_over(world: World) -> None:
    """Finance's second officer hands refunds to the bank, some of them twice."""
    insurance = world.insurance()
    found = Case.here.filter(kind=KIND, desk="payout", insurance=insurance, is_open=True)
    chosen = dict(found.order_by("id").values_list("id", "version")[: max(3, world.size)])
    if chosen:
        world.do(handing_over.hand_over, world.finance(insurance), chosen)


@act(6)
def pay_refunds(world: World) -> None:
    """Finance's second officer says that the bank has paid, or that it has not."""
    insurance = world.insurance()
    _desk(world, world.finance(insurance), "payout", insurance, returns=0.25)


@act(2)
def change_account(world: World) -> None:
    """A payee gives another account after the bank could not pay."""
    found = Case.here.filter(kind=KIND, desk="finance", is_open=True).values_list("id", "insurance")
    for one, insurance in world.some(list(found), 1)[:1]:
        actor = world.finance(insurance)
        [row] = queries.cases_of(actor, [one])
        held = refund_requests.see([one])[one]
        world.do(
            payee.change_account, actor, one, row.version, Account(held.holder, _BANK, _number(world))
        )  # fmt: skip


@act(2)
def appeal_refused(world: World) -> None:
    """Somebody contradicts a refusal, and the county mostly agrees: the same money is asked for again."""
    found = Case.here.filter(kind=KIND, status=Status.REFUSED)
    if world.maybe(0.9):
        found = found.exclude(id__in=Appeal.here.values("case_id"))
    for one, insurance in world.some(list(found.values_list("id", "insurance")), 1)[:1]:
        world.do(appeal.lodge, world.county(insurance), one, "钱是我的")
    insurance = world.insurance()
    for waits in appeal.waiting(world.county(insurance)):
        world.do(appeal.decide, world.county(insurance), waits.id, world.maybe(0.8), "对")


@act(2)
def take_ask_back(world: World) -> None:
    """Somebody does not want the money back after all, while it may still be said."""
    found = Case.here.filter(kind=KIND, is_open=True).values_list("id", "insurance", "version")
    for one, insurance, version in world.some(list(found), 1)[:1]:
        world.do(application.withdraw, world.county(insurance), {one: version})


@act(2)
def propose_write_off(world: World) -> None:
    """Finance proposes that money nobody can be paid stays with the fund."""
    insurance = world.insurance()
    found = RefundDue.here.filter(insurance=insurance, state=State.DUE).values_list("id", flat=True)
    chosen = dict.fromkeys(world.some(list(found), 1)[:1], "找不到人")
    world.do(writing_off.propose_write_off, world.finance(insurance), chosen)


@act(2)
def decide_write_off(world: World) -> None:
    """A finance officer answers what was proposed, now and then by the same one."""
    actor = world.finance(world.insurance())
    verdicts = {one.id: world.maybe(0.5) for one in writing_off.proposed(actor)}
    world.do(writing_off.decide_write_off, actor, verdicts)


def _sources(world: World) -> list[Source]:
    """Some money that is due already, and some that receipts brought."""
    many = max(1, world.size // 10)
    due = list(RefundDue.here.filter(state=State.DUE).values_list("id", flat=True)[:200])
    lines = list(ReceiptLine.here.order_by("-id").values_list("id", flat=True)[:300])
    wanted = [*world.some(due, many), *(world.some(lines, many) if world.maybe(0.6) else ())]
    return list(refund_requests.find(wanted).values())


def _wish(world: World, source: Source) -> Ask:
    """An ask of the person the money is of, or of whoever signs for a child or somebody who died."""
    person = people.persons([source.person_id])[source.person_id]
    dead = bool(people.dead([source.person_id]))
    signed = Confirmation("paper", person.name)
    if refund_offers.another_signs(person, dead=dead, on=world.on):
        signed = Confirmation("paper", _SIGNER, "proxy" if dead else "parent")
    reason = world.rng.choice(("paid_twice", "paid_twice", "moved", "died"))
    return Ask(
        new_id(), source.id, reason, source.fen, Account(signed.name, _BANK, _number(world)), signed
    )


def _number(world: World) -> str:
    return f"6222{world.rng.randrange(10**12):012d}"


def _desk(
    world: World, actor: Actor, desk: str, insurance: str, *, refuses: float = 0, returns: float = 0
) -> None:
    """Answer and decide what stands at a desk; what came back is refused more often."""
    for status, often in ((Status.CHECKING, refuses), (Status.RETURNED, 5 * refuses)):
        found = Case.here.filter(
            kind=KIND, desk=desk, insurance=insurance, is_open=True, status=status
        ).order_by("id")
        ids: Sequence[UUID] = list(found.values_list("id", flat=True)[: max(3, world.size)])
        if ids:
            walks.say_yes(world, actor, ids)
            walks.decide(world, actor, ids, refuses=often, returns=returns)
