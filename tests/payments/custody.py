"""Steps of the chain of custody that tests share: counted days, slips, deposits, the bank's lines."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.taken import Outcome
from canbao.payments.banking import agency, lines
from canbao.payments.banking.agency import Given
from canbao.payments.banking.lines import Line
from canbao.payments.channels.cash import days, depositing, handing, matching
from canbao.payments.tables import Receipt
from tests import small as cast
from tests.payments import money
from tests.small import Small


def later(days_later: int = 0) -> clock.Instant:
    """Now, or so many days after."""
    return clock.now() + timedelta(days=days_later)


def notes(fen: int) -> dict[int, int]:
    """The fewest notes that make an amount."""
    found = {}
    for value in days.DENOMINATIONS:
        found[value], fen = divmod(fen, value)
    assert fen == 0
    return found


def collected(small: Small, actor: Actor, first: int = 1, people: int = 1) -> list[Receipt]:
    """So many people have paid this collector today, one receipt each."""
    claims = [cast.claim(first + serial) for serial in range(people)]
    owed = money.approved(small, claims=claims)
    block = money.block(small, actor, first, first + 49)
    tickets = [money.ticket(first + place, [one]) for place, one in enumerate(owed)]
    assert not money.collect(actor, block, *tickets).refused
    return list(Receipt.here.filter(block_id=block).order_by("number"))


def close(
    actor: Actor, fen: int, reason: str = "", day: date | None = None, after: int = 0
) -> Outcome:
    """Count so much and close the day."""
    return days.close(
        actor, "390", day or clock.today(), notes(fen), reason, at=later(after), key=cast.key()
    )


def handed(small: Small, actor: Actor, fen: int) -> UUID:
    """The closed days are with the township."""
    slip = handing.offer(actor, "390", at=clock.now(), key=cast.key()).done[0]
    handing.accept(small.meng, slip, fen, at=clock.now(), key=cast.key())
    return slip


def office(actor: Actor) -> UUID:
    """Where somebody works."""
    assert actor.office_id is not None
    return actor.office_id


def account(small: Small, insurance: str = "390") -> UUID:
    """The agency's account at the bank."""
    agency_id = office(small.luo if insurance == "390" else small.cai)
    number = f"1602 {insurance} 0001"
    given = Given(insurance, "明水县医疗保障局", "明水农商行", number)
    return agency.add_account(small.guan, agency_id, given, at=clock.now()).done[0]


def paid_in(small: Small, account_id: UUID, fen: int, slip: str = "0001") -> UUID:
    """The township has paid in."""
    return depositing.pay_in(
        small.meng, account_id, slip, fen, clock.today(), at=clock.now(), key=cast.key()
    ).done[0]


def line(small: Small, account_id: UUID, fen: int, reference: str = "B1") -> UUID:
    """Finance has entered a line of the bank."""
    one = Line(new_id(), reference, clock.today(), fen, "现金存入")
    outcome = lines.enter(small.luo, account_id, [one], at=clock.now(), key=cast.key())
    assert not outcome.refused
    return one.id


def match(actor: Actor, line_id: UUID, deposit_id: UUID) -> Outcome:
    """Say that this line is that deposit."""
    return matching.match(actor, {line_id: deposit_id}, at=clock.now(), key=cast.key())


def code(outcome: Outcome) -> str:
    """Why the one thing asked for was refused, or nothing."""
    return next((one.code for one in outcome.refused.values()), "")
