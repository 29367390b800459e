"""The words of the administration: levels, kinds, events, states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

LEVELS: Final[Mapping[str, Any]] = {
    "county": _("County"),
    "township": _("Township"),
    "village": _("Village"),
}
OFFICE_KINDS: Final[Mapping[str, Any]] = {
    "village": _("Village committee"),
    "township": _("Township office"),
    "county": _("County agency"),
    "office": _("Administration"),
}
SEAL_KINDS: Final[Mapping[str, Any]] = {
    "village_committee": _("Seal of a village committee"),
    "township_office": _("Seal of a township office"),
    "county_agency": _("Seal of a county agency"),
    "county_finance": _("Seal of the finance of a county agency"),
    "county_charging": _("Charging seal of a county agency"),
}
INSURANCES: Final[Mapping[str, Any]] = {
    "390": _("Residents' medical insurance"),
    "170": _("Residents' pension"),
}
KINDS: Final[Mapping[str, Any]] = {
    "enrolment": _("Enrolment"),
    "refund": _("Money back"),
}
RULES: Final[Mapping[str, Any]] = {
    "acted_elsewhere": _("Nobody acts at two desks of one case"),
}
JOBS: Final[Mapping[str, Any]] = {
    "pass": _("Pass many cases"),
    "report": _("Report many cases"),
    "file": _("File many cases"),
}
STATES: Final[Mapping[str, tuple[Any, str]]] = {
    "waiting": (pgettext_lazy("job", "Waiting"), "grey"),
    "running": (pgettext_lazy("job", "Running"), "blue"),
    "stopped": (pgettext_lazy("job", "Stopped"), "amber"),
    "done": (pgettext_lazy("job", "Done"), "green"),
    "failed": (pgettext_lazy("job", "Broken off"), "red"),
}
VERDICTS: Final[Mapping[str, tuple[Any, str]]] = {
    "": (_("Waits for a second officer"), "amber"),
    "confirmed": (_("Corrected"), "green"),
    "declined": (_("Left as it was"), "grey"),
}
MERGERS: Final[Mapping[str, tuple[Any, str]]] = {
    "": (_("Waits for a second officer"), "amber"),
    "confirmed": (pgettext_lazy("merge", "Confirmed"), "green"),
    "declined": (_("Left as it was"), "grey"),
    "undone": (_("Taken back"), "grey"),
}
DESKS: Final[Mapping[str, Any]] = {
    "applicant": _("Applicant"),
    "village": _("Village"),
    "township": _("Township"),
    "county": _("County"),
    "finance": _("Finance, first look"),
    "payout": _("Payout"),
    "archive": _("Archive"),
    "shelf": _("Archive"),
    "closed": _("Closed"),
}
VERBS: Final[Mapping[str, Any]] = {
    "submit": pgettext_lazy("flow", "hands in"),
    "report": pgettext_lazy("flow", "reports"),
    "pass": pgettext_lazy("flow", "passes on"),
    "file": pgettext_lazy("flow", "approves and files"),
    "return": pgettext_lazy("flow", "sends back"),
    "refuse": pgettext_lazy("flow", "refuses"),
}


def megabytes(size: int) -> str:
    """A size in megabytes."""
    return gettext("%(size)s MB") % {"size": size // 1_000_000}
