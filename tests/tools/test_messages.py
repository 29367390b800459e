"""The translations' tool: what it takes from sources, what it refuses in catalogues, what it compiles."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from tools import messages

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    catalogues = tmp_path / "locale" / "zh_Hans"
    catalogues.mkdir(parents=True)
    (tmp_path / "canbao" / "web" / "templates").mkdir(parents=True)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "CATALOGUES", catalogues)
    monkeypatch.setattr(messages, "COMPILED", catalogues / "LC_MESSAGES" / "django.mo")
    return tmp_path


def catalogue(project: Path, name: str, *entries: str) -> None:
    text = HEADER + "\n\n".join(entries) + "\n"
    (project / "locale" / "zh_Hans" / f"{name}.po").write_text(text, encoding="utf-8")


def source(project: Path, name: str, text: str) -> None:
    (project / "canbao" / name).write_text(text, encoding="utf-8")


def test_sentences_are_found_in_programs_and_templates(project: Path) -> None:
    source(
        project,
        "words.py",
        'a = _("One " "sentence")\nb = ngettext("%(n)s case", "%(n)s cases", 2)\n'
        'c = pgettext("desk", "Pass")\nd = _(unknown)\n',
    )
    source(
        project,
        "web/templates/page.html",
        '{% translate "Apply" %}{% blocktranslate trimmed %}\n  Dear {{ name }},\n  100% paid\n'
        "{% endblocktranslate %}{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days"
        '{% endblocktranslate %}{% button label=_("Send it") %}{{ _("Back") }}',
    )
    assert set(messages.sources()) == {
        ("", "One sentence", ""),
        ("", "%(n)s case", "%(n)s cases"),
        ("desk", "Pass", ""),
        ("", "Apply", ""),
        ("", "Dear %(name)s, 100%% paid", ""),
        ("", "%(n)s day", "%(n)s days"),
        ("", "Send it", ""),
        ("", "Back", ""),
    }


def test_a_sentence_without_chinese_and_chinese_without_sentence_are_listed(project: Path) -> None:
    source(project, "words.py", '_("New")\n')
    catalogue(project, "desk", 'msgid "Old"\nmsgstr "旧"')
    said = messages.check()
    assert any("no Chinese for 'New'" in line for line in said)
    assert any("'Old' stands nowhere" in line for line in said)
    assert len(said) == 2


def test_complete_catalogues_of_several_rooms_become_one(project: Path) -> None:
    source(project, "words.py", '_("Village")\nngettext("%(n)s case", "%(n)s cases", n)\n')
    catalogue(project, "desk", 'msgid "Village"\nmsgstr "村"')
    catalogue(
        project,
        "cases",
        'msgid "Village"\nmsgstr "村"',
        'msgid "%(n)s case"\nmsgid_plural "%(n)s cases"\nmsgstr[0] "%(n)s 件"',
    )
    assert messages.check() == []
    assert messages.merge() == []
    spoken = gettext.translation("django", project / "locale", ["zh_Hans"])
    assert spoken.gettext("Village") == "村"
    assert spoken.ngettext("%(n)s case", "%(n)s cases", 3) == "%(n)s 件"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('msgid "Seal"\nmsgstr ""', "not translated"),
        ('#, fuzzy\nmsgid "Seal"\nmsgstr "章"', "fuzzy"),
        ('msgid "Seal"\nmsgstr "章 %(name)s"', "does not stand in the English"),
        ('msgid "Village"\nmsgstr "庄"', "translated otherwise"),
    ],
)
def test_a_faulty_entry_is_refused_and_nothing_compiled(
    project: Path, entry: str, said: str
) -> None:
    catalogue(project, "a", 'msgid "Village"\nmsgstr "村"')
    catalogue(project, "b", entry)
    assert any(said in line for line in messages.merge())
    assert not messages.COMPILED.exists()


def test_a_sentence_of_a_data_file_is_named_by_its_file(project: Path) -> None:
    source(project, "flow.toml", 'name = "Village check"\n')
    catalogue(
        project, "cases", '#. from canbao/flow.toml\nmsgid "Village check"\nmsgstr "村级核对"'
    )
    assert messages.check() == []
    source(project, "flow.toml", 'name = "Something else"\n')
    assert len(messages.check()) == 1
