"""Logins of the demo county's officers: one fixed password for each role, printed for whoever tries canbao."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from canbao.simulate import cast
from canbao.simulate.offices import Worker

PASSWORDS: Final = {
    "village": "demo-village-1",
    "township": "demo-township-1",
    "county": "demo-county-1",
    "finance": "demo-finance-1",
    "archivist": "demo-archive-1",
    "auditor": "demo-audit-1",
    "administrator": "demo-office-1",
}


def make(workers: Sequence[Worker]) -> None:
    """Make the users that are not there. Hashing is slow on purpose, so each role is hashed once."""
    names = {f"{cast.CODE}/{worker.login}": worker for worker in workers}
    there = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    hashes: dict[str, str] = {}
    for name, worker in names.items():
        if name not in there:
            if worker.role not in hashes:
                hashes[worker.role] = make_password(PASSWORDS[worker.role])
            User.objects.create(username=name, password=hashes[worker.role])


def text(workers: Sequence[Worker], address: str, hints: Sequence[str]) -> str:
    """What is printed: where to go, and who may log in."""
    places = {one.code: one.name for one in (*cast.TOWNSHIPS, *cast.VILLAGES)}
    offices = {
        "390": _("Medical insurance agency"), "170": _("Pension agency"), "office": _("Administration"),
    }  # fmt: skip
    lines = [
        _("Residents: %(address)s") % {"address": f"{address}/{cast.CODE}/"},
        _("Officers:  %(address)s") % {"address": f"{address}/{cast.CODE}/desk/"},
        _("Codes sent to phones: %(address)s") % {"address": f"{address}/{cast.CODE}/outbox"},
        "",
    ]
    lines += [
        f"  {worker.login:<14} {PASSWORDS[worker.role]:<16} {worker.name}  "
        f"{worker.role}, {places.get(worker.office) or offices[worker.office]}"
        for worker in workers
    ]
    return "\n".join([*lines, "", *hints, ""])


def write(folder: Path, content: str) -> None:
    """Put it beside the data, where `canbao run` reads it; unchanged when it is so already."""
    path = folder / "demo-logins.txt"
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        path.write_text(content, encoding="utf-8")
