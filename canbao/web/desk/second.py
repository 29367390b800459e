"""The second entry: name and number typed again from the paper, without seeing the first."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from canbao.cases import door, inspection, pages
from canbao.cases.inspection import Typed
from canbao.kernel import clock, refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.people import names, numbers
from canbao.web.access import key_of, officer
from canbao.web.desk import acts, case, papers
from canbao.web.desk.frame import frame
from canbao.web.theme.forms import PlainForm


class SecondForm(PlainForm):
    """Starts empty, always."""

    name = forms.CharField(label=_("Name as on the paper"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind of document"), choices=numbers.KINDS.choices)
    number = forms.CharField(label=_("Number as on the paper"), max_length=60)


@officer(Role.TOWNSHIP)
def second(request: HttpRequest, actor: Actor, county: str, case_id: UUID) -> HttpResponse:
    """Type name and number again; whether they agree is said afterwards, character by character."""
    del county
    row = door.see(actor, case_id)
    if not (case.works_on(actor, row) and inspection.needs_second_entry(row)):
        raise Refused("second_entry_not_asked")
    form = SecondForm(request.POST or None, initial={"kind": "id_card"})
    if request.method == "POST" and form.is_valid():
        done = _typed(request, actor, row.id, form)
        if done is not None:
            return done
    view = pages.checking(row)
    papers.seen(actor, view)
    values = {
        "form": form,
        "case": row,
        "paper_view": papers.viewer(request, actor, view),
        "back": case.address(actor, case_id),
        "has_errors": bool(form.errors),
        **frame(request, actor, "worklist"),
    }
    return render(request, "desk/second.html", values, status=422 if form.errors else 200)


def _typed(
    request: HttpRequest, actor: Actor, case_id: UUID, form: SecondForm
) -> HttpResponse | None:
    typed, at = form.cleaned_data, clock.now()
    try:
        name = names.read(typed["name"])
    except Refused as refused:
        form.add_error("name", refusals.said(refused))
        return None
    try:
        number = numbers.read(numbers.Kind(typed["kind"]), typed["number"], on=clock.on(at)).number
    except Refused as refused:
        form.add_error("number", refusals.said(refused))
        return None
    outcome = inspection.type_again(
        actor, {case_id: Typed(case.version_of(request), name, typed["kind"], number)},
        at=at, key=key_of(request, actor),
    )  # fmt: skip
    if outcome.refused:
        refusal = next(iter(outcome.refused.values()))
        sentence = acts.sentence_of(refusal.code, refusal.facts)
        return case.moved(request, actor, case_id, sentence)
    return HttpResponseRedirect(f"{case.address(actor, case_id)}#item-1", status=303)
