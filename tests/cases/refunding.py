"""Steps of refund_requests money back that tests share: somebody who has paid, an ask, the desks that decide it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from canbao.cases import application, handing_over, refunding
from canbao.cases.claim import Channel
from canbao.cases.flow import Verdict
from canbao.cases.refunding import Ask
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.taken import Outcome
from canbao.papers.marks import Confirmation
from canbao.payments import refund_requests
from canbao.payments.refund_requests import Account, Source
from canbao.payments.tables import ReceiptLine
from canbao.people import queries as people
from tests import small as cast
from tests.payments import money
from tests.small import Small

NUMBER = "6222 0202 0000 1234 567"


def paid(small: Small, serials: Sequence[int], insurance: str = "390") -> list[Source]:
    """People who were approved and have paid at the village; the lines of their receipts."""
    year = clock.today().year + (insurance == "390")
    claims = [cast.claim(one, insurance=insurance, year=year) for one in serials]
    owed = money.approved(small, insurance=insurance, claims=claims)
    first = 1 + 100 * serials[0]
    block = money.block(small, small.chen, first, first + 99)
    tickets = [money.ticket(first + place, [one]) for place, one in enumerate(owed)]
    assert not money.collect(small.chen, block, *tickets).refused
    lines = ReceiptLine.here.filter(charge_id__in=[one.id for one in owed]).order_by("id")
    found = refund_requests.find(lines.values_list("id", flat=True))
    return list(found.values())


def due(small: Small, serial: int) -> Source:
    """Somebody who paid in advance and took the application back: a refund that is due."""
    from tests.cases.test_advance import take

    claim = cast.claim(serial)
    [case] = cast.bring_to("county", small, [claim])
    first = 1 + 100 * serial
    assert not take(small, money.block(small, small.chen, first, first + 9), first, [case]).refused
    versions = cast.versions(small.wei, [case])
    assert not application.withdraw(small.wei, versions, at=clock.now()).refused
    [person] = [row.person_id for row in cast.rows(small.wei, [case]).values()]
    [source] = refund_requests.of_person(person)
    return source


def wish(source: Source, **changes: Any) -> Ask:
    """A sound ask of the person the money is of."""
    name = people.persons([source.person_id])[source.person_id].name
    return Ask(
        changes.get("id", new_id()), source.id, changes.get("reason", "paid_twice"),
        changes.get("fen", source.fen),
        Account(changes.get("holder", name), changes.get("bank", "农行明水支行"), changes.get("number", NUMBER)),
        changes.get("confirmation", Confirmation("paper", name)), changes.get("drawn", False),
    )  # fmt: skip


def ask(actor: Actor, *asks: Ask, at: clock.Instant | None = None) -> Outcome:
    """Ask at a desk."""
    return refunding.ask(actor, asks, Channel.PAPER, at=at or clock.now(), key=cast.key())


def asked(small: Small, *sources: Source, **changes: Any) -> list[UUID]:
    """Sound asks, all accepted; the cases."""
    outcome = ask(small.wei, *(wish(one, **changes) for one in sources))
    assert not outcome.refused, outcome.refused
    return list(outcome.done)


def passed(actor: Actor, ids: Sequence[UUID]) -> Outcome:
    """Answer everything, hand to the bank what waits for that, and pass."""
    cast.answer_all(actor, ids)
    sent(actor, ids)
    return cast.decide(actor, ids)


def to_payout(small: Small, ids: Sequence[UUID]) -> None:
    """Bring cases to the second person at finance, who hands them to the bank."""
    assert not passed(small.wei, ids).refused
    assert not passed(small.luo, ids).refused
    assert not sent(small.gu, ids).refused


def sent(actor: Actor, ids: Sequence[UUID]) -> Outcome:
    """Hand refunds to the bank."""
    return handing_over.hand_over(actor, cast.versions(actor, ids), at=clock.now(), key=cast.key())


def failed(actor: Actor, ids: Sequence[UUID]) -> Outcome:
    """The bank did not pay."""
    return cast.decide(actor, ids, Verdict.RETURN)


def codes(outcome: Outcome) -> list[str]:
    """Why each was refused."""
    return sorted({one.code for one in outcome.refused.values()})
