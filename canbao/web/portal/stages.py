"""The way of an own case over the desks: who has seen it when, where it is, and what comes next."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext

from canbao.cases import flow
from canbao.cases.deadline import first_due
from canbao.cases.flow import Status
from canbao.cases.following import Followed
from canbao.cases.kinds import refund
from canbao.kernel import clock, office
from canbao.web.portal import reasons, words
from canbao.web.portal.sending import pay_stage, until
from canbao.web.theme.format import day, days_left, sentence_gap
from canbao.web.theme.pieces import SealOf
from canbao.web.theme.pieces import Step as Stage


def stages(
    found: Followed, on: datetime.date, *, lacks: bool = False, paid: bool = False
) -> list[Stage]:
    """Every desk of the way with date, name and seal, or by when; a case that stopped ends there.

    The first desk takes in the papers that the case still lacks; `paid` is whether the own share is settled.
    """
    row = found.case
    route = flow.load(row.flow)
    names = list(route.desks)
    way = [_applied(found, on)]
    returned = row.desk == flow.APPLICANT
    stopped = row.desk == flow.CLOSED
    reached = _reached(found, names)
    seals = office.seals([one.seal_id for one in found.marks if one.seal_id])
    due = row.due_on or on
    for place, name in enumerate(names):
        passed = found.mark(name, "seal") if place < reached else None
        decided = found.last("pass", name) if place < reached else None
        if passed is None and decided is not None:
            # On a sheet that was printed anew after a correction the earlier marks do not stand.
            way.append(
                Stage(
                    title=words.DONE[name],
                    state="done",
                    when=day(decided.acted_on, today=on),
                    by=decided.acted_by_name,
                    note=decided.office_name,
                )
            )
        elif passed is not None:
            seal = seals.get(passed.seal_id) if passed.seal_id else None
            way.append(_passed(found, name, passed, seal, on))
        elif stopped and place == reached:
            way.append(_stopped(found, on))
            return way
        elif place == reached and not returned:
            way.append(_now(found, name, on, lacks=lacks and place == 0))
        else:
            due = first_due(route.desks[name], due)
            way.append(Stage(title=words.DESKS[name], state="next", when=until(due, on)))
    return [*way, _last(found, on, paid=paid)]


def _reached(found: Followed, names: list[str]) -> int:
    """How many desks have passed the form in force."""
    row = found.case
    if row.desk in names:
        place = names.index(row.desk)
        return place + 1 if row.status == Status.READY else place
    if row.desk in {flow.ARCHIVE, flow.SHELF}:
        return len(names)
    if row.desk != flow.CLOSED:
        return 0
    refused = found.last("refuse")
    if row.status == Status.REFUSED and refused is not None and refused.desk in names:
        # The desk that refused has sealed too; it has not passed.
        return names.index(refused.desk)
    return sum(found.mark(name, "seal") is not None for name in names[:-1])


def _applied(found: Followed, on: datetime.date) -> Stage:
    row = found.case
    how = str(words.HOW[row.channel])
    if row.desk == flow.APPLICANT:
        returned = found.last("return")
        by = returned.acted_by_name if returned else ""
        title = words.RETURNED_BY[returned.desk] if returned else gettext("To be changed by you")
        return Stage(
            title=title,
            state="returned",
            when=day(returned.acted_on, today=on) if returned else "",
            by=by,
            note=gettext("You have to change something. The clock stands still until then."),
        )
    return Stage(
        title=gettext("You applied"),
        state="done",
        when=gettext("%(day)s, %(how)s") % {"day": day(found.applied_on, today=on), "how": how},
    )


def _passed(
    found: Followed, name: str, mark: Any, seal: office.SealRow | None, on: datetime.date
) -> Stage:
    return Stage(
        title=words.DONE[name],
        state="done",
        when=day(mark.acted_on, today=on),
        by=mark.acted_by_name,
        note=_put_right(found, name, on) or mark.office_name,
        seal=SealOf(seal.name, seal.purpose) if seal else None,
    )


def _put_right(found: Followed, name: str, on: datetime.date) -> str:
    """That a desk sent the case back to the applicant, when and why, and that it was put right since."""
    back = [one for one in found.decisions if one.desk == name and one.to_desk == flow.APPLICANT]
    if not back:
        return ""
    return gettext("Sent back once on %(day)s: %(why)s. You put it right.") % {
        "day": day(back[-1].acted_on, today=on),
        "why": reasons.in_a_line(back[-1]),
    }


def _appealed(found: Followed, name: str, on: datetime.date) -> str:
    """That a desk refused before, and that the appeal was accepted."""
    refused = found.last("refuse", name)
    if refused is None:
        return ""
    return gettext(
        "It was not approved on %(day)s. Your appeal was accepted; another officer looks at it anew."
    ) % {"day": day(refused.acted_on, today=on)}


def _now(found: Followed, name: str, on: datetime.date, *, lacks: bool) -> Stage:
    row = found.case
    left = clock.working_days_between(on, row.due_on, clock.official()) if row.due_on else None
    waits = row.status in {Status.SENT, Status.READY}
    note = gettext("You need not do anything. We send a text message when it is done.")
    if row.status == Status.SENT:
        note = gettext("Your papers are on the way there. You need not do anything.")
    if row.status == Status.READY:
        note = gettext("It waits to be handed on there with others. You need not do anything.")
    put_right = _put_right(found, name, on) or _appealed(found, name, on)
    if put_right:
        note = f"{put_right}{sentence_gap()}{note}"
    if lacks:
        note = gettext("Bring the papers named below. We send a text message when it is done.")
    if row.kind == refund.KIND and (name, row.status) == (refund.FINANCE, Status.RETURNED):
        note = gettext("Another account of the payee is needed. Then it is paid.")
    return Stage(
        title=words.NOW[name] if not waits else words.DESKS[name],
        state="now",
        when=until(row.due_on, on) if row.due_on else "",
        rest=gettext(", %(left)s") % {"left": days_left(left)} if left is not None else "",
        note=note,
    )


def _stopped(found: Followed, on: datetime.date) -> Stage:
    row = found.case
    if row.status == Status.WITHDRAWN:
        return Stage(
            title=gettext("You took it back"),
            state="stopped",
            when=day(clock.on(row.moved_at), today=on),
            note=gettext("You can apply again whenever you like."),
        )
    refused = found.last("refuse")
    return Stage(
        title=gettext("Not approved"),
        state="stopped",
        when=day(refused.acted_on, today=on) if refused else "",
        by=refused.acted_by_name if refused else "",
        note=refused.office_name if refused else "",
    )


def _last(found: Followed, on: datetime.date, *, paid: bool) -> Stage:
    row = found.case
    if row.kind == refund.KIND:
        done = row.status in {Status.APPROVED, Status.FILED}
        return Stage(title=gettext("The money is in the account"), state="done" if done else "next")
    stage = pay_stage(row.insurance, row.year, row.own_fen, on)
    if row.status not in {Status.APPROVED, Status.FILED}:
        return stage
    by = ""
    if found.archive is not None:
        by = gettext("filed as %(number)s") % {"number": found.archive.number}
    return replace(stage, state="done" if paid else "now", by=by)
