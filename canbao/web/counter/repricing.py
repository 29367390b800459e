"""Finance brings charges in line with the records, one press each, and opens what a refund ended again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from canbao.kernel import clock, refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import astray, changing, queries, reopening
from canbao.payments.astray import Astray
from canbao.payments.changing import Look, Part, Shown
from canbao.payments.charges import State
from canbao.people import queries as people
from canbao.people import search
from canbao.people.search import Found
from canbao.policy import words as said
from canbao.policy.rules.answers import Price, Share, ShareKind
from canbao.web.access import officer
from canbao.web.counter import words
from canbao.web.counter.bank import whole
from canbao.web.counter.forms import PriceForm
from canbao.web.office.pages import Act, Cell, Listing, Posted, address, answer, draw
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Row

CHARGES = "finance_charges"
NOTHING = "–"
UNPROCESSABLE = 422


@officer(Role.FINANCE)
def find(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Find whose charge is to be corrected; without a search, the charges that do not agree with the record."""
    del county
    text, fault = request.GET.get("q", "").replace("\0", "").strip()[:60], ""
    listing, looked = None, None
    if text:
        try:
            found = search.found(actor, text)
        except Refused as refused:
            fault = refusals.said(refused)
        else:
            if found:
                search.seen(actor, [one.id for one in found], at=clock.now())
            listing = _found(found)
    else:
        strays = astray.find(actor, clock.today())
        listing, looked = _astray(strays), strays.people
    page = draw(
        request, actor, "finance", _("Correct a charge"), template="counter/charges.html",
        parent=(_("Finance"), address("finance")), q=text, fault=fault,
        looked=looked,
        listings=[listing] if listing else [],
    )  # fmt: skip
    if fault:
        page.status_code = UNPROCESSABLE
    return page


def _found(found: Sequence[Found]) -> Listing:
    lines = [
        [
            Cell(one.name, address("finance_person", one.id), kind="name"),
            Cell(one.masked, kind="id", label=_("Number")),
            Cell(one.birth_on.isoformat(), label=_("Born")),
        ]
        for one in found
    ]
    return Listing(
        _("Persons found"), [Column(_("Person")), Column(_("Number")), Column(_("Born"))], lines,
        _("Nobody was found. Look at the spelling, or type the whole number."),
    )  # fmt: skip


def _astray(found: Astray) -> Listing:
    lines = [
        [
            Cell(
                found.names[one.charge.person_id],
                address("finance_person", one.charge.person_id),
                kind="name",
            ),
            Cell(_of(one), label=_("Insurance, year")),
            _fen(one.charge.own_fen, _("Own share so far")),
            _fen(one.change.price.own_fen, _("Own share by the record")),
            _fen(one.change.too_much_fen, _("Paid too much")),
        ]
        for one in found.looks
        if one.change
    ]
    heads = [
        Column(_("Person")), Column(_("Insurance, year")), Column(_("Own share so far"), "number"),
        Column(_("Own share by the record"), "number"), Column(_("Paid too much"), "number"),
    ]  # fmt: skip
    return Listing(
        _("Charges that no longer agree with the record"), heads, lines,
        _("Every charge that was looked at agrees with the record."),
    )  # fmt: skip


@officer(Role.FINANCE)
def person(request: HttpRequest, actor: Actor, county: str, person_id: UUID) -> HttpResponse:
    """A person's charges: what each says, what the rules say by today's record, correcting and reopening it."""
    del county
    one = people.persons([person_id]).get(person_id)
    if one is None:
        raise Refused("not_found")
    looks = changing.preview(actor, queries.charged([person_id]), clock.today())
    # What was sent twice is answered by its key, though the page now has nothing to do.
    sent = request.method == "POST"
    acts = [
        *(_correcting(look, person_id) for look in looks if sent or look.refusal is None),
        *(
            _reopening(look, person_id)
            for look in looks
            if sent or (_cancelled(look) and look.change)
        ),
    ]
    done = answer(request, actor, acts)
    if done is not None:
        return done
    search.seen(actor, [person_id], at=clock.now())
    rows = [Row(key=_("Born"), value=one.birth_on.isoformat())]
    if not looks:
        rows.append(Row(key=_("Charges"), value=_("Nothing is charged to this person here.")))
    return draw(
        request, actor, "finance", one.name, rows=rows, acts=acts,
        parent=(_("Correct a charge"), address(CHARGES)),
        notices=[notice for look in looks for notice in _notices(look)],
        links=[(_("Refunds due"), f"{address('refunds')}?tab=due")],
        listings=[_compared(look) for look in looks],
    )  # fmt: skip


def _correcting(look: Look, person_id: UUID) -> Act:
    back = look.change.too_much_fen if look.change else 0
    button = (
        _("Correct it; %(yuan)s are then to be given back") % {"yuan": say.money(back)}
        if back
        else _("Correct it")
    )
    return Act(
        f"correct-{look.charge.id}", _("Correct %(charge)s") % {"charge": _of(look)}, button,
        _doing(changing.reprice, look), _("The charge is corrected. The earlier shares stay on record."),
        address("finance_person", person_id), PriceForm, _seen(look),
    )  # fmt: skip


def _reopening(look: Look, person_id: UUID) -> Act:
    """Opening a cancelled charge again, with what is then to be paid."""
    change = look.change
    due = max(0, change.price.own_fen - change.left_fen) if change else 0
    return Act(
        f"reopen-{look.charge.id}", _("Open %(charge)s again") % {"charge": _of(look)},
        _("Open it again; %(yuan)s are then to be paid") % {"yuan": say.money(due)},
        _doing(reopening.reopen, look),
        _("The charge is open again. It is paid at the village or the township office."),
        address("finance_person", person_id), PriceForm, _seen(look),
        hint=_("Where the person wants to be insured after all. What was given back is owed anew."),
    )  # fmt: skip


def _doing(change: Callable[..., Outcome], look: Look) -> Callable[[Posted], Outcome]:
    """Do it as it was shown, or not at all."""

    def do(it: Posted) -> Outcome:
        shown = Shown(it.typed["own_fen"], it.typed["too_much_fen"])
        return whole(change(it.actor, [look.charge.id], {look.charge.id: shown}, **it.how))

    return do


def _seen(look: Look) -> dict[str, int]:
    if look.change is None:
        return {}
    return {"own_fen": look.change.shown.own_fen, "too_much_fen": look.change.shown.too_much_fen}


def _cancelled(look: Look) -> bool:
    return look.charge.state == State.CANCELLED


def _notices(look: Look) -> list[tuple[str, str]]:
    """Why a charge stays as it is, and what a helper gives back by itself."""
    found = []
    if look.refusal is not None and look.refusal.code == "price_unchanged":
        found.append(("info", _("%(charge)s agrees with the record.") % {"charge": _of(look)}))
    elif look.refusal is not None and look.refusal.code == "charge_cancelled":
        text = _("%(charge)s was ended by a refund; nothing is owed, and the year is not covered.")
        found.append(("info", text % {"charge": _of(look)}))
    elif look.refusal is not None:
        sentence = refusals.say(look.refusal.code, look.refusal.facts)
        found.append(("info", f"{_of(look)}: {sentence}"))
    if look.change is not None and look.change.paid_back_fen and not _cancelled(look):
        price = look.change.price
        by = said.payer(price.paid_back) if price.paid_back else ""
        text = _(
            "%(charge)s: %(payer)s gives %(yuan)s back to the person. It is not this agency's money; nothing is booked."
        )
        found.append(
            ("info", text % {"charge": _of(look), "payer": by, "yuan": say.money(look.change.paid_back_fen)})
        )  # fmt: skip
    return found


def _compared(look: Look) -> Listing:
    """Level, shares by payer with their evidence, what was paid and what is too much, side by side."""
    now = look.change.price if look.change else None
    before, after = _shares(look.before), _shares(now)
    lines = [
        _line(_("Level"), _level(look.before), _level(now)),
        *(_line(name, _money(before.get(name)), _money(after.get(name))) for name in {**before, **after}),
        _line(_("Proof"), _proof(look.before), _proof(now)),
        _line(
            _("Paid so far"), _money(look.charge.paid_fen),
            _money(look.change.left_fen if look.change else None),
        ),
        *(_line(_from(part), NOTHING, _money(part.fen)) for part in look.parts),
        *(
            _line(_("To be given back, and no longer due"), _money(one.amount_fen), _money(0))
            for one in (look.change.taken_back if look.change else ())
        ),
    ]  # fmt: skip
    return Listing(
        _of(look), [Column(_("What")), Column(_("The charge so far")), Column(_("By today's record"))],
        lines,
    )  # fmt: skip


def _from(part: Part) -> str:
    number = part.line.receipt_number if part.line else None
    if number is None:
        return _("To be given back")
    return _("To be given back, from receipt %(number)s") % {"number": words.number(number)}


def _level(price: Price | None) -> str:
    if price is None:
        return NOTHING
    return queries.name_of_level(
        price.insurance, price.year, price.fingerprint, price.level, words.language()
    )


def _line(name: str, before: str, after: str) -> list[Cell]:
    changed = NOTHING != after != before
    return [
        Cell(name, kind="name"),
        Cell(before, label=_("The charge so far")),
        Cell(after, label=_("By today's record"), colour="amber" if changed else ""),
    ]


def _shares(price: Price | None) -> dict[str, int]:
    found: dict[str, int] = {}
    if price is None:
        return found
    for share in sorted(price.shares, key=lambda one: one.kind is not ShareKind.OWN):
        name = _payer(share)
        found[name] = found.get(name, 0) + share.fen
    return found


def _payer(share: Share) -> str:
    return _("Own share") if share.kind is ShareKind.OWN else said.payer(share)


def _proof(price: Price | None) -> str:
    return price.evidence.evidence if price and price.evidence else NOTHING


def _money(fen: int | None) -> str:
    return NOTHING if fen is None else say.money(fen, exact=True)


def _of(look: Look) -> str:
    return f"{words.insurance(look.charge.insurance)} {look.charge.year}"


def _fen(fen: int, label: str) -> Cell:
    return Cell(say.money(fen, exact=True), kind="number", label=label)
