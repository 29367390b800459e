"""A sheet printed anew after a correction: the older one stays and says which replaced it."""

from __future__ import annotations

import datetime
import secrets as randomness
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from canbao.kernel import canonical, clock, rows
from canbao.kernel.ids import new_id
from canbao.papers import sheets
from canbao.papers.custody import Holder
from canbao.papers.queries import PaperRow
from canbao.papers.sheets import Made
from canbao.papers.tables import Copy, Mark, Paper


@dataclass(frozen=True, slots=True)
class Signer:
    """An officer who signed before the one who seals; `mark_id` was made before the sealing's."""

    mark_id: UUID
    id: UUID
    name: str
    office_id: UUID | None
    office_name: str
    on: datetime.date


def again(old: PaperRow, fields: Mapping[str, Any], holder: Holder, at: clock.Instant) -> Made:
    """Make a form anew with other fields and the same attachments and round; three statements.

    Marks of the old sheet stay on it: they were put under other content.
    """
    content = sheets.content_of(old.form, fields, old.attached)
    made = Made(new_id(), old.subject_id, canonical.sha256_text(content), old.round)
    rows.insert(
        Paper, id=[made.id], subject_kind="case", subject_id=old.subject_id, kind=old.kind,
        form=old.form, number=old.number, page=old.page, round=old.round,
        content_sha256=made.content_sha256, content=content, token=randomness.token_urlsafe(16), at=at,
    )  # fmt: skip
    rows.update(Paper, [old.id], replaced_by=made.id)
    rows.insert(
        Copy, paper_id=made.id, copy_no=[1, 2], first_kind=holder.kind, first_id=holder.id,
        first_name=holder.name,
    )  # fmt: skip
    return made


def sign(made: Made, box: str, who: Signer, at: clock.Instant) -> None:
    """Put the signature of an officer who acted before on a sheet; one statement."""
    rows.insert(
        Mark, id=[who.mark_id], paper_id=made.id, box=box, kind="signature", how="account", acted_by=who.id,
        acted_by_name=who.name, office_id=who.office_id, office_name=who.office_name,
        acted_on=who.on, recorded_by=who.id, recorded_at=at, content_sha256=made.content_sha256,
    )  # fmt: skip
