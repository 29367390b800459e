"""Established persons handed to the provincial system: in numbered lists, each person once."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import xlsxwriter
from django.db.models import Count, Exists, OuterRef

from canbao.cases import provincial
from canbao.cases.provincial import Established
from canbao.cases.tables import Case, Decision, Export, ExportItem
from canbao.insured.tables import Account, Enrolment
from canbao.kernel import audit, clock, numbering, part, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.ids import new_id
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Officer
from canbao.kernel.taken import Outcome
from canbao.papers.tables import Paper
from canbao.people import documents

MAKERS: Final = frozenset({Role.COUNTY, Role.ADMINISTRATOR, Role.SYSTEM})
READERS: Final = MAKERS | {Role.AUDITOR}
CSV: Final = "csv"
XLSX: Final = "xlsx"
_BOM: Final = "\ufeff"
# What a spreadsheet would take for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t")
_WIDTH: Final = 20


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A list that was handed over, or is ready to be."""

    id: UUID
    number: str
    insurance: str
    persons: int
    by: str
    at: datetime.datetime


@operation
def make(actor: Actor, insurance: str, *, at: clock.Instant) -> Outcome:
    """Put up to 500 established persons who were never handed over on a new numbered list.

    Each is on one list only, whatever runs beside it. Refuses `not_exporter`, and `nothing_to_export`
    when nobody is left. Source: issue of the road, 9; DOMAIN 4.4 and 4.5.
    """
    if actor.role not in MAKERS or insurance not in actor.insurances:
        raise Refused("not_exporter")
    found = list(
        _waiting(insurance).order_by("at", "id").values_list("id", "opened_by_case")[:LARGEST_SET]
    )
    export_id = new_id()
    items = rows.insert_new(
        ExportItem,
        ["enrolment_id"],
        export_id=export_id,
        enrolment_id=[one for one, _case in found],
        case_id=[case for _one, case in found],
    )
    if not items:
        raise Refused("nothing_to_export")
    cases = list(ExportItem.here.filter(export_id=export_id).values_list("case_id", flat=True))
    year = clock.on(at).year
    serial = numbering.take(f"export/{insurance}/{year}")[0]
    number = f"{actor.county}-{insurance}-{year}-{serial:04d}"
    rows.insert(Export, id=[export_id], number=number, insurance=insurance, by_id=actor.id, at=at)
    facts = {"number": number, "persons": len(items)}
    audit.record(actor, "export.made", [export_id], at=at, kind="export", facts=facts)
    audit.record(actor, "case.exported", cases, at=at, facts={"export": export_id})
    return Outcome((export_id,), made={"number": number, "persons": len(items)})


def _waiting(insurance: str) -> Any:
    """Whom a case of this house established; who came over from the old system is known to the province."""
    handed = ExportItem.here.filter(enrolment_id=OuterRef("id"))
    opened = Case.here.filter(id=OuterRef("opened_by_case"))
    return Enrolment.here.filter(~Exists(handed), Exists(opened), insurance=insurance, state="live")


def waiting(insurances: Sequence[str]) -> dict[str, int]:
    """How many established persons are on no list yet, by insurance."""
    return {one: _waiting(one).count() for one in sorted(insurances)}


def list_of(case_id: UUID) -> str:
    """The number of the list on which a case's person was handed over, empty where none is; one statement."""
    found = ExportItem.here.filter(case_id=case_id).values_list("export__number", flat=True).first()
    return str(found or "")


def listed(actor: Actor, limit: int = 100) -> Part[ExportRow]:
    """Lists within reach, newest first; three statements."""
    found = Export.here.filter(insurance__in=sorted(actor.insurances)).order_by("-at", "-number")
    held = part.first(found, ("id", "number", "insurance", "by_id", "at"), limit, tuple)
    sizes = dict(
        ExportItem.here.filter(export_id__in=[one[0] for one in held])
        .values("export_id")
        .annotate(size=Count("id"))
        .values_list("export_id", "size")
    )
    who = dict(Officer.here.filter(id__in={one[3] for one in held}).values_list("id", "name"))
    return held.like(
        ExportRow(one, number, insurance, sizes.get(one, 0), who.get(by, "canbao"), at)
        for one, number, insurance, by, at in held
    )


@operation
def taken_out(actor: Actor, export_id: UUID, kind: str, *, at: clock.Instant) -> Outcome:
    """Put on record that somebody took a list out, which holds full numbers. Refuses `not_found`, `not_exporter`."""
    found = Export.here.filter(id=export_id, insurance__in=sorted(actor.insurances))
    if not found.exists():
        raise Refused("not_found")
    if actor.role not in MAKERS:
        raise Refused("not_exporter")
    audit.record(actor, "export.taken_out", [export_id], at=at, kind="export", facts={"kind": kind})
    return Outcome((export_id,))


def content(actor: Actor, export_id: UUID, kind: str, *, at: clock.Instant) -> tuple[str, bytes]:
    """Name and bytes of a list; the same each time, also after a person's data changed. Refuses as `taken_out`."""
    if kind not in {CSV, XLSX}:
        raise Refused("not_found")
    taken_out(actor, export_id, kind, at=at)
    export = Export.here.get(id=export_id)
    columns = provincial.COLUMNS[export.insurance]
    lines = [[read(one) for read in columns.values()] for one in established(export_id, export.at)]
    write = _csv if kind == CSV else _xlsx
    return f"{export.number}.{kind}", write([list(columns), *lines], export)


def established(export_id: UUID, at: datetime.datetime) -> Iterator[Established]:
    """The persons of a list as they were when it was made, by case number; seven statements."""
    items = dict(ExportItem.here.filter(export_id=export_id).values_list("case_id", "enrolment_id"))
    cases = list(
        Case.here.filter(id__in=list(items))
        .order_by("number")
        .values_list("id", "number", "person_id", "county", "township", "village", "year", "insurance")
    )  # fmt: skip
    forms = _forms(list(items), at)
    held = documents.by_mac(case[2] for case in cases)
    begun = dict(Enrolment.here.filter(id__in=list(items.values())).values_list("id", "from_on"))
    decided = dict(
        Decision.here.filter(case_id__in=list(items), desk="county", verdict="pass")
        .order_by("id")
        .values_list("case_id", "acted_on")
    )
    accounts = dict(
        Account.here.filter(person_id__in=[case[2] for case in cases]).values_list("person_id", "number")
    )  # fmt: skip
    for one, number, person, place, township, village, year, insurance in cases:
        yield Established(
            person=person.hex,
            case_number=number,
            county=place,
            township=township,
            village=village,
            fields=forms[one],
            document=held[forms[one]["number_mac"]],
            enrolled_on=begun[items[one]],
            decided_on=decided.get(one) or begun[items[one]],
            account=accounts.get(person, "") if insurance == "170" else "",
            year=year,
        )


def _forms(case_ids: Sequence[UUID], at: datetime.datetime) -> dict[UUID, Any]:
    """The registration form of each case that was in force then."""
    found = Paper.here.filter(subject_id__in=case_ids, kind__startswith="registration", at__lte=at)
    return {
        case: json.loads(text)["fields"]
        for case, text in found.order_by("at", "id").values_list("subject_id", "content")
    }


def _csv(lines: Sequence[Sequence[str]], export: Export) -> bytes:
    del export
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for line in lines:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in line])
    return (_BOM + text.getvalue()).encode()


def _xlsx(lines: Sequence[Sequence[str]], export: Export) -> bytes:
    """Every cell is text: an ID typed as a number would lose its last digits."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"constant_memory": True, "strings_to_numbers": False})
    book.set_properties({"title": export.number, "created": export.at.replace(tzinfo=None)})
    sheet = book.add_worksheet(export.number[-31:])
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"bold": True, "num_format": "@"})
    sheet.set_column(0, len(lines[0]) - 1, _WIDTH, text)
    sheet.freeze_panes(1, 0)
    for place, line in enumerate(lines):
        for column, cell in enumerate(line):
            sheet.write_string(place, column, cell, text if place else head)
    book.close()
    return into.getvalue()
