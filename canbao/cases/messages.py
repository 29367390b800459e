"""What is told to residents, in words and in their language, and its way out through the sender."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from procrastinate.contrib.django import app

from canbao.kernel import audit, clock, county, rows, sender
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.queries import counties, county_name
from canbao.kernel.sender import NotSent, Outbox, Sender
from canbao.kernel.tables import Notice
from canbao.kernel.taken import Outcome
from canbao.people import contacts, officers, phones

WAITING: Final = "waiting"
SENT: Final = "sent"
SHOWN: Final = "shown"
FAILED: Final = "failed"
# Messages that carry a one-time code, sealed until they go out.
CODES: Final = frozenset({"code", "code_counter"})
SET: Final = 50
# How long after a try the next one follows; after the last the message has failed.
PAUSES: Final = (
    datetime.timedelta(0),
    datetime.timedelta(minutes=1),
    datetime.timedelta(minutes=5),
    datetime.timedelta(minutes=30),
    datetime.timedelta(hours=2),
    datetime.timedelta(hours=6),
)
TEMPLATES: Final[Mapping[str, Any]] = {
    "code": _("Your code is %(code)s. It is good for 10 minutes. Give it to nobody."),
    "code_counter": _(
        "Code %(code)s: read it to the officer in front of you who enters your phone, and to nobody else."
    ),
    "submitted": _("Application %(number)s has arrived. The village looks at it next."),
    "returned": _(
        "Application %(number)s needs a change from you. Look at it here, or ask your village."
    ),
    "approved": _("Application %(number)s is approved. You are insured once your share is paid."),
    "refused": _("Application %(number)s was not approved. You can read why, and appeal."),
    "corrected": _(
        "A typing error in %(number)s was put right. Your village has a new sheet for you."
    ),
    "payment_received": _(
        "%(yuan)s yuan were paid for you, receipt %(number)s. Say here whether that is right."
    ),
    "payment_cancelled": _(
        "Receipt %(number)s over %(yuan)s yuan was cancelled. You must have got the money back;"
        " if not, say so at the township office."
    ),
    "advance_received": _(
        "%(yuan)s yuan were taken in advance, receipt %(number)s. Say here whether that is right."
    ),
    "refund_due": _(
        "For %(year)s more was paid for you than you owe: %(yuan)s yuan are to be given back."
        " Ask for them on your phone or at your village."
    ),
    "refund_taken_back": _(
        "The %(yuan)s yuan for %(year)s are not given back after all: by the corrected record they are your share."
        " Ask your village if that is not right."
    ),
    "refund_asked": _(
        "%(yuan)s yuan were asked back for you, number %(number)s. The county checks it."
    ),
    "refund_approved": _("%(yuan)s yuan are to be given back (%(number)s). The bank gets it next."),
    "refund_paid": _("%(yuan)s yuan were paid to the account you gave (%(number)s)."),
    "refund_failed": _(
        "The bank could not pay %(yuan)s yuan (%(number)s). Give another account of the payee on your phone, or"
        " bring the payee's bank card or passbook to the finance of the county agency."
    ),
    "refund_returned": _(
        "%(yuan)s yuan that were to be given back to you did not reach the account you gave."
        " Ask for them again on your phone or at your village, with another account."
    ),
    "refund_refused": _(
        "%(number)s was refused: no money is paid now. You can read why, and appeal."
    ),
    "appeal_upheld": _("Your appeal for %(number)s was accepted. Another officer decides anew."),
    "appeal_rejected": _("Your appeal for %(number)s was answered. The decision stands."),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is to go out now."""

    id: UUID
    contact_id: UUID
    template: str
    facts: Mapping[str, Any]
    at: clock.Instant
    tries: int


def text(template: str, facts: Mapping[str, Any], language: str) -> str:
    """A message as it goes out: who speaks, the sentence, and where to look."""
    with override(language):
        said = str(TEMPLATES[template]) % facts
        name = county_name(county.current()) or ""
        where = "" if template in CODES else f" {settings.CANBAO_ADDRESS}/{county.current()}/"
    return f"【{name}】{said}{where}"


def deliver(way: Sender, *, at: clock.Instant, sets: int = 1000) -> tuple[int, int]:
    """Send what waits and is due, set by set; returns how many went out and how many did not.

    A try is on record before it is made, so that a message is sent again after a while when this is
    killed in between, and never twice at once.
    """
    sent = missed = 0
    for _set in range(sets):
        claimed = claim(officers.system(), at=at)
        held = _waiting(claimed.done)
        if not held:
            break
        ended = _send(way, held, at)
        settle(officers.system(), [one.id for one in held], ended, at=at)
        sent += sum(state in {SENT, SHOWN} for state, _why in ended)
        missed += sum(state not in {SENT, SHOWN} for state, _why in ended)
    return sent, missed


@operation
def claim(actor: Actor, *, at: clock.Instant) -> Outcome:
    """Take up to 50 messages that are due and count the try; another worker passes them by."""
    held = list(
        Notice.here.filter(due(at), state=WAITING)
        .order_by("at", "id")
        .select_for_update(no_key=True, skip_locked=True)
        .values_list("id", "tries")[:SET]
    )
    ids = [one for one, _tries in held]
    rows.update(Notice, ids, tries=[tries + 1 for _one, tries in held])
    facts = [{"try": tries + 1} for _one, tries in held]
    audit.record(actor, "notice.tried", ids, at=at, kind="notice", facts=facts)
    return Outcome(tuple(ids))


def due(at: clock.Instant) -> Q:
    """Messages whose next try has come; each pause is counted from when the message was written."""
    found = Q()
    passed = datetime.timedelta(0)
    for tries, pause in enumerate(PAUSES):
        passed += pause
        found |= Q(tries=tries, at__lte=at - passed)
    return found | Q(tries__gte=len(PAUSES))


def _waiting(ids: Sequence[UUID]) -> list[Waiting]:
    found = Notice.here.filter(id__in=list(ids)).order_by("at", "id")
    return [
        Waiting(one, contact, template, json.loads(facts), at, tries)
        for one, contact, template, facts, at, tries in found.values_list(
            "id", "contact_id", "template", "facts", "at", "tries"
        )
    ]


def _send(way: Sender, held: Sequence[Waiting], at: clock.Instant) -> list[tuple[str, str]]:
    """The state and reason each message ends this try with."""
    reach = contacts.reached(one.contact_id for one in held)
    ended = []
    for one in held:
        to = reach.get(one.contact_id)
        if to is None or one.template not in TEMPLATES:
            ended.append((FAILED, "unknown"))
        elif isinstance(way, Outbox):
            ended.append((SHOWN, ""))
        elif one.template in CODES and at - one.at > phones.VALID:
            ended.append((FAILED, "expired"))
        else:
            ended.append(_try(way, one, to))
    return ended


def _try(way: Sender, one: Waiting, to: contacts.Reached) -> tuple[str, str]:
    facts = dict(one.facts)
    if one.template in CODES:
        facts["code"] = contacts.code_in(facts["code"])
    try:
        way.send(to.phone, text(one.template, facts, to.language))
    except NotSent as fault:
        return (FAILED if one.tries >= len(PAUSES) else WAITING), str(fault)
    return SENT, ""


@operation
def settle(
    actor: Actor, ids: Sequence[UUID], ended: Sequence[tuple[str, str]], *, at: clock.Instant
) -> Outcome:
    """Keep what became of each message. A code that went out is not kept any longer."""
    rows.update(Notice, list(ids), state=[state for state, _why in ended])
    gone = [one for one, (state, _why) in zip(ids, ended, strict=True) if state in {SENT, FAILED}]
    Notice.here.filter(id__in=gone, template__in=CODES).update(facts="{}")
    facts = [{"state": state, "why": why} for state, why in ended]
    audit.record(actor, "notice.ended", list(ids), at=at, kind="notice", facts=facts)
    return Outcome(tuple(ids))


@app.periodic(cron="* * * * *", periodic_id="canbao.notices")
@app.task(name=f"{sender.TASK}.all", queue="notices", queueing_lock=f"{sender.TASK}.all")
def every_minute(timestamp: int) -> None:
    """Send what waits in every county; the queue calls this once a minute."""
    del timestamp
    for code, _name in counties():
        send_here(code)


@app.task(name=sender.TASK, queue="notices")
def send_here(county: str) -> None:
    """Send what waits in one county."""
    close_old_connections()
    run(county)


def run(place: str) -> tuple[int, int]:
    """Send what waits in a county through the sender of this installation."""
    with county.inside(place):
        return deliver(sender.here(), at=clock.now())
