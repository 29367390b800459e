"""From the bytes of a pack to a frozen `Pack`, or every fault in it with its line."""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import date
from typing import Final

from canbao.policy.rules import lines, parsing_terms
from canbao.policy.rules.dated import NOWHERE, Reader, conditions
from canbao.policy.rules.faults import Fault, PackFault
from canbao.policy.rules.pack import (
    BackExample,
    CoverExample,
    Example,
    GroupPart,
    Help,
    LevelPart,
    Pack,
    PaperSays,
    RefundExample,
    RuleSays,
    Way,
)
from canbao.policy.rules.person import (
    Document,
    GroupEvidence,
    Insurance,
    OtherInsurance,
    PersonFacts,
    Residency,
    Signer,
    Student,
)
from canbao.policy.rules.reading import Sheet, Table
from canbao.policy.rules.values import Grade, Payer, Section, Source

BYTES_MOST: Final = 256 * 1024
FEN_MOST: Final = 10_000_000
YEAR_LEAST: Final = 2009
YEAR_MOST: Final = 2100
_PLACE: Final = re.compile(r"\d{6}")
_PUBLIC_PAYERS: Final = tuple(payer for payer in Payer if payer not in {Payer.OWN, Payer.AID})


def parse(data: bytes, *, name: str) -> Pack:
    """Read a pack from its bytes; `name` is what faults call the file. Raises PackFault with all faults."""
    root = opened(data, name)
    pack = _pack(root, hashlib.sha256(data).hexdigest())
    if root.sheet.faults:
        raise PackFault(sorted(root.sheet.faults, key=lambda fault: fault.line))
    return pack


def opened(data: bytes, name: str) -> Table:
    """Open a document for reading key by key. Raises PackFault when it is no TOML in UTF-8."""
    if len(data) > BYTES_MOST:
        raise PackFault([Fault("pack_too_large", name, 1, {"most": BYTES_MOST})])
    try:
        text = data.decode("utf-8")
        document: dict[str, object] = tomllib.loads(text)
        found = lines.index(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PackFault([Fault("pack_not_utf8", name, line)]) from error
    except (ValueError, RecursionError) as error:
        told = re.search(r"at line (\d+)", str(error))
        last = data.count(b"\n") + 1
        line = int(told[1]) if told else (last if "end of document" in str(error) else 1)
        raise PackFault([Fault("pack_not_toml", name, line, {"reason": str(error)})]) from error
    return Table(Sheet(name, found), document, ())


def _pack(root: Table, sha256: str) -> Pack:
    place = root.text("place", required=True) or ""
    if place and not _PLACE.fullmatch(place):
        root.fault("pack_not_place", "place")
    replaces = root.choices("replaces", Section) or frozenset()
    years, yearly = _years(root), not {"year", "years"}.isdisjoint(root.data)
    for code, table in root.named("source"):
        root.sheet.sources[code] = _source(table, code)
    reader = Reader(years or range(YEAR_LEAST, YEAR_LEAST + 40))
    pack = Pack(
        file=root.sheet.file,
        sha256=sha256,
        place=place,
        place_name=root.words("place_name", required=True) or NOWHERE,
        insurance=root.choice("insurance", Insurance, required=True) or Insurance.MEDICAL,
        years=years,
        demo=root.flag("demo"),
        replaces=replaces,
        sources=root.sheet.sources,
        levels={code: _level(table, reader) for code, table in root.named("level")},
        groups={code: _group(table, reader) for code, table in root.named("group")},
        rules={code: reader.values(tables, _rule) for code, tables in root.named_lists("rule")},
        papers={code: reader.values(tables, _paper) for code, tables in root.named_lists("paper")},
        refunds={
            code: reader.values(tables, parsing_terms.refund)
            for code, tables in root.named_lists("refund")
        },
        terms=parsing_terms.terms(root, reader),
        examples=tuple(_example(table, years, yearly=yearly) for table in root.tables("example")),
    )
    if not pack.examples and "example" not in root.data:
        root.fault("pack_without_example")
    root.close()
    return pack


def _years(root: Table) -> range | None:
    year = root.whole("year", least=YEAR_LEAST, most=YEAR_MOST)
    pair = root.raw("years")
    if pair is None:
        return None if year is None else range(year, year + 1)
    whole = isinstance(pair, list) and all(type(one) is int for one in pair)
    if year is not None or not isinstance(pair, list) or not whole or len(pair) != 2:  # noqa: PLR2004
        root.fault("pack_not_years", "years")
        return None
    first, last = pair
    if not YEAR_LEAST <= first < last <= YEAR_MOST:
        root.fault("pack_not_years", "years")
        return None
    return range(first, last + 1)


def _source(table: Table, code: str) -> Source:
    source = Source(
        code=code,
        title=table.words("title", required=True) or NOWHERE,
        address=table.text("address", required=True) or "",
        grade=table.choice("grade", Grade, required=True) or Grade.D,
        published_on=table.day("published_on"),
    )
    table.close()
    return source


def _level(table: Table, reader: Reader) -> LevelPart:
    part = LevelPart(
        line=table.line,
        name=table.words("name"),
        hint=table.words("hint"),
        person_types=table.codes("person_types") or (),
        fits=conditions(table, "fits"),
        own=reader.values(table.tables("own"), _fen),
        subsidy=reader.values(table.tables("subsidy"), _shares),
        not_found=table.words("not_found"),
    )
    table.close()
    return part


def _fen(table: Table) -> int:
    return table.whole("fen", least=0, most=FEN_MOST, required=True) or 0


def _shares(table: Table) -> tuple[tuple[Payer, int], ...]:
    read = (
        (payer, table.whole(f"{payer}_fen", least=1, most=FEN_MOST)) for payer in _PUBLIC_PAYERS
    )
    shares = tuple((payer, fen) for payer, fen in read if fen is not None)
    named = {payer for payer, _ in shares}
    if not shares:
        table.fault("pack_no_share")
    total = table.whole("total_fen", least=1, most=FEN_MOST)
    if total is not None and total != sum(fen for _, fen in shares):
        facts = {"total": total, "sum": sum(fen for _, fen in shares)}
        table.fault("pack_shares_do_not_add_up", "total_fen", **facts)
    if Payer.GOVERNMENT in named and len(named - {Payer.COLLECTIVE}) > 1:
        table.fault("pack_government_split")
    if Payer.PROVINCE_CITY in named and named & {Payer.PROVINCE, Payer.CITY}:
        table.fault("pack_government_split")
    return shares


def _group(table: Table, reader: Reader) -> GroupPart:
    priorities = reader.values(table.tables("priority"), _priority)
    if len(priorities) > 1:
        table.fault("pack_not_table", "priority")
    part = GroupPart(
        line=table.line,
        name=table.words("name"),
        priority=priorities[0] if priorities else None,
        help=reader.values(table.tables("help"), _help),
    )
    table.close()
    return part


def _priority(table: Table) -> int:
    return table.whole("place", least=1, most=99, required=True) or 1


def _help(table: Table) -> Help:
    levels = table.codes("levels")
    full = table.flag("full")
    fixed_fen = table.whole("fixed_fen", least=1, most=FEN_MOST)
    percent = table.whole("percent", least=1, most=99)
    # By the key, so that a value which cannot be read is told once.
    if full + ("fixed_fen" in table.data) + ("percent" in table.data) != 1:
        table.fault("pack_help_kind")
    payer = table.choice("payer", Payer) or Payer.AID
    if payer is Payer.OWN:
        table.fault("pack_help_by_oneself", "payer")
    return Help(
        paid_by=table.words("paid_by", required=True) or NOWHERE,
        payer=payer,
        way=table.choice("way", Way) or Way.EXEMPT,
        full=full,
        fixed_fen=fixed_fen,
        percent=percent,
        levels=None if levels is None else frozenset(levels),
    )


def _rule(table: Table) -> RuleSays:
    says = table.words("says", required=True) or NOWHERE
    refuse_when = conditions(table, "refuse_when")
    if "refuse_when" not in table.data:
        table.fault("pack_missing_key", "refuse_when")
    return RuleSays(refuse_when, says)


def _paper(table: Table) -> PaperSays:
    return PaperSays(
        name=table.words("name", required=True) or NOWHERE,
        hint=table.words("hint"),
        when=conditions(table, "when"),
    )


def _example(table: Table, years: range | None, *, yearly: bool) -> Example:
    facts = table.table("person", required=True)
    age, person = _person(facts) if facts else (None, PersonFacts(birth_on=date.min))
    family_form = table.flag("family_form") if "family_form" in table.data else None
    example = Example(
        line=table.line,
        about=table.text("about", required=True) or "",
        year=table.whole("year", least=YEAR_LEAST, most=YEAR_MOST, required=not yearly),
        on=table.day("on", required=True) or date.min,
        age=age,
        person=person,
        level=table.text("level"),
        collective_fen=table.whole("collective_fen", least=1, most=FEN_MOST) or 0,
        own_fen=table.whole("own_fen", least=0, most=FEN_MOST),
        whole_fen=table.whole("whole_fen", least=0, most=2 * FEN_MOST),
        likely=table.text("likely"),
        refused_by=table.codes("refused_by"),
        papers=table.codes("papers"),
        family_form=family_form,
        back_fen=table.whole("back_fen", least=0, most=FEN_MOST),
        collects=table.text("collects"),
        cover=_cover_example(table),
        refund=_refund_example(table),
        back=_back_example(table),
    )
    table.asked.append("family_form")
    table.close()
    _check_expectations(table, example, years)
    return example


def _cover_example(example: Table) -> CoverExample | None:
    table = example.table("cover")
    if table is None:
        return None
    cover = CoverExample(
        covered=frozenset(table.wholes("covered", least=YEAR_LEAST, most=YEAR_MOST) or ()),
        repaid=frozenset(table.wholes("repaid", least=YEAR_LEAST, most=YEAR_MOST) or ()),
        first_known=table.whole("first_known", least=YEAR_LEAST, most=YEAR_MOST),
        from_on=table.day("from_on"),
        to_on=table.day("to_on"),
        waiting_months=table.whole("waiting_months", least=0, most=99),
        none=table.flag("none"),
    )
    table.close()
    if (cover.from_on is None) != cover.none:
        table.fault("pack_missing_key", "from_on")
    return cover


def _refund_example(example: Table) -> RefundExample | None:
    table = example.table("refund")
    if table is None:
        return None
    allowed = table.flag("allowed")
    if "allowed" not in table.data:
        table.fault("pack_missing_key", "allowed")
    refund = RefundExample(
        reason=table.text("reason", required=True) or "",
        paid_on=table.day("paid_on", required=True) or date.min,
        cover_from_on=table.day("cover_from_on"),
        benefits_drawn=table.flag("benefits_drawn"),
        allowed=allowed,
    )
    table.close()
    return refund


def _back_example(example: Table) -> BackExample | None:
    table = example.table("missed")
    if table is None:
        return None
    missed = BackExample(
        year=table.whole("year", least=YEAR_LEAST, most=YEAR_MOST, required=True) or YEAR_LEAST,
        own_fen=table.whole("own_fen", least=0, most=FEN_MOST, required=True) or 0,
        whole_fen=table.whole("whole_fen", least=0, most=2 * FEN_MOST, required=True) or 0,
    )
    table.close()
    return missed


def _check_expectations(table: Table, example: Example, years: range | None) -> None:
    if example.year is not None and years is not None and example.year not in years:
        table.fault("pack_not_years", "year")
    priced = any(one is not None for one in (example.own_fen, example.whole_fen, example.back_fen))
    if (priced or example.back is not None) != (example.level is not None):
        table.fault("pack_missing_key", "level" if priced or example.back else "own_fen")
    rest = (
        example.likely,
        example.refused_by,
        example.papers,
        example.family_form,
        example.collects,
        example.cover,
        example.refund,
        example.back,
    )
    if not priced and all(expected is None for expected in rest):
        table.fault("pack_example_expects_nothing")


def _person(table: Table) -> tuple[int | None, PersonFacts]:
    age = table.whole("age", least=0, most=150)
    birth_on = table.raw("birth_on")
    if (age is None) == (type(birth_on) is not date):
        table.fault("pack_missing_key", "age")
    proven, claimed = table.codes("groups") or (), table.codes("groups_claimed") or ()
    person = PersonFacts(
        birth_on=birth_on if type(birth_on) is date else date.min,
        document=table.choice("document", Document) or Document.ID_CARD,
        residency=table.choice("residency", Residency) or Residency.RURAL,
        student=table.choice("student", Student) or Student.NONE,
        signer=table.choice("signer", Signer) or Signer.SELF,
        other_insurance=table.choices("other_insurance", OtherInsurance) or frozenset(),
        groups=tuple(
            GroupEvidence(code, date.min, proven=code in proven) for code in (*proven, *claimed)
        ),
        last_level=table.text("last_level"),
    )
    table.close()
    return age, person
