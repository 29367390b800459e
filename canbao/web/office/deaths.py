"""Recording that the person of a case has died: what is on its way is closed, advances come back."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from canbao.cases import death, door
from canbao.kernel.actor import Actor, Role
from canbao.people import queries as people
from canbao.web.access import officer
from canbao.web.office.pages import Act, address, answer, draw
from canbao.web.theme import format as say
from canbao.web.theme.forms import DateParts, PlainForm
from canbao.web.theme.pieces import Row

LIST: Final = "worklist"


class DeathForm(PlainForm):
    """The day of death, and the paper that says so."""

    died_on = DateParts(label=_("Day of death"))
    proof = forms.CharField(
        label=_("Which paper proves it?"),
        help_text=_("For example the certificate of death, with its number"),
        max_length=200,
    )


@officer(Role.TOWNSHIP, Role.COUNTY)
def record(request: HttpRequest, actor: Actor, county: str, case_id: UUID) -> HttpResponse:
    """Record a death from the page of a case."""
    del county
    case = door.see(actor, case_id)
    act = Act(
        "died", _("This person has died"), _("Record the death and close the case"),
        lambda it: death.record(
            it.actor, case_id, it.typed["died_on"], it.typed["proof"], **it.how
        ),
        _("The death is recorded. Every open application of the person is closed."),
        address("case", case_id), DeathForm,
        hint=_("Money paid in advance becomes due to be given back. Nothing is undone here afterwards."),
        danger=True,
    )  # fmt: skip
    done = answer(request, actor, [act])
    died_on = people.dead([case.person_id]).get(case.person_id)
    known = [Row(key=_("Day of death"), value=say.day(died_on))] if died_on else []
    return done or draw(
        request, actor, LIST, _("Record a death"), acts=[] if died_on and act.bound is None else [act], rows=known,
        about=f"{case.name} {case.number}", parent=(case.name, address("case", case_id)),
    )  # fmt: skip
