"""Cashiers press their button while the page server is killed under them: each presses again, and is answered once."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.urls import reverse

from canbao.kernel import county
from canbao.management.commands import run
from canbao.payments import checking
from canbao.payments.tables import Block, Charge, Receipt
from canbao.people.tables import Household
from canbao.postgres import supervisor
from tests import small as cast
from tests.concurrency.test_payments_killed import durable
from tests.concurrency.test_races import ROOT, until
from tests.management.test_run import free_port
from tests.payments import money
from tests.small import Small
from tests.web.desk.conftest import seated

__all__ = ["durable"]
FAMILIES = 12
CASHIERS = {"chen": "0317", "meng": "0417"}
CSRF = "a" * 32
# Every fourth answer does not reach the browser.
LOST = 4


@dataclass
class Cashier:
    """A browser at a counter that has a list of forms; one that is not answered is sent again as it is."""

    login: str
    port: int
    forms: list[tuple[str, dict[str, Any]]]
    answers: list[str] = field(default_factory=list)
    sent: int = 0
    resent: int = 0

    def __post_init__(self) -> None:
        session = seated(self.login).client.cookies["sessionid"].value
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.thread = threading.Thread(target=self._work, daemon=True)

    def _work(self) -> None:
        for address, form in self.forms:
            body = urlencode({**form, "csrfmiddlewaretoken": CSRF}, doseq=True)
            self.answers.append(self._until_answered(address, body))

    def _until_answered(self, address: str, body: str) -> str:
        ends = time.monotonic() + 90
        while time.monotonic() < ends:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            try:
                line.request("POST", address, body, self.headers)
                answer = line.getresponse()
                answer.read()
                self.sent += 1
                if self.sent % LOST == 0:
                    raise OSError("the answer was lost")  # noqa: TRY301 - as the network says it
            except (OSError, http.client.HTTPException):
                self.resent += 1
                time.sleep(0.2)
            else:
                return f"{answer.status} {answer.headers.get('Location', '')}"
            finally:
                line.close()
        return "never answered"


def _forms(small: Small) -> Mapping[str, list[tuple[str, dict[str, Any]]]]:
    """For each cashier the form of each household, with its key and the next number of the own block."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for place, (login, first) in enumerate(CASHIERS.items()):
        homes = [f"{int(first) + one:04d}" for one in range(FAMILIES)]
        claims = [
            cast.claim(100 * (place + 1) + one, household_number=home)
            for one, home in enumerate(homes)
        ]
        owed = money.approved(small, claims=claims)
        block = money.block(
            small, small.officers[login], 1_000 * (place + 1), 1_000 * (place + 1) + 99
        )
        number = Block.here.get(id=block).next
        households = dict(Household.here.filter(number__in=homes).values_list("number", "id"))
        found[login] = [
            (
                reverse("cash", args=[cast.COUNTY]) + f"?household={households[one.household_number]}",
                {
                    "act": "collect", "insurance": "390", "ticket": str(uuid4()), "block": str(block),
                    "number": str(number + turn), "payer": "王守田", "given": "",
                    "shown": str(one.due_fen), "line": [f"{one.id}.{one.due_fen}"],
                    "key": str(uuid4()),
                },
            )
            for turn, one in enumerate(owed)
        ]  # fmt: skip
    return found


class Pages:
    """The page server as `canbao run` starts it, over the test's database."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._environment = {**os.environ, "CANBAO_ADDRESS": f"http://127.0.0.1:{port}"}
        self.start()

    def start(self) -> None:
        """Start it; it is killed with all its processes, so it gets a group of its own."""
        child = run._pages(self.port, 2, 4)
        self.process = subprocess.Popen(
            child.command, cwd=ROOT, env={**child.environment, **self._environment},
            start_new_session=True,
        )  # fmt: skip

    def kill(self) -> None:
        """Kill the master and its workers at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def pages(durable: supervisor.Server) -> Iterator[Pages]:
    del durable
    found = Pages(free_port())
    yield found
    found.kill()


def test_a_form_that_was_sent_when_the_page_server_died_is_answered_once(pages: Pages) -> None:
    with county.inside(cast.COUNTY):
        small = cast.found()
        cashiers = [Cashier(login, pages.port, mine) for login, mine in _forms(small).items()]
        for one in cashiers:
            one.thread.start()
        for receipts in (FAMILIES // 2, FAMILIES):
            until(lambda wanted=receipts: Receipt.here.count() >= wanted, "receipts")  # type: ignore[misc]
            pages.kill()
            assert Receipt.here.count() < 2 * FAMILIES
            pages.start()
        for one in cashiers:
            one.thread.join(120)
            assert len(one.answers) == FAMILIES
        assert sum(one.resent for one in cashiers) > 0

        written = {str(one) for one in Receipt.here.values_list("id", flat=True)}
        assert len(written) == 2 * FAMILIES
        assert set(Charge.here.values_list("state", flat=True)) == {"settled"}
        shown = [
            re.search(r"/receipts/([0-9a-f-]+)", said) for one in cashiers for said in one.answers
        ]
        assert {found[1] for found in shown if found} == written, [one.answers for one in cashiers]
        assert checking.differences() == []
