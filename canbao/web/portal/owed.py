"""What a family owes, made ready for its pages: people with their lines, the sum, and who pays the whole cost."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext, ngettext

from canbao.kernel import money as money_text
from canbao.payments import owing
from canbao.payments.charges import ChargeRow, State
from canbao.payments.owing import Owed
from canbao.people import codes, households
from canbao.policy import published
from canbao.policy import words as said
from canbao.policy.rules.answers import ShareKind
from canbao.policy.rules.resolved import Rules
from canbao.web.portal import words
from canbao.web.theme import format as say
from canbao.web.theme.format import day, money, sentence_gap

# Below so many thousandths of the bar its figure has no room; it stands in the list below all the same.
_ROOM: Final = 120
_MILLE: Final = 1000


@dataclass(frozen=True, slots=True)
class Family:
    """The persons on the pages of one phone: the own household, and whom it looked up by number."""

    relations: Mapping[UUID, str]
    elsewhere: frozenset[UUID]

    @property
    def ids(self) -> list[UUID]:
        """Everybody."""
        return [*self.relations, *(one for one in self.elsewhere if one not in self.relations)]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person on the page."""

    charge_id: UUID
    person_id: UUID
    name: str
    relation: str
    fen: int
    about: str
    state: str
    helped: str
    list_of: str
    cover: tuple[str, ...]
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class PayerLine:
    """What one payer pays of the whole cost, and where its part of the bar begins, and how wide it is."""

    text: str
    about: str
    fen: int
    kind: str
    start: str
    width: str
    figure: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page of one insurance and year."""

    insurance: str
    year: int
    people: Sequence[PersonLine]
    payers: Sequence[PayerLine]
    whole_fen: int
    due_fen: int
    pay_by: str
    late: str
    window: str

    @property
    def title(self) -> str:
        """您家 2026 年医保."""
        return title(self.insurance, self.year)


def title(insurance: str, year: int) -> str:
    """您家 2026 年医保; your family's medical insurance 2026."""
    facts = {"year": year, "insurance": words.SHORT[insurance]}
    return gettext("Your family's %(insurance)s %(year)s") % facts


def family(person_id: UUID | None, elsewhere: Iterable[UUID]) -> Family:
    """The persons of a bound phone; two statements."""
    own = households.of(person_id) if person_id else []
    return Family({one.person_id: one.relation for one in own}, frozenset(elsewhere))


def sheet(
    rules: Rules, charges: Sequence[ChargeRow], of: Family, on: datetime.date
) -> tuple[Sheet, list[Owed]]:
    """Everything the page of these charges says."""
    rows = owing.of(rules, charges, on)
    rows.sort(key=lambda one: (_order(of, one), one.birth_on))
    season = owing.season(rules, on)
    due = sum(one.due_fen for one in rows)
    made = Sheet(
        insurance=str(rules.insurance),
        year=rules.year,
        people=[_person(one, of) for one in rows],
        payers=_payers(rows, of),
        whole_fen=sum(one.price.whole_fen for one in rows),
        due_fen=due,
        pay_by=_pay_by(season, on),
        late=_late(season, on),
        window=said.window(rules.collects(on)),
    )
    return made, rows


def first_due(groups: Mapping[tuple[str, int], Sequence[ChargeRow]]) -> tuple[str, int] | None:
    """What to show first: the earliest year in which something is due, else the latest year."""
    open_ones = [key for key, rows in groups.items() if any(one.due_fen for one in rows)]
    if open_ones:
        return min(open_ones, key=lambda key: (key[1], -int(key[0])))
    return max(groups, key=lambda key: (key[1], int(key[0])), default=None)


def waits(insurance: str, year: int, on: datetime.date) -> list[str]:
    """By when it is to be paid, and from when that covers, in words; nothing where the rules do not say."""
    season = owing.season(published.rules(insurance, year), on)
    from_on = season.covered_from
    covers = gettext("Paid today, it covers from %(day)s.") % {
        "day": day(from_on, today=on)
    } if from_on else ""  # fmt: skip
    return [one for one in (_pay_by(season, on), covers) if one]


def _pay_by(season: owing.Season, on: datetime.date) -> str:
    """By when it is to be paid and how long that is, in words; empty where the rules do not say or it is over."""
    last = season.pay_by
    if last is None or last < on:
        return ""
    if last == on:
        return gettext("Today is the last day to pay.")
    days = (last - on).days
    return ngettext(
        "Pay by %(day)s, %(days)s day left.", "Pay by %(day)s, %(days)s days left.", days
    ) % {"day": day(last, today=on), "days": days}


def _late(season: owing.Season, on: datetime.date) -> str:
    """What paying late costs. Where the period is extended, only what comes after the extension is late."""
    months = season.waiting_months
    if season.in_time_to is None or not months:
        return ""
    return ngettext(
        "If you pay after %(day)s, nothing is paid back for %(months)s month.",
        "If you pay after %(day)s, nothing is paid back for %(months)s months.",
        months,
    ) % {"day": day(season.in_time_to, today=on), "months": months}


def _order(of: Family, one: Owed) -> tuple[int, str]:
    return (one.charge.own_fen == 0, of.relations.get(one.charge.person_id, "~"))


def _person(one: Owed, of: Family) -> PersonLine:
    relation = of.relations.get(one.charge.person_id, "")
    elsewhere = one.charge.person_id not in of.relations
    return PersonLine(
        charge_id=one.charge.id,
        person_id=one.charge.person_id,
        name=one.name,
        relation=codes.RELATION.label(relation) if relation else "",
        fen=one.due_fen or one.charge.own_fen,
        about=_about(one),
        state=_state(one),
        # Why others pay for somebody is told to the own household only.
        helped="" if elsewhere else _helped(one),
        list_of="" if elsewhere else _list_of(one),
        cover=tuple(line.said for line in said.cover(one.cover))
        if one.cover and one.differs
        else (),
        elsewhere=elsewhere,
    )


def _state(one: Owed) -> str:
    if one.charge.own_fen == 0:
        return "paid_for"
    return "paid" if one.charge.state == State.SETTLED else "unpaid"


def _about(one: Owed) -> str:
    level = said.in_language(one.price.trace[0].name)
    if not one.public_fen:
        return level
    return gettext("%(level)s, the state adds %(money)s") % {
        "level": level,
        "money": money(one.public_fen),
    }


def _helped(one: Owed) -> str:
    return sentence_gap().join(
        gettext("%(payer)s pays %(money)s for this person.")
        % {"payer": said.payer(share), "money": money(share.fen)}
        for share in one.helpers
    )


def _list_of(one: Owed) -> str:
    evidence, helping = one.price.evidence, one.helpers
    if evidence is None or not helping:
        return ""
    return gettext("On the list: %(list)s, since %(year)s-%(month)s.") % {
        "list": evidence.evidence,
        "year": evidence.from_on.year,
        "month": f"{evidence.from_on.month:02d}",
    }


def _payers(rows: Sequence[Owed], of: Family) -> list[PayerLine]:
    """Who pays the whole cost, the family first; the parts add up to it. For whom elsewhere is not told."""
    own = sum(one.charge.own_fen for one in rows)
    helped: Counter[str] = Counter()
    names: dict[str, list[str]] = {}
    public: Counter[int] = Counter()
    collective = 0
    for one in rows:
        for share in one.helpers:
            own_one = one.charge.person_id in of.relations
            who = said.payer(share) if own_one else gettext("Others")
            helped[who] += share.fen
            names.setdefault(who, []).append(one.name)
        subsidy = sum(s.fen for s in one.price.shares if s.kind is ShareKind.SUBSIDY)
        public[subsidy] += 1
        collective += sum(s.fen for s in one.price.shares if s.kind is ShareKind.COLLECTIVE)
    lines = [(gettext("Your family"), "", own, "own")]
    lines += [
        (
            gettext("%(payer)s, for you") % {"payer": who},
            say.listed(names[who]),
            fen,
            "help",
        )
        for who, fen in helped.items()
    ]
    lines.append((gettext("Village collective"), "", collective, "help"))
    each = [
        ngettext(
            "%(money)s for each, %(count)s person", "%(money)s for each, %(count)s people", count
        )
        % {"money": money(fen), "count": count}
        for fen, count in public.items()
        if fen
    ]
    total = sum(fen * count for fen, count in public.items())
    lines.append((gettext("State subsidy"), gettext("; ").join(each), total, "public"))
    return _placed([line for line in lines if line[2]])


def _placed(lines: Sequence[tuple[str, str, int, str]]) -> list[PayerLine]:
    whole = sum(fen for *_, fen, _ in lines) or 1
    found, before = [], 0
    for text, about, fen, kind in lines:
        start, end = before * _MILLE // whole, (before + fen) * _MILLE // whole
        figure = money_text.in_yuan(fen) if end - start >= _ROOM else ""
        place = (_per_cent(start), _per_cent(end - start))
        found.append(PayerLine(text, about, fen, kind, *place, figure))
        before += fen
    return found


def _per_cent(mille: int) -> str:
    return f"{mille // 10}.{mille % 10}%"
