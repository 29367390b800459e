"""The bank accounts of a county agency, as its page shows and takes them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from canbao.kernel.directory import OfficeLine
from canbao.payments.banking import agency
from canbao.payments.banking.agency import Given
from canbao.web.office import forms, words
from canbao.web.office.pages import Act, Cell, Listing, address
from canbao.web.theme.pieces import Column

AGENCY = "county"


def account_listing(one: OfficeLine) -> list[Listing]:
    """The accounts of an agency; nothing for other offices, and one statement for it."""
    if one.kind != AGENCY:
        return []
    lines = [
        [
            Cell(row.number, kind="name"),
            Cell(row.bank, kind="id"),
            Cell(row.holder, label=_("Account holder")),
            Cell(words.INSURANCES[row.insurance], label=_("Insurance")),
        ]
        for row in agency.accounts_of(frozenset(one.insurances))
        if row.office_id == one.id
    ]
    heads = (_("Account number"), _("Bank"), _("Account holder"), _("Insurance"))
    empty = _("The agency has no bank account yet; townships cannot pay in.")
    return [Listing(_("Bank accounts"), [Column(head) for head in heads], lines, empty)]


def account_act(one: OfficeLine) -> list[Act]:
    """Entering another account."""
    if one.kind != AGENCY:
        return []
    choices = [(code, words.INSURANCES[code]) for code in one.insurances]
    return [
        Act(
            "account", _("A bank account"), _("Enter the account"),
            lambda it: agency.add_account(
                it.actor, one.id,
                Given(it.typed["insurance"], it.typed["holder"], it.typed["bank"], it.typed["number"]),
                **it.how,
            ),
            _("The account is entered. Townships can pay in."), address("office_office", one.id),
            forms.AccountForm, {"holder": one.name}, {"choices": choices},
            hint=_("Each insurance has its own account."),
        )
    ]  # fmt: skip
