"""Sign an ask for money back, send it, and say what becomes of it by when."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from canbao.cases import drafts, flow, following, refund_offers, refunding
from canbao.cases import words as case_words
from canbao.cases.claim import Channel
from canbao.cases.deadline import first_due
from canbao.cases.door import CaseRow
from canbao.cases.kinds import refund
from canbao.cases.refunding import Ask
from canbao.kernel import clock, outcomes, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.papers.intake import CleanPage
from canbao.papers.marks import Confirmation
from canbao.papers.sheets import Attached
from canbao.payments import refund_requests
from canbao.payments.refund_requests import Account
from canbao.policy.words import in_language
from canbao.web.access import key_of, resident
from canbao.web.portal import refund_draft, words
from canbao.web.portal.basket import Sign
from canbao.web.portal.forms import SheetForm
from canbao.web.portal.frame import go, page, person_to_call
from canbao.web.portal.judging import SIGNED_SHEET
from canbao.web.portal.photos import cleaned, named
from canbao.web.portal.refund_draft import Asking, Wanted, asking
from canbao.web.portal.sending import until
from canbao.web.portal.signing import drawing
from canbao.web.portal.stepping import applying
from canbao.web.theme import format as say
from canbao.web.theme.format import money
from canbao.web.theme.pieces import Row
from canbao.web.theme.pieces import Step as Stage

WAYS: Final = ("draw", "paper", "village")


@asking
def sign(step: Asking) -> HttpResponse:
    """Show what is asked once more, and have it signed: here, on paper, or at the village with a fingerprint."""
    wanted = step.wanted
    if not wanted.number:
        return step.on_to("refund_account_of")
    way = step.request.GET.get("way", "draw")
    way = way if way in WAYS else "draw"
    posted = step.request.method == "POST"
    form = None
    if way == "paper":
        form = SheetForm(*((step.request.POST, step.request.FILES) if posted else (None, None)))
    faults: list[Any] = []
    if posted:
        try:
            if form is None or form.is_valid():
                return _signed(step, way, form)
            faults = [form]
        except Refused as refused:
            faults = [(refusals.said(refused), "#main")]
    return step.draw(
        "refund_sign",
        failed=bool(faults),
        form=form,
        way=way,
        faults=faults,
        rows=_rows(step),
        promises=[
            gettext("What was filled in is true, and the papers are the right ones"),
            gettext("I ask for %(sum)s back, to the account above") % {"sum": money(wanted.fen)},
        ],
        here=step.url("refund_sign"),
        call=person_to_call(step.request),
        at=step.at,
        back=step.url("refund_papers"),
    )


def _signed(step: Asking, way: str, form: SheetForm | None) -> HttpResponse:
    if way == "village":
        return step.on_to("refund_sign")
    file: Any = form.cleaned_data["sheet"] if form else None
    pages: dict[UUID, CleanPage] = cleaned(file or drawing(step.request.POST.get("signature", "")))
    how = "paper" if form else "drawn"
    made = Sign(how, step.wanted.signer, step.wanted.relation, str(next(iter(pages))))
    refund_draft.attach(step.actor, step.wanted.having(sign=made), pages, step.at)
    return step.on_to("refund_send")


def _rows(step: Asking) -> list[Row]:
    wanted, source = step.wanted, step.offer.source
    account = say.facts(wanted.bank, refund_requests.mask(wanted.number))
    why = case_words.due_reasons([source])(source) if source.is_due else _reason(step)
    photos = named(one for one in step.papers() if one in wanted.photos)
    lines = [
        (gettext("Which money"), refund_draft.heading(source, wanted.name)),
        (gettext("How much"), money(wanted.fen)),
        (gettext("Why"), why),
        (gettext("To whose account"), wanted.holder),
        (gettext("Which account"), account),
        (gettext("Photos"), photos or gettext("none; you bring the papers")),
    ]  # fmt: skip
    return [Row(key=key, value=value) for key, value in lines]


def _reason(step: Asking) -> str:
    named = refund_offers.reasons(step.offer.source, step.on).get(step.wanted.reason)
    return in_language(named[0]) if named else step.wanted.reason


@applying
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, actor: Actor, county: str, draft: UUID) -> HttpResponse:
    """Send what is signed, once; a sum that changed meanwhile is shown and signed again."""
    del county
    if request.method == "POST":
        # A second press finds what the first did, though its draft is gone.
        first = outcomes.kept(actor, key_of(request, actor))
        if first is not None and first.outcome.done:
            return go("refund_done", first.outcome.done[0], query="again=1")
    step = refund_draft.step_of(request, actor, draft)
    if step.wanted.sign is None:
        return step.on_to("refund_sign")
    faults: list[tuple[str, str]] = []
    if request.method == "POST":
        outcome = refunding.ask(
            actor, [_ask(step.wanted, step.wanted.sign)], Channel.PHONE, at=step.at,
            key=key_of(request, actor),
        )  # fmt: skip
        if not outcome.refused:
            drafts.drop(actor, [draft], at=step.at)
            return go("refund_done", outcome.done[0], query="again=1" if outcome.again else "")
        said = next(iter(outcome.refused.values()))
        faults = [(refusals.say(said.code, said.facts), "#main")]
        if said.code == "amount_changed_back":
            step = replace(step, wanted=step.keep(fen=_fen_now(step)))
    return step.draw(
        "refund_send",
        failed=bool(faults),
        faults=faults,
        rows=_rows(step),
        signed=step.wanted.sign is not None,
        again=step.url(step.first),
        signing=step.url("refund_sign"),
        back=step.url("refund_sign"),
    )


def _fen_now(step: Asking) -> int:
    source = step.offer.source
    if source.is_due:
        return source.fen
    known = {one.code: one.fen for one in refund_offers.judged(step.offer, step.on)}
    return known.get(step.wanted.reason, 0)


def _ask(wanted: Wanted, sign: Sign) -> Ask:
    pages = [
        Attached(kind, place, UUID(blob))
        for kind, sent in wanted.photos.items()
        for place, blob in enumerate(sent.blobs, 1)
    ]
    if sign.how == "paper" and sign.blob:
        pages.append(Attached(SIGNED_SHEET, 1, UUID(sign.blob)))
    proof = wanted.photos.get(refund_offers.OF_SIGNER.get(wanted.relation, ""))
    return Ask(
        id=wanted.case,
        source_id=wanted.source,
        reason=wanted.reason,
        fen=wanted.fen,
        account=Account(wanted.holder, wanted.bank, wanted.number),
        confirmation=Confirmation(
            sign.how, sign.name, sign.relation, UUID(sign.blob),
            UUID(proof.blobs[0]) if proof else None,
        ),
        drawn=wanted.drawn,
        attached=pages,
    )  # fmt: skip


@resident
@require_safe
def done(request: HttpRequest, actor: Actor, county: str, case: UUID) -> HttpResponse:
    """Say that it is stored: number, who has it next, by when, what to bring."""
    del county
    found = following.follow(actor, case)
    row = found.case
    if row.kind != refund.KIND:
        raise Refused("not_found")
    ask = refund_requests.see([case])[case]
    values = {
        "row": row,
        "ask": ask,
        "again": "again" in request.GET,
        "title": words.title(row.name, row.insurance, row.kind),
        "stages": _stages(row, clock.today()),
        "bring": named(refund_offers.lacking(row, ask, found.form, found.scans)),
        "masked": actor.name,
    }
    return page(request, "refund_done", values)


def _stages(row: CaseRow, today: datetime.date) -> list[Stage]:
    route = flow.load(row.flow)
    due = row.due_on or first_due(route.first, today)
    stages = [
        Stage(title=words.DESKS[route.first.name], state="now", when=until(due, today)),
    ]
    for name, desk in list(route.desks.items())[1:]:
        due = first_due(desk, due)
        stages.append(Stage(title=words.DESKS[name], state="next", when=until(due, today)))
    return [*stages, Stage(title=gettext("The money is in the account"), state="next")]
