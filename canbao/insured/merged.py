"""What hangs on a person here, for those who make two rows of one person one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from canbao.insured.tables import Account, Enrolment
from canbao.people.merged import Column

MOVED: Final[Sequence[Column]] = ((Enrolment, "person_id"), (Account, "person_id"))
