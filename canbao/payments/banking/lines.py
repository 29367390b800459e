"""Lines of the bank's statement, entered by finance one by one or pasted as a table."""

from __future__ import annotations

import csv
import datetime
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Q

from canbao.kernel import audit, clock, part, rows
from canbao.kernel import money as money_text
from canbao.kernel.actor import Actor, Role
from canbao.kernel.ids import new_id
from canbao.kernel.operation import CONSTRAINTS, LARGEST_SET, operation
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome, Taken
from canbao.payments.banking import agency
from canbao.payments.banking.tables import BankLine

CONSTRAINTS["bank_line_once"] = "bank_line_known"
LONGEST_REFERENCE: Final = 40
LONGEST_TEXT: Final = 120
COLUMNS: Final = 3
# So many of each list stand on a page.
SHOWN: Final = 200
# As it is typed, and as tables print it.
MINUS: Final = ("-", "\N{MINUS SIGN}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the bank wrote it: its number there, its day, what came in (negative: went out), the bank's words."""

    id: UUID
    reference: str
    booked_on: datetime.date
    amount_fen: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a pasted row, by its number and a code: columns, day, amount, reference, twice."""

    row: int
    code: str


@operation
def enter(actor: Actor, account_id: UUID, lines: Sequence[Line], *, at: clock.Instant) -> Outcome:
    """Enter lines of one account; each stands or falls alone.

    Refuses `not_finance`, `no_bank_account`, `set_too_large`; per line `bank_line_incomplete`,
    `date_in_future`, `date_long_ago`, `bank_line_known`.
    """
    if actor.role is not Role.FINANCE:
        raise Refused("not_finance")
    if account_id not in {one.id for one in agency.accounts_of(actor.insurances)}:
        raise Refused("no_bank_account")
    if len(lines) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    taken: Taken[Line] = Taken(lines, ())
    taken.keep("bank_line_incomplete", lambda one: bool(one.reference) and one.amount_fen != 0)
    taken.keep("date_in_future", lambda one: one.booked_on <= clock.on(at))
    taken.keep("date_long_ago", lambda one: not clock.long_ago(one.booked_on, clock.on(at)))
    known = set(
        BankLine.here.filter(
            account_id=account_id, reference__in=[one.reference for one in taken]
        ).values_list("reference", flat=True)
    )
    taken.keep(
        "bank_line_known",
        lambda one: one.reference not in known,
        lambda one: {"reference": one.reference},
    )
    if not taken.rows:
        return taken.outcome()
    rows.insert(
        BankLine, id=taken.ids, account_id=account_id, reference=taken.column("reference"),
        booked_on=taken.column("booked_on"), amount_fen=taken.column("amount_fen"),
        text=taken.column("text"), entered_by=actor.id, entered_by_name=actor.name, entered_at=at,
    )  # fmt: skip
    audit.record(
        actor, "bank_line.entered", taken.ids, at=at, kind="bank_line",
        facts=[{"fen": one.amount_fen} for one in taken],
    )  # fmt: skip
    return taken.outcome()


def read_pasted(text: str) -> tuple[list[Line], list[Fault]]:
    """Read a table pasted from the bank: day, amount, number, and words if there are any.

    Columns stand apart by comma, semicolon or tab. Nothing is guessed: a row that is not plainly read is
    a fault with its number, and an empty one is left out.
    """
    found: list[Line] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for place, cells in enumerate(_cells(text), 1):
        if not any(cells):
            continue
        read = _line(cells)
        if isinstance(read, str):
            faults.append(Fault(place, read))
        elif read.reference in seen:
            faults.append(Fault(place, "twice"))
        else:
            seen.add(read.reference)
            found.append(read)
    return found, faults


def _cells(text: str) -> list[list[str]]:
    text = unicodedata.normalize("NFKC", text.replace("\0", ""))
    separator = next((sign for sign in "\t;" if sign in text), ",")
    rows_read = csv.reader(io.StringIO(text), delimiter=separator)
    return [[cell.strip() for cell in row] for row in rows_read]


def _line(cells: Sequence[str]) -> Line | str:
    """A line, or the code of what is wrong with it."""
    if len(cells) < COLUMNS:
        return "columns"
    on = day_of(cells[0])
    if on is None:
        return "day"
    fen = signed_fen(cells[1])
    if not fen:
        return "amount"
    if not cells[2] or len(cells[2]) > LONGEST_REFERENCE:
        return "reference"
    words = cells[3][:LONGEST_TEXT] if len(cells) > COLUMNS else ""
    return Line(new_id(), cells[2], on, fen, words)


def signed_fen(text: str) -> int | None:
    """Fen of an amount with a minus in front where it went out; None where it is not plainly one."""
    plain = unicodedata.normalize("NFKC", text).strip()
    minus = plain[:1] in MINUS
    fen = money_text.read(plain[1:] if minus else plain)
    return -fen if minus and fen is not None else fen


def day_of(text: str) -> datetime.date | None:
    """A day written as 2026-11-25, 2026/11/25, 2026.11.25, 20261125 or 2026年11月25日; None where it is no day."""
    plain = text.strip().removesuffix("日").replace("年", "-").replace("月", "-")
    plain = plain.replace("/", "-").replace(".", "-")
    if len(plain) == 8 and plain.isdigit():  # noqa: PLR2004 - a day without signs
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    parts = plain.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):  # noqa: PLR2004
        return None
    try:
        return datetime.date(*(int(part) for part in parts))
    except (ValueError, OverflowError):
        return None


class LineView(NamedTuple):
    """A line as pages show it."""

    id: UUID
    account_id: UUID
    account__insurance: str
    reference: str
    booked_on: datetime.date
    amount_fen: int
    text: str
    entered_by_name: str
    matched_kind: str
    matched_id: UUID | None
    matched_on: datetime.date | None
    matched_by: UUID | None
    matched_by_name: str

    @property
    def insurance(self) -> str:
        """The insurance of its account."""
        return self.account__insurance


def lines_of(insurances: frozenset[str], *, matched: bool, wanted: str = "") -> Part[LineView]:
    """Lines of these insurances' accounts: without a match the oldest first, or with one the latest first.

    Only those `like` what is wanted, where something is. One statement, two where cut.
    """
    found = BankLine.here.filter(
        like(wanted), account__insurance__in=sorted(insurances), matched_on__isnull=not matched
    )
    order = ("-matched_on", "-booked_on", "-id") if matched else ("booked_on", "id")
    return part.first(found.order_by(*order), LineView._fields, SHOWN, LineView._make)


def like(wanted: str, way: str = "") -> Q:
    """Lines whose number at the bank begins so, or that are of this day; all where nothing is wanted.

    `way` leads to the line from another table.
    """
    if not wanted:
        return Q()
    found = Q(**{f"{way}reference__istartswith": wanted})
    day = day_of(wanted)
    return found if day is None else found | Q(**{f"{way}booked_on": day})


def line(insurances: frozenset[str], line_id: UUID) -> LineView:
    """One line of these insurances' accounts. Refuses `not_found`."""
    found = BankLine.here.filter(account__insurance__in=sorted(insurances), id=line_id)
    row = found.values_list(*LineView._fields).first()
    if row is None:
        raise Refused("not_found")
    return LineView._make(row)
