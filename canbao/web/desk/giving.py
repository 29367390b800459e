"""Money given back on the page of a case: what was asked for, and the account it goes to."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from canbao.cases import words as terms
from canbao.cases.door import CaseRow
from canbao.cases.kinds import refund
from canbao.cases.pages import Beside
from canbao.cases.queries import CaseView
from canbao.payments import payouts, refund_requests
from canbao.payments.refund_requests import AskRow
from canbao.web.desk import words
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Row


def ask_of(case: CaseRow) -> AskRow | None:
    """The ask of a case that gives money back, as it stands now; one statement."""
    return refund_requests.see([case.id]).get(case.id) if case.kind == refund.KIND else None


def facts(view: CaseView, around: Beside) -> list[Row]:
    """What was asked for, field by field; number and account only masked."""
    said = view.fields
    lines = [
        (gettext("Given back"), say.money(view.case.own_fen)),
        (gettext("Why"), terms.refund_reason(view.case, said["reason"])),
        (gettext("Paid"), _paid(said)),
        (gettext("Cover from"), said["cover_from_on"] or gettext("no cover")),
        (gettext("Benefits drawn, by the form"), gettext("yes") if said["drawn"] else gettext("no")),
        (gettext("Number"), said["number_masked"]),
        (gettext("Village and household"), f"{around.village} · {view.case.household_number}"),
        (gettext("Signed by"),
         f"{said['signed_by'][0]} · {words.RELATIONS.get(said['signed_by'][1], '')}"),
        (gettext("Came by"), str(words.CHANNELS.get(view.case.channel, view.case.channel))),
    ]  # fmt: skip
    return [Row(key=key, value=value) for key, value in lines if value]


def _paid(said: Any) -> str:
    if said["receipt_number"] is None:
        return str(say.money(said["paid_fen"]))
    return gettext("%(sum)s on %(day)s, receipt %(number)s") % {
        "sum": say.money(said["paid_fen"]), "day": said["paid_on"], "number": said["receipt_number"],
    }  # fmt: skip


def account(ask: AskRow) -> dict[str, Any]:
    """The account as it stands now, and what the bank has done with the money; two statements."""
    rows = [
        Row(key=gettext("Account holder"), value=ask.holder),
        Row(key=gettext("Bank of the account"), value=ask.bank),
        Row(key=gettext("Account number"), value=ask.masked),
    ]
    last, sent = payouts.last_results([ask.id]).get(ask.id), payouts.sent([ask.refund_id or ask.id])
    for on, name in sent.values():
        said = gettext("Handed over on %(day)s by %(name)s") % {"day": say.day(on), "name": name}
        rows.append(Row(key=gettext("The bank"), value=said))
    if last is not None and not sent:
        why = f" · {last.reason}" if last.reason else ""
        rows.append(
            Row(
                key=gettext("The bank"),
                value=say.facts(words.BANK_DID[last.result], f"{say.day(last.on)}{why}"),
            )
        )
    return {"account_rows": rows, "due_again": last is not None and last.result in payouts.NOT_PAID}
