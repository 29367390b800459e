"""The reference page of packs: its example works, and it names everything that can be written."""

from __future__ import annotations

import re
from pathlib import Path

from canbao.policy.rules import examples, packs
from canbao.policy.rules.conditions import QUESTIONS
from canbao.policy.rules.pack import Way
from canbao.policy.rules.person import Document, OtherInsurance, Residency, Signer, Student
from canbao.policy.rules.terms import AcrossNewYear, From, Gives
from canbao.policy.rules.values import Payer, Section

PAGE = Path("docs/reference/packs.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_comes_into_force() -> None:
    (written,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    pack = packs.parse(written.encode(), name="page.toml")

    library = packs.admit(packs.load_shipped(demo=False), pack)

    assert all(run.holds for run in examples.run(pack, library))


def test_the_page_names_every_key_and_word() -> None:
    folder = packs.SHIPPED.parent / "rules"
    source = "".join(
        (folder / name).read_text(encoding="utf-8")
        for name in ("parsing.py", "parsing_terms.py", "dated.py")
    )
    keys = set(re.findall(r'table\.\w+\(\s*"(\w+)"|root\.\w+\("(\w+)"', source))
    words = {word for pair in keys for word in pair if word and not word.startswith("pack_")}
    words |= set(QUESTIONS) | {f"{payer}_fen" for payer in Payer if payer not in {"own", "aid"}}
    for kind in (
        AcrossNewYear,
        Document,
        From,
        Gives,
        Way,
        OtherInsurance,
        Residency,
        Section,
        Signer,
        Student,
    ):
        words |= {str(member) for member in kind}

    missing = {word for word in words if not re.search(rf"\b{word}\b", PAGE)}

    assert missing == set()
