"""Lists: the cover list of a bundle and the manifest of an archive item."""

from __future__ import annotations

import json
from uuid import UUID

from django.utils.translation import override

from canbao.cases import queries, words
from canbao.cases.prints import shared
from canbao.kernel import clock, office
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.papers import render
from canbao.papers.forms import FormSheet


def cover(actor: Actor, bundle_id: UUID, *, at: clock.Instant, language: str = "zh-hans") -> bytes:
    """上报清单 of a bundle. Refuses `not_found`."""
    bundle = queries.bundle_of(actor, bundle_id)
    if bundle is None:
        raise Refused("not_found")
    items = queries.items_of(bundle_id)
    shared.printed(actor, [bundle_id], "bundle-cover.1", at=at)
    receivers = office.offices([bundle.to_desk])
    with override(language):
        return render.pdf(
            FormSheet(
                kind="bundle-cover",
                version=1,
                number=bundle.number,
                fields={
                    "from_office": bundle.office_name,
                    "to_office": receivers[0].name if len(receivers) == 1 else "",
                    "insurance": str(shared.INSURANCES[bundle.insurance]),
                    "bundle_name": bundle.number,
                    "reported_on": clock.on(bundle.reported_at).isoformat(),
                    "cases": str(bundle.cases),
                    "households": str(len({(one.village, one.household_number) for one in items})),
                    "sheets": str(2 * bundle.cases),
                    "attachments": str(bundle.sheets - 2 * bundle.cases),
                    "reporter_name": bundle.reported_by_name,
                },
                rows=[
                    {
                        "household": one.household_number,
                        "name": one.name,
                        "case_number": one.number,
                        "sheets": "2",
                        "attachments": str(one.sheets - 2),
                        "note": one.note,
                    }
                    for one in items
                ],
                language=language,
            )
        )


def manifest(actor: Actor, case_id: UUID, *, at: clock.Instant, language: str = "zh-hans") -> bytes:
    """卷内目录 of a filed case. Refuses `not_found` when it is not filed."""
    view = queries.view(actor, case_id)
    filed = view.archive
    if filed is None:
        raise Refused("not_found")
    shared.printed(actor, [case_id], "archive-manifest.1", at=at)
    listed = json.loads(filed.manifest)["papers"]
    with override(language):
        return render.pdf(
            FormSheet(
                kind="archive-manifest",
                version=1,
                number=filed.number,
                fields={
                    "archive_number": filed.number,
                    "subject": view.case.name,
                    "insurance": str(shared.INSURANCES[view.case.insurance]),
                    "case_number": view.case.number,
                    "filed_on": clock.on(filed.at).isoformat(),
                    "place": f"{filed.box} / {filed.position}",
                    "retention": words.retention(filed.retention),
                    # Counted from 1 January of the next year (DOMAIN 7, archives).
                    "retention_from_on": f"{clock.on(filed.at).year + 1}-01-01",
                    "sheets": str(len(listed)),
                    "manifest_sha256": filed.manifest_sha256,
                    "archivist_name": filed.by_name,
                },
                rows=[
                    {
                        "title": words.paper(one["kind"]),
                        "number": one["form"],
                        "sheets": "1",
                        "sha256": one["sha256"],
                        "note": "",
                    }
                    for one in listed
                ],
                language=language,
            )
        )
