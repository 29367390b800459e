"""All packs in force, and the chain from country to county that gives the rules of one place and year."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from canbao.kernel.refusal import Refused
from canbao.policy.rules import fitting
from canbao.policy.rules.conditions import Condition
from canbao.policy.rules.definitions import (
    GroupDefinition,
    LevelDefinition,
    Link,
    Placed,
    PlacedTerms,
)
from canbao.policy.rules.faults import Fault, PackFault
from canbao.policy.rules.pack import Pack
from canbao.policy.rules.person import Insurance
from canbao.policy.rules.reading import suggestion
from canbao.policy.rules.resolved import Rules
from canbao.policy.rules.terms import Season
from canbao.policy.rules.values import Section, Value

T = TypeVar("T")


def places_of(county: str) -> tuple[str, ...]:
    """Give the chain of codes that a county inherits from, country first (GB/T 2260)."""
    chain = ("000000", f"{county[:2]}0000", f"{county[:4]}00", county)
    return tuple(dict.fromkeys(chain))


@dataclass(frozen=True, slots=True)
class Library:
    """The packs in force; a later pack stands before an earlier one of the same place and years."""

    packs: tuple[Pack, ...]
    demo: bool = False

    def with_packs(self, packs: Iterable[Pack]) -> Library:
        """Add packs in the order in which they came into force; refuses a demo pack outside demo mode."""
        added = tuple(packs)
        faults = [
            Fault("pack_demo_only", pack.file, 1) for pack in added if pack.demo and not self.demo
        ]
        if faults:
            raise PackFault(faults)
        return replace(self, packs=self.packs + added)

    def only(self, hashes: Iterable[str]) -> Library:
        """Give a library of just these packs, by which a stored price is worked out as it was then.

        Refuses `packs_gone` when one of them is not in this library any more.
        """
        wanted = set(hashes)
        packs = tuple(pack for pack in self.packs if pack.sha256 in wanted)
        missing = wanted - {pack.sha256 for pack in packs}
        if missing:
            raise Refused("packs_gone", count=len(missing))
        return replace(self, packs=packs)

    def links(self, place: str, insurance: str, year: int) -> tuple[Link, ...]:
        """Give the packs of one place for a year: what holds every year, then the year's own.

        Where the year has no pack, the latest published year before it stands in, and says so.
        """
        here = [pack for pack in self.packs if (pack.place, pack.insurance) == (place, insurance)]
        always = [pack for pack in here if pack.years is None][-1:]
        dated = [pack for pack in here if pack.years is not None]
        covered = [one for pack in dated for one in pack.years or () if one <= year]
        links = [Link(pack, None) for pack in always]
        if covered:
            latest = max(covered)
            pack = next(pack for pack in reversed(dated) if pack.covers(latest))
            links.append(Link(pack, None if latest == year else latest))
        return tuple(links)

    def resolve(self, county: str, insurance: str, year: int) -> Rules:
        """Gather the rules of a county for a cover year along its chain.

        Refuses a place and year for which nothing at all is published (`policy_not_published`). Raises
        PackFault when the packs do not fit together.
        """
        chain = tuple(
            link for place in places_of(county) for link in self.links(place, insurance, year)
        )
        if not any(link.pack.years is not None for link in chain):
            raise Refused("policy_not_published", place=county, insurance=insurance, year=year)
        faults: list[Fault] = []
        rules = Rules(
            place=county,
            insurance=Insurance(insurance),
            year=year,
            chain=chain,
            fingerprint=_fingerprint(chain, county, insurance, year),
            definitions=_levels(chain, faults),
            groups=_groups(chain, faults),
            rules=_placed(_in_section(chain, Section.RULE), lambda pack: pack.rules),
            papers=_placed(_in_section(chain, Section.PAPER), lambda pack: pack.papers),
            terms=_terms(chain),
        )
        _check_names(rules, faults)
        if faults:
            raise PackFault(faults)
        return rules

    def fingerprint(self, county: str, insurance: str, year: int) -> str:
        """Give the SHA-256 over the chain of packs, which a case and a price keep."""
        return self.resolve(county, insurance, year).fingerprint


def _fingerprint(chain: Sequence[Link], county: str, insurance: str, year: int) -> str:
    said = [f"{county} {insurance} {year}", *(link.pack.sha256 for link in chain)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _in_section(chain: Sequence[Link], section: Section) -> tuple[Link, ...]:
    """Give the packs that count for a section: from the last one that states it in full."""
    first = max(
        (place for place, link in enumerate(chain) if section in link.pack.replaces), default=0
    )
    return tuple(chain[first:])


def _placed(
    chain: Sequence[Link], of: Callable[[Pack], Mapping[str, tuple[Value[T], ...]]]
) -> dict[str, Placed[T]]:
    """Gather named values; what a lower pack says about a name takes the place of all said above."""
    return {code: Placed(values, link) for link in chain for code, values in of(link.pack).items()}


def _last(chain: Sequence[Link], of: Callable[[Pack], tuple[Value[T], ...]]) -> Placed[T] | None:
    stated = [Placed(of(link.pack), link) for link in chain if of(link.pack)]
    return stated[-1] if stated else None


def _terms(chain: Sequence[Link]) -> PlacedTerms:
    return PlacedTerms(
        season=_last(chain, lambda pack: pack.terms.season),
        opening=_last(chain, _opening),
        cover=_last(chain, lambda pack: pack.terms.cover),
        waiting=_last(chain, lambda pack: pack.terms.waiting),
        newborn=_last(chain, lambda pack: pack.terms.newborn),
        late=_last(chain, lambda pack: pack.terms.late),
        cash=_last(chain, lambda pack: pack.terms.cash),
        back_payment=_last(chain, lambda pack: pack.terms.back_payment),
        collective=_last(chain, lambda pack: pack.terms.collective),
        refunds=_placed(_in_section(chain, Section.REFUND), lambda pack: pack.refunds),
    )


def _opening(pack: Pack) -> tuple[Value[Season], ...]:
    return tuple(value for value in pack.terms.season if value.it.opens_on is not None)


def _levels(chain: Sequence[Link], faults: list[Fault]) -> dict[str, LevelDefinition]:
    levels: dict[str, LevelDefinition] = {}
    lines: dict[str, tuple[str, int]] = {}
    fitted: dict[str, tuple[str, int]] = {}
    for link in _in_section(chain, Section.LEVEL):
        for code, part in link.pack.levels.items():
            above = levels.get(code)
            name = part.name or (above.name if above else None)
            if name is None:
                faults.append(_unnamed("level", code, levels, link.pack, part.line))
                continue
            not_found = part.not_found or (above.not_found if above and not part.own else None)
            levels[code] = LevelDefinition(
                code=code,
                name=name,
                hint=part.hint or (above.hint if above else None),
                person_types=part.person_types or (above.person_types if above else ()),
                fits=part.fits or (above.fits if above else ()),
                own=Placed(part.own, link) if part.own else (above.own if above else None),
                subsidy=Placed(part.subsidy, link)
                if part.subsidy
                else (above.subsidy if above else None),
                not_found=not_found,
            )
            lines[code] = (link.pack.file, part.line)
            if part.fits:
                fitted[code] = lines[code]
    faults.extend(fitting.faults(levels, fitted))
    for code, level in levels.items():
        if level.own is None and level.not_found is None:
            file, line = lines[code]
            faults.append(Fault("pack_level_silent", file, line, {"key": f"level.{code}"}))
    return levels


def _groups(chain: Sequence[Link], faults: list[Fault]) -> dict[str, GroupDefinition]:
    groups: dict[str, GroupDefinition] = {}
    for link in _in_section(chain, Section.GROUP):
        for code, part in link.pack.groups.items():
            above = groups.get(code)
            name = part.name or (above.name if above else None)
            inherited = above.place if above else None
            place = Placed((part.priority,), link) if part.priority else inherited
            if name is None or place is None:
                faults.append(_unnamed("group", code, groups, link.pack, part.line))
                continue
            priority = place.values[0].it
            same = [one.code for one in groups.values() if one.priority == priority]
            if same and same != [code]:
                facts: dict[str, str | int] = {
                    "key": f"group.{code}",
                    "other": same[0],
                    "place": priority,
                }
                faults.append(Fault("pack_same_priority", link.pack.file, part.line, facts))
            helped = Placed(part.help, link) if part.help else (above.help if above else None)
            groups[code] = GroupDefinition(code, name, place, helped)
    return groups


def _unnamed(kind: str, code: str, known: Iterable[str], pack: Pack, line: int) -> Fault:
    near = suggestion(code, known) or ", ".join(known) or "-"
    return Fault("pack_incomplete", pack.file, line, {"key": f"{kind}.{code}", "near": near})


def _check_names(rules: Rules, faults: list[Fault]) -> None:
    """Report groups and levels that are named somewhere but stand nowhere in the chain."""
    asked: list[tuple[Pack, int, Iterable[str], Mapping[str, object]]] = []
    for rule in rules.rules.values():
        asked += [
            (rule.link.pack, value.line, _groups_in(value.it.refuse_when), rules.groups)
            for value in rule.values
        ]
    for paper in rules.papers.values():
        asked += [
            (paper.link.pack, value.line, _groups_in(value.it.when), rules.groups)
            for value in paper.values
        ]
    terms = rules.terms
    for placed in (one for one in (terms.waiting, terms.late) if one is not None):
        asked += [
            (placed.link.pack, value.line, _groups_in(value.it.unless), rules.groups)
            for value in placed.values
        ]
    for helped in (group.help for group in rules.groups.values() if group.help):
        asked += [
            (helped.link.pack, value.line, value.it.levels or (), rules.definitions)
            for value in helped.values
        ]
    for pack, line, names, known in asked:
        for name in sorted(set(names) - set(known)):
            near = suggestion(name, known) or ", ".join(known) or "-"
            faults.append(
                Fault("pack_unknown_name", pack.file, line, {"value": name, "near": near})
            )


def _groups_in(conditions: Sequence[Condition]) -> set[str]:
    return {group for condition in conditions for group in condition.groups or ()}
