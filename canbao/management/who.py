"""For which county a command works, and which officer stands behind it."""

from __future__ import annotations

import getpass
import sys

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from canbao.kernel import clock, office, refusals, staff
from canbao.kernel.actor import Actor, Role
from canbao.kernel.queries import counties
from canbao.kernel.refusal import Refused
from canbao.people import officers


def add_county(parser: CommandParser) -> None:
    """The option that names the county; not needed where one is served."""
    parser.add_argument("--county", default="", help="Six digits; not needed where one is served.")


def county_of(said: str) -> str:
    """The county a command works for."""
    served = [code for code, _name in counties()]
    if said:
        if said not in served:
            raise CommandError(_("The county %(code)s is not served here.") % {"code": said})
        return said
    if len(served) != 1:
        raise CommandError(
            _("Say for which county: --county, one of %(codes)s.")
            % {"codes": ", ".join(served) or "-"}
        )
    return served[0]


def password(prompt: str) -> str:
    """A password from the terminal, or the first line of what is piped in."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{prompt}: ")
    return sys.stdin.readline().rstrip("\n")


def administrator(login: str) -> Actor:
    """The administrator behind a command, who proves it by the password; works inside a county."""
    said = password(_("Password of %(login)s") % {"login": login})
    today = clock.today()
    if staff.proves(login, said):
        for posting in office.postings_of(login, today):
            actor = officers.officer(login, posting.id, today)
            if actor is not None and actor.role is Role.ADMINISTRATOR:
                return actor
    raise CommandError(_("%(login)s is no administrator with this password.") % {"login": login})


def refuse(refused: Refused) -> CommandError:
    """A refusal as a command says it."""
    return CommandError(refusals.said(refused))
