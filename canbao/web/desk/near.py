"""A number with one wrong digit: who of the register may be meant, and taking the right number over."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict

from canbao.kernel import clock
from canbao.kernel import queries as kernel
from canbao.kernel.actor import Actor
from canbao.people import meant
from canbao.web.desk.claims import EntryForm


def offered(actor: Actor, form: EntryForm) -> list[dict[str, Any]]:
    """Who may be meant by the number of a form that was sent; put on record before it is shown."""
    if not form.is_bound or not form.doubtful:
        return []
    found = meant.near(form.data.get("kind", ""), form.data.get("number", ""))
    if not found:
        return []
    meant.seen(actor, [one.id for one in found], "near_seen", at=clock.now())
    names = {one.code: one.name for one in kernel.regions({one.village for one in found})}
    return [
        {
            "id": one.id,
            "name": one.name,
            "masked": one.masked,
            "village": names.get(one.village, one.village),
        }
        for one in found
    ]


def taken_over(request: HttpRequest, actor: Actor) -> QueryDict | None:
    """The form as it was sent, with the number of whoever was pressed; None where nobody was."""
    wanted = request.POST.get("near", "")
    if not wanted:
        return None
    found = meant.near(request.POST.get("kind", ""), request.POST.get("number", ""))
    chosen = next((one for one in found if str(one.id) == wanted), None)
    if chosen is None:
        return None
    meant.seen(actor, [chosen.id], "near_taken", at=clock.now())
    data = request.POST.copy()
    data["number"] = chosen.number
    return data
