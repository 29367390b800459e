"""One cashier as a process of its own: takes a list of payments, each under its key, and says which are done.

Run as `python -m tests.concurrency.cashier LOGIN PATH`; a payment that the database did not answer is sent
again with its key, as a page does that the network lost.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

import django
from django.db import InterfaceError, OperationalError, close_old_connections

if TYPE_CHECKING:
    from canbao.kernel.actor import Actor


PATIENCE: Final = 120
T = TypeVar("T")


def main() -> None:
    """Make every payment of the file, in its order; one line for each."""
    django.setup()
    from canbao.kernel import county
    from tests import small as cast

    login, path = sys.argv[1:]
    work = json.loads(Path(path).read_text(encoding="utf-8"))
    with county.inside(cast.COUNTY):
        actor = answered(lambda: sits(login))
        for one in work["payments"]:
            say(answered(lambda one=one: pay(actor, UUID(work["block"]), one)))  # type: ignore[misc]


def sits(login: str) -> Actor:
    """The cashier at the only posting."""
    from canbao.kernel import clock, office
    from canbao.people import officers

    posting = office.postings_of(login, clock.today())[0]
    actor = officers.officer(login, posting.id, clock.today())
    if actor is None:
        raise SystemExit(f"no posting for {login}")
    return actor


def pay(actor: Actor, block: UUID, one: Mapping[str, Any]) -> str:
    """Take the money of one ticket under its key, and say what came of it."""
    from canbao.kernel import clock
    from canbao.kernel.refusal import Refused
    from canbao.payments.channels.cash import collecting
    from canbao.payments.channels.cash.collecting import Ticket

    due = {UUID(charge): int(fen) for charge, fen in one["due"]}
    ticket = Ticket(UUID(one["id"]), one["number"], "王守田", due)
    try:
        outcome = collecting.collect(actor, block, [ticket], at=clock.now(), key=one["key"])
    except Refused as refused:
        return f"refused {refused.code}"
    return "again" if outcome.again else "done"


def answered(ask: Callable[[], T]) -> T:
    """Ask until the database answers."""
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except (OperationalError, InterfaceError):
            if time.monotonic() > ends:
                raise
            close_old_connections()
            time.sleep(0.2)


def say(line: str) -> None:
    """Tell whoever started this process."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
