"""What money may be asked back, and what is asked: the sources, how much is left of each, and the account."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery, Sum

from canbao.kernel import clock, rows, secrets
from canbao.kernel.actor import Actor
from canbao.kernel.operation import CONSTRAINTS
from canbao.kernel.refusal import Refused
from canbao.payments.refunds import State
from canbao.payments.tables import (
    AdvanceTurned,
    Cancelled,
    Charge,
    Receipt,
    ReceiptLine,
    RefundAsk,
    RefundDue,
)
from canbao.people import identities, names

CONSTRAINTS["refund_ask_once"] = "refund_asked_already"
CONSTRAINTS["refund_ask_open"] = "refund_asked_already"
CONSTRAINTS["refund_ask_line"] = "refund_asked_already"
SHORTEST_ACCOUNT: Final = 8
LONGEST_ACCOUNT: Final = 30
LONGEST_BANK: Final = 80
_ENDED: Final[Mapping[str, str]] = {
    State.PAID: "refunded_already",
    State.WRITTEN_OFF: "refund_written_off",
    State.TAKEN_BACK: "refund_taken_back",
}


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account as it was given: whose, at which bank, which number."""

    holder: str
    bank: str
    number: str


@dataclass(frozen=True, slots=True)
class Source:
    """Money that may be asked back: what is due already, or what one line of a receipt paid into a charge.

    `fault` says why none of it may be asked for now; `too_much_fen` is what lies above the own share;
    `subject_id` is the application that it was paid ahead for.
    """

    id: UUID
    person_id: UUID
    insurance: str
    year: int
    level: str
    fen: int
    paid_fen: int
    too_much_fen: int
    reason: str
    is_due: bool
    receipt_line_id: UUID | None
    receipt_id: UUID | None
    receipt_number: int | None
    paid_on: datetime.date | None
    charge_id: UUID | None
    subject_id: UUID | None
    fault: str

    def back_fen(self, *, difference: bool) -> int:
        """What is given back: all that is left, or only what lies above the own share."""
        return min(self.fen, self.too_much_fen) if difference else self.fen


class AskRow(NamedTuple):
    """An ask as acts and pages see it; the account number only masked."""

    id: UUID
    subject_id: UUID
    refund_id: UUID | None
    receipt_line_id: UUID | None
    insurance: str
    reason: str
    amount_fen: int
    difference: bool
    holder: str
    bank: str
    masked: str
    account_by: UUID
    is_open: bool

    @property
    def source_id(self) -> UUID:
        """What the money comes from: the refund that is due, or else the line of a receipt."""
        found = self.refund_id or self.receipt_line_id
        if found is None:
            raise ValueError(f"{self.id} asks for nothing")
        return found


def bound() -> str:
    """What the account numbers are bound to."""
    return identities.bound("refund_account")


def read_account(account: Account) -> Account:
    """The account in its one written form. Refuses `account_unclear`, `bank_missing`, and what names refuse."""
    number = "".join(sign for sign in account.number if not sign.isspace() and sign != "-")
    if not (number.isascii() and number.isdigit()):
        raise Refused("account_unclear")
    if not SHORTEST_ACCOUNT <= len(number) <= LONGEST_ACCOUNT:
        raise Refused("account_unclear")
    bank = account.bank.replace("\0", "").strip()
    if not bank:
        raise Refused("bank_missing")
    return Account(names.read(account.holder), bank[:LONGEST_BANK], number)


def mask(number: str) -> str:
    """The last four figures."""
    return f"**** {number[-4:]}"


def find(ids: Iterable[UUID]) -> dict[UUID, Source]:
    """The sources of these ids, of refunds due and of lines of receipts; at most six statements."""
    wanted = list(ids)
    due = {one.id: one for one in _due(RefundDue.here.filter(id__in=wanted))}
    lines = _lines(ReceiptLine.here.filter(id__in=[one for one in wanted if one not in due]))
    return due | {one.id: one for one in lines}


def of_person(person_id: UUID) -> list[Source]:
    """What is or may be due back to a person, what is due first, then the newest receipt; eight statements."""
    return of_people([person_id])


def of_people(person_ids: Iterable[UUID]) -> list[Source]:
    """The same for several people at once; eight statements."""
    ids = list(person_ids)
    due = _due(RefundDue.here.filter(person_id__in=ids))
    # Asked in one, a county's whole season would be joined before the few lines are found.
    charges = list(Charge.here.filter(person_id__in=ids).values_list("id", flat=True))
    turned = AdvanceTurned.here.filter(charge_id__in=charges)
    through = list(turned.values_list("receipt_line_id", flat=True))
    lines = _lines(ReceiptLine.here.filter(Q(charge_id__in=charges) | Q(id__in=through)))
    return [*due, *sorted(lines, key=lambda one: one.paid_on or datetime.date.min, reverse=True)]


def open_subjects(refund_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Who decides the ask that is open for each of these refunds, where somebody asks; one statement."""
    found = RefundAsk.here.filter(refund_id__in=list(refund_ids), is_open=True)
    return dict(found.values_list("refund_id", "subject_id"))


def asked_of(ids: Iterable[UUID]) -> set[UUID]:
    """Of these sources, those that somebody asks for already; one statement."""
    wanted = set(ids)
    found = RefundAsk.here.filter(
        Q(refund_id__in=wanted) | Q(receipt_line_id__in=wanted, refund=None), is_open=True
    )
    pairs = found.values_list("refund_id", "receipt_line_id")
    return {one for pair in pairs for one in pair if one in wanted}


def waiting_of(subject_id: UUID) -> int:
    """The fen that are due back of what was paid ahead for a subject, and that nobody asks for; one statement."""
    found = RefundDue.here.filter(receipt_line__subject_id=subject_id, state=State.DUE)
    return int(found.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def households_of(sources: Iterable[Source]) -> dict[UUID, str]:
    """The household number on the charge of each source, or on its receipt; two statements."""
    known = list(sources)
    charged = dict(
        Charge.here.filter(id__in={one.charge_id for one in known if one.charge_id}).values_list(
            "id", "household_number"
        )
    )
    written = dict(
        Receipt.here.filter(id__in={one.receipt_id for one in known if one.receipt_id}).values_list(
            "id", "household_number"
        )
    )
    return {
        one.id: (charged.get(one.charge_id) if one.charge_id else None)
        or (written.get(one.receipt_id) if one.receipt_id else None)
        or ""
        for one in known
    }


def hold_receipts(receipt_line_ids: Iterable[UUID]) -> None:
    """Lock the receipts of these lines, so that none is cancelled meanwhile."""
    lines = ReceiptLine.here.filter(id__in=list(receipt_line_ids)).values("receipt_id")
    found = Receipt.here.filter(id__in=lines).order_by("id")
    list(found.select_for_update(no_key=True).values_list("id"))


def _due(found: Any) -> list[Source]:
    columns = (
        "id", "person_id", "insurance", "year", "charge__level", "receipt_line__level", "amount_fen",
        "reason", "receipt_line_id", "receipt_line__receipt_id", "receipt_line__receipt__number",
        "receipt_line__receipt__paid_on", "charge_id", "receipt_line__subject_id", "state",
    )  # fmt: skip
    return [
        Source(
            id=one, person_id=person, insurance=insurance, year=year,
            level=of_charge or of_line or "", fen=fen, paid_fen=fen, too_much_fen=fen, reason=reason,
            is_due=True, receipt_line_id=line, receipt_id=receipt, receipt_number=number,
            paid_on=paid_on, charge_id=charge, subject_id=subject,
            fault="" if state == State.DUE else _ENDED.get(state, "refund_asked_already"),
        )
        for one, person, insurance, year, of_charge, of_line, fen, reason, line, receipt, number,
        paid_on, charge, subject, state in found.order_by("id").values_list(*columns)
    ]  # fmt: skip


def _lines(found: Any) -> list[Source]:
    """Lines with the charge they paid into, directly or as an advance, and what is left of them."""
    turned = AdvanceTurned.here.filter(receipt_line_id=OuterRef("id"))
    cancelled = Cancelled.here.filter(receipt_id=OuterRef("receipt_id"))
    held = found.annotate(
        turned_charge=Subquery(turned.values("charge_id")[:1]),
        turned_fen=Subquery(turned.values("paid_fen")[:1]),
        cancelled=Exists(cancelled),
    ).order_by("id")
    columns = (
        "id", "person_id", "receipt_id", "receipt__insurance", "receipt__number", "receipt__paid_on",
        "year", "level", "charge_id", "turned_charge", "amount_fen", "turned_fen", "subject_id",
        "cancelled",
    )  # fmt: skip
    lines = list(held.values_list(*columns))
    charges = {
        one: (person, paid - own)
        for one, person, paid, own in Charge.here.filter(
            id__in={line[8] or line[9] for line in lines}
        ).values_list("id", "person_id", "paid_fen", "own_fen")
    }
    given = _given([line[0] for line in lines])
    asked = set(
        RefundAsk.here.filter(
            receipt_line_id__in=[line[0] for line in lines], is_open=True, refund=None
        ).values_list("receipt_line_id", flat=True)
    )
    sources = []
    for (
        one, person, receipt, insurance, number, paid_on, year, level, direct, through, amount,
        part, subject, gone,
    ) in lines:  # fmt: skip
        charge = direct or through
        paid = amount if direct else part or 0
        left = paid - given.get(one, 0)
        holder, above = charges.get(charge, (person, 0))
        sources.append(
            Source(
                id=one, person_id=holder, insurance=insurance, year=year, level=level, fen=left,
                paid_fen=paid, too_much_fen=max(0, above), reason="", is_due=False,
                receipt_line_id=one, receipt_id=receipt, receipt_number=number, paid_on=paid_on,
                charge_id=charge, subject_id=subject,
                fault=_fault(charge, left, gone=gone, asked=one in asked),
            )
        )  # fmt: skip
    return sources


def _fault(charge: UUID | None, left: int, *, gone: bool, asked: bool) -> str:
    if gone:
        return "given_back_in_cash"
    if charge is None:
        return "refund_of_advance"
    if asked:
        return "refund_asked_already"
    return "" if left > 0 else "refunded_already"


def _given(line_ids: Sequence[UUID]) -> dict[UUID, int]:
    """What of these lines, as far as they paid a charge, was booked to be given back; one statement."""
    found = RefundDue.here.filter(receipt_line_id__in=line_ids).exclude(charge=None)
    found = found.exclude(state=State.TAKEN_BACK)
    return {
        one["receipt_line_id"]: int(one["fen"])
        for one in found.values("receipt_line_id").annotate(fen=Sum("amount_fen"))
    }


@dataclass(frozen=True, slots=True)
class Wish:
    """An ask to be written: for which subject, from which source, why, how much, to which account."""

    subject_id: UUID
    source: Source
    reason: str
    fen: int
    account: Account
    difference: bool = False


def write(actor: Actor, wishes: Sequence[Wish], at: clock.Instant) -> None:
    """Write what is asked; a refund that is due already waits for this one now. Two statements."""
    rows.insert(
        RefundAsk,
        subject_id=[one.subject_id for one in wishes],
        refund_id=[one.source.id if one.source.is_due else None for one in wishes],
        receipt_line_id=[one.source.receipt_line_id for one in wishes],
        insurance=[one.source.insurance for one in wishes],
        reason=[one.reason for one in wishes],
        amount_fen=[one.fen for one in wishes],
        difference=[one.difference for one in wishes],
        **_account([one.account for one in wishes]),
        account_by=actor.id,
        at=at,
    )
    rows.update(
        RefundDue, [one.source.id for one in wishes if one.source.is_due], state=State.ASKED
    )


def _account(accounts: Sequence[Account]) -> dict[str, list[str]]:
    return {
        "holder": [one.holder for one in accounts],
        "bank": [one.bank for one in accounts],
        "account_sealed": secrets.seal_all((one.number for one in accounts), bound_to=bound()),
        "masked": [mask(one.number) for one in accounts],
    }


def take(subjects: Iterable[UUID]) -> dict[UUID, AskRow]:
    """The asks of these subjects, locked; by subject."""
    found = RefundAsk.here.filter(subject_id__in=list(subjects)).order_by("id")
    held = list(found.select_for_update(no_key=True).values_list(*AskRow._fields))
    return {row.subject_id: row for row in map(AskRow._make, held)}


def see(subjects: Iterable[UUID]) -> dict[UUID, AskRow]:
    """The asks of these subjects, by subject; one statement."""
    found = RefundAsk.here.filter(subject_id__in=list(subjects)).values_list(*AskRow._fields)
    return {row.subject_id: row for row in map(AskRow._make, found)}


def change_account(actor: Actor, ask: AskRow, account: Account) -> None:
    """Give a taken ask another account."""
    rows.update(RefundAsk, [ask.id], **_account([account]), account_by=[actor.id])


def numbers_in_clear(subjects: Iterable[UUID]) -> dict[UUID, str]:
    """The full account numbers, by subject. The caller puts the look on record."""
    found = RefundAsk.here.filter(subject_id__in=list(subjects))
    return {
        one: secrets.open_sealed(sealed, bound_to=bound())
        for one, sealed in found.values_list("subject_id", "account_sealed")
    }
