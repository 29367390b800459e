"""Finance: what is late or does not agree, blocks, the bank's lines and their deposits, the days closed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from canbao.kernel import clock, office
from canbao.kernel.actor import Actor, Role
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import answers, blocks, queries, refunds
from canbao.payments.blocks import Kind, Run
from canbao.payments.channels.cash import queries as custody
from canbao.web.access import officer
from canbao.web.counter import forms, words
from canbao.web.counter.numbers import listing_of, numbers_of
from canbao.web.counter.township import (
    MORE,
    day_listing,
    deposit_listing,
    held_listing,
    slip_listing,
)
from canbao.web.office.pages import (
    Act,
    Cell,
    Listing,
    Posted,
    address,
    answer,
    draw,
    wants_more,
)
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Figure, Row

FINANCE = "finance"
BLOCKS = "finance_blocks"


@officer(Role.FINANCE)
def overview(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """What must be looked at today: overdue cash, differences, denials, slips and deposits on the way."""
    del county
    today = clock.today()
    held = [*custody.in_hands(actor.insurances), *custody.in_safes(actor.insurances)]
    limit = custody.limits(actor.insurances, today)
    late = custody.overdue(held, limit, today)
    denials = answers.denials(actor.insurances)
    most = custody.MORE if wants_more(request) else custody.SHOWN
    different = custody.closed_days(insurances=actor.insurances, different=True, most=most)
    slips = custody.slips(insurances=actor.insurances, offered=True, most=most)
    deposits = custody.deposits(insurances=actor.insurances, waiting=True, most=most)
    rest = [
        day_listing(different, _("Closed days with a difference"), MORE),
        slip_listing(_("Slips not answered"), slips, "", MORE),
        deposit_listing(deposits, MORE),
        held_listing(_("All cash not in the bank yet"), held, limit, ""),
    ]
    way = sum(one.amount_fen for one in deposits)
    if deposits.total > len(deposits):
        way = custody.on_the_way_fen(actor.insurances)
    return draw(
        request, actor, FINANCE, _("Finance"),
        links=[(_("Correct a charge"), address("finance_charges"))],
        figures=[
            Figure(_("In hands and safes"), say.money(sum(one.fen for one in held), exact=True)),
            Figure(_("On the way to the bank"), say.money(way, exact=True)),
            Figure(_("Overdue"), say.money(sum(one.fen for one in late), exact=True)),
            Figure(_("To be given back"), say.money(refunds.waiting_fen(actor), exact=True)),
            Figure(_("Denied payments"), str(denials.total)),
        ],
        listings=[
            held_listing(_("Overdue cash"), late, limit, _("No cash is overdue.")),
            _denial_listing(denials),
            *(one for one in rest if one.lines),
        ],
    )  # fmt: skip


def _denial_listing(denials: Part[answers.Denial]) -> Listing:
    lines = [
        [
            Cell(one.payer_name, address("finance_denial", one.id), kind="name"),
            Cell(
                words.number(one.receipt_number), address("cash_receipt", one.receipt_id), kind="id"
            ),
            Cell(say.money(one.amount_fen, exact=True), kind="number", label=_("Amount")),
            Cell(one.collector_name, label=_("Collector")),
            Cell(one.note),
            Cell(say.moment(one.at), kind="due"),
        ]
        for one in denials
    ]
    heads = [
        Column(_("Payer")), Column(_("Receipt")), Column(_("Amount"), "number"),
        Column(_("Collector")), Column(_("What the payer says")), Column(_("Since")),
    ]  # fmt: skip
    return Listing(
        _("Denied payments"), heads, lines, _("No payer denies a payment."), total=denials.total,
        how=_("The others follow as soon as these are closed."),
    )  # fmt: skip


@officer(Role.FINANCE)
def denial(request: HttpRequest, actor: Actor, county: str, answer_id: UUID) -> HttpResponse:
    """A payment that its payer denies, and closing it with what was found out."""
    del county
    act = Act(
        "close", _("Close it"), _("Close it with this finding"),
        lambda it: answers.close(it.actor, answer_id, it.typed["finding"], **it.how),
        _("The denial is closed; the finding stays with the receipt."), address(FINANCE),
        forms.FindingForm,
    )  # fmt: skip
    # First, since what was sent twice is closed by now.
    done = answer(request, actor, [act])
    if done is not None:
        return done
    one = answers.denial(actor.insurances, answer_id)
    rows = [
        Row(key=_("Payer"), value=one.payer_name),
        Row(key=_("Amount"), value=say.money(one.amount_fen, exact=True)),
        Row(key=_("Collector"), value=one.collector_name),
        Row(key=_("What the payer says"), value=one.note or "–"),
        Row(
            key=_("Receipt"), value=words.number(one.receipt_number),
            href=address("cash_receipt", one.receipt_id), action=_("Look at it"),
        ),
    ]  # fmt: skip
    return draw(
        request, actor, FINANCE, _("Denied payment"), rows=rows, acts=[act],
        parent=(_("Finance"), address(FINANCE)),
    )  # fmt: skip


@officer(Role.FINANCE)
def all_blocks(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Blocks issued by this office with what does not add up, and issuing one."""
    del county

    def issue(it: Posted) -> Outcome:
        run = Run(
            it.typed["label"], Kind(it.typed["kind"]), it.typed["first"], it.typed["last"],
            UUID(it.typed["holder"]),
        )  # fmt: skip
        return blocks.issue(it.actor, [run], **it.how)

    collectors = office.collectors(clock.today())
    act = Act(
        "issue", _("Issue a block"), _("Issue it"), issue, _("The block is issued."),
        address(BLOCKS), forms.BlockForm, options={"choices": collectors},
    )  # fmt: skip
    done = answer(request, actor, [act])
    if done is not None:
        return done
    found = queries.blocks_of(actor)
    return draw(
        request, actor, BLOCKS, _("Receipt blocks"), acts=[act],
        figures=[
            Figure(_("Left out"), str(sum(one.gaps for one in found))),
            Figure(_("Used twice"), str(sum(one.repeats for one in found))),
        ],
        listings=[listing_of(found, "finance_block", _("No block was issued yet."))],
    )  # fmt: skip


@officer(Role.FINANCE)
def one_block(request: HttpRequest, actor: Actor, county: str, block_id: UUID) -> HttpResponse:
    """A block number by number, and taking it back."""
    del county
    block = next((one for one in queries.blocks_of(actor) if one.id == block_id), None)
    if block is None:
        raise Refused("not_found")
    act = Act(
        "back", _("Take the block back"), _("Take the %(number)s unused numbers back") % {"number": block.unused},
        lambda it: blocks.give_back(it.actor, block_id, **it.how), _("The block is given back."),
        address("finance_block", block_id), danger=True,
        reason=_("It was given back already.") if block.returned_at else "",
    )  # fmt: skip
    done = answer(request, actor, [act])
    if done is not None:
        return done
    listing = numbers_of(request, block)
    rows = [
        Row(key=_("Collector"), value=block.holder_name),
        Row(key=_("Kind"), value=words.KINDS.get(block.kind, block.kind)),
        Row(key=_("Issued"), value=say.moment(block.issued_at)),
        Row(key=_("Left out"), value=str(block.gaps)),
        Row(key=_("Used twice"), value=str(block.repeats)),
    ]
    return draw(
        request, actor, BLOCKS, block.label, rows=rows, listings=[listing], acts=[act],
        parent=(_("Receipt blocks"), address(BLOCKS)),
    )  # fmt: skip
