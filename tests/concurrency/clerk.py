"""One client as a process of its own: gets ready, waits for the word, acts once, prints what came of it.

Run as `python -m tests.concurrency.clerk LOGIN`; the act comes as one JSON line on standard input.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import django


def main() -> None:
    """Act on the line that comes, and print the outcome as one JSON line."""
    django.setup()
    from canbao.kernel import clock, county, office
    from canbao.kernel.refusal import Refused
    from canbao.people import officers
    from tests import small as cast

    with county.inside(cast.COUNTY):
        login = sys.argv[1]
        posting = office.postings_of(login, clock.today())[0]
        actor = officers.officer(login, posting.id, clock.today())
        if actor is None:
            raise SystemExit(f"no posting for {login}")
        say("ready")
        given = json.loads(sys.stdin.readline())
        actor = replace(actor, id=UUID(given["as"])) if given.get("as") else actor
        try:
            outcome = ACTS[given["act"]](actor, given)
        except Refused as refused:
            say(json.dumps({"refused": refused.code}))
            return
        say(json.dumps(outcome.to_json() | {"again": outcome.again}))


def say(line: str) -> None:
    """Answer whoever started this process."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _submit(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.cases import application
    from canbao.cases.claim import Channel
    from canbao.kernel import clock
    from tests import small as cast

    claims = [cast.claim(serial) for serial in given["serials"]]
    if given.get("ids"):
        claims = [
            replace(one, id=UUID(wanted)) for one, wanted in zip(claims, given["ids"], strict=True)
        ]
    at = clock.instant(datetime.fromisoformat(given["at"]))
    return application.submit(actor, claims, Channel.VILLAGE, at=at, key=given.get("key"))


def _decide(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.cases import review
    from canbao.cases.flow import Verdict
    from canbao.kernel import clock

    chosen = {
        UUID(one): review.Choice(int(version), Verdict.PASS) for one, version in given["chosen"]
    }
    return review.decide(actor, chosen, at=clock.now(), key=given.get("key"))


def _withdraw(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.cases import application
    from canbao.kernel import clock

    chosen = {UUID(one): int(version) for one, version in given["chosen"]}
    return application.withdraw(actor, chosen, at=clock.now(), key=given.get("key"))


def _report(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.cases import bundle
    from canbao.kernel import clock

    chosen = {UUID(one): int(version) for one, version in given["chosen"]}
    sheets = sum(bundle.sheet_counts(list(chosen)).values())
    return bundle.report(actor, chosen, sheets, at=clock.now(), key=given.get("key"))


def _run_job(actor: Any, given: Mapping[str, Any]) -> Any:
    import canbao.cases.sets  # noqa: F401 - names the parts
    from canbao.kernel import jobs
    from canbao.kernel.taken import Outcome

    jobs.run(actor.county, UUID(given["job"]))
    return Outcome(())


def _collect(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.kernel import clock
    from canbao.payments.channels.cash import collecting
    from canbao.payments.channels.cash.collecting import Ticket

    due = {UUID(charge): int(fen) for charge, fen in given["due"]}
    ticket = Ticket(UUID(given["id"]), given["number"], "王守田", due)
    return collecting.collect(
        actor, UUID(given["block"]), [ticket], at=clock.now(), key=given.get("key")
    )


def _cancel(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.kernel import clock
    from canbao.payments.channels.cash import cancelling

    return cancelling.cancel(actor, {UUID(given["receipt"]): "写错人"}, at=clock.now())


def _close_day(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.kernel import clock
    from canbao.payments.channels.cash import days

    notes = {int(value): int(count) for value, count in given["notes"]}
    insurance = given.get("insurance", "390")
    reason = given.get("reason", "")
    return days.close(actor, insurance, clock.today(), notes, reason, at=clock.now())


def _accept(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.kernel import clock
    from canbao.payments.channels.cash import handing

    return handing.accept(actor, UUID(given["slip"]), int(given["fen"]), at=clock.now())


def _pay_in(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.kernel import clock
    from canbao.payments.channels.cash import depositing

    return depositing.pay_in(
        actor, UUID(given["account"]), given["slip"], int(given["fen"]), clock.today(),
        at=clock.now(),
    )  # fmt: skip


def _reprice(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.kernel import clock
    from canbao.payments import changing

    return changing.reprice(actor, [UUID(one) for one in given["charges"]], at=clock.now())


def _hand_over(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.cases import handing_over
    from canbao.kernel import clock

    chosen = {UUID(one): int(version) for one, version in given["chosen"]}
    return handing_over.hand_over(actor, chosen, at=clock.now())


def _match_out(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.kernel import clock
    from canbao.payments.banking import outgoing

    pairs = {UUID(line): UUID(payout) for line, payout in given["pairs"]}
    return outgoing.match(actor, pairs, at=clock.now())


def _came_back(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.kernel import clock
    from canbao.payments.banking import bounced

    return bounced.came_back(actor, {UUID(given["line"]): UUID(given["payout"])}, at=clock.now())


def _unmatch(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.kernel import clock
    from canbao.payments.banking import unmatching

    return unmatching.unmatch(actor, {UUID(given["line"]): "对错了"}, at=clock.now())


def _close_finance(actor: Any, given: Mapping[str, Any]) -> Any:
    from canbao.kernel import clock
    from canbao.payments import closing

    return closing.close(actor, given["insurance"], clock.today(), at=clock.now())


ACTS: Final[Mapping[str, Callable[[Any, Mapping[str, Any]], Any]]] = {
    "submit": _submit,
    "decide": _decide,
    "withdraw": _withdraw,
    "report": _report,
    "job": _run_job,
    "collect": _collect,
    "cancel": _cancel,
    "close_day": _close_day,
    "accept": _accept,
    "pay_in": _pay_in,
    "reprice": _reprice,
    "hand_over": _hand_over,
    "match_out": _match_out,
    "came_back": _came_back,
    "unmatch": _unmatch,
    "close_finance": _close_finance,
}

if __name__ == "__main__":
    main()
