"""Officers and their postings, first passwords, and the own password."""

from __future__ import annotations

import secrets as randomness
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from canbao.kernel import clock, directory, staff
from canbao.kernel.actor import Actor, Role
from canbao.kernel.directory import OfficerLine
from canbao.kernel.refusal import Refused
from canbao.kernel.staff import PostingGiven
from canbao.kernel.taken import Outcome
from canbao.web.access import must_change_password, officer
from canbao.web.desk.frame import ROLES
from canbao.web.office import forms
from canbao.web.office.pages import (
    READERS,
    Act,
    Cell,
    Listing,
    Posted,
    address,
    answer,
    draw,
    head,
    is_administrator,
    number_of_page,
    page_of,
    search_of,
)
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Row

OFFICERS = "office_officers"
EVERY_OFFICER = tuple(role for role in Role if role not in {Role.RESIDENT, Role.SYSTEM})


def role_name(role: str) -> str:
    """A role in words."""
    return str(ROLES.get(Role(role), role))


@officer(*READERS)
def officers(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """All officers with where they work."""
    del county
    page, search = number_of_page(request), search_of(request)
    found, total = directory.officers(search, page)
    today = clock.today()
    lines = []
    for one in found:
        now = [row for row in one.postings if row.to_on is None or row.to_on > today]
        places = _("; ").join(f"{row.office_name} · {role_name(row.role)}" for row in now)
        left = one.left_on is not None and one.left_on <= today
        text, colour = (_("left"), "grey") if left else (_("works here"), "green")
        lines.append(
            [
                Cell(one.name, address("office_officer", one.id), kind="name"),
                Cell(one.login, label=_("Login name")),
                Cell(places or "–", label=_("Postings")),
                Cell(text, colour=colour, kind="due"),
            ]
        )
    heads = (_("Name"), _("Login name"), _("Postings"), _("State"))
    listing = Listing(
        _("Officers"), [Column(one) for one in heads], lines, _("No officer begins like this."),
        page_of(request, page, directory.PAGE, total),
    )  # fmt: skip
    links = [(_("Exceptions"), address("office_waivers"))]
    if is_administrator(actor):
        links.append((_("Take up an officer"), address("office_officer_add")))
    return draw(
        request, actor, OFFICERS, _("Officers"), listings=[listing], search=search, links=links
    )


@officer(Role.ADMINISTRATOR)
def add_officer(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Take up an officer; the first password is shown once."""
    del county
    password = randomness.token_urlsafe(12)

    def take_up(it: Posted) -> Outcome:
        typed = it.typed
        # Without the password under the key: a second press must find the first act again.
        outcome = staff.add_officer(
            it.actor, typed["login"], typed["name"], typed["phone"], password, at=it.at
        )
        return Outcome(outcome.done, made={"login": typed["login"]})

    act = Act(
        "add", _("A new officer"), _("Take up"), take_up, "", "once", forms.OfficerForm
    )  # fmt: skip
    return _with_password(request, actor, act, password) or draw(
        request, actor, OFFICERS, _("Take up an officer"), acts=[act],
        parent=(_("Officers"), address(OFFICERS)),
    )  # fmt: skip


def _with_password(
    request: HttpRequest, actor: Actor, act: Act, password: str
) -> HttpResponse | None:
    """Do an act that gives a password, and show it on the answer itself: nothing keeps it."""
    made: dict[str, Any] = {}
    do = act.do

    def noted(it: Posted) -> Outcome:
        outcome = do(it)
        made.update({"one": outcome.done[0], "login": outcome.made["login"]})
        return outcome

    act.do = noted
    if request.method != "POST" or request.POST.get("act") != act.name:
        return None
    done = answer(request, actor, [act])
    if done is None or not made:
        # Done before by this key: the password was shown then, and is shown to nobody again.
        return done
    values = {
        **head(request, actor, OFFICERS),
        "login": made["login"],
        "password": password,
        "next": address("office_officer", made["one"]),
        "messages": (),
    }
    page = render(request, "office/password_once.html", values)
    page["Cache-Control"] = "no-store"
    return page


@officer(*READERS)
def one_officer(request: HttpRequest, actor: Actor, county: str, officer_id: UUID) -> HttpResponse:
    """One officer: postings past and present, and what can become of them."""
    del county
    one = directory.officer(officer_id)
    if one is None:
        raise Refused("not_found")
    password = randomness.token_urlsafe(12)
    acts = _officer_acts(one, password) if is_administrator(actor) and not one.left_on else []
    given = next((act for act in acts if act.name == "password"), None)
    done = _with_password(request, actor, given, password) if given else None
    done = done or answer(request, actor, acts)
    if done is not None:
        return done
    rows = [
        Row(key=_("Login name"), value=one.login),
        Row(key=_("Office phone"), value=one.phone or "–"),
        Row(key=_("State"), value=_("leaves on %(day)s") % {"day": say.day(one.left_on)}
            if one.left_on else _("works here")),
    ]  # fmt: skip
    who = directory.names([row.stands_in_for for row in one.postings])
    lines = [
        [
            Cell(row.office_name, address("office_office", row.office_id), kind="name"),
            Cell(role_name(row.role), label=_("Role")),
            Cell(say.day(row.from_on), label=pgettext("date", "From")),
            Cell(say.day(row.to_on) if row.to_on else "–", label=_("Until")),
            Cell(who.get(row.stands_in_for, "–") if row.stands_in_for else "–", label=_("Stands in for")),
        ]
        for row in one.postings
    ]  # fmt: skip
    heads = (_("Office"), _("Role"), pgettext("date", "From"), _("Until"), _("Stands in for"))
    listing = Listing(
        _("Postings"), [Column(one) for one in heads], lines, _("Not posted anywhere yet.")
    )
    return draw(
        request, actor, OFFICERS, one.name, rows=rows, listings=[listing], acts=acts,
        parent=(_("Officers"), address(OFFICERS)),
    )  # fmt: skip


def _officer_acts(one: OfficerLine, password: str) -> list[Act]:
    here = address("office_officer", one.id)
    today = clock.today()
    running = [
        (row.id, f"{row.office_name} · {role_name(row.role)}")
        for row in one.postings
        if row.to_on is None or row.to_on > today
    ]
    acts = [
        Act(
            "post", _("Post to an office"), _("Post"), lambda it: _post(one.id, it),
            _("The officer is posted."), here, forms.PostingForm,
            options={"offices": directory.open_offices()},
        )
    ]  # fmt: skip
    if running:
        acts.append(
            Act(
                "end", _("End a posting"), _("End it"),
                lambda it: staff.end_posting(
                    it.actor, UUID(it.typed["posting"]), it.typed["on"], **it.how
                ),
                _("The posting ends on that day."), here, forms.EndPostingForm,
                options={"postings": running}, danger=True,
            )
        )  # fmt: skip

    def give(it: Posted) -> Outcome:
        outcome = staff.new_password(it.actor, one.id, password, at=it.at)
        return Outcome(outcome.done, made={"login": one.login})

    return [
        *acts,
        Act(
            "password", _("New first password"), _("Give a new password"), give, "", here,
            hint=_("It is shown once. A lock after wrong tries is taken away."),
        ),
        Act(
            "leave", _("The officer leaves"), _("Note the leaving"),
            lambda it: staff.leave(it.actor, one.id, it.typed["on"], **it.how),
            _("The officer leaves on that day."), here, forms.DayForm, danger=True,
            hint=_("Postings and custody of seals end; the name stays on every act."),
        ),
    ]  # fmt: skip


def _post(officer_id: UUID, it: Posted) -> Outcome:
    typed = it.typed
    colleague = None
    if typed["stands_in_for"]:
        found = directory.officer_by_login(typed["stands_in_for"])
        if found is None:
            raise Refused("stand_in_unfit")
        colleague = found.id
    given = PostingGiven(
        officer_id, UUID(typed["office"]), Role(typed["role"]), typed["from_on"], typed["to_on"], colleague
    )  # fmt: skip
    return staff.post(it.actor, given, **it.how)


@officer(*EVERY_OFFICER, first_password=True)
def password(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Change the own password; the session ends, and one logs in with the new one."""
    del county
    act = Act(
        "password", _("Your password"), _("Change the password"),
        # Without a key: nothing may keep a trace of either password.
        lambda it: staff.change_password(it.actor, it.typed["old"], it.typed["new"], at=it.at),
        _("The password is changed. Log in with the new one."), address("login"),
        forms.PasswordForm,
    )  # fmt: skip
    first = must_change_password(request)
    notices = [("warning", _("Somebody else knows your first password. Choose one of your own."))]
    return answer(request, actor, [act]) or draw(
        request, actor, "", _("Change your password"), acts=[act], notices=notices if first else []
    )
