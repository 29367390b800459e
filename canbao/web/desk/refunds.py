"""Asking for money back at a desk: find the person, choose the payment, say why and to which account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.cases import door, payee, refund_offers, refunding
from canbao.cases import words as terms
from canbao.cases.claim import Channel
from canbao.cases.refunding import Ask
from canbao.kernel import clock, outcomes, refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.ids import new_id
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.papers.marks import Confirmation
from canbao.payments.refund_requests import Account, Source
from canbao.people import search
from canbao.people.search import Found
from canbao.policy.words import in_language
from canbao.web.access import key_of, officer
from canbao.web.desk import acts, giving, scanning, words
from canbao.web.desk.frame import frame
from canbao.web.desk.scanning import Kept
from canbao.web.theme import format as say
from canbao.web.theme.forms import PlainForm
from canbao.web.theme.pieces import Column

ASKERS: Final = (Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY)
RELATIONS: Final = (
    ("self", _("The insured person")),
    ("parent", _("A parent, for a child")),
    ("guardian", _("A guardian, with proof")),
    ("proxy", _("An heir, or somebody asked to, with proof")),
)
# At which field of the form a refusal stands; others stand at the payment chosen.
FIELDS: Final = {
    "account_unclear": "number",
    "bank_missing": "bank",
    "account_of_another": "holder",
    "name_missing": "holder",
    "refund_signer_needed": "signer",
    "refund_benefits_drawn": "drawn",
    "refund_reason_unknown": "reason",
    "refund_death_unknown": "reason",
    "refund_cover_begun": "reason",
    "refund_cover_not_begun": "reason",
    "refund_asked_too_late": "reason",
}


class AccountForm(PlainForm):
    """Where the money goes."""

    holder = forms.CharField(label=_("Account holder"), max_length=60)
    bank = forms.CharField(label=_("Bank and branch"), max_length=80)
    number = forms.CharField(label=_("Account number"), max_length=40)

    def account(self) -> Account:
        """The account as it was typed."""
        said = self.cleaned_data
        return Account(said["holder"], said["bank"], said["number"])


class AskForm(AccountForm):
    """Which money, why, and to which account."""

    source = forms.ChoiceField(label=_("Which payment"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Why"), required=False)
    drawn = forms.ChoiceField(
        label=_("Were benefits of that year drawn?"),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        widget=forms.RadioSelect,
    )
    relation = forms.ChoiceField(label=_("Who signs"), choices=RELATIONS)
    signer = forms.CharField(
        label=_("Name of whoever signs"), max_length=60, required=False,
        help_text=_("Only where it is not the insured person. The account is then in this name for a child or somebody who died."),
    )  # fmt: skip

    field_order = (
        "source", "reason", "drawn", "relation", "signer", "holder", "bank", "number",
    )  # fmt: skip


@officer(*ASKERS)
def find(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Find who wants money back: by the whole number, birth date and last four, or name."""
    del county
    text, fault = request.GET.get("q", "").replace("\0", "").strip()[:60], ""
    found: Part[Found] = Part((), 0)
    if text:
        try:
            found = search.found(actor, text)
        except Refused as refused:
            fault = refusals.said(refused)
    if found:
        search.seen(actor, [one.id for one in found], at=clock.now())
    values = {
        "q": text,
        "fault": fault,
        "lines": found,
        "total": found.total,
        "columns": [Column(gettext("Person")), Column(gettext("Number")), Column(gettext("Born"))],
        "has_errors": bool(fault),
        **frame(request, actor, "refund_find"),
    }
    return render(request, "desk/refund_find.html", values, status=422 if fault else 200)


@officer(*ASKERS)
def person(request: HttpRequest, actor: Actor, county: str, person_id: UUID) -> HttpResponse:
    """What a person paid and may have back, and the form that asks for it."""
    del county
    one = search.see(actor, person_id)
    known = outcomes.kept(actor, key_of(request, actor)) if request.method == "POST" else None
    if known is not None and known.outcome.done:
        return _asked(actor, person_id, known.outcome.done[0])
    sources = refund_offers.sources_of(actor, person_id)
    may = [source for source in sources if not source.fault]
    form = _form(request, one, may)
    kept: Kept = []
    faults: dict[str, str] = {}
    if request.method == "POST":
        kept = scanning.kept_of(request, actor)
        kept, faults = scanning.take_up(request, actor, kept, scanning.REFUND_KINDS)
        if form.is_valid() and not faults:
            done = _ask(request, actor, form, {str(source.id): source for source in may}, kept)
            if done is not None:
                return done
    bad = bool(form.errors or faults)
    search.seen(actor, [one.id], at=clock.now())
    asked = request.GET.get("asked", "")
    why = terms.due_reasons(source for source in sources if source.is_due)
    values = {
        "person": one,
        "form": form,
        "may": may,
        "others": [
            (_named(source, why), refusals.say(source.fault)) for source in sources if source.fault
        ],
        "asked": acts.uuid_or_404(asked) if asked else None,
        "columns": [Column(gettext("Payment")), Column(gettext("Why not"))],
        "kept": scanning.signed(actor, kept),
        "files": scanning.files(scanning.REFUND_KINDS, kept, faults),
        "file_faults": scanning.named(faults),
        "has_errors": bad,
        **frame(request, actor, "refund_find"),
    }
    return _kept_nowhere(render(request, "desk/refund.html", values, status=422 if bad else 200))


def _form(request: HttpRequest, one: Found, may: Sequence[Source]) -> AskForm:
    first = str(may[0].id) if len(may) == 1 else ""
    start = {"source": first, "holder": one.name, "drawn": "no", "relation": "self"}
    form = AskForm(request.POST or None, initial=start)
    today = clock.today()
    known = {
        code: in_language(name)
        for source in may
        if not source.is_due
        for code, (name, _part) in refund_offers.reasons(source, today).items()
    }
    why = terms.due_reasons(source for source in may if source.is_due)
    form.fields["source"].choices = [(str(source.id), _named(source, why)) for source in may]  # type: ignore[attr-defined]
    if not known:
        del form.fields["reason"]
        return form
    # What is due already needs no reason.
    form.fields["reason"].required = not any(source.is_due for source in may)
    form.fields["reason"].choices = [("", gettext("Choose a reason")), *known.items()]  # type: ignore[attr-defined]
    return form


def _named(source: Source, why: Callable[[Source], str]) -> str:
    """A payment in a line: what, for which year, how much, by which receipt."""
    insurance = words.INSURANCES.get(source.insurance, source.insurance)
    if source.is_due:
        return gettext("%(insurance)s %(year)s: %(sum)s is due back (%(why)s)") % {
            "insurance": insurance, "year": source.year, "sum": say.money(source.fen),
            "why": why(source),
        }  # fmt: skip
    return gettext("%(insurance)s %(year)s: %(sum)s, receipt %(number)s of %(day)s") % {
        "insurance": insurance, "year": source.year, "sum": say.money(source.paid_fen),
        "number": source.receipt_number, "day": source.paid_on,
    }  # fmt: skip


def _ask(
    request: HttpRequest, actor: Actor, form: AskForm, may: dict[str, Source], kept: Kept
) -> HttpResponse | None:
    said = form.cleaned_data
    source = may[said["source"]]
    reason = "" if source.is_due else said.get("reason", "")
    _name, part = refund_offers.reasons(source, clock.today()).get(reason, ("", False))
    if not source.is_due and not reason:
        form.add_error("reason", refusals.say("refund_reason_unknown"))
        return None
    signer = said["signer"].strip() if said["relation"] != "self" else ""
    one = search.see(actor, source.person_id)
    ask = Ask(
        id=new_id(),
        source_id=source.id,
        reason=reason,
        fen=_seen(request, source, part=part),
        account=form.account(),
        confirmation=_confirmed(kept, signer or one.name, said["relation"]),
        drawn=said["drawn"] == "yes",
        attached=scanning.attached(kept),
    )
    channel = Channel.VILLAGE if actor.role is Role.VILLAGE else Channel.PAPER
    outcome = refunding.ask(actor, [ask], channel, at=clock.now(), key=key_of(request, actor))
    if outcome.refused:
        refusal = next(iter(outcome.refused.values()))
        form.add_error(
            FIELDS.get(refusal.code, "source"), refusals.say(refusal.code, refusal.facts)
        )
        return None
    return _asked(actor, source.person_id, outcome.done[0])


def _confirmed(kept: Kept, name: str, relation: str) -> Confirmation:
    """Signed on paper; the scan of the sheet and the proof of who signs stand with it where they were sent."""
    first = {kind: blob for kind, page, blob in kept if page == 1}
    evidence = first.get(refund_offers.OF_SIGNER.get(relation, ""))
    return Confirmation("paper", name, relation, first.get("signed_sheet"), evidence)


def _asked(actor: Actor, person_id: UUID, case_id: UUID) -> HttpResponse:
    target = reverse("refund_ask", args=[actor.county, person_id])
    return HttpResponseRedirect(f"{target}?asked={case_id}", status=303)


def _seen(request: HttpRequest, source: Source, *, part: bool) -> int:
    """The sum that the page showed for this payment."""
    shown = request.POST.get(f"{'part' if part else 'seen'}_{source.id}", "")
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 12 else 0  # noqa: PLR2004 - fen


@officer(Role.COUNTY, Role.FINANCE)
def account(request: HttpRequest, actor: Actor, county: str, case_id: UUID) -> HttpResponse:
    """Another account for the payout, while the case stands at the county or with finance's first officer."""
    row = door.see(actor, case_id)
    if not payee.may_change(actor, row):
        raise Refused("not_at_desk")
    ask = giving.ask_of(row)
    form = AccountForm(request.POST or None, initial={"holder": ask.holder} if ask else None)
    if request.method == "POST" and form.is_valid():
        done = _change(request, actor, form, case_id)
        if done is not None:
            return done
    values: dict[str, Any] = {
        "case": row,
        "form": form,
        **(giving.account(ask) if ask else {}),
        "back": reverse("case", args=[county, case_id]),
        "has_errors": bool(form.errors),
        **frame(request, actor, "worklist"),
    }
    return _kept_nowhere(
        render(request, "desk/refund_account.html", values, status=422 if form.errors else 200)
    )


def _kept_nowhere(page: HttpResponse) -> HttpResponse:
    """A form that may come back with the account number that was typed: it stays in no cache."""
    page["Cache-Control"] = "no-store"
    return page


def _change(
    request: HttpRequest, actor: Actor, form: AccountForm, case_id: UUID
) -> HttpResponse | None:
    version = acts.number_or(request.POST.get("version"), 0)
    try:
        outcome = payee.change_account(
            actor, case_id, version, form.account(), at=clock.now(), key=key_of(request, actor)
        )
    except Refused as refused:
        if refused.code not in FIELDS:
            raise
        form.add_error(FIELDS[refused.code], refusals.said(refused))
        return None
    if outcome.refused:
        refusal = outcome.refused[case_id]
        facts = {"desk": "", "status": "", **refusal.facts}
        form.add_error(FIELDS.get(refusal.code, "holder"), acts.sentence_of(refusal.code, facts))
        return None
    return HttpResponseRedirect(reverse("case", args=[actor.county, case_id]), status=303)
