"""Certificates of cover: given out with a number and a token, and looked up by the token."""

from __future__ import annotations

import datetime
import secrets as randomness
from dataclasses import dataclass
from uuid import UUID

from canbao.insured.tables import Cover, CoverCertificate
from canbao.kernel import audit, clock, county, numbering, rows
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate and the cover it speaks of; `void_at` says that the cover was taken back since."""

    number: str
    token: str
    at: datetime.datetime
    person_id: UUID
    insurance: str
    year: int
    from_on: datetime.date
    to_on: datetime.date
    void_at: datetime.datetime | None

    @property
    def last_on(self) -> datetime.date:
        """The last day of cover."""
        return self.to_on - datetime.timedelta(days=1)


_COLUMNS = (
    "number", "token", "at", "cover__enrolment__person_id", "cover__enrolment__insurance", "cover__year",
    "cover__from_on", "cover__to_on", "cover__void_at",
)  # fmt: skip


@operation
def give(actor: Actor, cover_id: UUID, person_id: UUID, *, at: clock.Instant) -> Outcome:
    """Give out a certificate of a person's cover; the caller has seen that the person is within reach.

    Refuses `not_found`, also for a cover that was taken back.
    """
    held = Cover.here.filter(id=cover_id, enrolment__person_id=person_id, void_at=None)
    if not held.exists():
        raise Refused("not_found")
    token = randomness.token_urlsafe(16)
    [serial] = numbering.take(f"certificate/{clock.on(at).year}", 1)
    number = f"{county.current()}-{clock.on(at):%y}-C{serial:07d}"
    rows.insert(
        CoverCertificate, cover_id=[cover_id], number=[number], token=token, by_id=actor.id, at=at
    )
    audit.record(actor, "record.printed", [person_id], at=at, kind="person")
    return Outcome((cover_id,), made={"token": token})


def by_token(token: str) -> CertificateRow | None:
    """The certificate whose QR code carries this token; one statement."""
    row = CoverCertificate.here.filter(token=token).values_list(*_COLUMNS).first()
    return CertificateRow(*row) if row else None
