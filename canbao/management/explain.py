"""What a year costs somebody and why, as text: a person of the records, or facts given by hand."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from canbao.cases import explained as records
from canbao.kernel import clock, county, money
from canbao.kernel.refusal import Refused
from canbao.management import who
from canbao.people import officers
from canbao.policy import published, words
from canbao.policy.rules import packs, trace
from canbao.policy.rules.answers import History, Price
from canbao.policy.rules.person import GroupEvidence, Insurance, PersonFacts, Residency, Student
from canbao.policy.rules.resolved import Rules
from canbao.policy.words import Sentence

_YEAR_LEAST: Final = 2009
_YEAR_MOST: Final = 2100


@dataclass(frozen=True, slots=True)
class _Asked:
    """Everything an explanation needs."""

    rules: Rules
    facts: PersonFacts
    level: str
    on: datetime.date
    history: History
    charged_fen: int | None
    same_packs: bool


def add_arguments(parser: CommandParser) -> None:
    """The person or the facts, the year, and the day of payment."""
    parser.add_argument("--person", default="", help="Citizen number or case number.")
    parser.add_argument("--year", type=int, required=True, help="The cover year.")
    parser.add_argument(
        "--insurance", choices=[str(one) for one in Insurance], default=str(Insurance.MEDICAL),
        help="390 medical insurance, 170 pension.",
    )  # fmt: skip
    parser.add_argument("--on", default="", help="Day of payment, 2026-01-31; without it today.")
    parser.add_argument("--born", default="", help="Day of birth, instead of a person.")
    parser.add_argument("--category", default="", help="Category or tier; else the likely one.")
    parser.add_argument(
        "--place", default="", help="Shipped packs of six digits; else those of the county."
    )
    parser.add_argument("--student", choices=[str(one) for one in Student], default="none")
    parser.add_argument("--residency", choices=[str(one) for one in Residency], default="rural")
    parser.add_argument(
        "--group", action="append", default=[], help="A proven special group; may be repeated."
    )
    parser.add_argument(
        "--covered", type=int, nargs="*", default=[], help="Years insured before; with --born."
    )
    parser.add_argument("--json", action="store_true", help="The trace as it is stored.")
    who.add_county(parser)


def explained(options: Mapping[str, Any]) -> str:
    """Give the explanation. Raises CommandError with what to do when something is missing or wrong."""
    if bool(options["person"]) == bool(options["born"]):
        raise CommandError(_("Give either --person or --born."))
    if not _YEAR_LEAST <= options["year"] <= _YEAR_MOST:
        raise CommandError(
            _("The year lies between %(first)s and %(last)s.")
            % {"first": _YEAR_LEAST, "last": _YEAR_MOST}
        )
    try:
        if options["place"]:
            if options["person"]:
                raise CommandError(_("--place goes with --born; a person has a county."))
            library = packs.load_shipped(demo=bool(settings.CANBAO_DEMO))
            rules = library.resolve(options["place"], options["insurance"], options["year"])
            return _answer(_by_hand(options, rules), as_json=options["json"])
        with county.inside(who.county_of(options["county"])):
            rules = published.rules(options["insurance"], options["year"])
            asked = _of_person(options, rules) if options["person"] else _by_hand(options, rules)
            return _answer(asked, as_json=options["json"])
    except Refused as refused:
        raise who.refuse(refused) from None


def _of_person(options: Mapping[str, Any], rules: Rules) -> _Asked:
    on = _day(options["on"]) if options["on"] else clock.today()
    person_id = records.person_of(options["person"], on)
    records.looked(officers.system(), person_id, at=clock.now())
    known = records.known_of(officers.system(), person_id, options["insurance"], options["year"])
    level = options["category"] or known.level or _likely(rules, known.facts, on)
    charged = known.charged
    return _Asked(
        rules=rules,
        facts=known.facts,
        level=level,
        on=on,
        history=known.history,
        charged_fen=charged.own_fen if charged else None,
        same_packs=charged is not None and charged.pack_sha256 == rules.fingerprint,
    )


def _by_hand(options: Mapping[str, Any], rules: Rules) -> _Asked:
    on = _day(options["on"]) if options["on"] else clock.today()
    for code in options["group"]:
        if code not in rules.groups:
            raise CommandError(
                _("The group %(code)s is not known here. Known are: %(known)s.")
                % {"code": code, "known": ", ".join(rules.groups) or "-"}
            )
    facts = PersonFacts(
        birth_on=_day(options["born"]),
        residency=Residency(options["residency"]),
        student=Student(options["student"]),
        groups=tuple(
            GroupEvidence(code, datetime.date.min, proven=True) for code in options["group"]
        ),
    )
    if facts.birth_on > on:
        raise CommandError(_("Nobody is insured before birth: --born is after --on."))
    return _Asked(
        rules=rules,
        facts=facts,
        level=options["category"] or _likely(rules, facts, on),
        on=on,
        history=History(frozenset(options["covered"])),
        charged_fen=None,
        same_packs=False,
    )


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            _("%(text)s is not a day. Write it like 2026-01-31.") % {"text": text}
        ) from None


def _likely(rules: Rules, facts: PersonFacts, on: datetime.date) -> str:
    likely = rules.likely_level(facts, on).level
    if likely is None:
        raise CommandError(
            _("Say which category or tier with --category: %(known)s.")
            % {"known": ", ".join(rules.definitions)}
        )
    return likely


def _answer(asked: _Asked, *, as_json: bool) -> str:
    price = asked.rules.price(asked.facts, asked.level, asked.on)
    return trace.write(price) if as_json else "\n".join(_lines(asked, price))


def _lines(asked: _Asked, price: Price) -> Iterator[str]:
    rules = asked.rules
    place = rules.chain[-1].pack.place_name
    yield _("%(insurance)s %(year)s, %(place)s, paid on %(day)s") % {
        "insurance": words.INSURANCES[rules.insurance],
        "year": rules.year,
        "place": words.in_language(place),
        "day": words.day(asked.on),
    }
    yield _("To pay: %(own)s yuan. The whole year costs %(whole)s yuan.") % {
        "own": money.in_yuan(price.own_fen),
        "whole": money.in_yuan(price.whole_fen),
    }
    if asked.charged_fen is not None:
        yield _charged(asked, price)
    for finding in rules.refusals(asked.facts, asked.on):
        yield f"  ! {words.in_language(finding.says)}"
    yield from _said(words.trace(price))
    collects = rules.collects(asked.on, asked.facts)
    yield words.window(collects)
    # Where no money is taken, nothing is said of the cover it would bring.
    cover = rules.cover(asked.facts, asked.on, asked.history) if collects.takes else None
    if cover:
        yield from _said(words.cover(cover))


def _charged(asked: _Asked, price: Price) -> str:
    facts = {"yuan": money.in_yuan(asked.charged_fen or 0)}
    if asked.charged_fen == price.own_fen:
        return _("Kept for this year when it was opened: %(yuan)s yuan, the same.") % facts
    if asked.same_packs:
        return _("Kept for this year when it was opened: %(yuan)s yuan, on other facts.") % facts
    return _("Kept for this year when it was opened: %(yuan)s yuan, by other packs.") % facts


def _said(sentences: list[Sentence]) -> Iterator[str]:
    """Each sentence, and its source with notes where it is another than that of the one before."""
    last: tuple[str, ...] = ()
    for one in sentences:
        yield f"  - {one.said}"
        behind = (one.source, *one.notes)
        if behind != last:
            yield from (f"      {text}" for text in behind)
        last = behind
