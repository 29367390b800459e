"""Ask for money back: which money, why, and to which account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from canbao.cases import drafts, refund_offers
from canbao.cases import words as case_words
from canbao.cases.refund_offers import Offer
from canbao.kernel import clock, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.payments import blocks, refund_requests
from canbao.payments.refund_requests import Account, Source
from canbao.policy.words import in_language
from canbao.web.access import resident
from canbao.web.portal import refund_draft
from canbao.web.portal.frame import go, page, person_to_call
from canbao.web.portal.refund_draft import Asking, asking, heading
from canbao.web.portal.stepping import applying
from canbao.web.theme.format import day, money
from canbao.web.theme.forms import Option, PlainForm

LONGEST: Final = 60
YES_NO: Final = (("no", _("No")), ("yes", _("Yes")))


@resident
@require_safe
def choose(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """What can be asked back from this phone: what is due first, then the payments; and what cannot, and why."""
    del county
    on = clock.today()
    offers = refund_offers.of_phone(actor, on)
    open_ones = [one for one in offers if not one.source.fault]
    why = case_words.due_reasons(one.source for one in offers if one.source.is_due)
    values = {
        "due": [_line(one, why) for one in open_ones if one.source.is_due],
        "paid": [_line(one, why) for one in open_ones if not one.source.is_due],
        "others": [_line(one, why) for one in offers if one.source.fault],
        "begun": [
            {"id": one.id, "name": one.name, "fen": one.fen}
            for one in refund_draft.still_open(actor, {other.id for other in open_ones}, clock.now())
        ],
        "bound": actor.person_id is not None,
        "call": person_to_call(request),
    }  # fmt: skip
    return page(request, "refund_choose", values)


def _line(one: Offer, why: Callable[[Source], str]) -> dict[str, Any]:
    source = one.source
    return {
        "id": source.id,
        "title": heading(source, one.name),
        "fen": source.fen if source.is_due else source.paid_fen,
        "about": why(source) if source.is_due else _paid(one),
        "why_not": refusals.say(source.fault) if source.fault else "",
    }


def _paid(one: Offer) -> str:
    if one.source.receipt_number is None or one.source.paid_on is None:
        return ""
    return gettext("paid on %(day)s, receipt %(number)s") % {
        "day": day(one.source.paid_on), "number": blocks.in_places(one.source.receipt_number)
    }  # fmt: skip


@applying
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, actor: Actor, county: str, source: UUID) -> HttpResponse:
    """Begin to ask for this money, or go on where it was begun; opened as a page, it leads to the list."""
    del county
    if request.method != "POST":
        # Whoever agreed to the notice first comes back here by a link.
        return go("money_back")
    at = clock.now()
    found = refund_offers.offer(actor, source, clock.on(at))
    if found.source.fault:
        raise Refused(found.source.fault)
    kept = next((one for one in refund_draft.every(actor) if one.source == source), None)
    draft = kept.id if kept else refund_draft.save(actor, refund_draft.begun(found), at)
    return go("refund_account_of" if found.source.is_due else "refund_why", draft)


@resident
@require_POST
def drop(request: HttpRequest, actor: Actor, county: str, draft: UUID) -> HttpResponse:
    """Forget an ask that is not sent, with the account in it; pressed twice, it stays forgotten."""
    del request, county
    if any(one.id == draft for one in refund_draft.every(actor)):
        drafts.drop(actor, [draft], at=clock.now())
    return go("money_back")


class WhyForm(PlainForm):
    """Why the money should come back."""

    reason = forms.ChoiceField(label=_("Why should it come back?"), widget=forms.RadioSelect)
    drawn = forms.ChoiceField(
        label=_("Was anything of that year paid out already, at a hospital, a pharmacy or as a pension?"),
        choices=YES_NO, widget=forms.RadioSelect,
    )  # fmt: skip


@asking
def why(step: Asking) -> HttpResponse:
    """Ask for the reason, in the words of the pack; what cannot be chosen says why."""
    if step.offer.source.is_due:
        return step.on_to("refund_account_of")
    wanted = step.wanted
    known = refund_offers.judged(step.offer, step.on)
    start = {"reason": wanted.reason, "drawn": "yes" if wanted.drawn else "no"}
    form = WhyForm(step.request.POST or None, initial=start)
    form.fields["reason"].choices = [(one.code, _option(one)) for one in known]  # type: ignore[attr-defined]
    begins = refund_offers.cover_from(step.offer.source)
    if begins is not None and begins > step.on:
        # Nothing of a year can have been drawn before its cover begins.
        del form.fields["drawn"]
    if step.request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        drawn = said.get("drawn") == "yes"
        chosen = next(
            one
            for one in refund_offers.judged(step.offer, step.on, drawn=drawn)
            if one.code == said["reason"]
        )
        if not chosen.fault:
            step.keep(reason=chosen.code, drawn=drawn, fen=chosen.fen)
            return step.on_to("refund_account_of")
        form.add_error(
            "drawn" if chosen.fault == "refund_benefits_drawn" else "reason",
            refusals.say(chosen.fault),
        )
    return step.draw(
        "refund_why",
        failed=step.request.method == "POST",
        form=form,
        asks_drawn="drawn" in form.fields,
        possible=any(not one.fault for one in known),
        call=person_to_call(step.request),
        back=reverse("money_back", args=[step.actor.county]),
    )


def _option(one: refund_offers.Reason) -> Option:
    name = in_language(one.name)
    if one.fault:
        return Option(name, hint=refusals.say(one.fault), disabled=True)
    if one.done_in_working_days is None:
        return Option(name, hint=gettext("%(sum)s comes back") % {"sum": money(one.fen)})
    return Option(
        name,
        hint=gettext("%(sum)s comes back, in at most %(days)s working days")
        % {"sum": money(one.fen), "days": one.done_in_working_days},
    )


class AccountForm(PlainForm):
    """Where the money goes, and who signs for somebody who cannot."""

    holder = forms.CharField(label=_("Account holder"), max_length=LONGEST)
    relation = forms.ChoiceField(
        label=_("What is the holder to this person?"), widget=forms.RadioSelect
    )
    bank = forms.CharField(
        label=_("Bank and branch"), max_length=80,
        help_text=_("For example: Agricultural Bank, Mingshui branch"),
    )  # fmt: skip
    number = forms.CharField(
        label=_("Account number"), max_length=40,
        help_text=_("As it stands on the card or passbook. It is kept sealed; later only its last four figures are shown."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def account(self, kept: str) -> Account:
        """The account as it was typed, with the number that is kept where none was."""
        said = self.cleaned_data
        return Account(said["holder"], said["bank"], said["number"] or kept)


SIGNERS: Final = {
    "proxy": _("An heir"),
    "parent": _("Father or mother"),
    "guardian": _("A guardian, with proof"),
}
# At which field a refusal of the account stands.
FIELDS: Final = {"account_unclear": "number", "bank_missing": "bank"}


@asking
def account(step: Asking) -> HttpResponse:
    """Ask for the account: the person's own, or that of whoever signs for a child or for somebody who died."""
    wanted = step.wanted
    if not step.offer.source.is_due and not wanted.reason:
        return step.on_to("refund_why")
    form = AccountForm(
        step.request.POST or None,
        initial={name: getattr(wanted, name) for name in ("holder", "bank", "relation")},
    )
    _who(form, step.offer)
    if wanted.number:
        # The full number is shown to nobody again, not even here.
        form.fields["number"].required = False
        form.fields["number"].help_text = gettext(
            "%(number)s is kept. Leave this empty, or type another number."
        ) % {"number": refund_requests.mask(wanted.number)}
    if step.request.method == "POST" and form.is_valid():
        try:
            read = refund_offers.read_account(step.offer, form.account(wanted.number))
        except Refused as refused:
            form.add_error(FIELDS.get(refused.code, "holder"), refusals.said(refused))
        else:
            relation = form.cleaned_data.get("relation") or "self"
            step.keep(holder=read.holder, bank=read.bank, number=read.number, relation=relation)
            return step.on_to("refund_papers")
    back = "refund_why" if not step.offer.source.is_due else ""
    drawn = step.draw(
        "refund_account",
        failed=step.request.method == "POST",
        form=form,
        offer=step.offer,
        back=step.url(back) if back else reverse("money_back", args=[step.actor.county]),
    )
    # What was typed comes back with a fault: the number stays in no cache of the browser.
    drawn["Cache-Control"] = "no-store"
    return drawn


def _who(form: AccountForm, one: Offer) -> None:
    """Whose account it must be, and, where another signs, as what."""
    if not one.another_signs:
        del form.fields["relation"]
        form.fields["holder"].help_text = gettext("It must be %(name)s's own account.") % {
            "name": one.name
        }
        return
    form.fields["relation"].choices = [(code, SIGNERS[code]) for code in one.relations]  # type: ignore[attr-defined]
    form.fields["holder"].help_text = gettext(
        "Whoever signs for %(name)s; the money goes to this account."
    ) % {"name": one.name}
