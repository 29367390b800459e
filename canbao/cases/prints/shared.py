"""What several papers need: addresses of QR codes, seals, names of desks, an audited look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from canbao.kernel import audit, clock, county, office
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.taken import Outcome
from canbao.papers.queries import MarkRow
from canbao.papers.seals import Seal

INSURANCES: Final = {
    "390": _("Residents' medical insurance"),
    "170": _("Residents' pension insurance"),
}
SEX_CODES: Final = ("1", "2")


def token_url(token: str) -> str:
    """What the QR carries: a random token, and nothing of the person."""
    return f"{settings.CANBAO_ADDRESS}/{county.current()}/q/{token}" if token else ""


def seals_of(marks: Sequence[MarkRow]) -> dict[UUID, Seal]:
    """The seals on these marks, by mark id; one statement."""
    used = {mark.seal_id for mark in marks if mark.seal_id is not None}
    known = office.seals(list(used))
    return {
        mark.id: Seal(known[mark.seal_id].name, known[mark.seal_id].purpose)
        for mark in marks
        if mark.seal_id is not None and mark.seal_id in known
    }


@operation
def printed(actor: Actor, case_ids: Sequence[UUID], form: str, *, at: clock.Instant) -> Outcome:
    """Put on record that somebody printed a paper about these cases."""
    audit.record(actor, "case.form_printed", case_ids, at=at, facts={"form": form})
    return Outcome(tuple(case_ids))
