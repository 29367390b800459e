"""The page behind a paper's QR code: which paper it is, and which of its marks hold."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from canbao.cases import following
from canbao.cases import words as case_words
from canbao.kernel import clock
from canbao.kernel.refusal import Refused
from canbao.papers import queries as papers
from canbao.people import names
from canbao.web.access import public
from canbao.web.portal import words

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


@public
@require_safe
def verify(request: HttpRequest, county: str, token: str) -> HttpResponse:  # noqa: ARG001
    """Number, masked name, offices, dates and marks of a genuine paper, and where its case is; nothing else of the person."""
    form = papers.by_token(token) if _TOKEN.fullmatch(token) else None
    if form is None or not form.form:
        raise Refused("not_found")
    every = papers.papers_of([form.subject_id], replaced=True)
    scans = [one for one in every if not one.form and one.round == form.round]
    marks = papers.marks_of([form, *scans])
    lines = [
        {
            "box": words.BOXES.get(one.box, one.box),
            "kind": words.MARKS.get(one.kind, one.kind),
            "office": one.office_name,
            "on": one.acted_on,
            "holds": one.holds,
        }
        for one in marks
    ]
    where = following.standing(form.subject_id)
    sound = bool(marks) and all(one.holds for one in marks)
    values = {
        "number": form.number,
        "paper": case_words.paper(form.kind),
        "version": form.form.rpartition(".")[2],
        "name": names.mask(str(form.fields.get("name", ""))),
        "marks": lines,
        "where": words.tag(where.desk, where.status, where.kind) if where else "",
        "due_on": where.due_on if where else None,
        "sound": sound,
        "replaced": form.replaced_by is not None,
        "today": clock.today(),
        "verdict": gettext("This paper is genuine, and nothing on it was changed.")
        if sound
        else gettext("Something on this paper or its attachments was changed after it was signed."),
    }
    return render(request, "portal/verify.html", values)
