"""How the room of payments says no: what is not taken, why, and what to do with the money in the hand."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from canbao.payments.custody_refusals import CUSTODY

REFUSALS: Final[dict[str, Promise]] = {
    **CUSTODY,
    "not_collector": _(
        "Your post does not take cash. The village coordinator or the township office takes it."
    ),
    "not_finance": _("Only a finance officer of the county agency may do this."),
    "not_your_block": _(
        "These receipt numbers are not in your hands. Choose one of your own blocks,"
        " or ask the finance officer for one."
    ),
    "block_not_whole": _(
        "The block %(label)s is not complete: it needs a name, a first number of at least 1, and a last"
        " number that is not below it, with at most 10,000 numbers between them."
    ),
    "block_overlaps": _(
        "Some of these numbers are in another block already. Look at the list of blocks and choose others."
    ),
    "block_label_taken": _("Another block has this name already. Choose another name."),
    "block_used_up": _(
        "The block %(label)s has no numbers left for this. Begin your next block,"
        " or ask the finance officer for one."
    ),
    "number_not_next": _(
        "The next number of the block %(label)s is %(next)s, not %(number)s. If a sheet was spoilt or lost,"
        " enter that first; no number may be left out."
    ),
    "number_used": _(
        "The number %(number)s of the block %(label)s is used already; the next one is %(next)s. If the paper of"
        " a receipt is lost, open the receipt and print it again: the print says so, and the number stays."
    ),
    "nobody_to_pay_for": _("Nobody is chosen. Tick at least one person to pay for."),
    "payer_missing": _("Write the name of the person who pays."),
    "one_receipt_one_insurance": _(
        "One receipt holds one insurance, since the money goes to different offices."
        " Write a second receipt for the other."
    ),
    "paid_already": _(
        "This year is paid already. Nothing was taken; give the money back and show the first receipt."
    ),
    "charge_cancelled": _("This is no longer owed. Nothing was taken; give the money back."),
    "paid_by_another": _(
        "Somebody else pays for this person, and nothing is owed. Nothing was taken; give the money back."
    ),
    "amount_changed": _(
        "What is owed has changed since this page was opened. Look at the new amount, then go on."
    ),
    "person_dead": _(
        "This person is recorded as having died. Nothing was taken; ask the township office."
    ),
    "not_collecting_now": _(
        "Money for this year is not taken on this day. The page says from when and until when it is."
    ),
    "too_little_given": _(
        "The cash given is less than the sum of the receipt. Count again, or choose fewer people."
    ),
    "too_much_given": _(
        "More than 5,000 yuan would have to be given back. Look at the cash given again."
    ),
    "date_in_future": _(
        "The day on the paper lies in the future. Write the day on which the money came."
    ),
    "date_long_ago": _("The day lies more than two years back. Look at the year."),
    "not_asker": _("Answers are noted by the village coordinator or the township office."),
    "price_unchanged": _("By the person's record the price is as before. Nothing was changed."),
    "dearer_after_settled": _(
        "This year is paid and covered already; more is not asked for afterwards. Nothing was changed."
    ),
    "dearer_refund_asked": _(
        "By the record more is owed, and %(yuan)s yuan that were due back for this year are asked for already."
        " Refuse that refund or have it taken back first. Nothing was changed."
    ),
    "dearer_refund_paid": _(
        "By the record more is owed, and %(yuan)s yuan were given back for this year already; they are not"
        " asked for again. Nothing was changed."
    ),
    "charge_not_cancelled": _("This is still owed or paid, so there is nothing to open again."),
    "not_eligible_any_more": _(
        "By the record this person does not belong to the insurance any more. Look at the record first."
    ),
    "season_year_strange": _(
        "A season is for this year or the next, not for %(year)s. Choose another year."
    ),
    "season_not_published": _(
        "The amounts of %(year)s are not published here yet. An administrator publishes the pack first."
    ),
    "season_running": _(
        "The season of this insurance and year is under way already. Look at its page; nothing was changed."
    ),
    "answered_already": _("You have answered this receipt already. Nothing was changed."),
    "receipt_cancelled": _(
        "This receipt was cancelled, so there is nothing to answer. Ask whoever took the money for the new one."
    ),
    "slip_by_collector": _(
        "Only the officer who took the money enters the signature that stands on the slip."
    ),
    "phone_of_nobody": _(
        "This phone is not yet known as yours. Bring it and your ID card to the village once; then your"
        " family's amounts stand here."
    ),
    "looked_up_too_often": _(
        "You have looked up %(most)s numbers today. Try again tomorrow, or ask at the village."
    ),
    "advance_turned_already": _(
        "This advance became a payment or a refund already. Nothing was changed."
    ),
    "refund_asked_already": _(
        "This money was asked back already. Follow that one; a second is not needed."
    ),
    "refunded_already": _("This money was given back already. Nothing was changed."),
    "refund_written_off": _(
        "This money was written off by two officers of finance. Ask the finance officer."
    ),
    "refund_taken_back": _(
        "This was due back by a wrong entry, which was put right. It is counted as paid again."
    ),
    "given_back_in_cash": _(
        "This receipt was cancelled, and the cash was given back then. There is nothing to ask for."
    ),
    "refund_of_advance": _(
        "This was paid in advance for an application that is still open. Take the application back first."
    ),
    "refund_more_than_paid": _(
        "At most the %(yuan)s yuan that were paid can be asked back. Look at the amount again."
    ),
    "amount_changed_back": _(
        "What may be given back has changed since this was opened. Look at the amount, then ask again."
    ),
    "account_unclear": _(
        "Write the account number as it stands on the card or passbook: 8 to 30 figures."
    ),
    "bank_missing": _("Write at which bank the account is, with the branch if you know it."),
    "account_of_another": _(
        "The account must be in the name of whoever gets the money back. Give an account in that name."
    ),
    "refund_not_asked": _("Nobody asks for this money now. Look at the case again."),
    "refund_not_approved": _(
        "This refund is not approved, or it was paid already. Look at the case again."
    ),
    "refund_not_sent": _(
        "This refund was not handed to the bank yet. Hand it over in the list of refunds first."
    ),
    "refund_sent_already": _(
        "This refund was handed to the bank already. Do not transfer it again; wait for what the bank says."
    ),
    "account_by_yourself": _(
        "You wrote the account of this refund yourself. A colleague has to hand it to the bank."
    ),
    "refund_not_due": _(
        "This refund is asked for, paid or written off. Only what nobody asks for is written off."
    ),
    "write_off_proposed_already": _(
        "Somebody proposed to write this off already. Another officer decides it."
    ),
    "reversed_already": _("This was taken back already. Nothing was changed."),
}
