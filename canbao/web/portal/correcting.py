"""Put right what came back: the form becomes a draft again."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from canbao.cases import flow, following
from canbao.cases.following import Followed
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.papers import sheets
from canbao.people import phones
from canbao.web.access import resident
from canbao.web.portal import basket, reasons
from canbao.web.portal.basket import Basket, Person, Photo
from canbao.web.portal.frame import go
from canbao.web.portal.judging import PROOF, SENT_BACK, SIGNED_SHEET


@resident
@require_POST
def correct(request: HttpRequest, actor: Actor, county: str, case: UUID) -> HttpResponse:  # noqa: ARG001
    """Begin to put right what came back: the form's content becomes a draft; the number is typed again."""
    found = following.follow(actor, case)
    row = found.case
    if row.desk != flow.APPLICANT:
        raise Refused("not_returned")
    at = clock.now()
    for one in basket.every(actor):
        if one.kind == basket.AMEND and one.persons[0].id == case and one.version == row.version:
            return go("check", one.id)
    drafted = Basket(
        None, basket.AMEND, row.insurance, row.year, phones.phone_of(actor.id),
        (_from_form(actor, found),), row.version,
    )  # fmt: skip
    return go("check", basket.save(actor, drafted, at=at))


def _from_form(actor: Actor, found: Followed) -> Person:
    fields = found.form.fields
    blobs = [one.blob_id for one in found.scans if one.blob_id]
    files = sheets.blobs(blobs)
    photos: dict[str, Photo] = {}
    back = reasons.sent_back(found)
    for scan in sorted(found.scans, key=lambda one: (one.kind, one.page)):
        file = files.get(scan.blob_id) if scan.blob_id else None
        if file is None or file.by_id != actor.id or scan.kind in {SIGNED_SHEET, *PROOF.values()}:
            continue
        before = photos.get(scan.kind, Photo(()))
        fault = before.fault or ("" if file.verdict == "good" else file.verdict)
        if scan.kind in back:
            fault = SENT_BACK
        photos[scan.kind] = Photo((*before.blobs, str(file.id)), fault)
    signer, as_what = fields["signed_by"]
    other = as_what in {"parent", "guardian"}
    return Person(
        id=found.case.id,
        name=fields["name"],
        kind=fields["document_kind"],
        relation=fields["relation"],
        birth_on=fields["birth_on"],
        sex=fields["sex"],
        village=fields["village"],
        household_number=fields["household_number"],
        address=fields["address"],
        living_address=fields["living_address"],
        residency=fields["residency"],
        ethnic=fields["ethnic"],
        student=fields["student"],
        groups=tuple(fields["groups"]),
        other=tuple(fields["other_insurance"]),
        guardian=signer if other else "",
        guardian_is=as_what if other else "",
        level=fields["level"],
        photos=photos,
    )
