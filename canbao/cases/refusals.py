"""What the desks say when they do not do something."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from canbao.policy.words import REFUNDS

REFUSALS: Final = {
    # Said by the packs when money is asked back.
    **{code: sentence for code, sentence in REFUNDS.items() if code != "refund_allowed"},
    "refund_death_unknown": _(
        "The death is not entered yet. The township office enters it by the certificate; then an heir asks."
    ),
    "refund_signer_needed": _(
        "A child or somebody who died cannot sign. Say who signs for them and gets the money: a parent,"
        " a guardian or an heir, by their own name."
    ),
    "refund_nothing_above": _(
        "No more was paid than is owed; for this reason there is nothing to give back."
    ),
    "already_open": _(
        "An application for this insurance is on its way already. Follow that one; a second is not needed."
    ),
    "already_enrolled": _(
        "This person is insured in this insurance already. Nothing needs to be applied for."
    ),
    "ask_at_village": _(
        "The village has to look at this one. Bring the ID card and the household booklet there."
    ),
    "case_decided": _(
        "The county has decided this application. Nothing was taken in advance; look at what is owed now."
    ),
    "advance_taken_already": _(
        "An advance for this application is paid already. Nothing was taken; give the money back and show"
        " the first receipt."
    ),
    "died_before_birth": _(
        "The day of death lies before the birth. Type the day that stands on the paper."
    ),
    "sheets_counted_differ": _(
        "You counted %(counted)s sheets; of what you say is there it would be %(least)s to %(most)s. Count again,"
        " mark what is missing, or write down what is too much."
    ),
    "died_in_future": _("The day of death lies ahead. Type the day that stands on the paper."),
    "proof_needed": _(
        "Say which paper proves it, for example the certificate of death and its number."
    ),
    "dead_already": _("This person is recorded as having died already. Nothing was changed."),
    "number_invalid": _(
        "The number cannot be right: its last place does not fit. Compare it with the card."
    ),
    "not_eligible": _(
        "This person cannot join this insurance now (%(rule)s). The page says which rule; ask the village if it is wrong."
    ),
    "signed_ahead": _(
        "The day on the paper lies ahead, or more than two years back. Type the day that stands beside the signature."
    ),
    "level_does_not_fit": _(
        "By age and schooling this person is not insured at this level. Choose the other one, or put right whether"
        " the person is at school."
    ),
    "names_himself_guardian": _(
        "Somebody else must sign for a child: a parent, or another person with proof. Choose who signs."
    ),
    "paper_unknown": _("One of the photos is no longer there. Take it again."),
    "not_returned": _(
        "This application is not with you now, so it cannot be changed. Look where it is."
    ),
    "moved_since": _(
        "This case moved on since you opened the page (%(desk)s, %(status)s). Look at it again."
    ),
    "too_late": _(
        "The county has decided already, so this cannot be taken back. Ask the county office."
    ),
    "not_at_desk": _("This case is not at your desk. Look where it is now."),
    "another_way": _(
        "This case walks by an older or newer flow and goes to another desk. Report it in a bundle of its own."
    ),
    "not_being_checked": _("This case is not being checked now. Look where it is."),
    "own_household": _("This case is of your own household. A colleague has to decide it."),
    "acted_elsewhere": _(
        "You acted on this case at another desk. A colleague has to decide it here."
    ),
    "item_not_asked": _("This desk does not answer that item. Open the page again."),
    "note_needed": _("Say in a few words what is wrong, so that it can be put right."),
    "second_entry_not_asked": _("This case needs no second entry. Go on with the checklist."),
    "checklist_open": _(
        "Not every item is answered with yes: %(items)s. Answer them, or send the case back with a reason."
    ),
    "copy_given_already": _("Copy 2 was given to the applicant before. Nothing was done twice."),
    "ground_needed": _(
        "A refusal goes out in writing. Write beside each reason which condition is not met and what can be done."
    ),
    "reason_needed": _("Give at least one reason, so that the other side knows what to do."),
    "not_for_this_desk": _("This desk cannot do that. Choose another way on."),
    "no_seal": _(
        "You hold no valid seal for this desk. Ask the administrator to enter its custody."
    ),
    "not_ready": _("This case has not passed the desk yet, so it cannot be reported."),
    "one_insurance_only": _(
        "A bundle holds one insurance. Report medical insurance and pension apart."
    ),
    "sheets_do_not_agree": _(
        "You counted %(counted)s sheets, the list says %(expected)s. Count again, or take a case out."
    ),
    "bundle_received_already": _(
        "Bundle %(number)s was received already. Open it to see what was counted."
    ),
    "withdrawn_on_the_way": _("The applicant took this one back on the way. Hand the papers back."),
    "not_archivist": _("Only the county files cases. Ask the county office."),
    "not_approved": _("This case is not approved, or is filed already."),
    "behalf_not_township": _(
        "Only the township records what a village did on paper. Ask the township office."
    ),
    "behalf_date_ahead": _("The date on the paper lies ahead. Type the date that stands on it."),
    "behalf_not_posted": _(
        "This officer did not work for a village of yours on that day. Choose officer and date again."
    ),
    "wrong_desk_for_scan": _("Sheets can be added only until the county has decided."),
    "nothing_chosen": _("Nothing was chosen. Tick at least one case, then press again."),
    "not_refused": _("This application was not refused, so there is nothing to appeal against."),
    "appeal_empty": _(
        "Nothing is written yet. Say in a few words what is wrong with the decision."
    ),
    "appeal_too_late": _(
        "The 60 days for an appeal are over. Ask the county office what can still be done."
    ),
    "appealed_already": _(
        "You have appealed against this decision already. The answer comes by text message."
    ),
    "appeal_answered": _("This appeal is answered already. Look at the case again."),
    "verdict_needed": _("Choose whether the decision stands or the appeal is upheld."),
    "refused_by_yourself": _("You refused this case yourself. A colleague has to answer."),
    "not_county_officer": _("Only officers of the county correct what is established. Ask them."),
    "not_established": _("This case is not established. Send it back with a reason instead."),
    "field_unknown": _("This field is not corrected here (%(field)s). Choose one from the list."),
    "field_unclear": _("The new value does not fit this field. Type it as it stands on the paper."),
    "correction_open": _(
        "A correction of this case waits already. Confirm or decline that one first."
    ),
    "number_of_another": _(
        "Somebody else holds this number. Compare both papers; it may be one person entered twice."
    ),
    "not_filed": _("This case is not filed yet, so there is no item. File it first."),
    "not_exporter": _("Lists are made by the county for its own insurance. Ask the county office."),
    "nothing_to_export": _("Everybody established has been handed over. There is no new list."),
    "flow_deadline_one_of_two": _(
        "%(key)s needs exactly one of working_days and day_of_month. Keep one of the two."
    ),
    "flow_desk_order": _(
        "The desks do not stand in the order of the road. Begin with village, end with county, each"
        " once; with these desks: %(wanted)s."
    ),
    "flow_leads_astray": _(
        "The desk %(desk)s leads to %(next)s. After it comes %(near)s: write that."
    ),
    "flow_returns_nowhere": _(
        "The desk %(desk)s can send nothing back. Name at least applicant in returns_to."
    ),
    "flow_returns_forward": _(
        "The desk %(desk)s returns to %(back)s, which is no earlier desk. Take it out."
    ),
    "flow_refuses_never": _(
        "The desk %(desk)s cannot refuse: the bank may have the money already. Write refuses = false."
    ),
    "flow_asks_of_no_desk": _(
        "The desk %(desk)s asks %(item)s, but that desk is not on the road. Take the item out."
    ),
    "flow_asks_twice": _("The desk %(desk)s asks the same item twice. Keep it once."),
    "flow_second_entry_nowhere": _(
        "The second entry is typed at the township, which is not on the road. Write never."
    ),
    "flow_version_next": _(
        "This number is not the next one of the county. Write version = %(next)s."
    ),
    "merge_of_one": _("This is one row. Choose two different ones."),
    "merged_already": _(
        "One of the rows gave way to another already. Open the list of duplicates again."
    ),
    "merge_open": _("A proposal about this row waits already. Confirm or decline that one first."),
    "merge_two_enrolments": _(
        "Both rows are insured in: %(insurance)s. End the enrolment that is wrong first."
    ),
    "merge_two_cases": _(
        "Both rows have an open application for the same insurance: %(numbers)s. Withdraw or refuse one"
        " of them first."
    ),
    "merge_two_charges": _(
        "Both rows have a charge of %(insurance)s for %(year)s. Give back what was paid for one of them first."
    ),
    "merge_two_accounts": _(
        "Both rows have a personal account: %(numbers)s. One person has one account for life; close the"
        " wrong one first."
    ),
    "merge_money_booked": _(
        "Since then money was booked for this person (%(insurance)s, %(year)s), and the book cannot tell any more"
        " whose it is. The rows stay one; nothing was changed."
    ),
    "merged_further": _("The row that stayed gave way to another itself. Take that back first."),
}
