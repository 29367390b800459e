"""What the county's order, its senders and its start say when they do not do something."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

REFUSALS: Final[dict[str, Any]] = {
    "officer_unknown": _("No officer has this login. Look it up in the list of officers."),
    "name_needed": _("The name is empty or longer than %(most)s characters. Type it again."),
    "nothing_changes": _("This is what stands there already. Nothing was changed."),
    "dates_reversed": _("It would end before it begins. Put the dates in order."),
    "not_to_oneself": _("Nobody does this for themselves. Ask another administrator."),
    "last_administrator": _(
        "Then nobody could administer this county any more. Post another administrator first."
    ),
    "region_code_unclear": _(
        "A region has 12 digits that begin with %(county)s. Look the code up in the list of divisions."
    ),
    "region_parent_unknown": _(
        "%(parent)s is no region that this one can lie in. A village lies in a township, a township in"
        " the county."
    ),
    "region_elsewhere": _(
        "The code %(region)s belongs to another township than %(parent)s: the first nine places of both are the same."
    ),
    "region_known_already": _("The region %(region)s exists already. Look it up in the list."),
    "region_into_itself": _("A region cannot merge into itself. Choose another one."),
    "region_levels_differ": _("Only regions of one level can merge. Choose villages or townships."),
    "office_kind_unfit": _(
        "This kind of office does not serve this kind of region. Choose the two to fit each other."
    ),
    "office_own": _("This is your own office. Ask an administrator of another one."),
    "insurance_unknown": _("Choose at least one insurance that the office serves."),
    "login_unclear": _(
        "A login has 2 to 30 small letters, digits, dots or dashes and begins with a letter."
    ),
    "login_taken": _("Somebody has the login %(login)s already. Choose another one."),
    "password_wrong": _("The present password is not right. Type it again."),
    "password_same": _("The new password is the old one. Choose another."),
    "password_weak": _("This password is too easy: %(why)s Choose a longer one."),
    "role_not_of_office": _(
        "This office has no seat for this role. Choose another role or office."
    ),
    "posted_already": _("The officer has this posting already. End that one first."),
    "auditor_alone": _(
        "Who audits does nothing else, and who does something else does not audit. End the other"
        " posting first."
    ),
    "stand_in_unfit": _("One stands in only for somebody of the same office. Choose again."),
    "seal_not_of_office": _("This kind of seal does not belong to this kind of office."),
    "seal_there_already": _("The office has a seal of this kind. Retire that one first."),
    "held_already": _("This officer holds the seal already on that day."),
    "not_of_the_office": _(
        "The officer is not posted at the office of this seal on that day. Post the officer first."
    ),
    "rule_not_waivable": _("This rule has no exceptions. Ask a neighbouring office to stand in."),
    "reason_missing": _("Say in a few words why, so that everybody can read it later."),
    "waiver_too_long": _("An exception lasts at most %(most)s days. Choose an earlier end."),
    "sender_missing": _(
        "Nothing says how messages are sent. Set CANBAO_SENDER to an SMTP address or to the profile"
        " of an HTTP gateway."
    ),
    "sender_unclear": _(
        "CANBAO_SENDER is neither an SMTP address nor a TOML profile. See the page on settings."
    ),
    "sender_outbox": _(
        "The outbox shows codes to everybody and sends nothing. Set CANBAO_SENDER to a real sender."
    ),
    "sender_mail_unclear": _(
        "The SMTP address needs a host, from=ADDRESS and to={phone}@GATEWAY, and nothing unknown."
        " Example: smtps://user:password@mail.example.cn?from=canbao@example.cn&to={phone}@sms.example.cn"
    ),
    "sender_profile_faulty": _("The sender's profile %(file)s is not right: %(why)s. Mend it."),
    "secret_missing": _(
        "There is no secret for logins. Run `canbao keys new`, or set CANBAO_SECRET_KEY."
    ),
    "keys_missing": _("The key folder %(folder)s holds no key. Run `canbao keys new`."),
    "mac_missing": _(
        "The file index.mac is missing in %(folder)s. Restore it from your backup of the keys; without"
        " it no number is found again."
    ),
    "key_lost": _(
        "Stored papers or numbers need the key %(key)s, which is not in %(folder)s. Restore it from"
        " your backup of the keys."
    ),
    "demo_county_here": _(
        "The database holds the demo county %(name)s. Use another database, or run in demo mode with"
        " CANBAO_DEMO=1."
    ),
    "demo_pack_here": _(
        "The pack %(name)s belongs to the demo county and is in force here. Publish another for its"
        " place, or use another database."
    ),
}
