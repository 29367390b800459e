"""The regions, offices, officers and seals of a made county."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from canbao.kernel import audit, clock, county, rows
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.tables import County, Office, Officer, Posting, Region, Seal, SealCustody
from canbao.kernel.taken import Outcome

BOTH: Final = ["170", "390"]
SINCE: Final = datetime.date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Place:
    """A village or township with the people who work there."""

    code: str
    name: str
    township: str = ""


@dataclass(frozen=True, slots=True)
class Worker:
    """An officer to be made: login, name, role, office code, and the posting once it is made."""

    login: str
    name: str
    role: str
    office: str


@operation
def establish(
    actor: Actor, name: str, townships: Sequence[Place], villages: Sequence[Place],
    workers: Sequence[Worker], *, at: clock.Instant,
) -> Outcome:  # fmt: skip
    """Make a demo county as one act; `made` holds the posting ids by login."""
    postings = found(actor.county, name, townships, villages, workers, demo=True)
    audit.record(
        actor, "county.established", list(postings.values()), at=at, kind="posting",
        facts={"county": county.current()},
    )  # fmt: skip
    return Outcome((), made={login: str(posting) for login, posting in postings.items()})


@operation
def recognise(actor: Actor, login: str, person_id: UUID, *, at: clock.Instant) -> Outcome:
    """Say which resident an officer is, so that nobody decides on the own household."""
    officer = Officer.here.get(login=login)
    Officer.here.filter(id=officer.id).update(person_id=person_id)
    audit.record(actor, "officer.recognised", [officer.id], at=at, kind="officer")
    return Outcome((officer.id,))


def found(
    code: str, name: str, townships: Sequence[Place], villages: Sequence[Place], workers: Sequence[Worker],
    *, demo: bool,
) -> dict[str, UUID]:  # fmt: skip
    """Make the county's regions, offices, officers, postings and seals. Returns posting ids by login.

    Office codes are region codes; the two county agencies are `390` and `170`, the administration `office`.
    """
    County.objects.update_or_create(code=code, defaults={"name": name, "demo": demo})
    _regions(code, name, townships, villages)
    offices = _offices(code, name, townships, villages)
    _seals(offices, name, townships, villages)
    return _officers(offices, workers)


def _regions(code: str, name: str, townships: Sequence[Place], villages: Sequence[Place]) -> None:
    whole = f"{code}000000"
    places = [(whole, name, "county", "")]
    places += [(one.code, one.name, "township", whole) for one in townships]
    places += [(one.code, one.name, "village", one.township) for one in villages]
    rows.insert(
        Region,
        code=[one[0] for one in places],
        name=[one[1] for one in places],
        level=[one[2] for one in places],
        parent_code=[one[3] for one in places],
        from_on=SINCE,
    )


def _offices(
    code: str, name: str, townships: Sequence[Place], villages: Sequence[Place]
) -> dict[str, UUID]:
    whole = f"{code}000000"
    wanted = [
        ("390", f"{name}医疗保障局", "county", whole, ["390"]),
        ("170", f"{name}社会保险中心", "county", whole, ["170"]),
        ("office", f"{name}参保办公室", "office", whole, BOTH),
    ]
    wanted += [
        (one.code, f"{one.name}便民服务中心", "township", one.code, BOTH) for one in townships
    ]
    names = {one.code: one.name for one in townships}
    wanted += [
        (one.code, f"{names[one.township]}{one.name}村民委员会", "village", one.code, BOTH)
        for one in villages
    ]
    ids: dict[str, UUID] = {}
    for key, title, kind, region, insurances in wanted:
        # Two of the wanted share a region, so offices are few and made one by one.
        ids[key] = rows.insert(
            Office, name=title, kind=kind, region_code=region, insurances="{" + ",".join(insurances) + "}",
            address=title.removesuffix("村民委员会"), phone=f"0531-5550 {1200 + len(ids)}",
            hours="周一到周五 8:30–17:00", from_on=SINCE,
        )[0]  # fmt: skip
    return ids


def _officers(offices: dict[str, UUID], workers: Sequence[Worker]) -> dict[str, UUID]:
    once = {worker.login: worker for worker in workers}
    ids = dict(
        zip(
            once,
            rows.insert(
                Officer,
                login=list(once),
                name=[worker.name for worker in once.values()],
                phone=[f"0531-5550 {1600 + index}" for index in range(len(once))],
            ),
            strict=True,
        )
    )
    postings = rows.insert(
        Posting,
        officer_id=[ids[worker.login] for worker in workers],
        office_id=[offices[worker.office] for worker in workers],
        role=[worker.role for worker in workers],
        from_on=SINCE,
    )
    _custody(offices, workers, ids)
    return {worker.login: posting for worker, posting in zip(workers, postings, strict=True)}


_KINDS: Final = {
    "village": "village_committee",
    "township": "township_office",
    "county": "county_agency",
    "finance": "county_finance",
}
# Who issues receipt books strikes them with the charging seal.
_CHARGING: Final = "county_charging"


def _seals(
    offices: dict[str, UUID], name: str, townships: Sequence[Place], villages: Sequence[Place]
) -> None:
    wanted = [(offices["390"], "county_agency", f"{name}医疗保障局", "居民参保专用章")]
    wanted += [(offices["170"], "county_agency", f"{name}社会保险中心", "居民参保专用章")]
    wanted += [(offices["390"], "county_finance", f"{name}医疗保障局", "财务专用章")]
    wanted += [(offices["170"], "county_finance", f"{name}社会保险中心", "财务专用章")]
    wanted += [(offices["390"], _CHARGING, f"{name}医疗保障局", "收费专用章")]
    wanted += [(offices["170"], _CHARGING, f"{name}社会保险中心", "收费专用章")]
    wanted += [
        (offices[one.code], "township_office", f"{name}{one.name}便民服务中心", "居民参保专用章")
        for one in townships
    ]
    names = {one.code: one.name for one in townships}
    wanted += [
        (
            offices[one.code],
            "village_committee",
            f"{name}{names[one.township]}{one.name}村民委员会",
            "",
        )
        for one in villages
    ]
    rows.insert(
        Seal,
        office_id=[one[0] for one in wanted],
        kind=[one[1] for one in wanted],
        name=[one[2] for one in wanted],
        purpose=[one[3] for one in wanted],
        from_on=SINCE,
    )


def _custody(
    offices: dict[str, UUID], workers: Sequence[Worker], officers: dict[str, UUID]
) -> None:
    seals = {
        (office, kind): one
        for office, kind, one in Seal.here.values_list("office_id", "kind", "id")
    }
    held = [
        (seals[offices[worker.office], _KINDS[worker.role]], officers[worker.login])
        for worker in workers
        if worker.role in _KINDS and (offices[worker.office], _KINDS[worker.role]) in seals
    ]
    held += [
        (seals[offices[worker.office], _CHARGING], officers[worker.login])
        for worker in workers
        if worker.role == "finance" and (offices[worker.office], _CHARGING) in seals
    ]
    rows.insert(
        SealCustody,
        seal_id=[one for one, _ in held],
        officer_id=[one for _, one in held],
        from_on=SINCE,
    )
