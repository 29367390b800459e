"""The pieces of the theme: what they say, what they let through, what they never write."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.http import Http404
from django.template import engines
from django.test import RequestFactory, override_settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from canbao.kernel.money import in_yuan
from canbao.web.theme import context, gallery, pieces, views, words
from canbao.web.theme import format as said
from canbao.web.theme.difference import diff_chars
from canbao.web.theme.forms import DateParts, FenField, PlainForm
from canbao.web.theme.icons import ICONS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "canbao" / "web" / "templates"
HOSTILE = "<script>alert(1)</script>\"'&"


def draw(source: str, **values: object) -> str:
    """Render a few lines of template as a page would."""
    return engines["django"].from_string(source).render(values)


def page(name: str) -> str:
    """Render a page of the gallery."""
    request = RequestFactory().get(f"/gallery/{name}")
    with override_settings(CANBAO_DEMO=True):
        return gallery.show(request, name).content.decode()


class Elements(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@pytest.fixture(params=sorted(gallery.PAGES))
def shown(request: pytest.FixtureRequest) -> str:
    return page(request.param)


# Money, days, deadlines


@pytest.mark.parametrize(
    ("language", "fen", "short", "exact"),
    [
        ("zh-hans", 127000, "1,270 元", "1,270.00 元"),
        ("en", 127000, "1,270 yuan", "1,270.00 yuan"),
        ("zh-hans", 44050, "440.50 元", "440.50 元"),
        ("zh-hans", -5, "-0.05 元", "-0.05 元"),
        ("zh-hans", 0, "0 元", "0.00 元"),
    ],
)
def test_money_is_said_with_its_unit_in_words(
    language: str, fen: int, short: str, exact: str
) -> None:
    with translation.override(language):
        assert draw("{{ fen|money }}", fen=fen) == short
        assert draw("{{ fen|money_fen }}", fen=fen) == exact


@pytest.mark.parametrize(
    ("on", "chinese", "english"),
    [
        (date(2025, 11, 21), "11 月 21 日（周五）", "Friday 21 November"),
        (date(2025, 11, 26), "11 月 26 日", "26 November"),
        (date(2026, 1, 1), "2026 年 1 月 1 日", "1 January 2026"),
        (date(2025, 11, 11), "11 月 11 日（周二）", "Tuesday 11 November"),
    ],
)
def test_a_day_has_its_weekday_when_near_and_its_year_when_another(
    on: date, chinese: str, english: str
) -> None:
    today = date(2025, 11, 18)
    with translation.override("zh-hans"):
        assert draw("{{ on|day:today }}", on=on, today=today) == chinese
    with translation.override("en"):
        assert said.day(on, today=today) == english


def test_an_instant_is_shown_by_the_clock_in_china() -> None:
    at = datetime(2025, 11, 24, 17, 6, 12, tzinfo=UTC)
    with translation.override("zh-hans"):
        assert said.moment(at, today=date(2025, 11, 24)) == "11 月 25 日 01:06"
        assert said.moment(at, seconds=True) == "2025 年 11 月 25 日 01:06:12"
    with translation.override("en"):
        assert said.moment(at, today=date(2025, 11, 24)) == "25 November, 01:06"


@pytest.mark.parametrize(
    ("days", "sentence", "cell"),
    [
        (3, "还有 3 个工作日", "剩 3 天"),
        (0, "今天到期", "今天到期"),
        (-2, "超期 2 个工作日", "超期 2 天"),
    ],
)
def test_a_deadline_says_how_many_working_days_are_left(
    days: int, sentence: str, cell: str
) -> None:
    with translation.override("zh-hans"):
        assert draw("{{ days|days_left }}", days=days) == sentence
        assert draw("{{ days|days_left_short }}", days=days) == cell


# Comparing


@given(st.text(max_size=30), st.text(max_size=30))
def test_parts_of_a_comparison_give_back_both_values(one: str, other: str) -> None:
    left, right = diff_chars(one, other)
    assert "".join(part.text for part in left) == one
    assert "".join(part.text for part in right) == other
    assert any(part.differs for part in (*left, *right)) is (one != other)


@given(st.text("0123456789X", min_size=18, max_size=18), st.integers(0, 17), st.data())
def test_one_wrong_digit_is_marked_and_no_other(
    number: str, place: int, data: st.DataObject
) -> None:
    wrong = data.draw(st.sampled_from([d for d in "0123456789X" if d != number[place]]))
    typed = number[:place] + wrong + number[place + 1 :]
    left, right = diff_chars(number, typed)
    assert [part.text for part in left if part.differs] == [number[place]]
    assert [part.text for part in right if part.differs] == [wrong]


def test_a_comparison_marks_the_character_and_says_it_in_words() -> None:
    rows = [
        pieces.Compared("姓名", ["张三", "张山", "张山"]),
        pieces.Compared("号码", ["3701…5530", "3701…5530", "3701…5530"]),
        pieces.Compared("号码", ["3701…5530", "3701…5530", "3701…5530"], same=False),
        pieces.Compared("出生", ["1971-06-03", None, "1971-06-03"]),
    ]
    with translation.override("zh-hans"):
        html = draw("{% comparison rows sources %}", rows=rows, sources=["表", "底册", "再录"])
    assert "张<mark>三</mark>" in html
    assert html.count("张<mark>山</mark>") == 2
    assert html.count("✓ 一样") == 1
    assert html.count("✕ 不一样") == 3


# Fields


@given(st.integers(0, 10**11))
def test_an_amount_shown_and_typed_back_is_the_same_fen(fen: int) -> None:
    field = FenField()
    assert field.clean(str(field.prepare_value(fen))) == fen
    assert field.clean(in_yuan(fen, exact=True)) == fen


@pytest.mark.parametrize("typed", ["-400", "4e2", "1.005", "四百", "12,5,x", "NaN"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        FenField().clean(typed)


def test_a_date_in_three_boxes_understands_wide_figures_and_refuses_no_day() -> None:
    assert DateParts().clean(["２０２４", "２", "29"]) == date(2024, 2, 29)
    assert DateParts(required=False).clean(["", "", ""]) is None
    for wrong in (["2023", "2", "29"], ["2023", "", "1"], ["abcd", "1", "1"]):
        with pytest.raises(forms.ValidationError):
            DateParts().clean(wrong)


def test_every_control_has_a_label_and_every_error_its_field() -> None:
    html = page("form")
    found = Elements(html).found
    ids = {attributes["id"] for _tag, attributes in found if "id" in attributes}
    labelled = {attributes["for"] for tag, attributes in found if tag == "label"}
    for tag, attributes in found:
        if tag in {"input", "select", "textarea"} and attributes.get("type") != "hidden":
            assert attributes["id"] in labelled, attributes
        for named in attributes.get("aria-describedby", "").split():
            assert named in ids
    linked = re.findall(r'<li><a href="#([^"]+)">', html)
    assert len(linked) >= 6
    assert set(linked) <= ids


def test_a_button_that_may_not_be_pressed_stays_and_says_why() -> None:
    html = draw('{% button "提交" reason="还差身份证反面" name="act" %}')
    found = dict(Elements(html).found)["button"]
    assert found["type"] == "button"
    assert found["aria-disabled"] == "true"
    assert f'id="{found["aria-describedby"]}">还差身份证反面' in html
    assert "name" not in found


def test_each_drawn_form_has_its_own_key() -> None:
    keys = {draw("{% act_key %}") for _time in range(5)}
    assert len(keys) == 5


# Words


@pytest.mark.parametrize("name", sorted(words.STATUS))
def test_residents_and_officers_read_their_own_words(name: str) -> None:
    with translation.override("zh-hans"):
        resident = draw("{% status name %}", name=name, audience="resident")
        officer = draw("{% status name %}", name=name)
        assert resident != officer
        assert not re.search(r"[A-Za-z]{3,}", str(words.STATUS[name].resident))
    with translation.override("en"):
        assert not re.search(r"[一-鿿]", draw("{% status name %}", name=name))


@pytest.mark.parametrize("name", sorted(words.FLAG))
def test_every_flag_is_translated(name: str) -> None:
    with translation.override("zh-hans"):
        assert re.search(r"[一-鿿]", draw("{% flag name %}", name=name))


# What pages never hold


def test_no_piece_writes_what_a_strict_policy_forbids(shown: str) -> None:
    for tag, attributes in Elements(shown).found:
        assert "style" not in attributes, (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        assert tag != "style"
        assert tag != "script" or attributes["src"]


def test_a_page_has_one_heading_one_main_and_no_id_twice(shown: str) -> None:
    found = Elements(shown).found
    tags = [tag for tag, _attributes in found]
    ids = [attributes["id"] for _tag, attributes in found if "id" in attributes]
    assert tags.count("h1") == 1
    assert tags.count("main") == 1
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    "source",
    [
        '{% button bad href="/" %}', '{% button "x" reason=bad %}', "{% tag bad %}",
        '{% flag "overdue" bad %}', "{% notice title=bad %}{{ bad }}{% endnotice %}",
        "{% card bad %}{{ bad }}{% endcard %}", "{% summary rows %}", "{% steps 1 2 bad %}",
        "{% summarylist %}{% fact bad %}{{ bad }}{% endfact %}{% endsummarylist %}",
        "{% back bad bad %}", '{% door bad "/" hint=bad icon="phone" %}',
        "{% due bad bad %}{{ bad }}{% enddue %}",
        "{% personcard bad relation=bad verdict=bad error=bad %}{{ bad }}{% endpersoncard %}",
        "{% confirmation bad number=bad %}{{ bad }}{% endconfirmation %}",
        "{% timeline steps %}", "{% history events %}", "{% comparison rows_of sources %}",
        "{% price 1 lines source=bad unconfirmed=bad %}",
        '{% table bad columns %}{% row %}{% cell bad kind="name" %}{{ bad }}{% endcell %}{% endrow %}{% endtable %}',
        "{% grouprow bad 2 %}",
        "{% rowcheck bad bad %}", "{% tabs tabs_of bad %}", "{% empty bad %}{{ bad }}{% endempty %}",
        "{% pagehead bad about=bad under=bad parent=bad parent_href=bad %}{% endpagehead %}",
        "{% checkitem 1 bad name=bad finding=bad hint=bad error=bad %}{{ bad }}{% endcheckitem %}",
        '{% photo_card bad "good" verdict=bad hint=bad action=bad alt=bad image=bad id="a" %}',
        "{% signature_pad bad bad %}", "{% plain_field bad bad value=bad hint=bad error=bad %}",
        "{% seal bad bad %}", "{% paper_viewer view %}", "{% bars bars_of bad %}",
        "{% figures figures_of %}", "{% error_summary pair title=bad %}", "{% act_key bad %}",
    ],
)  # fmt: skip
def test_no_piece_lets_a_name_become_markup(source: str) -> None:
    html = draw(
        source,
        bad=HOSTILE,
        rows=[pieces.Row(key=HOSTILE, value=HOSTILE, href=HOSTILE, action=HOSTILE)],
        steps=[pieces.Step(title=HOSTILE, state="now", when=HOSTILE, by=HOSTILE, note=HOSTILE,
                           seal=pieces.SealOf(HOSTILE, HOSTILE))],
        events=[pieces.Event(HOSTILE, HOSTILE)],
        rows_of=[pieces.Compared(HOSTILE, [HOSTILE, "x"])],
        sources=[HOSTILE, "y"],
        lines=[pieces.PriceLine(HOSTILE, 5)],
        columns=[pieces.Column(HOSTILE), pieces.Column(HOSTILE, "check")],
        tabs_of=[pieces.Tab(HOSTILE, HOSTILE, 1)],
        view=pieces.PaperView(title=HOSTILE, image=HOSTILE, alt=HOSTILE, note=HOSTILE,
                              larger=HOSTILE, open=HOSTILE,
                              thumbs=[pieces.Thumb(title=HOSTILE, href=HOSTILE)]),
        bars_of=[pieces.Bar(HOSTILE, 3)],
        figures_of=[pieces.Figure(HOSTILE, HOSTILE, HOSTILE)],
        pair=(HOSTILE, "#x"),
    )  # fmt: skip
    assert "alert(1)" in html
    assert "<script" not in html
    assert not [tag for tag, attributes in Elements(html).found if "'&" in "".join(attributes)]


def test_every_icon_that_a_template_names_is_drawn() -> None:
    named: set[str] = set()
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'(?:\{% icon |icon=)"(\w+)"', text))
    assert len(named) > 10
    assert named <= set(ICONS)


# Language, text size, what went wrong


def test_a_switch_is_remembered_and_returns_to_its_page() -> None:
    request = RequestFactory().get("/language", {"lang": "en", "next": "/370199/apply?step=2"})
    response = views.set_language(request)
    assert response["Location"] == "/370199/apply?step=2"
    assert response.cookies["django_language"].value == "en"
    response = views.set_elder(RequestFactory().get("/text", {"elder": "1", "next": "/"}))
    assert response.cookies[context.ELDER_COOKIE].value == "1"


@pytest.mark.parametrize("away", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_a_switch_never_leads_to_another_house(away: str) -> None:
    request = RequestFactory().get("/language", {"lang": "klingon", "next": away})
    response = views.set_language(request)
    assert response["Location"] == "/"
    assert not response.cookies


def test_large_text_marks_the_whole_page() -> None:
    request = RequestFactory().get("/gallery/home")
    request.COOKIES[context.ELDER_COOKIE] = "1"
    with override_settings(CANBAO_DEMO=True):
        html = gallery.show(request, "home").content.decode()
    assert dict(Elements(html).found)["html"]["class"].split() == ["govuk-template", "elder"]
    assert "elder=0" in html


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("view", "status"),
    [
        (views.bad_request, 400),
        (views.permission_denied, 403),
        (views.csrf_failure, 403),
        (views.page_not_found, 404),
        (views.conflict, 409),
        (views.server_error, 500),
    ],
)
def test_a_fault_is_said_gently_in_the_language_of_the_page(
    view: object, status: int, language: str
) -> None:
    with translation.override(language):
        response = view(RequestFactory().get("/somewhere"))  # type: ignore[operator]
    html = response.content.decode()
    words_shown = re.search(r"<main.*?</main>", html, re.DOTALL)[0]  # type: ignore[index]
    spoken = re.sub(r"<[^>]+>", "", words_shown)
    assert response.status_code == status
    assert bool(re.search(r"[一-鿿]", spoken)) is (language == "zh-hans")
    assert not re.search(r"非法|失败|错误|invalid|illegal", spoken)


def test_the_gallery_is_closed_outside_the_demo() -> None:
    with override_settings(CANBAO_DEMO=False, DEBUG=False), pytest.raises(Http404):
        gallery.show(RequestFactory().get("/gallery/home"), "home")


# Colours and what is built


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    brighter, darker = sorted((light(one), light(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("azurite", "#ffffff", 9.8), ("deep", "#ffffff", 13), ("ink", "#f7f5f0", 14),
        ("second", "#f7f5f0", 6.9), ("link", "#f7f5f0", 7), ("error", "error-tint", 4.5),
        ("warning", "warning-tint", 4.5), ("right", "right-tint", 4.5), ("ink", "focus", 11),
        ("focus", "azurite", 7), ("control", "#ffffff", 3),
    ],
)  # fmt: skip
def test_colours_keep_their_contrast(front: str, back: str, least: float) -> None:
    sheet = (ROOT / "canbao/web/static/scss/_colours.scss").read_text()
    named = dict(re.findall(r"^\$([\w-]+): (#\w{6});", sheet, re.MULTILINE))
    assert contrast(named[front], named.get(back, back)) >= least


@pytest.mark.parametrize("sheet", ["resident", "officer"])
def test_the_built_sheet_holds_no_other_bodys_letters_or_crest(sheet: str) -> None:
    css = (ROOT / "build" / "static" / "canbao" / f"{sheet}.css").read_text()
    assert "PingFang SC" in css
    assert "GDS Transport" not in css
    assert "crest" not in css
    assert "sourceMappingURL" not in css


def test_no_family_of_letters_ends_without_the_one_that_is_shipped() -> None:
    """A bare device has no Chinese letters of its own; `serif` alone draws empty boxes there."""
    for sheet in (ROOT / "canbao" / "web" / "static" / "scss").glob("*.scss"):
        for listed in re.findall(
            r"(?<![\w-])font-family: ([^;]+);", sheet.read_text(encoding="utf-8")
        ):
            assert listed.endswith(("c.$font", "inherit", "monospace")), (sheet.name, listed)


def test_signs_that_nobody_sees_are_left_out_and_limits_are_told_by_name() -> None:
    class Letter(PlainForm):
        address = forms.CharField(label="Address 100%", max_length=12)
        number = forms.IntegerField(label="Number", min_value=1, max_value=9)

    with translation.override("en"):
        good = Letter({"address": "a\x1b[31m\u202eb", "number": "5"})
        bad = Letter({"address": "a" * 13, "number": "9" * 40})

    assert good.is_valid()
    assert good.cleaned_data["address"] == "a[31mb"
    assert bad.errors["address"] == ["“Address 100%” is too long: at most 12 characters."]
    assert bad.errors["number"] == ["“Number” is too large: at most 9."]
