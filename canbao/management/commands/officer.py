"""`canbao officer`: open a county with its first administrator, and mend officers from the machine itself."""

from __future__ import annotations

import datetime
import secrets as randomness
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from canbao.kernel import administration, clock, county, directory, staff
from canbao.kernel.actor import Role
from canbao.kernel.refusal import Refused
from canbao.kernel.staff import PostingGiven
from canbao.management import who
from canbao.people import officers

ROLES = [str(role) for role in Role if role not in {Role.RESIDENT, Role.SYSTEM}]


class Command(BaseCommand):
    help = "Open a county with its first administrator; add officers, give new passwords."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        found = commands.add_parser("county", help="Open a county, with the first administrator.")
        found.add_argument("code", help="Six digits (GB/T 2260).")
        found.add_argument("county_name", help="The name of the county.")
        found.add_argument("login", help="Login of the first administrator.")
        found.add_argument("name", help="Name of the first administrator.")
        add = commands.add_parser("add", help="Take up an officer and post them.")
        add.add_argument("login", help="The login.")
        add.add_argument("name", help="The name.")
        add.add_argument("--role", choices=ROLES, required=True, help="The role of the posting.")
        add.add_argument(
            "--office", required=True, help="The name of the office, or how it begins."
        )
        password = commands.add_parser("password", help="Give an officer a new first password.")
        password.add_argument("login", help="The login.")
        listed = commands.add_parser("list", help="List officers and where they are posted.")
        for one in (add, password, listed):
            who.add_county(one)

    def handle(self, *_args: Any, **options: Any) -> None:
        command = options.pop("command")
        code = options["code"] if command == "county" else who.county_of(options["county"])
        with county.inside(code):
            try:
                getattr(self, f"_{command}")(options)
            except Refused as refused:
                raise who.refuse(refused) from None

    def _county(self, options: dict[str, Any]) -> None:
        if len(options["code"]) != 6 or not options["code"].isdigit():  # noqa: PLR2004 - GB/T 2260
            raise CommandError(_("The code of a county has six digits."))
        name = options["county_name"]
        made = administration.found_county(
            officers.system(),
            name,
            _("%(county)s enrolment office") % {"county": name},
            at=clock.now(),
        )
        self._take_up(options["login"], options["name"], made.done[0], Role.ADMINISTRATOR)
        self.stdout.write(_("Post a second administrator soon: many acts need two."))

    def _add(self, options: dict[str, Any]) -> None:
        found = [
            one for one, name in directory.open_offices() if name.startswith(options["office"])
        ]
        if len(found) != 1:
            raise CommandError(
                _("%(count)s offices begin with %(name)s. Name one exactly.")
                % {"count": len(found), "name": options["office"]}
            )
        self._take_up(options["login"], options["name"], found[0], Role(options["role"]))

    def _take_up(self, login: str, name: str, office_id: UUID, role: Role) -> None:
        password = randomness.token_urlsafe(12)
        at = clock.now()
        added = staff.add_officer(officers.system(), login, name, "", password, at=at)
        # Postings hold from the start of a business day, so one made now holds at once.
        from_on: datetime.date = clock.on(at)
        given = PostingGiven(added.done[0], office_id, role, from_on)
        staff.post(officers.system(), given, at=at)
        self._say(login, password)

    def _password(self, options: dict[str, Any]) -> None:
        one = directory.officer_by_login(options["login"])
        if one is None:
            raise Refused("not_found")
        password = randomness.token_urlsafe(12)
        staff.new_password(officers.system(), one.id, password, at=clock.now())
        self._say(options["login"], password)

    def _say(self, login: str, password: str) -> None:
        self.stdout.write(
            _("Login %(login)s, first password %(password)s. It is shown once and to be changed.")
            % {"login": login, "password": password}
        )

    def _list(self, _options: dict[str, Any]) -> None:
        page = 1
        while True:
            found, total = directory.officers(page=page)
            for one in found:
                places = "; ".join(f"{held.role} {held.office_name}" for held in one.postings)
                left = f" ({one.left_on})" if one.left_on else ""
                self.stdout.write(f"{one.login}  {one.name}{left}  {places}")
            if page * directory.PAGE >= total:
                return
            page += 1
