"""Why a case came back or was refused, as a resident reads it."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext, pgettext

from canbao.cases import flow
from canbao.cases import words as case_words
from canbao.cases.following import Followed
from canbao.cases.queries import DecisionRow


def reasons_of(found: Followed) -> list[dict[str, str]]:
    """Of the last return while the case lies with the applicant, else of the refusal."""
    last = found.last("return") if found.case.desk == flow.APPLICANT else found.last("refuse")
    return said(last) if last else []


def said(decision: DecisionRow) -> list[dict[str, str]]:
    """The reasons of a decision: the field or paper, what is wrong with it, and what the officer wrote."""
    return [
        {
            "about": case_words.about(one["about"]) if one["about"] else "",
            "text": case_words.reason(one["code"]),
            "note": one["note"],
        }
        for one in decision.reasons
    ]


def in_a_line(decision: DecisionRow) -> str:
    """All reasons of a decision in one line."""
    return gettext("; ").join(
        pgettext("between facts", ", ").join(part for part in one.values() if part)
        for one in said(decision)
    )


def sent_back(found: Followed) -> Collection[str]:
    """The papers and fields that the last return is about."""
    last = found.last("return")
    return {one["about"] for one in last.reasons} if last else ()
