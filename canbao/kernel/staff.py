"""Officers and their postings: who works where, as what, from when to when, and for whom they stand in."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from axes.utils import reset
from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Q

from canbao.kernel import audit, clock, county, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.administration import holds_after, may
from canbao.kernel.operation import CONSTRAINTS, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Office, Officer, Posting, SealCustody
from canbao.kernel.taken import Outcome

CONSTRAINTS["officer_login"] = "login_taken"
_LOGIN: Final = re.compile(r"[a-z][a-z0-9._-]{1,29}")
_FIRST: Final = "first password"
# Which offices have room for which role.
SEATS: Final[Mapping[str, tuple[Role, ...]]] = {
    "village": (Role.VILLAGE,),
    "township": (Role.TOWNSHIP,),
    "county": (Role.COUNTY, Role.ARCHIVIST, Role.FINANCE, Role.AUDITOR),
    "office": (Role.ADMINISTRATOR, Role.AUDITOR),
}


@dataclass(frozen=True, slots=True)
class PostingGiven:
    """One posting to be made; without `to_on` it holds until it is ended."""

    officer_id: UUID
    office_id: UUID
    role: Role
    from_on: datetime.date
    to_on: datetime.date | None = None
    stands_in_for: UUID | None = None


def user_name(login: str) -> str:
    """The name under which Django's user logs in: the county and the officer's login."""
    return f"{county.current()}/{login}"


@operation
def add_officer(
    actor: Actor, login: str, name: str, phone: str, password: str, *, at: clock.Instant
) -> Outcome:
    """Take up an officer and the user that logs in, with a first password to be changed.

    Refuses `login_unclear`, `login_taken`, `name_needed`. The password is kept only as its hash.
    """
    may(actor)
    if not _LOGIN.fullmatch(login):
        raise Refused("login_unclear")
    if not name.strip():
        raise Refused("name_needed", most=60)
    ids = rows.insert_new(Officer, ["login"], login=login, name=name.strip(), phone=phone.strip())
    if not ids:
        raise Refused("login_taken", login=login)
    _first_password(login, password)
    audit.record(actor, "officer.added", list(ids), at=at, kind="officer")
    return Outcome(tuple(ids))


@operation
def new_password(actor: Actor, officer_id: UUID, password: str, *, at: clock.Instant) -> Outcome:
    """Give an officer a new first password and take a lock after wrong tries away. Refuses `not_found`."""
    may(actor)
    login = _login_of(officer_id)
    _first_password(login, password)
    reset(username=user_name(login))
    audit.record(actor, "officer.password_given", [officer_id], at=at, kind="officer")
    return Outcome((officer_id,))


@operation
def change_password(actor: Actor, old: str, new: str, *, at: clock.Instant) -> Outcome:
    """Change the own password. Refuses `password_wrong`, `password_same` and `password_weak`."""
    user = _users().filter(username=user_name(_login_of(actor.id))).first()
    if user is None or not user.check_password(old):
        raise Refused("password_wrong")
    if old == new:
        raise Refused("password_same")
    try:
        password_validation.validate_password(new, user)
    except ValidationError as fault:
        raise Refused("password_weak", why=" ".join(fault.messages)) from fault
    user.set_password(new)
    user.save(update_fields=["password"])
    user.groups.remove(_first())
    audit.record(actor, "officer.password_changed", [actor.id], at=at, kind="officer")
    return Outcome((actor.id,))


def proves(login: str, password: str) -> bool:
    """Whether this password is the officer's; for commands, which know no browser to lock out."""
    user = _users().filter(username=user_name(login), is_active=True).first()
    return user is not None and bool(user.check_password(password))


def must_change_password(user: Any) -> bool:
    """Whether this user still has the first password somebody else knows."""
    return bool(user.is_authenticated and user.groups.filter(name=_FIRST).exists())


def _users() -> Any:
    return get_user_model().objects


def _first() -> Group:
    return Group.objects.get_or_create(name=_FIRST)[0]


def _first_password(login: str, password: str) -> None:
    user, _made = _users().get_or_create(username=user_name(login))
    user.set_password(password)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])
    user.groups.add(_first())


def _login_of(officer_id: UUID) -> str:
    login = Officer.here.filter(id=officer_id).values_list("login", flat=True).first()
    if login is None:
        raise Refused("not_found")
    return str(login)


@operation
def leave(actor: Actor, officer_id: UUID, on: datetime.date, *, at: clock.Instant) -> Outcome:
    """Note that an officer leaves on a day; postings and custody of seals end, the name stays on every act.

    Refuses `not_found`, `not_to_oneself`, `last_administrator`.
    """
    may(actor)
    if officer_id == actor.id:
        raise Refused("not_to_oneself")
    held = Officer.here.select_for_update(no_key=True).filter(id=officer_id, left_on=None)
    if not held.exists():
        raise Refused("not_found")
    _somebody_stays(Q(officer_id=officer_id), on)
    rows.update(Officer, [officer_id], left_on=on)
    ended = Posting.here.filter(holds_after(on), officer_id=officer_id).update(to_on=on)
    SealCustody.here.filter(holds_after(on), officer_id=officer_id).update(to_on=on)
    facts = {"on": on, "postings": ended}
    audit.record(actor, "officer.left", [officer_id], at=at, kind="officer", facts=facts)
    return Outcome((officer_id,))


@operation
def post(actor: Actor, given: PostingGiven, *, at: clock.Instant) -> Outcome:
    """Post an officer to an office in a role, with dates, perhaps standing in for a colleague there.

    Refuses `not_found`, `not_to_oneself`, `dates_reversed`, `role_not_of_office`, `posted_already`,
    `stand_in_unfit`, and `auditor_alone`: who audits does nothing else (DOMAIN 7, separated roles).
    """
    may(actor)
    if given.officer_id == actor.id:
        raise Refused("not_to_oneself")
    if given.to_on is not None and given.to_on <= given.from_on:
        raise Refused("dates_reversed")
    officer = Officer.here.select_for_update(no_key=True).filter(id=given.officer_id)
    kind = Office.here.filter(holds_after(given.from_on), id=given.office_id)
    if not officer.filter(left_on=None).exists() or not kind.exists():
        raise Refused("not_found")
    if given.role not in SEATS.get(str(kind.values_list("kind", flat=True)[0]), ()):
        raise Refused("role_not_of_office")
    _beside_others(given)
    if given.stands_in_for is not None:
        theirs = Posting.here.filter(officer_id=given.stands_in_for, office_id=given.office_id)
        if given.stands_in_for == given.officer_id or not theirs.exists():
            raise Refused("stand_in_unfit")
    ids = rows.insert(
        Posting, officer_id=given.officer_id, office_id=given.office_id, role=given.role,
        from_on=given.from_on, to_on=given.to_on, stands_in_for=given.stands_in_for,
    )  # fmt: skip
    audit.record(
        actor, "officer.posted", [given.officer_id], at=at, kind="officer",
        facts={"posting": ids[0], "office": given.office_id, "role": given.role,
               "from": given.from_on, "to": given.to_on, "for": given.stands_in_for},
    )  # fmt: skip
    return Outcome(tuple(ids))


def _beside_others(given: PostingGiven) -> None:
    begins = Q(from_on__lt=given.to_on) if given.to_on else Q()
    found = list(
        Posting.here.filter(begins, holds_after(given.from_on), officer_id=given.officer_id)
        .values_list("office_id", "role")
    )  # fmt: skip
    if (given.office_id, str(given.role)) in found:
        raise Refused("posted_already")
    if found and Role.AUDITOR in {given.role, *(role for _, role in found)}:
        raise Refused("auditor_alone")


@operation
def end_posting(actor: Actor, posting_id: UUID, on: datetime.date, *, at: clock.Instant) -> Outcome:
    """End a posting on a day, and the custody of that office's seals with it.

    Refuses `not_found`, `not_to_oneself`, `dates_reversed`, `last_administrator`.
    """
    may(actor)
    row = Posting.here.select_for_update(no_key=True).filter(holds_after(on), id=posting_id).first()
    if row is None:
        raise Refused("not_found")
    if row.officer_id == actor.id:
        raise Refused("not_to_oneself")
    if on < row.from_on:
        raise Refused("dates_reversed")
    _somebody_stays(Q(id=posting_id), on)
    rows.update(Posting, [posting_id], to_on=on)
    others = Posting.here.filter(
        holds_after(on), officer_id=row.officer_id, office_id=row.office_id
    )
    if not others.exists():
        SealCustody.here.filter(
            holds_after(on), officer_id=row.officer_id, seal__office_id=row.office_id
        ).update(to_on=on)
    facts = {"posting": posting_id, "on": on}
    audit.record(
        actor, "officer.posting_ended", [row.officer_id], at=at, kind="officer", facts=facts
    )
    return Outcome((posting_id,))


def _somebody_stays(going: Q, on: datetime.date) -> None:
    """Refuse to end the last posting of an administrator: nobody could open the house again."""
    heads = Posting.here.filter(holds_after(on), role=Role.ADMINISTRATOR, officer__left_on=None)
    locked = heads.order_by("id").select_for_update(no_key=True, of=("self",))
    held = set(locked.values_list("id", flat=True))
    ended = set(heads.filter(going).values_list("id", flat=True))
    if ended and ended == held:
        raise Refused("last_administrator")
