"""The face of the packs: parse one, load the shipped ones, check a file before it is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Final

from canbao.kernel.refusal import Refused
from canbao.policy.rules import examples
from canbao.policy.rules.faults import Fault, PackFault
from canbao.policy.rules.library import Library, places_of
from canbao.policy.rules.pack import Pack
from canbao.policy.rules.parsing import BYTES_MOST, parse
from canbao.policy.rules.values import Text, Value

__all__ = ["Gap", "Report", "admit", "check", "faults_in", "load_shipped", "parse"]

SHIPPED: Final = Path(__file__).parent.parent / "packs"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something a pack says was not found."""

    line: int
    key: str
    said: Text


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: faults stop the pack, gaps and unconfirmed values are only named."""

    file: str
    pack: Pack | None
    faults: tuple[Fault, ...]
    gaps: tuple[Gap, ...]
    values: int
    unconfirmed: int
    examples: int


@cache
def load_shipped(*, demo: bool) -> Library:
    """Load the packs that come with canbao; those of the demo county in demo mode only.

    Runs every worked example. Raises PackFault with all faults of all files.
    """
    faults: list[Fault] = []
    read: list[Pack] = []
    for path in sorted(SHIPPED.glob("*/*/*.toml")):
        name = path.relative_to(SHIPPED).as_posix()
        try:
            read.append(parse(path.read_bytes(), name=name))
        except PackFault as fault:
            faults.extend(fault.faults)
    faults.extend(_misplaced(read))
    if faults:
        raise PackFault(faults)
    library = Library(tuple(pack for pack in read if demo or not pack.demo), demo=demo)
    for pack in library.packs:
        faults.extend(faults_in(pack, library))
    if faults:
        raise PackFault(faults)
    return library


def faults_in(pack: Pack, library: Library) -> tuple[Fault, ...]:
    """Give what is wrong with a pack among the others: names that stand nowhere, examples that fail."""
    try:
        return tuple(examples.faults(pack, library))
    except PackFault as fault:
        return fault.faults
    except Refused as refused:
        return (Fault("pack_stands_alone", pack.file, 1, {"place": str(refused.facts["place"])}),)


def admit(library: Library, pack: Pack) -> Library:
    """Put a pack into force over a library, as publishing does.

    Raises PackFault when it names what stands nowhere, when an example of it or of a pack that inherits
    from it does not come out as written, or when it is a demo pack outside demo mode.
    """
    admitted = library.with_packs([pack])
    faults = faults_in(pack, admitted) or _faults_below(pack, admitted)
    if faults:
        raise PackFault(faults)
    return admitted


def check(path: Path, *, demo: bool = False) -> Report:
    """Check a file as if it came into force now, over the shipped packs. Writes nothing."""
    try:
        with path.open("rb") as file:
            data = file.read(BYTES_MOST + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return _report(path, None, (Fault("pack_unreadable", str(path), 1, {"reason": reason}),))
    try:
        pack = parse(data, name=str(path))
        library = admit(load_shipped(demo=demo or pack.demo), pack)
    except PackFault as fault:
        return _report(path, None, fault.faults)
    return _report(path, pack, (), library)


def _faults_below(pack: Pack, library: Library) -> tuple[Fault, ...]:
    """Give what a pack breaks in those that inherit from it."""
    return tuple(
        fault
        for other in library.packs
        if other is not pack and other.insurance == pack.insurance
        if pack.place in places_of(other.place)
        for fault in faults_in(other, library)
    )


def _report(
    path: Path, pack: Pack | None, faults: tuple[Fault, ...], library: Library | None = None
) -> Report:
    values = [value for _, held in values_of(pack) for value in held] if pack else []
    ran = sum(1 for _ in examples.run(pack, library)) if pack and library and not faults else 0
    return Report(
        file=str(path),
        pack=pack,
        faults=faults,
        gaps=tuple(gaps_of(pack)) if pack else (),
        values=len(values),
        unconfirmed=sum(not value.confirmed for value in values),
        examples=ran,
    )


def values_of(pack: Pack) -> Iterator[tuple[str, tuple[Value[object], ...]]]:
    for code, level in pack.levels.items():
        yield f"level.{code}.own", level.own
        yield f"level.{code}.subsidy", level.subsidy
    for code, group in pack.groups.items():
        yield f"group.{code}.priority", (group.priority,) if group.priority else ()
        yield f"group.{code}.help", group.help
    for code, rules in pack.rules.items():
        yield f"rule.{code}", rules
    for code, papers in pack.papers.items():
        yield f"paper.{code}", papers
    for code, refunds in pack.refunds.items():
        yield f"refund.{code}", refunds
    for term in fields(pack.terms):
        yield term.name, getattr(pack.terms, term.name)


def gaps_of(pack: Pack) -> Iterator[Gap]:
    for code, level in pack.levels.items():
        if level.not_found:
            yield Gap(level.line, f"level.{code}", level.not_found)


def _misplaced(read: list[Pack]) -> Iterator[Fault]:
    """Report files that do not stand where their content says, and years that two files claim."""
    claims: Counter[tuple[str, str, int | None]] = Counter()
    for pack in read:
        years = list(pack.years) if pack.years is not None else [None]
        stem = "always" if years[0] is None else str(years[0])
        stem += f"-{years[-1]}" if len(years) > 1 else ""
        expected = f"{pack.place}/{pack.insurance}/{stem}.toml"
        if pack.file != expected:
            yield Fault("pack_misplaced", pack.file, 1, {"expected": expected})
        for year in years:
            claims[pack.place, pack.insurance, year] += 1
            if claims[pack.place, pack.insurance, year] > 1:
                yield Fault("pack_twice", pack.file, 1, {"year": str(year or "always")})
