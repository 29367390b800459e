"""Money back in the demo county: one refund at each place where it can stand, and the cash behind them banked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final
from uuid import UUID

from canbao.cases import advance, handing_over, refunding
from canbao.cases.claim import Channel
from canbao.cases.door import CaseRow
from canbao.cases.flow import Verdict
from canbao.cases.refunding import Ask
from canbao.cases.review import Reason
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.taken import Outcome
from canbao.papers import intake, store
from canbao.papers.marks import Confirmation
from canbao.papers.sheets import Attached
from canbao.payments import blocks, queries, refund_requests
from canbao.payments.banking import agency, lines
from canbao.payments.banking.lines import Line
from canbao.payments.blocks import Kind, Run
from canbao.payments.channels.cash import collecting, days, depositing, handing, matching
from canbao.payments.channels.cash.collecting import Ticket
from canbao.payments.charges import ChargeRow
from canbao.payments.refund_requests import Account
from canbao.simulate import cast, claims, drawings, road, walks
from canbao.simulate.claims import MEDICAL
from canbao.simulate.plan import Group, Pools, Stop
from canbao.simulate.walks import Demo

VILLAGE: Final = cast.PEAR
FIRST, LAST = 9001, 9050
BANK: Final = "农业银行明水支行"


@dataclass(frozen=True, slots=True)
class Stage:
    """How far one refund has come, and why it is asked for."""

    name: str
    reason: str


# In the order in which they are further on; what is due and not asked for comes beside them.
STAGES: Final = (
    Stage("county", "paid_twice"),
    Stage("refused", "abroad"),
    Stage("finance", "other_insurance"),
    Stage("payout", "army"),
    Stage("failed", "paid_twice"),
    Stage("paid", "other_insurance"),
)
_NOT_PROVEN: Final = Reason("reason_not_proven", "refund_proof", "请补来签证或定居证明，再申请。")
_ACCOUNT: Final = Reason("bank_did_not_pay", "", "银行退回：账号已销户。")


def stand(demo: Demo, pools: Pools) -> None:
    """Let people of 梨树村 pay, and ask for it back; each refund walks as far as its stage."""
    paid = walks.walk(
        demo, Group("refunds", MEDICAL, (VILLAGE,), len(STAGES), Stop.APPROVED, 12),
        {VILLAGE: _who_pay(pools, len(STAGES), demo)},
    )[VILLAGE]  # fmt: skip
    waiting = walks.walk(
        demo, Group("refund-due", MEDICAL, (VILLAGE,), 1, Stop.COUNTY, 9),
        {VILLAGE: _who_pay(pools, 1, demo)},
    )[VILLAGE]  # fmt: skip
    _pay(demo, paid, waiting)
    asked = _ask(demo, paid)
    _walk(demo, asked)
    road.withdraw(
        demo.coordinator(VILLAGE), waiting, at=demo.at(3, 15), key="demo/money-back/withdraw"
    )


def _who_pay(pools: Pools, count: int, demo: Demo) -> Sequence[claims.Applicant]:
    """The next grown-ups of the village: they sign for themselves and pay their own share."""
    on = clock.on(demo.now)
    found: list[claims.Applicant] = []
    while len(found) < count:
        [one] = pools.take(VILLAGE, MEDICAL, 1)
        if one.who.age_on(on) >= claims.FULL_AGE and not one.groups:
            found.append(one)
    return found


def _pay(demo: Demo, paid: Sequence[UUID], waiting: Sequence[UUID]) -> None:
    """The coordinator takes the cash, and it goes by township and bank to a line that is matched."""
    collector, finance = demo.coordinator(VILLAGE), demo.actors[cast.FINANCE_OFFICER[MEDICAL]]
    run = Run("25-梨树-01", Kind.ACKNOWLEDGEMENT, FIRST, LAST, collector.id)
    key = "demo/money-back"
    block = _once(blocks.issue, finance, [run], at=demo.at(6, 9), key=f"{key}/block")
    owed = _charges(demo, paid)

    names = [row.name for row in _rows(demo, paid)]
    ids = _ids(demo, "ticket", len(paid))

    def tickets() -> list[Ticket]:
        return [
            Ticket(one, FIRST + place, name, {row.id: row.due_fen})
            for place, (one, name, row) in enumerate(zip(ids, names, owed, strict=True))
        ]

    at = demo.at(6, 10)
    _whole(road.once(collecting.collect, collector, block, tickets, at=at, key=f"{key}/pay"))
    [case] = road.rows_of(demo.county(MEDICAL), waiting)
    [one] = _ids(demo, "advance", 1)
    early = Ticket(one, FIRST + len(paid), case.name, {case.id: case.own_fen})
    _whole(road.once(advance.take, collector, block, [early], at=at, key=f"{key}/advance"))
    # A second run finds all of this done, and the charges of what was given back gone.
    _bank(demo, collector, finance, sum(one.own_fen for one in owed) + case.own_fen)


def _bank(demo: Demo, collector: Actor, finance: Actor, fen: int) -> None:
    key, township = "demo/money-back", demo.township(VILLAGE)
    on = clock.on(demo.at(6))
    road.once(
        days.close, collector, MEDICAL, on, _notes(fen), "", at=demo.at(6, 17), key=f"{key}/close"
    )
    slip = _once(handing.offer, collector, MEDICAL, at=demo.at(6, 17, 30), key=f"{key}/offer")
    road.once(handing.accept, township, slip, fen, at=demo.at(5, 9), key=f"{key}/accept")
    [account] = agency.accounts_of(frozenset({MEDICAL}))
    paid_on = clock.on(demo.at(5))
    deposit = _once(
        depositing.pay_in, township, account.id, "梨-0001", fen, paid_on,
        at=demo.at(5, 11), key=f"{key}/deposit",
    )  # fmt: skip
    [line_id] = _ids(demo, "line", 1)
    line = Line(line_id, "B-梨-0001", paid_on, fen, "现金存入")
    _whole(
        road.once(lines.enter, finance, account.id, [line], at=demo.at(5, 15), key=f"{key}/line")
    )
    at = demo.at(5, 16)
    _whole(road.once(matching.match, finance, {line.id: deposit}, at=at, key=f"{key}/match"))


def _ask(demo: Demo, paid: Sequence[UUID]) -> dict[str, UUID]:
    """The village asks for each with a photo of the card; the cases by stage."""
    village, key, at = demo.coordinator(VILLAGE), "demo/money-back", demo.at(4, 9)

    def cards() -> list[intake.CleanPage]:
        picture = drawings.specimen("银行卡")
        return list(intake.clean(picture, declared_name="card.jpg"))

    card = _once(store.keep, village, cards, at=at, key=f"{key}/card")
    names = [row.name for row in _rows(demo, paid)]
    persons = [row.person_id for row in _rows(demo, paid)]
    ids = _ids(demo, "ask", len(STAGES))

    def asks() -> list[Ask]:
        found = {one.person_id: one for one in refund_requests.of_people(persons) if not one.fault}
        return [
            Ask(
                case, found[person].id, stage.reason, found[person].fen,
                Account(name, BANK, f"62284800000000{place:05d}"), Confirmation("paper", name),
                attached=[Attached("account_card", 1, card)],
            )
            for place, (case, person, name, stage) in enumerate(
                zip(ids, persons, names, STAGES, strict=True)
            )
        ]  # fmt: skip

    _whole(road.once(refunding.ask, village, asks, Channel.VILLAGE, at=at, key=f"{key}/ask"))
    return {stage.name: case for case, stage in zip(ids, STAGES, strict=True)}


def _walk(demo: Demo, cases: dict[str, UUID]) -> None:
    county, finance = demo.county(MEDICAL), demo.actors[cast.FINANCE_OFFICER[MEDICAL]]
    second, key = demo.actors["guqing"], "demo/money-back"
    to_finance = [cases[one] for one in ("finance", "payout", "failed", "paid")]
    at = demo.at(3, 10)
    road.answer(county, to_finance, at=at, key=f"{key}/county/answer")
    road.decide(county, to_finance, at=at, key=f"{key}/county/pass")
    road.decide(
        county, [cases["refused"]], at=at, key=f"{key}/county/refuse",
        verdict=Verdict.REFUSE, reasons=[_NOT_PROVEN],
    )  # fmt: skip
    to_payout, at = to_finance[1:], demo.at(2, 10)
    road.answer(finance, to_payout, at=at, key=f"{key}/finance/answer")
    road.decide(finance, to_payout, at=at, key=f"{key}/finance/pass")
    sent = demo.at(1, 9)
    _whole(road.once(
        handing_over.hand_over, second, lambda: road.versions(second, [cases["paid"]]),
        at=sent, key=f"{key}/payout/hand-over",
    ))  # fmt: skip
    at = demo.at(1, 10)
    road.answer(second, [cases["paid"]], at=at, key=f"{key}/payout/answer")
    road.decide(second, [cases["paid"]], at=at, key=f"{key}/payout/pass")
    road.decide(
        second, [cases["failed"]], at=at, key=f"{key}/payout/fail",
        verdict=Verdict.RETURN, reasons=[_ACCOUNT],
    )  # fmt: skip


def _rows(demo: Demo, ids: Sequence[UUID]) -> list[CaseRow]:
    """The cases in the order of their ids given."""
    found = {row.id: row for row in road.rows_of(demo.county(MEDICAL), ids)}
    return [found[one] for one in ids]


def _charges(demo: Demo, ids: Sequence[UUID]) -> list[ChargeRow]:
    persons = [row.person_id for row in _rows(demo, ids)]
    year = claims.cover_year(MEDICAL, clock.on(demo.now))
    found = {row.person_id: row for row in queries.owed(persons, year)}
    return [found[one] for one in persons if one in found]


def _ids(demo: Demo, name: str, count: int) -> list[UUID]:
    return claims.new_ids(demo.at(6), Random(f"{walks.SEED}/refunds/{name}"), count)


def _whole(outcome: Outcome) -> Outcome:
    if outcome.refused:
        raise road.Unexpected(str(next(iter(outcome.refused.values()))))
    return outcome


def _once(
    act: Callable[..., Outcome], actor: Actor, *given: object, at: clock.Instant, key: str
) -> UUID:
    """Do an act once, and say what it made."""
    return road.once(act, actor, *given, at=at, key=key).done[0]


def _notes(fen: int) -> dict[int, int]:
    """The fewest notes that make an amount."""
    found = {}
    for value in days.DENOMINATIONS:
        found[value], fen = divmod(fen, value)
    return found
