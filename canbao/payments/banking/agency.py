"""The bank accounts of the county agencies: each insurance has its own; the administration enters them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from canbao.kernel import audit, clock, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import CONSTRAINTS, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Office
from canbao.kernel.taken import Outcome
from canbao.payments.banking.tables import BankAccount

CONSTRAINTS["bank_account_number"] = "bank_account_known"
MAKERS = frozenset({Role.ADMINISTRATOR, Role.SYSTEM})


class AccountRow(NamedTuple):
    """A bank account as pages show it."""

    id: UUID
    office_id: UUID
    insurance: str
    holder: str
    bank: str
    number: str


@dataclass(frozen=True, slots=True)
class Given:
    """An account to be entered: for which insurance, whose, at which bank, its number."""

    insurance: str
    holder: str
    bank: str
    number: str


@operation
def add_account(actor: Actor, office_id: UUID, given: Given, *, at: clock.Instant) -> Outcome:
    """Enter an account of a county agency.

    Refuses `not_administrator`, `not_found` (no agency of that insurance), `bank_account_incomplete`,
    `bank_account_known`.
    """
    if actor.role not in MAKERS:
        raise Refused("not_administrator")
    insurance = given.insurance
    office = Office.here.filter(id=office_id, kind="county", insurances__contains=[insurance])
    if not office.exists():
        raise Refused("not_found")
    holder, bank = given.holder.strip(), given.bank.strip()
    number = "".join(given.number.split())
    if not (holder and bank and number):
        raise Refused("bank_account_incomplete")
    ids = rows.insert(
        BankAccount, office_id=office_id, insurance=insurance, holder=holder[:80], bank=bank[:80],
        number=number[:40], by_id=actor.id, at=at,
    )  # fmt: skip
    audit.record(actor, "bank_account.added", ids, at=at, kind="bank_account")
    return Outcome(tuple(ids))


def accounts_of(insurances: frozenset[str]) -> list[AccountRow]:
    """Open accounts of these insurances; one statement."""
    found = BankAccount.here.filter(insurance__in=sorted(insurances), closed_on=None)
    return list(
        map(AccountRow._make, found.order_by("insurance", "at").values_list(*AccountRow._fields))
    )


def hold(insurance: str) -> None:
    """Lock the accounts of an insurance: what moves its cash and what closes its day go one after the other."""
    found = BankAccount.here.filter(insurance=insurance).order_by("id")
    list(found.select_for_update(no_key=True).values_list("id"))
