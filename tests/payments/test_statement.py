"""The pension account as the book tells it: rebuilt from zero it is what is stored, on every day."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from canbao.cases import advance
from canbao.cases.flow import Verdict
from canbao.insured import queries as insured
from canbao.insured.tables import AccountBalance
from canbao.kernel import clock
from canbao.kernel.ids import new_id
from canbao.payments import accounts, records, refunds, statements
from canbao.payments.channels.cash.collecting import Ticket
from canbao.payments.refunds import Back, Reason
from canbao.payments.tables import Charge
from canbao.people import documents
from canbao.people.numbers import Kind
from tests import small as cast
from tests.payments import money
from tests.small import Small


def rebuilt(person: UUID) -> dict[str, int]:
    """The sub-ledgers from the first posting to today."""
    return statements.balances(statements.lines(person, clock.today()))


def test_own_money_enters_at_once_and_others_owe_theirs(small: Small) -> None:
    [charge] = money.approved(small, 1, "170")
    person = charge.person_id
    assert statements.owed_by_others(person) == []
    block = money.block(small, small.chen)
    assert not money.collect(small.chen, block, money.ticket(1, [charge])).refused

    [line] = statements.lines(person, clock.today())

    assert (line.kind, line.sub_ledger, line.fen, line.balance_fen, line.receipt_number) == (
        "cash_payment", "own", charge.own_fen, charge.own_fen, 1,
    )  # fmt: skip
    assert statements.lines(person, clock.today() - timedelta(days=1)) == []
    owed = statements.owed_by_others(person)
    assert sum(one.fen for one in owed) > 0
    assert all(one.sub_ledger != "own" for one in owed)
    made = records.statement_pdf(small.cai, person, clock.today(), at=clock.now())
    assert made.startswith(b"%PDF")


def test_rebuilt_from_zero_equals_stored(small: Small) -> None:
    @settings(max_examples=6, deadline=None)
    @given(seed=st.integers(0, 10_000))
    def holds(seed: int) -> None:
        a_season(small, seed)

    holds()


def a_season(small: Small, seed: int) -> None:
    """Advances, decisions, payments and refunds as the seed has them; then book and accounts agree."""
    random = Random(seed)
    first = random.randrange(10**6) * 10
    block = money.block(small, small.chen, first + 1, first + 10, label=str(new_id()))
    serials = random.sample(range(1, 380), 3)
    number = first
    claims = [cast.claim(one, insurance="170", year=clock.today().year) for one in serials]
    claims = [one for one in claims if not _known(one.identity.number)]
    if not claims:
        return
    ids = cast.bring_to("county", small, claims, "170")
    cast.answer_all(small.shi, ids, claims)
    for case in ids:
        if random.random() < 0.6:
            number += 1
            ticket = Ticket(new_id(), number, "王守田", {case: 50000})
            assert not advance.take(small.chen, block, [ticket], at=clock.now()).refused
    verdict = [random.choice([Verdict.PASS, Verdict.PASS, Verdict.REFUSE]) for _ in ids]
    for one in (Verdict.PASS, Verdict.REFUSE):
        group = [case for case, said in zip(ids, verdict, strict=True) if said is one]
        if group:
            assert not cast.decide(small.shi, group, one).refused
    persons = [row.person_id for row in cast.rows(small.shi, ids).values()]
    for charge in Charge.here.filter(person_id__in=persons, state="open"):
        number += 1
        ticket = Ticket(new_id(), number, "王守田", {charge.id: 50000})
        assert not money.collect(small.chen, block, ticket).refused
    for charge in Charge.here.filter(person_id__in=persons, state="settled"):
        if random.random() < 0.5:
            back = Back(
                charge.person_id, "170", charge.year, random.randrange(1, 50001), Reason.TOO_MUCH,
                accounts.PREMIUM, charge_id=charge.id,
            )  # fmt: skip
            refunds.due(small.cai, [back], clock.now())

    for person in persons:
        stored = {name: fen for name, fen in insured.balances_of(person).items() if fen}
        assert rebuilt(person) == stored
    assert all(one.balance_fen >= 0 for one in AccountBalance.here.all())


def _known(number: str) -> bool:
    return documents.holder(Kind.ID_CARD, number) is not None
