"""How the chain of custody says no: days, slips, deposits, the bank's lines, finance's days."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CUSTODY: Final[dict[str, Promise]] = {
    "say_why": _("Write the reason in a few words; it stays beside the number."),
    "not_cancelled_here": _("Only a receipt for cash is taken back here."),
    "cancelled_already": _("This receipt was cancelled already. Nothing was changed."),
    "not_yours_to_cancel": _(
        "A receipt is cancelled by whoever took the money, on the same day, or by finance."
        " Ask the finance officer."
    ),
    "cancel_after_close": _(
        "The cash of that day is counted and closed. The receipt stays; ask for a refund instead."
    ),
    "receipt_used_already": _(
        "What this receipt paid was used or given back already. It cannot be cancelled;"
        " ask the finance officer."
    ),
    "sheet_why_unknown": _("Say of each sheet whether it was spoilt or lost."),
    "day_closed_already": _("This day is closed already. Nothing was changed."),
    "sum_changed": _(
        "What is ticked comes to %(sum)s yuan now. Look at the sum, then press once more."
    ),
    "paper_day_unclear": _("This is no day. Write the date on the paper as year, month and day."),
    "today_closed": _(
        "Today's cash is counted and closed, so no more money is taken into it. Write the receipt by hand"
        " from your block, and enter it tomorrow with today's date."
    ),
    "day_closed": _(
        "The cash of %(day)s is counted and closed. Tick “lies in today's cash”: the money is counted today,"
        " and the day on the paper stays noted. If it was counted that day as too much, ask finance."
    ),
    "paper_before_block": _(
        "On that day this block was not in your hands yet. Look at the date on the paper again."
    ),
    "paper_out_of_order": _(
        "The number before this one was written on %(day)s, so this one is not older."
        " Look at the dates on the papers again."
    ),
    "notes_unclear": _("Write for each note and coin how many you counted, in whole figures."),
    "nothing_to_close": _(
        "No receipt was written since the last close. There is nothing to close."
    ),
    "difference_needs_reason": _(
        "The book says %(expected)s yuan, you counted %(counted)s. Count again; if it stays so,"
        " write the reason. No receipt is changed to make it fit."
    ),
    "finance_closed_day": _(
        "Finance has closed this day for this insurance. Do it tomorrow, or ask the finance officer."
    ),
    "nothing_to_hand_over": _(
        "There is no closed day with cash to hand over. Count the notes and close the day first."
    ),
    "no_office_takes_cash": _(
        "No township office is known that takes your cash over. Ask the administrator."
    ),
    "not_cashier": _("Cash is taken over and paid in by an officer of the township office."),
    "slip_answered_already": _("This slip was answered already. Nothing was changed."),
    "own_cash": _(
        "You collected this money yourself. Another officer of your office must take it over."
    ),
    "counted_differs": _(
        "The slip says %(amount)s yuan, you counted %(counted)s. Count together once more;"
        " if it stays so, refuse the slip with the reason."
    ),
    "amount_unclear": _("Write the amount in yuan, for example 1270 or 1,270.50."),
    "no_bank_account": _(
        "The agency has no bank account for this insurance here. Ask the administrator to enter it."
    ),
    "bank_account_incomplete": _("A bank account needs a holder, a bank and a number."),
    "bank_account_known": _("This account number is entered already."),
    "more_than_in_safe": _(
        "Only %(held)s yuan of this insurance are in the safe. Look at the deposit slip again."
    ),
    "slip_number_missing": _("Write the number that stands on the bank's deposit slip."),
    "slip_number_known": _(
        "A deposit slip with this number is entered already. Look at the list of deposits."
    ),
    "bank_line_known": _("This line of the bank was entered already: %(reference)s."),
    "bank_line_incomplete": _(
        "A line of the bank needs its number, its day and an amount; what went out has a minus in front."
    ),
    "line_matched_already": _(
        "This line, or what was chosen for it, was matched already. Nothing was changed."
    ),
    "line_differs": _(
        "Account and amount of the line and of the deposit are not the same. Choose the one that fits."
    ),
    "line_differs_out": _(
        "The line and the refund are not the same amount of the same insurance. Choose the one that fits."
    ),
    "line_differs_back": _(
        "The line and the refund are not the same amount of the same insurance. Choose the one that came back."
    ),
    "payout_taken_back": _(
        "This refund is not paid any more: a colleague has said so already. Nothing was changed."
    ),
    "payout_has_line": _(
        "A line of the bank shows that this refund left. If the money came back, match the line that came in."
    ),
    "refund_moved_on": _(
        "Somebody has asked for this refund again, or it was written off. The match stays."
    ),
    "nothing_matched": _("Nothing is chosen. Choose something beside at least one line."),
    "matched_by_collector": _(
        "Whoever collected this cash, took it over or paid it in does not match it."
        " A colleague at finance must do this."
    ),
    "matched_by_payer": _(
        "Whoever said that this refund was paid does not match it. A colleague at finance must do this."
    ),
    "line_not_matched": _("This line is not matched with anything. Nothing was changed."),
    "unmatched_by_matcher": _(
        "You matched this line yourself. Another finance officer must take that back."
    ),
    "collectors_open": _(
        "Cash of that day is not counted and closed yet by: %(names)s. Ask them to close the day first."
    ),
    "book_differs": _(
        "The papers and the book do not say the same about %(what)s. Nothing was closed;"
        " run “canbao ledger check” and ask for help."
    ),
    "closed_by_yourself": _("You closed this day. Another finance officer must confirm it."),
    "confirmed_already": _("This day is confirmed already. Nothing was changed."),
    "answer_closed_already": _("This task was closed already. Nothing was changed."),
    "own_receipt_denied": _(
        "You wrote this receipt yourself. Somebody else must find out what happened."
    ),
    "finding_missing": _("Write what was found out, in a sentence or two."),
}
