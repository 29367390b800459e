"""The words of the record: what was done, about what, by whom, and its facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from canbao.cases import words as case_words
from canbao.kernel.record import Entry
from canbao.payments import words as payment_words
from canbao.web.counter.words import NUMBERS
from canbao.web.desk import season
from canbao.web.desk import words as desk_words
from canbao.web.desk.frame import ROLES
from canbao.web.office import words
from canbao.web.theme import format as say

SUBJECTS: Final[Mapping[str, Any]] = {
    "answer": _("Answer of a payer"),
    "bank_account": _("Bank account of the agency"),
    "bank_line": _("Line of the bank"),
    "blob": _("Photo"),
    "block": _("Block of receipts"),
    "bundle": _("Bundle"),
    "case": _("Case"),
    "cash": _("Paper of the cash"),
    "cash_day": _("Day of a collector"),
    "charge": _("Charge"),
    "contact": _("Phone"),
    "county": _("County"),
    "deposit": _("Deposit"),
    "draft": _("Draft"),
    "export": _("List"),
    "finance_day": _("Day of the book"),
    "flow": _("Flow"),
    "handover": _("Hand-over slip"),
    "job": _("Job"),
    "key": _("Key"),
    "notice": _("Message"),
    "office": _("Office"),
    "officer": _("Officer"),
    "pack": _("Pack"),
    "person": _("Person"),
    "posting": _("Posting"),
    "receipt": _("Receipt"),
    "refund": _("Refund"),
    "region": _("Region"),
    "register": _("Household register"),
    "register_entry": _("Line of the household register"),
    "seal": _("Seal"),
    "season": _("Season"),
    "selection": _("Choice"),
    "village": _("Village"),
    "waiver": _("Exception"),
}
EVENTS: Final[Mapping[str, Any]] = {
    "advance.received": _("Advance taken"),
    "advance.turned": _("Advance became a payment"),
    "appeal.decided": _("Appeal decided"),
    "bank_account.added": _("Bank account of the agency entered"),
    "bank_line.entered": _("Line of the bank entered"),
    "bank_line.matched": _("Line of the bank matched"),
    "bank_line.unmatched": _("Match of a bank line taken back"),
    "block.issued": _("Block of receipts issued"),
    "block.returned": _("Block of receipts given back"),
    "block.sheet_accounted": _("Receipt number without money accounted for"),
    "bundle.received": _("Bundle received"),
    "bundle.reported": _("Bundle reported"),
    "case.account_changed": _("Bank account of a case changed"),
    "case.account_seen": _("Full bank account looked at"),
    "case.advance_taken": _("Advance taken for a case"),
    "case.amended": _("Returned application put right"),
    "case.answered": _("Checklist answered"),
    "case.appealed": _("Appeal handed in"),
    "case.copy_given": _("Copy 2 given to the applicant"),
    "case.corrected": _("Typing error put right"),
    "case.correction_declined": _("Correction declined"),
    "case.correction_proposed": _("Correction proposed"),
    "case.death_known": _("Death known of a case"),
    "case.decided": _("Case decided"),
    "case.exported": _("Handed over to the province"),
    "case.filed": _("Case filed"),
    "case.form_printed": _("Paper printed"),
    "case.item_exported": _("Archive item taken out"),
    "case.missing_at_receipt": _("Papers missing at receipt"),
    "case.number_seen": _("Full number looked at"),
    "case.page_seen": _("Papers of a case looked at, small"),
    "case.paper_seen": _("Paper looked at"),
    "case.person_died": _("Case closed by a death"),
    "case.person_merged": _("Moved to the other row of the person"),
    "case.person_parted": _("Moved back to its own row of the person"),
    "case.received": _("Case received"),
    "case.refund_asked": _("Money asked back"),
    "case.reported": _("Case reported"),
    "case.scanned": _("Sheets scanned"),
    "case.submitted": _("Application handed in"),
    "case.typed_again": _("Name and number typed again"),
    "case.withdrawn": _("Application taken back"),
    "cash.printed": _("Paper of the cash printed"),
    "cash_day.closed": _("Notes counted, day closed"),
    "charge.asked": _("Payer asked for money"),
    "charge.looked_up": _("Amount looked up by number"),
    "charge.reopened": _("Cancelled charge opened again"),
    "charge.repriced": _("Charge corrected"),
    "consent.given": _("Consent given"),
    "county.established": _("County opened"),
    "county.founded": _("County opened"),
    "demo.carried": _("Household taken over from the old system"),
    "demo.filled": _("Demonstration filled"),
    "deposit.paid_in": _("Cash paid in at the bank"),
    "draft.dropped": _("Draft thrown away"),
    "draft.paper_kept": _("Photo kept"),
    "draft.saved": _("Draft kept"),
    "export.made": _("List made"),
    "export.taken_out": _("List taken out"),
    "finance_day.closed": _("Day of the book closed"),
    "finance_day.confirmed": _("Day of the book confirmed"),
    "flow.proposed": _("Flow proposed"),
    "flow.published": _("Flow published"),
    "handover.accepted": _("Cash taken over from a collector"),
    "handover.offered": _("Cash handed over by slip"),
    "handover.refused": _("Hand-over slip sent back"),
    "job.resumed": _("Job resumed"),
    "job.started": _("Job started"),
    "job.stopped": _("Job stopped"),
    "key.rotated": _("Sealed with a new key"),
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
    "officer.recognised": _("Officer recognised as a resident"),
    "pack.proposed": _("Pack proposed"),
    "pack.published": _("Pack published"),
    "paper.kept": _("Photo kept"),
    "payment.answered": _("Payer answered"),
    "payment.cancelled": _("Receipt cancelled"),
    "payment.denial_closed": _("Denied payment looked into"),
    "payment.received": _("Cash taken, receipt written"),
    "person.died": _("Death recorded"),
    "person.explained": _("Amount of a person explained"),
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
    "receipt.printed": _("Receipt printed"),
    "record.printed": _("Statement or certificate printed"),
    "refund.asked_again": _("Refund asked for again"),
    "refund.dropped": _("Refund no longer asked for"),
    "refund.due": _("Money became due to be given back"),
    "refund.failed": _("Refund not paid by the bank"),
    "refund.paid": _("Refund paid by the bank"),
    "refund.paid_after_all": _("Refund found to have been paid after all"),
    "refund.returned": _("Refund sent back by the bank"),
    "refund.sent": _("Refund handed to the bank"),
    "refund.taken_back": _("Refund that was no longer due taken back"),
    "refund.unpaid": _("Refund found never to have been paid"),
    "refund.write_off_decided": _("Writing a refund off decided"),
    "refund.write_off_proposed": _("Writing a refund off proposed"),
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
    "season.carried": _("Part of a season charged"),
    "season.resumed": _("Charging the season resumed"),
    "season.started": _("Charging the season started"),
    "season.stopped": _("Charging the season stopped"),
    "selection.chosen": _("Cases chosen"),
    "visits.printed": _("Visit list printed"),
    "waiver.ended": _("Exception ended"),
    "waiver.granted": _("Exception granted"),
    "waiver.proposed": _("Exception proposed"),
}
FACTS: Final[Mapping[str, Any]] = {
    "account": _("Bank account"),
    "address": _("Address"),
    "agrees": _("Agrees"),
    "appeal": _("Appeal"),
    "bank_line": _("Line of the bank"),
    "before_fen": _("Before"),
    "blobs": _("Photos"),
    "bundle": _("Bundle"),
    "cases": _("Cases"),
    "channel": _("Way of applying"),
    "charged": _("Charged"),
    "code": _("Code"),
    "column": _("Column"),
    "correction": _("Correction"),
    "counted_fen": _("Counted"),
    "county": _("County"),
    "custody": _("Custody of the seal"),
    "day": _("On"),
    "deposit": _("Deposit"),
    "desk": _("Desk"),
    "difference_fen": _("Difference"),
    "dropped": _("Dropped out"),
    "expected_fen": _("By the book"),
    "export": _("List"),
    "fen": _("Amount"),
    "field": _("Field"),
    "first": _("First number"),
    "for": _("In place of"),
    "form": _("Paper"),
    "found": _("Found"),
    "from": pgettext_lazy("way", "From"),
    "handover": _("Hand-over slip"),
    "hours": _("Opening hours"),
    "households": _("Households"),
    "how": _("How"),
    "insurance": _("Insurance"),
    "insurances": _("Insurance"),
    "into": _("Merged into"),
    "kept": _("The row that stays"),
    "key": _("Key"),
    "kind": _("Kind"),
    "last": _("Last number"),
    "lines": _("Lines of the file"),
    "merger": _("Merge"),
    "missing": _("Missing"),
    "name": _("Name"),
    "new": _("New"),
    "notice": _("Notice"),
    "number": _("Number"),
    "office": _("Office"),
    "officer": _("Officer"),
    "old": _("Old"),
    "on": _("On"),
    "own_fen": _("To pay oneself"),
    "paid": _("Paid"),
    "paid_fen": _("Paid"),
    "papers": _("Papers"),
    "part": _("Job"),
    "payout": _("Payout"),
    "person": _("Person"),
    "persons": _("Persons"),
    "phone": _("Phone"),
    "posting": _("Posting"),
    "postings": _("Postings ended"),
    "present": _("Present"),
    "print": _("Print number"),
    "reason": _("Reason"),
    "receipt": _("Receipt"),
    "region": _("Region"),
    "returned": _("Sent back"),
    "right": _("Is right"),
    "role": _("Role"),
    "rows": _("Values"),
    "rule": _("Rule"),
    "said": _("Said"),
    "seals": _("Seals taken back"),
    "set": _("Part number"),
    "settled": _("Nothing to pay"),
    "sha256": _("Fingerprint of the text"),
    "sheets": _("Sheets"),
    "state": _("State"),
    "surplus": _("More than listed"),
    "to": pgettext_lazy("way", "To"),
    "too_much_fen": _("Too much"),
    "total": _("Together"),
    "try": _("Try"),
    "until": _("Until"),
    "unused": _("Unused"),
    "verdict": _("Result"),
    "village": _("Village"),
    "why": _("Reason"),
    "year": _("Year"),
    **case_words.ITEMS,
}
_VERDICTS: Final[Mapping[str, Any]] = {
    "pass": _("passed"),
    "return": _("sent back"),
    "refuse": _("refused"),
    "confirmed": _("confirmed"),
    "declined": _("declined"),
    "upheld": _("The appeal is right"),
    "dismissed": _("The decision stays"),
    "yes": _("yes"),
    "no": _("no"),
}
# Values that are codes, by the fact they stand in.
_VALUES: Final[Mapping[str, Mapping[str, Any]]] = {
    "channel": desk_words.CHANNELS,
    "desk": words.DESKS,
    "field": case_words.FIELDS,
    "form": case_words.PAPERS,
    "how": {**desk_words.HOW, **{str(code): said for code, said in season.HOW.items()}},
    "insurance": words.INSURANCES,
    "insurances": words.INSURANCES,
    "kind": words.SEAL_KINDS,
    "papers": case_words.PAPERS,
    "part": words.JOBS,
    "reason": {**case_words.REFUND_REASONS, **payment_words.REASONS},
    "role": {str(code): said for code, said in ROLES.items()},
    "rule": words.RULES,
    "said": {str(code): said for code, said in season.SAID.items()},
    "state": {
        "waiting": _("waits"),
        "sent": _("sent"),
        "shown": _("shown in the outbox"),
        "failed": _("given up"),
    },
    "verdict": _VERDICTS,
    "why": {code: text for code, (text, _colour) in NUMBERS.items()},
}
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_SHORT: Final = 8


def event(code: str) -> str:
    """An event in words; one that has none stands for itself."""
    return str(EVENTS.get(code, code))


def actor(entry: Entry) -> str:
    """Who acted: an officer by name, a resident, or canbao itself."""
    if entry.actor_name:
        return entry.actor_name
    return gettext("A resident") if entry.actor_role == "resident" else gettext("canbao itself")


def facts(entry: Entry, names: Mapping[str, str]) -> str:
    """The facts of an entry, one by one.

    `names` are those of the officers and offices among them, by id, and of the packs' reasons, by code.
    """
    # Of an office that changed, what it was and what it became stand as a pair.
    changed = entry.event == "office.changed"
    return say.facts(
        *(
            gettext("%(what)s: %(reason)s")
            % {"what": FACTS.get(key, key), "reason": _plain(key, value, names, changed=changed)}
            for key, value in sorted(entry.facts.items())
            if value is not None and value != ""
        )
    )


def _plain(key: str, value: Any, names: Mapping[str, str], *, changed: bool = False) -> str:
    if isinstance(value, list):
        said = [_plain(key, one, names) for one in value]
        return " → ".join(said) if changed else say.listed(said)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int) and key.endswith("fen"):
        return say.money(value, exact=True)
    return _text(key, "–" if value is None or value == "" else str(value), names)


def _text(key: str, text: str, names: Mapping[str, str]) -> str:
    """A day in words, an id as the name it stands for or its end, a hash as its beginning, a code as its word."""
    if _DAY.fullmatch(text):
        return say.day(date.fromisoformat(text))
    if _ID.fullmatch(text):
        return names.get(text, text[-_SHORT:])
    if _HASH.fullmatch(text):
        return text[:_SHORT]
    known = _VALUES.get(key, _VERDICTS if key in case_words.ITEMS else {})
    code, blank, page = text.partition(" ")
    return f"{known[code]}{blank}{page}" if code in known else names.get(text, text)
