"""`canbao run`: database, pages and queue under one roof, until Ctrl-C."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from canbao.kernel import clock
from canbao.management import stored
from canbao.management.children import Child, Children, ChildrenFailed
from canbao.postgres import niceness, supervisor

HOST: Final = "127.0.0.1"
PAGE_SECONDS_MAX: Final = 30


class Command(BaseCommand):
    help = "Start everything canbao needs and print where it is; Ctrl-C ends all of it."
    # They would load every page once more than the page server does; `make test` runs them.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=2, help="processes that serve pages")
        parser.add_argument("--threads", type=int, default=8, help="threads of each of them")

    def handle(self, *_args: Any, **options: Any) -> None:
        data = Path(settings.CANBAO_DATA).resolve()
        port = _port()
        try:
            with ExitStack() as held:
                held.enter_context(supervisor.only_run(data))
                server = None
                if not settings.DATABASE_URL:
                    server = held.enter_context(supervisor.serving(data))
                _must_be_free(port)
                self._prepare()
                children = Children([], self._tell)
                held.callback(children.stop)
                children.heed_signals()
                # The queue comes second, so that the first page need not share the processor with it.
                children.add(_pages(port, options["processes"], options["threads"]))
                self._wait_for_page(children, port)
                children.add(_queue())
                if not children.stop_asked:
                    self._greet(data, port, server)
                children.watch(server.ensure if server else lambda: None)
                self._tell(_("canbao is ending."))
        except (supervisor.ServerRefusal, ChildrenFailed) as refusal:
            raise CommandError(str(refusal)) from None

    def _tell(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def _prepare(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._tell(_("Preparing the database ..."))
            call_command("migrate", verbosity=0, interactive=False)
        if settings.CANBAO_DEMO and "demo" in get_commands():
            call_command("demo")
        if found := stored.faults():
            raise CommandError("\n".join([_("canbao does not serve yet:"), *found]))
        connections.close_all()

    def _wait_for_page(self, children: Children, port: int) -> None:
        while not children.stop_asked:
            children.look()
            page = http.client.HTTPConnection(HOST, port, timeout=PAGE_SECONDS_MAX)
            try:
                page.request("GET", "/")
                page.getresponse()
            except OSError:
                time.sleep(0.1)
            else:
                return
            finally:
                page.close()

    def _greet(self, data: Path, port: int, server: supervisor.Server | None) -> None:
        self._tell(_("canbao serves at %(address)s") % {"address": f"http://{HOST}:{port}/"})
        if server and server.cluster.home.parent != data:
            self._tell(_("Its database lies in %(folder)s") % {"folder": server.cluster.home})
        logins = data / "demo-logins.txt"
        if settings.CANBAO_DEMO and logins.exists():
            self._tell(logins.read_text(encoding="utf-8"))
        self._tell(_("Ctrl-C ends it."))


def _port() -> int:
    said = os.environ.get("PORT", "8000")
    if not said.isdigit() or not 0 < int(said) < 2**16:
        raise CommandError(
            _("PORT must be a number from 1 to 65535, not %(said)s.") % {"said": said}
        )
    return int(said)


def _must_be_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise CommandError(
                _("Port %(port)s is reserved for the system. Choose another: PORT=8001 make run")
                % {"port": port}
            ) from None
        except OSError:
            raise CommandError(
                _(
                    "Port %(port)s is taken by another program. Choose another: PORT=%(next)s make run"
                )
                % {"port": port, "next": port + 1 if port < 2**16 - 1 else 8000}
            ) from None


def _pages(port: int, processes: int, threads: int) -> Child:
    command = [sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{port}", "--no-control-socket"]
    command += ["--workers", str(processes), "--threads", str(threads), "--log-level", "warning"]
    command += [
        "--timeout",
        "60",
        "--graceful-timeout",
        "10",
        "--preload",
        "canbao.wsgi:application",
    ]
    return Child(_("The page server"), command, {**_handed(), "CANBAO_POOL": str(threads)})


def _queue() -> Child:
    command = [sys.executable, "-m", "django", "procrastinate", "worker"]
    environment = {**_handed(), "DJANGO_SETTINGS_MODULE": "canbao.settings"}
    # Asked to end after its database has gone, the queue would wait half a minute for it.
    return Child(_("The queue"), command, environment, signal.SIGKILL, nice=niceness.QUEUE)


def _handed() -> dict[str, str]:
    """What every program of the run is told; also one that is started again after midnight."""
    return {**os.environ, "CANBAO_RUN_BEGAN": clock.began().isoformat()}
