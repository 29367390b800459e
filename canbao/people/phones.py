"""A phone proves itself by a code; it is bound to a person at a counter or by a confirmed case."""

from __future__ import annotations

import datetime
import re
import secrets as randomness
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from canbao.kernel import audit, clock, notices, rows, secrets, sender
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.people import identities, search
from canbao.people.tables import Consent, Contact, OneTimeCode

VALID: Final = datetime.timedelta(minutes=10)
TRIES: Final = 5
PER_HOUR: Final = 5
LOGIN: Final = "login"
# Asked for at a counter, to be read out to the officer; it opens no portal.
COUNTER: Final = "counter"
_TEMPLATES: Final = {LOGIN: "code", COUNTER: "code_counter"}
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_FOLD: Final = str.maketrans("０１２３４５６７８９", "0123456789", " -　()（）")


def read(text: str) -> str:
    """A mobile number as typed, folded. Refuses `phone_unclear`."""
    folded = text.translate(_FOLD).removeprefix("+86")
    if not _MOBILE.fullmatch(folded):
        raise Refused("phone_unclear")
    return folded


def mask(phone: str) -> str:
    """As screens show it: 137****2207."""
    return f"{phone[:3]}****{phone[-4:]}"


def _mac(phone: str) -> str:
    return secrets.fingerprint("phone", phone)


@operation
def ask(actor: Actor, phone: str, *, at: clock.Instant, purpose: str = LOGIN) -> Outcome:
    """Send a code to a phone, opening its contact. Refuses `too_many_codes` over five an hour."""
    phone_mac = _mac(phone)
    recent = OneTimeCode.here.filter(
        phone_mac=phone_mac, at__gt=at - datetime.timedelta(hours=1)
    ).count()
    if recent >= PER_HOUR:
        raise Refused("too_many_codes")
    rows.insert_new(
        Contact,
        ["phone_mac"],
        phone_sealed=secrets.seal(phone, bound_to=identities.bound("phone")),
        phone_mac=phone_mac,
        masked=mask(phone),
    )
    contact_id = Contact.here.values_list("id", flat=True).get(phone_mac=phone_mac)
    code = f"{randomness.randbelow(1_000_000):06d}"
    rows.insert(
        OneTimeCode,
        phone_mac=phone_mac,
        code_mac=secrets.fingerprint("code", f"{phone_mac}/{code}"),
        purpose=purpose,
        at=at,
        expires_at=at + VALID,
    )
    sealed = secrets.seal(code, bound_to=identities.bound("code"))
    notices.tell(
        [contact_id],
        _TEMPLATES[purpose],
        at=at,
        subjects=[contact_id],
        facts=[{"code": sealed}],
        kind="contact",
    )
    sender.soon()
    audit.record(actor, "phone.code_sent", [contact_id], at=at, kind="contact")
    return Outcome((contact_id,))


@operation
def prove(
    actor: Actor, phone: str, code: str, *, at: clock.Instant, purpose: str = LOGIN
) -> Outcome:
    """Check a code of a purpose. A wrong one counts a try and is told in `made["proved"]`, so that the count is kept.

    Refuses `code_over` when there is none that is valid, used up or expired.
    """
    phone_mac = _mac(phone)
    row = (
        OneTimeCode.here.select_for_update(no_key=True)
        .filter(
            phone_mac=phone_mac, purpose=purpose, used_at=None, expires_at__gt=at, tries__lt=TRIES
        )
        .order_by("-at")
        .first()
    )
    if row is None:
        raise Refused("code_over")
    contact_id = Contact.here.values_list("id", flat=True).get(phone_mac=phone_mac)
    proved = row.code_mac == secrets.fingerprint("code", f"{phone_mac}/{code.strip()}")
    if proved:
        OneTimeCode.here.filter(id=row.id).update(used_at=at)
    else:
        OneTimeCode.here.filter(id=row.id).update(tries=row.tries + 1)
    audit.record(
        actor, "phone.proved" if proved else "phone.wrong_code", [contact_id], at=at, kind="contact"
    )
    return Outcome((contact_id,), made={"proved": proved})


@operation
def consent(actor: Actor, notice: str, how: str, *, at: clock.Instant) -> Outcome:
    """Keep that somebody agreed to a notice on the use of personal data (PIPL; DOMAIN 7)."""
    ids = rows.insert(
        Consent, contact_id=actor.id, person_id=actor.person_id, notice=notice, how=how, at=at
    )
    audit.record(
        actor, "consent.given", [actor.id], at=at, kind="contact", facts={"notice": notice}
    )
    return Outcome(tuple(ids))


@operation
def bind(
    actor: Actor, contact_id: UUID, person_id: UUID, how: str, *, at: clock.Instant
) -> Outcome:
    """Bind a phone to a person within the actor's reach, at a counter or by a confirmed case.

    The phone has proved itself by a code. Refuses `not_found`, `phone_bound_here`, `phone_bound_already`.
    """
    search.see(actor, person_id)
    changed = Contact.here.filter(id=contact_id, person_id=None).update(
        person_id=person_id, bound_at=at, bound_by=how
    )
    if not changed:
        raise Refused(_bound(Contact.here.filter(id=contact_id), person_id))
    audit.record(
        actor, "phone.bound", [contact_id], at=at, kind="contact", facts={"person": person_id}
    )
    return Outcome((contact_id,))


def _bound(contacts: Any, person_id: UUID) -> str:
    """Why a phone cannot be bound to a person, or nothing."""
    holder = contacts.exclude(person_id=None).values_list("person_id", flat=True).first()
    if holder is None:
        return ""
    return "phone_bound_here" if holder == person_id else "phone_bound_already"


def guard_free(phone: str, person_id: UUID) -> None:
    """Refuse `phone_bound_here` or `phone_bound_already` before a code is sent for nothing."""
    code = _bound(Contact.here.filter(phone_mac=_mac(phone)), person_id)
    if code:
        raise Refused(code)


@operation
def unbind(actor: Actor, contact_id: UUID, person_id: UUID, *, at: clock.Instant) -> Outcome:
    """Take a phone off a person within reach. Refuses `not_found`, `phone_not_bound`.

    From then on the phone sees only what it entered itself.
    """
    search.see(actor, person_id)
    changed = Contact.here.filter(id=contact_id, person_id=person_id).update(
        person_id=None, bound_at=None, bound_by=""
    )
    if not changed:
        raise Refused("phone_not_bound")
    audit.record(
        actor, "phone.unbound", [contact_id], at=at, kind="contact", facts={"person": person_id}
    )
    return Outcome((contact_id,))


def bind_confirmed(signers: Mapping[UUID, tuple[UUID, str]], at: clock.Instant) -> None:
    """Bind phones by a confirmed case: contact -> (person who signed alone, phone on the form).

    Only where the phone on the form is the very phone that applied, and is bound to nobody yet.
    """
    free = dict(
        Contact.here.filter(id__in=list(signers), person_id=None).values_list("id", "masked")
    )
    mine = [one for one, masked in free.items() if masked == signers[one][1]]
    rows.update(
        Contact,
        mine,
        person_id=[signers[one][0] for one in mine],
        bound_at=at,
        bound_by="confirmed_case",
    )


def consented(contact_id: UUID, notice: str) -> bool:
    """Whether this phone has agreed to this notice."""
    return bool(Consent.here.filter(contact_id=contact_id, notice=notice).exists())


def phone_of(contact_id: UUID) -> str:
    """The number of a contact, for the sender of messages."""
    sealed = Contact.here.values_list("phone_sealed", flat=True).get(id=contact_id)
    return secrets.open_sealed(sealed, bound_to=identities.bound("phone"))
