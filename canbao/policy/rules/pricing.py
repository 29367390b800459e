"""What a year costs one person and who pays: amount, help by one group, lateness, shares, each with its line."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from canbao.kernel.refusal import Refused
from canbao.policy.rules import conditions, covering
from canbao.policy.rules.answers import (
    Facts,
    Level,
    Line,
    Price,
    Said,
    Share,
    ShareKind,
    Step,
)
from canbao.policy.rules.chained import Chained
from canbao.policy.rules.definitions import GroupDefinition
from canbao.policy.rules.pack import Help, Way
from canbao.policy.rules.person import GroupEvidence, PersonFacts
from canbao.policy.rules.values import Payer

K = TypeVar("K", bound=Hashable)


def price(
    rules: Chained, person: PersonFacts, level: str, on: date, *, collective_fen: int = 0
) -> Price:
    """Work out a price; see `Rules.price`."""
    chosen = _with_amount(rules, level, on)
    own, *public = chosen.shares
    because = _because(rules, person, chosen, on)
    trace = [Line(Step.OWN_AMOUNT, Payer.OWN, own.fen, chosen.name, own.standing, because)]
    proven = [evidence for evidence in person.groups_on(on) if evidence.proven]
    group, helped = helper(rules, {evidence.code for evidence in proven}, level, on)
    evidence = next((one for one in proven if group and one.code == group.code), None)
    shares, paid_back = [own], None
    if group is not None and helped is not None:
        aid = _aid(helped, own.fen)
        exempt = helped.it.way is Way.EXEMPT
        step = Step.TAKEN_OVER if exempt else Step.PAID_BACK
        facts = _evidence_facts(evidence)
        trace.append(Line(step, aid.payer, aid.fen, group.name, aid.standing, facts, aid.name))
        trace += _gives_way(rules, proven, group, level, on)
        if exempt:
            shares = [replace(own, fen=own.fen - aid.fen), *([aid] if aid.fen else [])]
        else:
            paid_back = aid if aid.fen else None
    late = _late(rules, person, on)
    if late is None:
        shares += public
        trace += [_share_line(share) for share in public]
    else:
        added = sum(share.fen for share in public)
        shares[0] = replace(shares[0], fen=shares[0].fen + added)
        trace.append(Line(Step.LATE, Payer.OWN, added, chosen.name, late.standing))
        trace += [replace(_share_line(share), code=Step.NOT_PAID) for share in public]
    if collective_fen:
        added_by_village = _collective(rules, collective_fen, on)
        shares.append(added_by_village)
        trace.append(_share_line(added_by_village))
    return _priced(
        rules,
        level,
        on,
        shares,
        trace,
        group=group.code if group else None,
        evidence=evidence,
        paid_back=paid_back,
    )


def price_all(
    rules: Chained, people: Mapping[K, tuple[PersonFacts, str]], on: date
) -> tuple[dict[K, Price], dict[K, Refused]]:
    """Price many; see `Rules.price_all`."""
    known: dict[tuple[object, ...], Price | Refused] = {}
    prices: dict[K, Price] = {}
    refused: dict[K, Refused] = {}
    for key, (person, level) in people.items():
        alike = (level, *person.alike_on(on))
        if alike not in known:
            try:
                known[alike] = price(rules, person, level, on)
            except Refused as refusal:
                known[alike] = refusal
        answer = known[alike]
        if isinstance(answer, Price):
            prices[key] = answer
        else:
            refused[key] = answer
    return prices, refused


def back_payment(
    rules: Chained, person: PersonFacts, level: str, missed_year: int, on: date
) -> Price:
    """Price one missed year; see `Rules.back_payment`."""
    said = rules.said(rules.terms.back_payment, on)
    if said is None or said.it.years_most == 0:
        raise Refused("back_payment_not_offered", place=rules.place, year=missed_year)
    if missed_year >= rules.year:
        raise Refused("back_payment_not_missed", year=missed_year)
    if said.it.years_most is not None and rules.year - missed_year > said.it.years_most:
        raise Refused("back_payment_too_old", year=missed_year, most=said.it.years_most)
    chosen = _with_amount(rules, level, on)
    own, *public = chosen.shares
    because = (("year", str(missed_year)),)
    trace = [
        Line(
            Step.OWN_AMOUNT,
            Payer.OWN,
            own.fen,
            chosen.name,
            own.standing,
            _because(rules, person, chosen, on),
        ),
        Line(Step.BACK_PAYMENT, Payer.OWN, 0, chosen.name, said.standing, because),
    ]
    shares = [own, *(public if said.it.subsidised else [])]
    trace += [_share_line(share) for share in shares[1:]]
    return _priced(rules, level, on, shares, trace, missed_year=missed_year)


def helper(
    rules: Chained, held: set[str], level: str, on: date
) -> tuple[GroupDefinition | None, Said[Help] | None]:
    """Find the group whose help counts: the first by priority among those held."""
    for group in _in_order(rules, held):
        said = rules.said(group.help, on)
        if said and (said.it.levels is None or level in said.it.levels):
            return group, said
    return None, None


def _priced(
    rules: Chained,
    level: str,
    on: date,
    shares: Sequence[Share],
    trace: Sequence[Line],
    *,
    group: str | None = None,
    evidence: GroupEvidence | None = None,
    paid_back: Share | None = None,
    missed_year: int | None = None,
) -> Price:
    return Price(
        place=rules.place,
        insurance=str(rules.insurance),
        year=rules.year,
        on=on,
        level=level,
        own_fen=shares[0].fen,
        shares=tuple(shares),
        group=group,
        evidence=evidence,
        paid_back=paid_back,
        missed_year=missed_year,
        trace=tuple(trace),
        packs=tuple(link.pack.sha256 for link in rules.chain),
        fingerprint=rules.fingerprint,
    )


def _with_amount(rules: Chained, level: str, on: date) -> Level:
    chosen = rules.level(level, on)
    if chosen.own_fen is None:
        raise Refused("level_without_amount", level=level, place=rules.place, year=rules.year)
    return chosen


def _because(rules: Chained, person: PersonFacts, chosen: Level, on: date) -> Facts:
    """Give the person's facts by which the level fits; nothing where it was chosen freely."""
    met = conditions.met(rules.definitions[chosen.code].fits, person, on)
    return met.answers(person, on) if met else ()


def _evidence_facts(evidence: GroupEvidence | None) -> Facts:
    if evidence is None:
        return ()
    facts = [("evidence", evidence.evidence)]
    if evidence.from_on > date.min:
        facts.append(("from_on", evidence.from_on.isoformat()))
    if evidence.to_on:
        facts.append(("to_on", evidence.to_on.isoformat()))
    return tuple((name, value) for name, value in facts if value)


def _in_order(rules: Chained, held: Iterable[str]) -> list[GroupDefinition]:
    groups = [rules.groups[code] for code in held if code in rules.groups]
    return sorted(groups, key=lambda group: group.priority)


def _aid(helped: Said[Help], own_fen: int) -> Share:
    fen = helped.it.taken_over_fen(own_fen)
    return Share(helped.it.payer, fen, helped.it.paid_by, helped.standing, ShareKind.HELP)


def _gives_way(
    rules: Chained, proven: Iterable[GroupEvidence], winner: GroupDefinition, level: str, on: date
) -> list[Line]:
    """Name the groups whose help would have counted, had the winner not come first."""
    lines = []
    for group in _in_order(rules, {one.code for one in proven} - {winner.code}):
        said, place = rules.said(group.help, on), rules.said(group.place, on)
        if said and place and (said.it.levels is None or level in said.it.levels):
            lines.append(Line(Step.GIVES_WAY, said.it.payer, 0, group.name, place.standing))
    return lines


def _late(rules: Chained, person: PersonFacts, on: date) -> Said[object] | None:
    """Give the rule by which a late payer pays the public share as well, where it holds for them."""
    said = rules.said(rules.terms.late, on)
    if said is None or not said.it.pays_subsidy or not covering.is_late(rules, on):
        return None
    if covering.in_newborn_window(rules, person, on):
        return None
    return None if conditions.met(said.it.unless, person.as_proven(), on) else said


def _collective(rules: Chained, fen: int, on: date) -> Share:
    limit = rules.collective(on)
    if limit is None or not limit.least_fen <= fen <= limit.most_fen:
        least, most = (limit.least_fen, limit.most_fen) if limit else (0, 0)
        raise Refused("collective_outside_limits", fen=fen, least_fen=least, most_fen=most)
    return Share(Payer.COLLECTIVE, fen, None, limit.standing, ShareKind.COLLECTIVE)


def _share_line(share: Share) -> Line:
    return Line(Step.SHARE, share.payer, share.fen, share.standing.place_name, share.standing)
