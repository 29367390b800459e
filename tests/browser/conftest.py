"""A real browser before a real server; tests in this folder are marked `browser`."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from canbao.kernel import county
from tests import databases
from tests import small as cast
from tests.browser.story import PASSWORD, Story
from tools.browser import locate

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of the run; each test opens a context of its own in it."""
    found = locate()
    assert found is not None, "No browser: run `make develop`"
    program, extra = found
    # Playwright keeps an event loop in this thread, and Django would refuse the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
            env={**os.environ, **extra},
        )
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page, `open_page(width=390, height=844, java_script_enabled=False)`; a desk's screen by default.

    The test fails when a page raised an error or could not load something.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "response",
            lambda got: faults.append(f"{got.status} {got.url}") if got.status >= 500 else None,
        )
        page.on("requestfailed", lambda lost: faults.append(f"{lost.failure} {lost.url}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    # Leaving a page ends what it still loads.
    assert [fault for fault in faults if "ERR_ABORTED" not in fault] == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page as wide as a desk."""
    return open_page(**DESK)


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A page as wide as a phone."""
    return open_page(**PHONE, has_touch=True)


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Accessibility faults of a page, a line each: `assert axe(page) == []`."""

    def faults(page: Page) -> list[str]:
        # Not as a script element: the pages' security policy allows none.
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("async () => (await axe.run()).violations")
        return [
            f"{one['id']} ({one['impact']}): {one['help']}: "
            + json.dumps([node["target"] for node in one["nodes"]], ensure_ascii=False)
            for one in found
        ]

    return faults


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def site_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of this module's own, by its URL, which the test process shares with its pages."""
    with (
        django_db_blocker.unblock(),
        databases.copy_of_template(f"canbao_site_{databases.worker()}") as url,
    ):
        yield url


@pytest.fixture(scope="module")
def site(site_database: str) -> Iterator[str]:
    """The address of a gunicorn over the module's database.

    What a test writes is committed and seen by the pages; use operations freely.
    """
    with served(site_database) as address:
        yield address


@pytest.fixture(scope="module")
def small(site: str) -> cast.Small:
    """The small county in the module's database, its officers with a password to log in."""
    with county.inside(cast.COUNTY):
        made = cast.found()
        for login in made.officers:
            User.objects.create_user(f"{cast.COUNTY}/{login}", password=PASSWORD)
    return made


@pytest.fixture
def story(site: str, open_page: Callable[..., Page], axe: Callable[[Page], list[str]]) -> Story:
    """A desk's browser before the module's pages; tests of a module share what they leave, in any order."""
    # Complete without JavaScript: the pages are looked at with it, the forms need none.
    return Story(open_page(width=1280, height=900), site, axe)


@contextmanager
def served(database: str, **more: str) -> Iterator[str]:
    """Pages over a database, with more in their environment, such as another business date."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "CANBAO_DATA": str(settings.CANBAO_DATA),
        "CANBAO_ADDRESS": f"http://127.0.0.1:{port}",
        "CANBAO_POOL": "4",
        **more,
    }
    gunicorn = ["--bind", f"127.0.0.1:{port}", "--threads", "4", "--no-control-socket"]
    gunicorn += ["--log-level", "warning", "canbao.wsgi:application"]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *gunicorn], cwd=ROOT, env=environment
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert server.poll() is None, "The page server ended; its messages stand above"
        try:
            urllib.request.urlopen(address, timeout=20).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("The page server did not answer")
