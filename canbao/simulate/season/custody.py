"""The way of the cash: days counted rightly or not, slips, deposits, the bank's lines, finance's days, the next day."""

from __future__ import annotations

import datetime
from uuid import UUID

from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.payments import closing, payouts
from canbao.payments.banking import bounced, lines, outgoing, unmatching
from canbao.payments.banking.lines import Line
from canbao.payments.banking.tables import BankLine, FinanceDay
from canbao.payments.channels.cash import days, depositing, handing, matching
from canbao.payments.channels.cash import queries as cash
from canbao.payments.channels.cash.tables import Deposit, HandOver
from canbao.payments.tables import Payout
from canbao.simulate.season.world import MEDICAL, OFTEN, PENSION, World, act


@act(4)
def next_day(world: World) -> None:
    """The sun goes down and up again."""
    world.now += datetime.timedelta(days=1)


@act(10)
def close_day(world: World) -> None:
    """A collector counts the notes: rightly, or ten yuan short or over, with a reason or without."""
    off = world.rng.choice((0, 0, 1_000, -1_000))
    reason = world.rng.choice(("", "找错了", "找错了"))
    day = world.on - datetime.timedelta(days=world.rng.randrange(2))
    holders = [(one.holder_id, one.insurance) for one in cash.in_hands([MEDICAL, PENSION])]
    by, insurance = world.rng.choice(holders or [(None, MEDICAL)])
    mine = [one for one in world.collectors if one.id == by]
    count(world, world.rng.choice(mine or world.collectors), insurance, day, off, reason)


def count(
    world: World, collector: Actor, insurance: str, day: datetime.date, off: int = 0, reason: str = ""
) -> None:  # fmt: skip
    """Count so much more or less than the book says, and close the day."""
    due = max(0, days.expected_fen(collector.id, insurance, day) + off)
    found, left = {}, due
    for value in days.DENOMINATIONS:
        found[value], left = divmod(left, value)
    world.attempt(
        days.close, collector, insurance, day, found, reason or ("零钱不够" if left else "")
    )


@act(6)
def offer(world: World) -> None:
    """Collectors offer their closed days to the township."""
    for collector in world.some(world.collectors, 2):
        world.attempt(handing.offer, collector, world.insurance())


@act(6)
def sign(world: World) -> None:
    """A township officer counts a slip and signs it, sends it back, or counts otherwise."""
    found = HandOver.here.filter(state=handing.OFFERED).values_list("id", "amount_fen", "office_id")
    for one, fen, office in world.some(list(found), 2):
        cashier = _cashier(world, office)
        if world.maybe(0.2):
            world.attempt(handing.refuse, cashier, one, "再点一遍")
        else:
            wrong = 1_000 if world.maybe(0.1) else 0
            world.attempt(handing.accept, cashier, one, fen + wrong)


@act(5)
def pay_in(world: World) -> None:
    """A township carries cash to the bank: all of it, half of it, or more than is there."""
    for held in world.some(cash.in_safes([MEDICAL, PENSION]), 1):
        fen = world.rng.choice((held.fen, held.fen, held.fen // 2, held.fen + 100))
        slip = str(new_id())[-12:]
        cashier = _cashier(world, held.holder_id)
        account = world.accounts[held.insurance]
        world.do(depositing.pay_in, cashier, account, slip, fen, world.on)


def _cashier(world: World, office: UUID) -> Actor:
    """Somebody of this office, and now and then somebody of another."""
    mine = [one for one in world.cashiers if one.office_id == office]
    return world.rng.choice(mine if world.maybe(0.95) else world.cashiers)


@act(4)
def enter_lines(world: World) -> None:
    """Finance enters what the bank wrote: the deposits, now and then one entered before or of another amount."""
    found = Deposit.here.filter(banked_on=None).values_list(
        "insurance", "slip_number", "amount_fen"
    )
    for insurance, slip, fen in world.some(list(found), 2):
        amount = fen if world.maybe(0.9) else fen + 100
        line = Line(new_id(), slip, world.on, amount, "现金存入")
        world.do(lines.enter, world.finance(insurance), world.accounts[insurance], [line])


@act(5)
def match(world: World) -> None:
    """Finance says which line is which deposit; now and then it is none of its business, or another deposit."""
    found = BankLine.here.filter(matched_on=None).values_list(
        "id", "reference", "account__insurance"
    )
    waiting = {
        slip: (one, insurance)
        for one, slip, insurance in Deposit.here.values_list("id", "slip_number", "insurance")
    }
    for line, slip, insurance in world.some(list(found), 2):
        if slip in waiting:
            other = world.rng.choice(list(waiting.values()))[0]
            deposit = waiting[slip][0] if world.maybe(0.9) else other
            actor = world.finance(insurance) if world.maybe(0.9) else world.cashiers[0]
            world.do(matching.match, actor, {line: deposit})


@act(4)
def find_refunds(world: World) -> None:
    """Finance finds in the bank's lines what went out; who said that it was paid is refused."""
    insurance = world.insurance()
    for paid in world.some(outgoing.waiting([insurance]), 2):
        line = Line(new_id(), str(new_id())[-12:], world.on, -paid.amount_fen, "退费")
        world.do(lines.enter, world.finance(insurance), world.accounts[insurance], [line])
        world.do(outgoing.match, world.finance(insurance), {line.id: paid.id})


@act(3)
def send_refunds_back(world: World) -> None:
    """The bank sends refunds back; now and then the wrong one is chosen, or one of another amount."""
    insurance = world.insurance()
    fens = Payout.here.filter(result=payouts.PAID).values_list("amount_fen", flat=True).distinct()
    for paid in world.some(bounced.standing([insurance], set(fens)), 1)[:1]:
        amount = paid.amount_fen if world.maybe(0.9) else paid.amount_fen + 100
        line = Line(new_id(), str(new_id())[-12:], world.on, amount, "退汇 户名不符")
        world.do(lines.enter, world.finance(insurance), world.accounts[insurance], [line])
        world.do(bounced.came_back, world.finance(insurance), {line.id: paid.id})


@act(2)
def find_never_paid(world: World) -> None:
    """What was said to be paid never left; who said so does not take it back, nor what a line shows."""
    insurance = world.insurance()
    said = list(outgoing.waiting([insurance])) or list(bounced.standing([insurance], {40_000}))
    chosen = {one.id: "银行没有这笔" for one in world.some(said, 1)[:1]}
    world.do(bounced.never_left, world.finance(insurance), chosen)


@act(2)
def unmatch(world: World) -> None:
    """Finance takes a match back that was wrong; now and then whoever made it tries."""
    found = BankLine.here.exclude(matched_on=None).values_list("id", "account__insurance")
    for line, insurance in world.some(list(found), 1)[:1]:
        world.do(unmatching.unmatch, world.finance(insurance), {line: "对错了"})


@act(3)
def close_finance(world: World) -> None:
    """Finance closes yesterday or today, mostly when every collector has counted it."""
    insurance = world.insurance()
    day = world.on - datetime.timedelta(days=world.rng.choice((0, 1, 1, 1)))
    if world.maybe(OFTEN):
        for collector in world.collectors:
            count(world, collector, insurance, day)
    world.do(closing.close, world.finance(insurance), insurance, day)


@act(3)
def confirm_finance(world: World) -> None:
    """A finance officer confirms a closed day, also one of the own."""
    found = FinanceDay.here.order_by("-day").values_list("id", "insurance")[:5]
    for one, insurance in world.some(list(found), 1):
        world.do(closing.confirm, world.finance(insurance), one)


def bring_to_the_bank(world: World) -> None:
    """Close every day, hand everything over, pay it in and match it, as at a season's end."""
    next_day(world)
    for insurance in (MEDICAL, PENSION):
        for collector in world.collectors:
            count(world, collector, insurance, world.on)
            world.attempt(handing.offer, collector, insurance)
    for slip in HandOver.here.filter(state=handing.OFFERED):
        cashier = next(
            one
            for one in world.cashiers
            if one.office_id == slip.office_id and one.id != slip.collector_id
        )
        world.do(handing.accept, cashier, slip.id, slip.amount_fen)
    for held in cash.in_safes([MEDICAL, PENSION]):
        cashier = next(one for one in world.cashiers if one.office_id == held.holder_id)
        account, slip_number = world.accounts[held.insurance], str(new_id())[-12:]
        world.do(depositing.pay_in, cashier, account, slip_number, held.fen, world.on)
    for deposit in Deposit.here.filter(banked_on=None):
        line = Line(new_id(), str(new_id())[-12:], world.on, deposit.amount_fen, "现金存入")
        actor = world.finance(deposit.insurance)
        world.do(lines.enter, actor, deposit.account_id, [line])
        world.do(matching.match, actor, {line.id: deposit.id})
