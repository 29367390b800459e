"""How the room of policy says no: what is wrong with a pack, and what packs do not give."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: Final[dict[str, Promise]] = {
    "policy_not_published": _(
        "Nothing is published for %(place)s, insurance %(insurance)s, in %(year)s or before."
        " Publish a pack first."
    ),
    "level_unknown": _(
        "The level %(level)s does not exist here in %(year)s. Choose one from the list."
    ),
    "level_without_amount": _(
        "No amount is known for the level %(level)s in %(year)s."
        " Choose another level, or ask the county office to publish the amount."
    ),
    "back_payment_not_offered": _(
        "Missed years cannot be paid up here. Pay for the coming year instead."
    ),
    "back_payment_not_missed": _(
        "The year %(year)s is not a missed year. Choose a year before the one that is being paid."
    ),
    "back_payment_too_old": _(
        "The year %(year)s is too long ago; at most %(most)s years can be paid up."
    ),
    "collective_outside_limits": _(
        "The village may not add this sum. Choose one within the published limits."
    ),
    "packs_gone": _(
        "%(count)s of the packs behind this amount are not here any more."
        " Compare it with those in force instead."
    ),
    "trace_unreadable": _(
        "The stored reasons of this amount cannot be read. Tell the administrator."
    ),
    "pack_faulty": _(
        "The file %(file)s has %(count)s faults and is not used."
        " Mend them and check the file again."
    ),
    "pack_unreadable": _(
        "The file cannot be read: %(reason)s. Check the path and the rights on it."
    ),
    "pack_too_large": _(
        "The file is larger than %(most)s bytes. Divide it: one place and insurance a pack."
    ),
    "pack_not_utf8": _("The file is not written in UTF-8. Save it as UTF-8."),
    "pack_not_toml": _("This is not TOML: %(reason)s. Mend the line."),
    "pack_unknown_key": _("The key %(key)s is not known here. Known are: %(known)s."),
    "pack_unknown_key_near": _("The key %(key)s is not known here. Did you mean %(near)s?"),
    "pack_missing_key": _("%(key)s is missing. Add it."),
    "pack_not_text": _(
        "%(key)s is not a text. Write at least one and at most %(most)s characters in quotes."
    ),
    "pack_not_whole": _(
        "%(key)s is not a whole number from %(least)s to %(most)s."
        " Amounts are whole fen, without quotes and without a decimal point."
    ),
    "pack_not_wholes": _(
        "%(key)s is not a list of different whole numbers from %(least)s to %(most)s."
        " Write it like [1, 2]."
    ),
    "pack_not_flag": _("%(key)s is neither true nor false. Write one of them without quotes."),
    "pack_not_day": _(
        "%(key)s is not a day. Write a date like 2026-09-01, or previous-09-01 and same-01-01 for a"
        " day that comes back in the year before the cover year or in it."
    ),
    "pack_not_choice": _("%(value)s cannot stand in %(key)s. Did you mean: %(near)s?"),
    "pack_not_codes": _(
        '%(key)s is not a list of different code words. Write it like ["one", "two"].'
    ),
    "pack_not_code": _(
        "%(key)s is not a code word. Use small letters, digits and underlines, 40 at most."
    ),
    "pack_not_table": _("%(key)s has to be a table. Write it in braces or under its own heading."),
    "pack_not_place": _("%(key)s is not a division code. Write its six digits in quotes."),
    "pack_not_years": _(
        "%(key)s does not fit. Write either year = 2026 or years = [2024, 2026], and in an example a"
        " year that the pack covers."
    ),
    "pack_without_example": _(
        "The pack has no worked example. Add an [[example]] with a person and what must come out."
    ),
    "pack_example_expects_nothing": _(
        "The example %(key)s expects nothing. Say what must come out, for instance own_fen."
    ),
    "pack_unknown_source": _("The source %(value)s is not in the pack. Did you mean: %(near)s?"),
    "pack_confirmed_weak": _(
        "A value of grade %(grade)s cannot be confirmed (source %(source)s)."
        " Find a source of grade A or B, or leave it unconfirmed."
    ),
    "pack_confirmed_undated": _(
        "A confirmed value needs the day its source was published (source %(source)s)."
        " Add published_on to the source."
    ),
    "pack_empty_condition": _(
        "The condition %(key)s asks nothing. Name a question or leave it out."
    ),
    "pack_no_share": _("%(key)s names no payer. Add one, for instance government_fen."),
    "pack_government_split": _(
        "%(key)s names a payer twice, once whole and once in parts. Keep one of the two."
    ),
    "pack_shares_do_not_add_up": _(
        "%(key)s is %(total)s and the shares add up to %(sum)s. Correct a share or the total."
    ),
    "pack_help_by_oneself": _(
        "%(key)s cannot be the person themself. Name who pays, or leave it out."
    ),
    "pack_days_out_of_order": _(
        "The days of %(key)s do not follow each other. Put the earlier one first."
    ),
    "pack_limits_out_of_order": _("%(key)s is smaller than the least. Put the larger one last."),
    "pack_help_kind": _(
        "%(key)s has to say one of full = true, fixed_fen or percent. Keep exactly one."
    ),
    "pack_ends_before_start": _("%(key)s ends before it begins. Put from_on before to_on."),
    "pack_overlap": _(
        "%(key)s holds on days in %(year)s on which the value in line %(other)s holds too."
        " Let the earlier one end on the day before."
    ),
    "pack_gap": _(
        "%(key)s leaves days in %(year)s on which nothing holds, after the value in line %(other)s."
        " Let it begin on the day after that one ends."
    ),
    "pack_ages_overlap": _(
        "%(key)s and %(other)s both take the ages %(first)s to %(last)s (student = %(student)s,"
        " residency = %(residency)s). Let one end where the other begins."
    ),
    "pack_ages_gap": _(
        "%(key)s and %(other)s leave the ages %(first)s to %(last)s without a category"
        " (student = %(student)s, residency = %(residency)s). Let one begin where the other ends."
    ),
    "pack_incomplete": _(
        "%(key)s is new here and not fully described. Give it a name (a group also a priority), or"
        " did you mean: %(near)s?"
    ),
    "pack_level_silent": _(
        "%(key)s has no amount. Add own, or say in not_found that the amount was not found."
    ),
    "pack_same_priority": _(
        "%(key)s has the same priority %(place)s as %(other)s. Give each group its own place."
    ),
    "pack_unknown_name": _("%(value)s is named but stands nowhere. Did you mean: %(near)s?"),
    "pack_stands_alone": _(
        "No pack gives a year for %(place)s. Add a pack with year or years for it or a place above it."
    ),
    "pack_demo_only": _(
        "The pack belongs to the demonstration county. It is used in demo mode only."
    ),
    "pack_misplaced": _("The file does not stand where its content says. Move it to %(expected)s."),
    "pack_twice": _("Another file speaks for the same place in %(year)s. Keep one of the two."),
    "pack_example_fails": _(
        "The example “%(about)s” fails in %(year)s: %(name)s should be %(expected)s and is %(got)s."
        " Correct the example or the value."
    ),
}
