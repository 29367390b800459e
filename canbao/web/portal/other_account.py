"""Give another account, where the bank could not pay the first one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from canbao.cases import following, payee
from canbao.kernel import clock, outcomes, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.payments import payouts, refund_requests
from canbao.web.access import key_of, resident
from canbao.web.portal import words
from canbao.web.portal.frame import UNPROCESSABLE, go, page
from canbao.web.portal.refund_choice import FIELDS, AccountForm


@resident
@require_http_methods(["GET", "HEAD", "POST"])
def other_account(request: HttpRequest, actor: Actor, county: str, case: UUID) -> HttpResponse:
    """Another account of the same holder; what the bank said of the first stands above."""
    row = following.follow(actor, case).case
    post = request.method == "POST"
    if post and outcomes.kept(actor, key_of(request, actor)) is not None:
        return go("follow", case)
    if not payee.may_change(actor, row):
        raise Refused("too_late")
    ask = refund_requests.see([case])[case]
    form = AccountForm(request.POST or None, initial={"holder": ask.holder, "bank": ask.bank})
    del form.fields["relation"]
    form.fields["holder"].help_text = gettext("It must be %(name)s's own account.") % {
        "name": ask.holder
    }
    if post and form.is_valid() and _change(request, actor, form, case):
        return go("follow", case)
    values = {
        "row": row,
        "title": words.title(row.name, row.insurance, row.kind),
        "ask": ask,
        "last": payouts.last_results([ask.id]).get(ask.id),
        "form": form,
        "has_errors": bool(form.errors),
        "back": reverse("follow", args=[county, case]),
    }
    status = UNPROCESSABLE if form.errors else 200
    drawn = page(request, "other_account", values, status=status)
    # What was typed comes back with a fault: the number stays in no cache of the browser.
    drawn["Cache-Control"] = "no-store"
    return drawn


def _change(request: HttpRequest, actor: Actor, form: AccountForm, case: UUID) -> bool:
    """Whether it was kept; if not, the form says why."""
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 7 else 0  # noqa: PLR2004
    try:
        outcome = payee.change_account(
            actor, case, seen, form.account(""), at=clock.now(), key=key_of(request, actor)
        )
    except Refused as refused:
        if refused.code not in FIELDS:
            raise
        form.add_error(FIELDS[refused.code], refusals.said(refused))
        return False
    for said in outcome.refused.values():
        facts = {"desk": "", "status": "", **said.facts}
        form.add_error(FIELDS.get(said.code, "holder"), refusals.say(said.code, facts))
    return not outcome.refused
