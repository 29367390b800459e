"""The words of the administration: levels, kinds, events, states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from canbao.kernel.record import Entry

LEVELS: Final[Mapping[str, Any]] = {
    "county": _("County"),
    "township": _("Township"),
    "village": _("Village"),
}
OFFICE_KINDS: Final[Mapping[str, Any]] = {
    "village": _("Village committee"),
    "township": _("Township office"),
    "county": _("County agency"),
    "office": _("Administration"),
}
SEAL_KINDS: Final[Mapping[str, Any]] = {
    "village_committee": _("Seal of a village committee"),
    "township_office": _("Seal of a township office"),
    "county_agency": _("Seal of a county agency"),
    "county_finance": _("Seal of the finance of a county agency"),
    "county_charging": _("Charging seal of a county agency"),
}
INSURANCES: Final[Mapping[str, Any]] = {
    "390": _("Residents' medical insurance"),
    "170": _("Residents' pension"),
}
KINDS: Final[Mapping[str, Any]] = {
    "enrolment": _("Enrolment"),
    "refund": _("Money back"),
}
RULES: Final[Mapping[str, Any]] = {
    "acted_elsewhere": _("Nobody acts at two desks of one case"),
}
JOBS: Final[Mapping[str, Any]] = {
    "pass": _("Pass many cases"),
    "report": _("Report many cases"),
    "file": _("File many cases"),
}
STATES: Final[Mapping[str, tuple[Any, str]]] = {
    "waiting": (pgettext_lazy("job", "Waiting"), "grey"),
    "running": (pgettext_lazy("job", "Running"), "blue"),
    "stopped": (pgettext_lazy("job", "Stopped"), "amber"),
    "done": (pgettext_lazy("job", "Done"), "green"),
    "failed": (pgettext_lazy("job", "Broken off"), "red"),
}
VERDICTS: Final[Mapping[str, tuple[Any, str]]] = {
    "": (_("Waits for a second officer"), "amber"),
    "confirmed": (_("Corrected"), "green"),
    "declined": (_("Left as it was"), "grey"),
}
MERGERS: Final[Mapping[str, tuple[Any, str]]] = {
    "": (_("Waits for a second officer"), "amber"),
    "confirmed": (pgettext_lazy("merge", "Confirmed"), "green"),
    "declined": (_("Left as it was"), "grey"),
    "undone": (_("Taken back"), "grey"),
}
DESKS: Final[Mapping[str, Any]] = {
    "applicant": _("Applicant"),
    "village": _("Village"),
    "township": _("Township"),
    "county": _("County"),
    "finance": _("Finance, first look"),
    "payout": _("Payout"),
    "archive": _("Archive"),
    "shelf": _("Archive"),
    "closed": _("Closed"),
}
VERBS: Final[Mapping[str, Any]] = {
    "submit": pgettext_lazy("flow", "hands in"),
    "report": pgettext_lazy("flow", "reports"),
    "pass": pgettext_lazy("flow", "passes on"),
    "file": pgettext_lazy("flow", "approves and files"),
    "return": pgettext_lazy("flow", "sends back"),
    "refuse": pgettext_lazy("flow", "refuses"),
}
SUBJECTS: Final[Mapping[str, Any]] = {
    "case": _("Case"),
    "bundle": _("Bundle"),
    "charge": _("Charge"),
    "refund": _("Refund"),
    "bank_line": _("Line of the bank"),
    "blob": _("Photo"),
    "contact": _("Phone"),
    "draft": _("Draft"),
    "export": _("List"),
    "flow": _("Flow"),
    "job": _("Job"),
    "key": _("Key"),
    "notice": _("Message"),
    "office": _("Office"),
    "officer": _("Officer"),
    "pack": _("Pack"),
    "person": _("Person"),
    "region": _("Region"),
    "register": _("Household register"),
    "register_entry": _("Line of the household register"),
    "seal": _("Seal"),
    "selection": _("Choice"),
    "waiver": _("Exception"),
}
EVENTS: Final[Mapping[str, Any]] = {
    "bundle.received": _("Bundle received"),
    "bundle.reported": _("Bundle reported"),
    "case.amended": _("Returned application put right"),
    "demo.carried": _("Household taken over from the old system"),
    "charge.looked_up": _("Amount looked up by number"),
    "payment.answered": _("Payer answered"),
    "receipt.printed": _("Receipt printed"),
    "record.printed": _("Statement or certificate printed"),
    "advance.received": _("Advance taken"),
    "advance.turned": _("Advance became a payment"),
    "case.advance_taken": _("Advance taken for a case"),
    "case.copy_given": _("Copy 2 given to the applicant"),
    "case.death_known": _("Death known of a case"),
    "case.person_died": _("Case closed by a death"),
    "person.died": _("Death recorded"),
    "refund.due": _("Money became due to be given back"),
    "refund.sent": _("Refund handed to the bank"),
    "refund.paid": _("Refund paid by the bank"),
    "refund.failed": _("Refund not paid by the bank"),
    "refund.returned": _("Refund sent back by the bank"),
    "refund.unpaid": _("Refund found never to have been paid"),
    "refund.paid_after_all": _("Refund found to have been paid after all"),
    "refund.taken_back": _("Refund that was no longer due taken back"),
    "charge.repriced": _("Charge corrected"),
    "charge.reopened": _("Cancelled charge opened again"),
    "bank_line.entered": _("Line of the bank entered"),
    "bank_line.matched": _("Line of the bank matched"),
    "bank_line.unmatched": _("Match of a bank line taken back"),
    "case.answered": _("Checklist answered"),
    "case.appeal_decided": _("Appeal decided"),
    "case.appealed": _("Appeal handed in"),
    "case.corrected": _("Typing error put right"),
    "case.correction_declined": _("Correction declined"),
    "case.correction_proposed": _("Correction proposed"),
    "case.decided": _("Case decided"),
    "case.exported": _("Handed over to the province"),
    "case.filed": _("Case filed"),
    "case.form_printed": _("Paper printed"),
    "case.handed_over": _("Copy handed over"),
    "case.item_exported": _("Archive item taken out"),
    "case.missing_at_receipt": _("Papers missing at receipt"),
    "case.number_seen": _("Full number looked at"),
    "case.page_seen": _("Papers of a case looked at, small"),
    "case.paper_seen": _("Paper looked at"),
    "case.person_merged": _("Moved to the other row of the person"),
    "case.person_parted": _("Moved back to its own row of the person"),
    "case.received": _("Case received"),
    "case.reported": _("Case reported"),
    "case.scanned": _("Sheets scanned"),
    "case.submitted": _("Application handed in"),
    "case.typed_again": _("Name and number typed again"),
    "case.withdrawn": _("Application taken back"),
    "consent.given": _("Consent given"),
    "county.founded": _("County opened"),
    "draft.dropped": _("Draft thrown away"),
    "draft.saved": _("Draft kept"),
    "export.made": _("List made"),
    "export.taken_out": _("List taken out"),
    "job.resumed": _("Job resumed"),
    "flow.proposed": _("Flow proposed"),
    "flow.published": _("Flow published"),
    "job.started": _("Job started"),
    "job.stopped": _("Job stopped"),
    "key.rotated": _("Sealed with a new key"),
    "person.explained": _("Amount of a person explained"),
    "notice.ended": _("Message sent or given up"),
    "notice.tried": _("Message tried"),
    "office.changed": _("Office changed"),
    "office.closed": _("Office closed"),
    "office.opened": _("Office opened"),
    "officer.added": _("Officer taken up"),
    "officer.left": _("Officer left"),
    "officer.password_changed": _("Password changed"),
    "officer.password_given": _("First password given"),
    "officer.posted": _("Officer posted"),
    "officer.posting_ended": _("Posting ended"),
    "pack.proposed": _("Pack proposed"),
    "pack.published": _("Pack published"),
    "paper.kept": _("Photo kept"),
    "person.merge_declined": _("Merge declined"),
    "person.merge_proposed": _("Merge proposed"),
    "person.merged": _("Two rows of one person merged"),
    "person.parted": _("Merge taken back"),
    "person.parting_proposed": _("Taking a merge back proposed"),
    "person.seen": _("Person looked up"),
    "phone.bound": _("Phone bound to a person"),
    "phone.code_sent": _("Code sent"),
    "phone.proved": _("Phone proved"),
    "phone.unbound": _("Phone taken off a person"),
    "phone.wrong_code": _("Wrong code typed"),
    "region.added": _("Region added"),
    "region.merged": _("Region merged"),
    "region.renamed": _("Region renamed"),
    "register.loaded": _("Household register loaded"),
    "register.near_seen": _("People with a number one digit away looked at"),
    "register.near_taken": _("Number taken over from the household register"),
    "seal.handed_over": _("Seal handed over"),
    "seal.made": _("Seal made"),
    "seal.retired": _("Seal retired"),
    "seal.taken_back": _("Seal taken back"),
    "selection.chosen": _("Cases chosen"),
    "waiver.ended": _("Exception ended"),
    "waiver.granted": _("Exception granted"),
    "waiver.proposed": _("Exception proposed"),
}


def event(code: str) -> str:
    """An event in words; one that has none stands for itself."""
    return str(EVENTS.get(code, code))


def actor(entry: Entry) -> str:
    """Who acted: an officer by name, a resident, or canbao itself."""
    if entry.actor_name:
        return entry.actor_name
    return gettext("A resident") if entry.actor_role == "resident" else gettext("canbao itself")


def facts(entry: Entry) -> str:
    """The facts of an entry, key by key."""
    return "; ".join(f"{key}: {_plain(value)}" for key, value in sorted(entry.facts.items()))


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return " → ".join(_plain(one) for one in value)
    return "–" if value is None else str(value)


def megabytes(size: int) -> str:
    """A size in megabytes."""
    return gettext("%(size)s MB") % {"size": size // 1_000_000}
