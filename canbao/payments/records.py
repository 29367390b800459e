"""A person's record on paper: the statement of the pension account, the certificate of cover with its QR."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import override

from canbao.insured import certificates
from canbao.insured import queries as insured
from canbao.kernel import audit, clock, county, office
from canbao.kernel import money as money_text
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.papers import render
from canbao.papers.forms import FormSheet
from canbao.payments import blocks, statements, words
from canbao.payments.receiving import OWN, PENSION
from canbao.people import queries as people
from canbao.policy import words as said
from canbao.policy.rules import trace


@operation
def printed(actor: Actor, person_id: UUID, *, at: clock.Instant) -> Outcome:
    """Put on record that the statement of a person's account was printed."""
    audit.record(actor, "record.printed", [person_id], at=at, kind="person")
    return Outcome((person_id,))


def statement_pdf(
    actor: Actor,
    person_id: UUID,
    until: datetime.date,
    *,
    at: clock.Instant,
    language: str = "zh-hans",
) -> bytes:
    """The statement of a person's account up to a day. Refuses `not_found` where there is no account.

    The caller has seen that the person is within reach.
    """
    account = insured.account_of(person_id)
    if account is None:
        raise Refused("not_found")
    printed(actor, person_id, at=at)
    found = statements.lines(person_id, until)
    sums = statements.balances(found)
    whole, own = sum(sums.values()), sums.get(OWN, 0)
    still = sum(one.fen for one in statements.owed_by_others(person_id))
    with override(language):
        sheet = FormSheet(
            kind="account-statement",
            version=1,
            number=f"{account.number}-{until:%Y%m%d}",
            fields={
                "name": people.persons([person_id])[person_id].name,
                "id_number": people.masked_of([person_id]).get(person_id, ""),
                "account_number": account.number,
                "opened_on": account.opened_on.isoformat(),
                "until_on": until.isoformat(),
                "balance_fen": str(whole),
                "own_fen": str(own),
                "others_fen": str(whole - own),
                "still_due_fen": str(still),
                "office_name": _agency(PENSION),
            },
            rows=[
                {
                    "on": one.on.isoformat(),
                    "what": words.entry(one.kind, one.sub_ledger),
                    "year": str(one.year or ""),
                    "receipt": blocks.in_places(one.receipt_number) if one.receipt_number else "",
                    "amount": money_text.in_yuan(one.fen, exact=True),
                    "balance": money_text.in_yuan(one.balance_fen, exact=True),
                }
                for one in found
            ],
            language=language,
        )
        return render.pdf(sheet)


def certificate_url(token: str) -> str:
    """What the QR of a certificate carries."""
    return f"{settings.CANBAO_ADDRESS}/{county.current()}/certificate/{token}"


def certificate_pdf(
    actor: Actor, cover: insured.CoverRow, *, at: clock.Instant, language: str = "zh-hans"
) -> bytes:
    """A certificate of a cover that stands. Refuses `not_found` when it was taken back meanwhile.

    The caller has seen that the person is within reach.
    """
    outcome = certificates.give(actor, cover.id, cover.person_id, at=at)
    given = certificates.by_token(str(outcome.made["token"]))
    if given is None:
        raise Refused("not_found")
    with override(language):
        why = said.cover(trace.read_cover(cover.why))
        sheet = FormSheet(
            kind="cover-certificate",
            version=1,
            number=given.number,
            token_url=certificate_url(given.token),
            fields={
                "name": people.persons([cover.person_id])[cover.person_id].name,
                "id_number": people.masked_of([cover.person_id]).get(cover.person_id, ""),
                "insurance": str(said.INSURANCES[cover.insurance]),
                "year": str(cover.year),
                "from_on": cover.from_on.isoformat(),
                "to_on": cover.last_on.isoformat(),
                "issued_on": clock.on(at).isoformat(),
                "why": ("" if language.startswith("zh") else " ").join(one.said for one in why),
                "office_name": _agency(cover.insurance),
            },
            language=language,
        )
        return render.pdf(sheet)


def _agency(insurance: str) -> str:
    """The county agency of an insurance."""
    found = office.offices(["county"])
    return next((one.name for one in found if insurance in one.insurances), "")
