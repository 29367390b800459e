"""What an administrator and an auditor watch: the record, lists handed over, jobs and health."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from canbao.cases import export, item, queries
from canbao.cases import words as case_words
from canbao.kernel import clock, directory, health, record, sender
from canbao.kernel.actor import Actor, Role
from canbao.kernel.record import Entry, Wanted
from canbao.kernel.refusal import Refused
from canbao.papers import store
from canbao.web.access import officer
from canbao.web.office import forms, recorded, words
from canbao.web.office.pages import (
    READERS,
    Act,
    Cell,
    Listing,
    address,
    answer,
    draw,
    number_of_page,
)
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Figure, PageOf, Row

RECORD: Final = "office_record"
EXPORTS: Final = "office_exports"
HEALTH: Final = "office_health"
EXPORTERS: Final = (Role.ADMINISTRATOR, Role.AUDITOR, Role.COUNTY)
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@officer(*READERS)
def log(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """The record by case number, officer, event and day; today where nothing is said."""
    del county
    today = clock.today()
    form = forms.RecordForm(request.GET or None)
    page = number_of_page(request)
    entries: Sequence[Entry] = ()
    more = False
    try:
        wanted = _wanted(form, today)
        if wanted is not None:
            entries, more = record.search(wanted, page)
    except Refused as refused:
        if refused.code != "not_found":
            raise
    found = [one.subject_id for one in entries if one.subject_kind == "case"]
    numbers = queries.numbers_of(found) if found else {}
    names = {**case_words.reason_names(today.year), **record.names_in(entries)} if entries else {}
    listing = Listing(
        _("Entries"), [Column(one) for one in (pgettext("record", "Act"), _("When"), _("Who"), _("About"), _("Facts"))],
        [_entry(one, numbers, names) for one in entries],
        _("Nothing is on record for this. Look for another day, officer or case."),
        _pages(request, page, len(entries), more=more),
    )  # fmt: skip
    failed = bool(form.errors)
    answered = draw(
        request, actor, RECORD, _("Record"), template="office/record.html", listings=[listing],
        form=form, today=today, faulty=[form] if failed else [], has_errors=failed,
    )  # fmt: skip
    answered.status_code = 422 if failed else 200
    return answered


def _wanted(form: forms.RecordForm, today: datetime.date) -> Wanted | None:
    if not form.is_bound:
        return Wanted(from_on=today, to_on=today)
    if not form.is_valid():
        return None
    typed = form.cleaned_data
    actor_id = None
    if typed["login"]:
        found = directory.officer_by_login(typed["login"])
        if found is None:
            raise Refused("not_found")
        actor_id = found.id
    subject = item.case_numbered(typed["case"]) if typed["case"] else None
    from_on, to_on = typed["from_on"], typed["to_on"]
    if subject is None and from_on is None and to_on is None:
        # An index leads to a case or to days; without either the last month is enough.
        from_on = today - datetime.timedelta(days=31)
    return Wanted(typed["event"], actor_id, subject, from_on, to_on)


def _entry(
    one: Entry, numbers: dict[UUID, tuple[str, str]], names: Mapping[str, str]
) -> list[Cell]:
    kind = recorded.SUBJECTS.get(one.subject_kind, one.subject_kind)
    number = numbers.get(one.subject_id, ("", ""))[0]
    return [
        Cell(recorded.event(one.event), kind="name"),
        Cell(say.moment(one.at), label=_("When")),
        Cell(recorded.actor(one), label=_("Who")),
        Cell(f"{kind} {number}".strip(), label=_("About")),
        Cell(recorded.facts(one, names) or "–", label=_("Facts")),
    ]


def _pages(request: HttpRequest, page: int, shown: int, *, more: bool) -> PageOf | None:
    if page == 1 and not more:
        return None
    query = request.GET.copy()

    def at(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    first = (page - 1) * record.PAGE + 1
    total = first + shown - 1 + int(more)
    return PageOf(
        first=first, last=first + shown - 1, total=total,
        previous=at(page - 1) if page > 1 else "", next=at(page + 1) if more else "",
    )  # fmt: skip


@officer(*EXPORTERS)
def exports(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Lists of established persons handed to the province, and the next one."""
    del county
    waiting = export.waiting(sorted(actor.insurances))
    may = actor.role in export.MAKERS
    acts = [_make(code, count) for code, count in waiting.items()] if may else []
    done = answer(request, actor, acts)
    if done is not None:
        return done
    lines = []
    found = export.listed(actor)
    for one in found:
        files = [
            Cell(kind.upper(), address("office_export", one.id, kind), label=_("File"))
            for kind in (export.CSV, export.XLSX)
        ]
        lines.append(
            [
                Cell(one.number, kind="name"),
                Cell(words.INSURANCES[one.insurance], label=_("Insurance")),
                Cell(one.persons, label=_("Persons"), kind="number"),
                Cell(one.by, label=_("Made by")),
                Cell(say.moment(one.at), label=_("Made")),
                *(files if may else []),
            ]
        )
    heads = [_("List number"), _("Insurance"), _("Persons"), _("Made by"), _("Made")]
    heads += [_("CSV"), _("XLSX")] if may else []
    columns = [Column(one, "number" if one == _("Persons") else "text") for one in heads]
    listing = Listing(_("Lists of established persons"), columns, lines, _("No list was made yet."), total=found.total,
        how=_("Older ones are taken out by the command export."),
    )  # fmt: skip
    notices = [
        ("info", _("The files hold full numbers. Each time one is taken out stands in the record."))
    ]
    return draw(
        request, actor, EXPORTS, _("Handed over to the province"), listings=[listing], acts=acts,
        notices=notices,
    )  # fmt: skip


def _make(code: str, count: int) -> Act:
    here = address(EXPORTS)
    name = words.INSURANCES[code]
    return Act(
        f"make-{code}", name, _("Make the next list"),
        lambda it: export.make(it.actor, code, **it.how),
        _("The list is made. Each person is handed over once."), here,
        hint=_("%(count)s established persons are on no list yet; a list holds 500 at most.")
        % {"count": count},
        reason="" if count else _("Everybody established has been handed over."),
    )  # fmt: skip


@officer(Role.ADMINISTRATOR, Role.COUNTY)
def export_file(
    request: HttpRequest, actor: Actor, county: str, export_id: UUID, kind: str
) -> HttpResponse:
    """A list as a file; the same each time."""
    del request, county
    name, data = export.content(actor, export_id, kind, at=clock.now())
    return HttpResponse(
        data,
        content_type=TYPES[kind],
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "private, no-store",
        },
    )


@officer(Role.COUNTY, Role.ARCHIVIST)
def archive_item(request: HttpRequest, actor: Actor, county: str, case_id: UUID) -> HttpResponse:
    """A filed item as a file that proves itself."""
    del request, county
    data = item.build(actor, case_id, at=clock.now())
    name = queries.numbers_of([case_id])[case_id][0]
    return HttpResponse(
        data,
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.zip"',
            "Cache-Control": "private, no-store",
        },
    )


@officer(*READERS)
def house(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Whether the house stands: database, worker, messages, keys, calendar; and the latest jobs."""
    del county
    state = health.look(clock.today())
    real = datetime.datetime.now(datetime.UTC)  # noqa: TID251 - the worker's own clock
    alive = state.worker_lives(real)
    lost = sorted(store.keys_in_use() - set(state.keys))
    figures = [
        Figure(_("Database"), f"PostgreSQL {state.database}", words.megabytes(state.size_bytes)),
        Figure(_("Worker"), _("works") if alive else _("silent")),
        Figure(_("Messages waiting"), str(state.notices_waiting)),
        Figure(_("Jobs waiting"), str(state.jobs_waiting)),
    ]
    rows = [
        Row(key=_("Worker last heard"), value=say.moment(state.worker_at) if state.worker_at else _("not heard yet")),
        Row(key=_("Jobs broken off"), value=str(state.jobs_failed)),
        Row(key=_("Oldest waiting message"), value=say.moment(state.notices_oldest) if state.notices_oldest else "–"),
        Row(key=_("Messages given up"), value=str(state.notices_failed)),
        Row(key=_("Sender"), value=_sender()),
        Row(key=_("Keys"), value=say.listed(state.keys) or "–"),
        Row(key=_("Years without published holidays"),
            value=say.listed(state.unpublished_years) or "–"),
    ]  # fmt: skip
    return draw(
        request, actor, HEALTH, _("Health"), figures=figures, rows=rows, listings=[_jobs()],
        notices=_worries(state, lost, alive=alive),
    )  # fmt: skip


def _sender() -> str:
    try:
        way: Any = sender.here()
    except Refused:
        return _("none")
    return {
        "Outbox": _("outbox of the demonstration"),
        "Mail": _("mail to a gateway"),
        "Gateway": _("HTTP gateway"),
    }[type(way).__name__]


def _worries(state: health.Health, lost: Sequence[str], *, alive: bool) -> list[tuple[str, str]]:
    found = []
    if not alive:
        found.append(
            ("error", _("The worker is silent: jobs and messages wait. Start canbao again, or look at its output."))
        )  # fmt: skip
    if lost:
        found.append(
            ("error", _("Stored papers need keys that are missing: %(names)s. Restore them from the backup.")
             % {"names": say.listed(lost)})
        )  # fmt: skip
    if state.unpublished_years:
        found.append(
            ("warning", _("Deadlines in %(years)s count weekends only, until the State Council's days are entered (CANBAO_HOLIDAYS).")
             % {"years": say.listed(state.unpublished_years)})
        )  # fmt: skip
    if not settings.CANBAO_DEMO and not found:
        found.append(("success", _("Everything works.")))
    return found


def _jobs() -> Listing:
    lines = []
    for one in directory.jobs():
        text, colour = words.STATES.get(one.state, (one.state, "grey"))
        lines.append(
            [
                Cell(words.JOBS.get(one.operation, one.operation), kind="name"),
                Cell(one.by, label=_("Started by")),
                Cell(say.moment(one.at), label=_("Started")),
                Cell(f"{one.done + one.refused} / {one.total}", label=_("Done"), kind="number"),
                Cell(one.refused, label=_("Not done"), kind="number"),
                Cell(text, colour=colour, kind="due"),
            ]
        )
    heads = [
        Column(_("Job")),
        Column(_("Started by")),
        Column(_("Started")),
        Column(_("Done"), "number"),
        Column(_("Not done"), "number"),
        Column(_("State")),
    ]
    return Listing(_("Jobs"), heads, lines, _("No job was started yet."))
