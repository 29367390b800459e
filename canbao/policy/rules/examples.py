"""Running the worked examples of a pack against the rules that the pack gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from canbao.kernel.refusal import Refused
from canbao.policy.rules.faults import Fault
from canbao.policy.rules.library import Library
from canbao.policy.rules.pack import Example, Pack, day_in
from canbao.policy.rules.resolved import Rules


@dataclass(frozen=True, slots=True)
class ExampleRun:
    """One example in one cover year: what was expected and what came out, by name."""

    example: Example
    year: int
    expected: dict[str, object]
    got: dict[str, object]

    @property
    def holds(self) -> bool:
        return self.expected == self.got


def run(pack: Pack, library: Library) -> Iterator[ExampleRun]:
    """Run each example of a pack, once for every cover year it speaks of.

    A year for which a later pack has taken its place is left out.
    """
    for year in _years(pack):
        rules = library.resolve(pack.place, pack.insurance, year)
        if all(link.pack is not pack for link in rules.chain):
            continue
        for example in pack.examples:
            if example.year in {None, year}:
                yield _run(example, rules)


def faults(pack: Pack, library: Library) -> Iterator[Fault]:
    """Give a fault for each example that does not come out as written."""
    for done in run(pack, library):
        for name, expected in done.expected.items():
            if done.got[name] != expected:
                facts: dict[str, str | int] = {
                    "about": done.example.about,
                    "year": done.year,
                    "name": name,
                    "expected": _shown(expected),
                    "got": _shown(done.got[name]),
                }
                yield Fault("pack_example_fails", pack.file, done.example.line, facts)


def _years(pack: Pack) -> list[int]:
    if pack.years is not None:
        return list(pack.years)
    return sorted({example.year for example in pack.examples if example.year is not None})


def _run(example: Example, rules: Rules) -> ExampleRun:
    on = day_in(example.on, rules.year)
    person = example.person
    if example.age is not None:
        person = replace(person, birth_on=date(on.year - example.age, 1, 1))
    got: dict[str, object] = {
        "likely": rules.likely_level(person, on).level or "none",
        "refused_by": {finding.code for finding in rules.refusals(person, on)},
        "papers": {paper.code for paper in rules.required_papers(person, on)},
        "family_form": rules.family_form_required(person, on) is not None,
    }
    if example.level is not None:
        try:
            price = rules.price(person, example.level, on)
            got |= {"own_fen": price.own_fen, "whole_fen": price.whole_fen}
        except Refused as refused:
            got |= {"own_fen": refused.code, "whole_fen": refused.code}
    expected: dict[str, object] = {
        "likely": example.likely,
        "refused_by": None if example.refused_by is None else set(example.refused_by),
        "papers": None if example.papers is None else set(example.papers),
        "family_form": example.family_form,
        "own_fen": example.own_fen,
        "whole_fen": example.whole_fen,
    }
    expected = {name: value for name, value in expected.items() if value is not None}
    return ExampleRun(example, rules.year, expected, {name: got[name] for name in expected})


def _shown(value: object) -> str:
    if isinstance(value, set):
        return ", ".join(sorted(value)) or "-"
    return str(value)
