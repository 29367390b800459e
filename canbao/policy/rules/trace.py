"""The trace of a price as text that is stored with a charge, and what has changed when it is worked out again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from canbao.kernel import canonical
from canbao.kernel.refusal import Refused
from canbao.policy.rules.answers import (
    CoverAnswer,
    CoverLine,
    CoverStep,
    Line,
    Price,
    Share,
    ShareKind,
    Standing,
    Step,
)
from canbao.policy.rules.person import GroupEvidence, PersonFacts
from canbao.policy.rules.resolved import Rules
from canbao.policy.rules.values import Grade, Payer, Text

_FORM: Final = 1


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that came out otherwise than it was stored; `what` is a path like `line.taken_over.aid`."""

    what: str
    stored: str
    now: str


def write(price: Price) -> str:
    """Write a price as canonical JSON, each source once. People who are alike get the same text.

    `read` gives back the equal price.
    """
    sources: list[Standing] = []

    def placed(standing: Standing) -> int:
        if standing not in sources:
            sources.append(standing)
        return sources.index(standing)

    def share(one: Share) -> dict[str, Any]:
        return _without(one, "standing") | {"source": placed(one.standing)}

    lines = [_without(line, "standing") | {"source": placed(line.standing)} for line in price.trace]
    return canonical.text(
        _without(price, "shares", "trace", "paid_back")
        | {
            "form": _FORM,
            "shares": [share(one) for one in price.shares],
            "paid_back": share(price.paid_back) if price.paid_back else None,
            "trace": lines,
            "sources": sources,
        }
    )


def read(text: str) -> Price:
    """Read what `write` wrote. Refuses anything else (`trace_unreadable`)."""
    try:
        data = json.loads(text)
        if data.pop("form") != _FORM:
            raise Refused("trace_unreadable")
        sources = [_standing(one) for one in data.pop("sources")]
        back, evidence = data["paid_back"], data["evidence"]
        return Price(
            **data
            | {
                "on": date.fromisoformat(data["on"]),
                "shares": tuple(_share(one, sources) for one in data["shares"]),
                "evidence": _evidence(evidence) if evidence else None,
                "paid_back": _share(back, sources) if back else None,
                "trace": tuple(_line(one, sources) for one in data["trace"]),
                "packs": tuple(data["packs"]),
            }
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise Refused("trace_unreadable") from error


def again(rules: Rules, person: PersonFacts, stored: Price) -> Price:
    """Work a stored price out again by some rules: the same level, day, missed year and village's addition.

    Refuses as `Rules.price` and `Rules.back_payment`.
    """
    if stored.missed_year is not None:
        return rules.back_payment(person, stored.level, stored.missed_year, stored.on)
    by_pack = rules.level(stored.level, stored.on).shares
    added = _collective(stored.shares) - _collective(by_pack)
    return rules.price(person, stored.level, stored.on, collective_fen=max(added, 0))


def read_cover(text: str) -> CoverAnswer:
    """Read the answer of `Rules.cover` as it is kept with a cover. Refuses anything else (`trace_unreadable`)."""
    try:
        data = json.loads(text)
        day = data["from_on"]
        return CoverAnswer(
            from_on=date.fromisoformat(day) if day else None,
            to_on=date.fromisoformat(data["to_on"]),
            waiting_months=data["waiting_months"],
            gap_years=tuple(data["gap_years"]),
            why=tuple(
                CoverLine(
                    CoverStep(one["code"]),
                    tuple((name, value) for name, value in one["facts"]),
                    _standing(one["standing"]),
                )
                for one in data["why"]
            ),
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise Refused("trace_unreadable") from error


def compare(stored: Price, now: Price) -> tuple[Difference, ...]:
    """Give what differs between a stored price and the same worked out again; empty when they agree.

    The same amounts from another source, or from packs with other bytes, are a difference too.
    """
    before, after = _flat(stored), _flat(now)
    return tuple(
        Difference(what, before.get(what, "-"), after.get(what, "-"))
        for what in dict.fromkeys([*before, *after])
        if before.get(what) != after.get(what)
    )


def _flat(price: Price) -> dict[str, str]:
    flat = {
        "level": price.level,
        "own_fen": str(price.own_fen),
        "whole_fen": str(price.whole_fen),
        "group": price.group or "-",
        "paid_back_fen": str(price.paid_back.fen if price.paid_back else 0),
        "packs": price.fingerprint,
    }
    for share in price.shares:
        flat[f"share.{share.kind}.{share.payer}"] = str(share.fen)
    for line in price.trace:
        key = f"line.{line.code}.{line.payer}.{line.name.en}"
        flat[key] = str(line.fen)
        flat[f"{key}.source"] = f"{line.standing.address} {line.standing.published_on or '-'}"
        flat[f"{key}.confirmed"] = str(line.standing.confirmed).lower()
        flat[f"{key}.because"] = " ".join(f"{name}={value}" for name, value in line.because) or "-"
    return flat


def _collective(shares: Iterable[Share]) -> int:
    return sum(share.fen for share in shares if share.kind is ShareKind.COLLECTIVE)


def _without(value: Any, *left_out: str) -> dict[str, Any]:
    names = type(value).__dataclass_fields__
    return {name: getattr(value, name) for name in names if name not in left_out}


def _text(data: dict[str, str] | None) -> Text | None:
    return Text(**data) if data else None


def _standing(data: dict[str, Any]) -> Standing:
    published_on = data["published_on"]
    return Standing(
        **data
        | {
            "title": Text(**data["title"]),
            "grade": Grade(data["grade"]),
            "published_on": date.fromisoformat(published_on) if published_on else None,
            "place_name": Text(**data["place_name"]),
        }
    )


def _share(data: dict[str, Any], sources: list[Standing]) -> Share:
    return Share(
        Payer(data["payer"]),
        data["fen"],
        _text(data["name"]),
        sources[data["source"]],
        ShareKind(data["kind"]),
    )


def _line(data: dict[str, Any], sources: list[Standing]) -> Line:
    return Line(
        Step(data["code"]),
        Payer(data["payer"]),
        data["fen"],
        Text(**data["name"]),
        sources[data["source"]],
        tuple((name, value) for name, value in data["because"]),
        _text(data["payer_name"]),
    )


def _evidence(data: dict[str, Any]) -> GroupEvidence:
    to_on = data["to_on"]
    return GroupEvidence(
        **data
        | {
            "from_on": date.fromisoformat(data["from_on"]),
            "to_on": date.fromisoformat(to_on) if to_on else None,
        }
    )
