"""Running the worked examples of a pack against the rules that the pack gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from canbao.kernel.refusal import Refused
from canbao.policy.rules.answers import History, RefundFacts
from canbao.policy.rules.faults import Fault
from canbao.policy.rules.library import Library
from canbao.policy.rules.pack import Example, Pack
from canbao.policy.rules.person import PersonFacts
from canbao.policy.rules.resolved import Rules
from canbao.policy.rules.values import day_in


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
    expected = _expected(example, rules.year)
    got = {
        "likely": rules.likely_level(person, on).level or "none",
        "refused_by": {finding.code for finding in rules.refusals(person, on)},
        "papers": {paper.code for paper in rules.required_papers(person, on)},
        "family_form": rules.family_form_required(person, on) is not None,
        "collects": str(rules.collects(on, person).state),
        **_priced(example, rules, person, on),
        **_covered(example, rules, person, on),
        **_refunded(example, rules, on),
    }
    return ExampleRun(example, rules.year, expected, {name: got[name] for name in expected})


def _expected(example: Example, year: int) -> dict[str, object]:
    """Give what must come out by name; what an example does not say is left out."""
    expected: dict[str, object] = {
        "likely": example.likely,
        "refused_by": None if example.refused_by is None else set(example.refused_by),
        "papers": None if example.papers is None else set(example.papers),
        "family_form": example.family_form,
        "own_fen": example.own_fen,
        "whole_fen": example.whole_fen,
        "back_fen": example.back_fen,
        "collects": example.collects,
    }
    if example.cover:
        from_on, to_on = example.cover.from_on, example.cover.to_on
        expected["cover.from_on"] = day_in(from_on, year) if from_on else "none"
        expected["cover.to_on"] = day_in(to_on, year) if to_on else None
        expected["cover.waiting_months"] = example.cover.waiting_months
    if example.refund:
        expected["refund.allowed"] = example.refund.allowed
    if example.back:
        expected["missed.own_fen"] = example.back.own_fen
        expected["missed.whole_fen"] = example.back.whole_fen
    return {name: value for name, value in expected.items() if value is not None}


def _priced(example: Example, rules: Rules, person: PersonFacts, on: date) -> dict[str, object]:
    got: dict[str, object] = {}
    if example.level is None:
        return got
    try:
        added = example.collective_fen
        price = rules.price(person, example.level, on, collective_fen=added)
        back = price.paid_back.fen if price.paid_back else 0
        got |= {"own_fen": price.own_fen, "whole_fen": price.whole_fen, "back_fen": back}
    except Refused as refused:
        got |= dict.fromkeys(("own_fen", "whole_fen", "back_fen"), refused.code)
    if example.back:
        try:
            missed = rules.back_payment(person, example.level, example.back.year, on)
            got |= {"missed.own_fen": missed.own_fen, "missed.whole_fen": missed.whole_fen}
        except Refused as refused:
            got |= dict.fromkeys(("missed.own_fen", "missed.whole_fen"), refused.code)
    return got


def _covered(example: Example, rules: Rules, person: PersonFacts, on: date) -> dict[str, object]:
    if example.cover is None:
        return {}
    said = example.cover
    history = History(said.covered, said.repaid, said.first_known)
    answer = rules.cover(person, on, history)
    if answer is None:
        return dict.fromkeys(("cover.from_on", "cover.to_on", "cover.waiting_months"), "unsaid")
    return {
        "cover.from_on": answer.from_on or "none",
        "cover.to_on": answer.to_on,
        "cover.waiting_months": answer.waiting_months,
    }


def _refunded(example: Example, rules: Rules, on: date) -> dict[str, object]:
    if example.refund is None:
        return {}
    said = example.refund
    facts = RefundFacts(
        asked_on=on,
        paid_on=day_in(said.paid_on, rules.year),
        cover_from_on=day_in(said.cover_from_on, rules.year) if said.cover_from_on else None,
        benefits_drawn=said.benefits_drawn,
    )
    return {"refund.allowed": rules.refund(said.reason, facts).allowed}


def _shown(value: object) -> str:
    if isinstance(value, set):
        return ", ".join(sorted(value)) or "-"
    return str(value)
