"""A collector's own receipt numbers: sheets spoilt or lost, and giving a block back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from canbao.kernel.actor import Actor, Role
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import blocks, queries
from canbao.payments.blocks import BlockRow
from canbao.payments.channels.cash import cancelling
from canbao.payments.channels.cash import queries as custody
from canbao.payments.channels.cash.cancelling import Sheet, Why
from canbao.payments.queries import BlockLine, NumberRow
from canbao.web.access import officer
from canbao.web.counter import forms, words
from canbao.web.counter.township import MORE, day_listing, slip_listing
from canbao.web.office.pages import (
    Act,
    Cell,
    Listing,
    Posted,
    address,
    answer,
    draw,
    number_of_page,
    page_of,
    wants_more,
)
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column

BLOCKS = "cash_blocks"
NUMBERS_A_PAGE = 100


@officer(Role.VILLAGE, Role.TOWNSHIP)
def own_blocks(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Blocks in the collector's hands, and what can be done with the next sheets."""
    del county
    acts = [act for one in blocks.held_by(actor.id) for act in _acts(one)]
    done = answer(request, actor, acts)
    if done is not None:
        return done
    most = custody.MORE if wants_more(request) else custody.SHOWN
    listing = listing_of(
        queries.blocks_of(actor, actor.id), "cash_block", _("You have no receipt numbers yet.")
    )
    return draw(
        request, actor, "cash", _("My receipt numbers, days and slips"), acts=acts,
        listings=[
            listing,
            slip_listing(
                _("My hand-over slips"), custody.slips(collector_id=actor.id, most=most),
                _("You have not handed cash over yet."), MORE,
            ),
            day_listing(
                custody.closed_days(collector_id=actor.id, most=most), _("My closed days"), MORE
            ),
        ],
        parent=(_("Take cash"), address("cash")),
    )  # fmt: skip


@officer(Role.VILLAGE, Role.TOWNSHIP)
def own_block(request: HttpRequest, actor: Actor, county: str, block_id: UUID) -> HttpResponse:
    """One of the collector's blocks, number by number: its receipts, and what became of the others."""
    del county
    mine = queries.blocks_of(actor, actor.id)
    block = next((one for one in mine if one.id == block_id), None)
    if block is None:
        raise Refused("not_found")
    return draw(
        request, actor, "cash", block.label, listings=[numbers_of(request, block)],
        parent=(_("My receipt numbers, days and slips"), address(BLOCKS)),
    )  # fmt: skip


def numbers_of(request: HttpRequest, block: BlockLine) -> Listing:
    """The numbers of a block, a page of them, each with what became of it."""
    page = number_of_page(request)
    start = block.first + (page - 1) * NUMBERS_A_PAGE
    numbers = queries.accounting(block.id, start, NUMBERS_A_PAGE) if start <= block.last else []
    return Listing(
        _("Numbers"),
        [
            Column(_("Number")), Column(_("What became of it")), Column(_("Payer")),
            Column(_("Amount"), "number"), Column(_("Day")), Column(_("Reason")),
        ],
        [_number(one) for one in numbers], _("There is no number here."),
        page_of(request, page, NUMBERS_A_PAGE, block.last - block.first + 1),
    )  # fmt: skip


def _number(one: NumberRow) -> list[Cell]:
    said, colour = words.NUMBERS[one.state]
    href = address("cash_receipt", one.receipt_id) if one.receipt_id else ""
    return [
        Cell(words.number(one.number), href, kind="name"),
        Cell(said, colour=colour, kind="due"),
        Cell(one.payer_name, kind="id"),
        Cell(say.money(one.amount_fen, exact=True) if one.receipt_id else "", kind="number"),
        Cell(say.day(one.on) if one.on else ""),
        Cell(one.reason),
    ]


def _acts(block: BlockRow) -> list[Act]:
    def account(it: Posted) -> Outcome:
        sheet = Sheet(it.typed["number"], Why(it.typed["why"]), it.typed["reason"])
        return cancelling.account_for(it.actor, block.id, [sheet], **it.how)

    label = block.label
    return [
        Act(
            f"sheet-{block.id}", _("A sheet of %(label)s is spoilt or lost") % {"label": label},
            _("Account for this number"), account,
            _("The number is accounted for; the block goes on with the next one."),
            address(BLOCKS), forms.SheetForm, {"number": words.number(block.next)},
        ),
        Act(
            f"back-{block.id}", _("Give %(label)s back") % {"label": label},
            _("Give the %(number)s unused numbers back") % {"number": block.left},
            lambda it: blocks.give_back(it.actor, block.id, **it.how),
            _("The block is given back. Take its unused sheets to the finance officer."),
            address(BLOCKS), danger=True,
        ),
    ]  # fmt: skip


def listing_of(found: Part[BlockLine], link: str, empty: str) -> Listing:
    """Blocks with how their numbers are accounted for."""
    return Listing(
        _("Blocks"),
        [
            Column(_("Block")), Column(_("Collector")), Column(_("Numbers")),
            Column(_("Next number")), Column(_("Used"), "number"),
            Column(_("Cancelled, spoilt, lost"), "number"), Column(_("Unused"), "number"),
            Column(_("State")),
        ],
        [_line(one, link) for one in found], empty, total=found.total,
    )  # fmt: skip


def _line(one: BlockLine, link: str) -> list[Cell]:
    wrong = one.gaps + one.repeats
    state = (
        (_("%(number)s numbers do not add up") % {"number": wrong}, "red") if wrong
        else (_("given back"), "grey") if one.returned_at
        else (_("used up"), "grey") if not one.unused
        else (_("in use"), "green")
    )  # fmt: skip
    return [
        Cell(one.label, address(link, one.id) if link else "", kind="name"),
        Cell(one.holder_name),
        Cell(f"{words.number(one.first)}–{words.number(one.last)}", kind="id"),
        Cell(words.number(one.next) if one.unused else "–", label=_("Next number")),
        Cell(one.used, kind="number", label=_("Used")),
        Cell(
            f"{one.cancelled} + {one.spoilt} + {one.lost}", kind="number",
            label=_("Cancelled, spoilt, lost"),
        ),
        Cell(one.unused, kind="number", label=_("Unused")),
        Cell(state[0], colour=state[1], kind="due"),
    ]  # fmt: skip
