"""Pages beside the road of the tutorial are accessible and fit, on a phone and a desk, in both languages.

A picture of each is left in the test's own folder.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from canbao.cases import flow, inspection
from canbao.cases.claim import Channel, FamilyLine
from canbao.cases.flow import Verdict
from canbao.cases.inspection import Answer, Answers, Said
from canbao.cases.prints import letters
from canbao.kernel import clock, county, secrets
from canbao.kernel.queries import notices_of
from canbao.papers import intake, store
from canbao.papers.sheets import Attached
from canbao.people import identities, officers
from canbao.web.desk import papers
from tests import small as cast
from tests.browser.story import Story, log_in, paper
from tests.web.desk.conftest import put_in_register
from tests.web.desk.test_near import mistyped

pytestmark = pytest.mark.browser
WIDTHS = (390, 1280)


def look(story: Story, folder: Path, name: str) -> None:
    """Hold the page against the rules at both widths, and leave its pictures."""
    for width in WIDTHS:
        story.page.set_viewport_size({"width": width, "height": 900})
        story.fits()
        story.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)


def in_english(story: Story, path: str) -> None:
    story.page.goto(story.base.replace(f"{cast.COUNTY}/", "") + f"language?lang=en&next=/{path}")


def test_the_children_of_an_elderly_applicant_are_compared(
    small: cast.Small, story: Story, tmp_path: Path
) -> None:
    with county.inside(cast.COUNTY):
        put_in_register([cast.identity(1), replace(cast.identity(2), name="王不同")])
        cast.bring_to(flow.ARCHIVE, small, [cast.claim(1, insurance="170")], "170")
        children = [cast.identity(serial) for serial in (1, 2, 3)]
        said = [("济南历下", ""), ("", "在校读书"), ("", "外地务工")]
        family = tuple(
            FamilyLine(one.name, "20", one.kind, one.number, *words)
            for one, words in zip(children, said, strict=True)
        )
        who = cast.identity(900, birth_on=date(1950, 5, 6))
        claim = cast.claim(900, insurance="170", identity=who, family=family)
        [one] = cast.submit(small.chen, [claim], Channel.VILLAGE)
    log_in(story, "chen")
    story.open(f"desk/case/{one}")

    expect(story.page.locator("main")).to_contain_text("家庭社会关系表上的子女")
    look(story, tmp_path, "family")
    in_english(story, f"{cast.COUNTY}/desk/case/{one}")
    expect(story.page.locator("main")).to_contain_text("Children on the family-relation form")
    look(story, tmp_path, "family-en")


def test_whoever_is_meant_by_a_wrong_number_is_offered(
    small: cast.Small, story: Story, tmp_path: Path
) -> None:
    meant = replace(cast.identity(12), name="赵雅琴")
    with county.inside(cast.COUNTY):
        put_in_register([meant])
    log_in(story, "chen")
    story.open("desk/apply")
    story.fill({"number": mistyped(meant.number), "name": meant.name})
    story.press("存好申请")
    expect(story.page.locator("#near")).to_contain_text("赵雅琴")
    look(story, tmp_path, "near")
    story.follow("button[name=near]")
    expect(story.page.locator("[name=number]")).to_have_value(meant.number)
    look(story, tmp_path, "put-right")


def test_a_phone_is_bound_at_the_counter(small: cast.Small, story: Story, tmp_path: Path) -> None:
    who = cast.identity(21, name="孙桂芳")
    with county.inside(cast.COUNTY):
        cast.submit(small.chen, [cast.claim(21, identity=who)])
    log_in(story, "chen")
    story.open("desk/phones?q=孙桂")
    look(story, tmp_path, "phones")
    story.follow("th a")
    story.fill({"phone": "12345"})
    story.press("发验证码")
    look(story, tmp_path, "phone-unclear")
    story.fill({"phone": "13900002207"})
    story.press("发验证码")
    look(story, tmp_path, "phone-code")
    with county.inside(cast.COUNTY):
        sealed = notices_of(limit=1)[0].facts["code"]
        code = secrets.open_sealed(sealed, bound_to=identities.bound("code"))
    story.fill({"code": code})
    story.follow("form:has([name=code]) button")
    expect(story.page.locator("#done")).to_be_visible()
    look(story, tmp_path, "phone-bound")
    in_english(story, f"{cast.COUNTY}/desk/phones?q=孙桂")
    look(story, tmp_path, "phones-en")


def test_papers_are_shown_small_below_the_viewer(
    small: cast.Small, story: Story, tmp_path: Path
) -> None:
    with county.inside(cast.COUNTY):
        kinds = ("id_front", "id_back", "booklet_first", "booklet_own", "photo")
        pages = [
            intake.clean(
                paper(kind, "王守田", cast.identity(1).number)["buffer"], declared_name="a.jpg"
            )[0]
            for kind in kinds
        ]
        blobs = store.keep(small.chen, pages, at=clock.now()).done
        attached = [Attached(kind, 1, blob) for kind, blob in zip(kinds, blobs, strict=True)]
        [one] = cast.submit(small.chen, [cast.claim(31, attached=tuple(attached))])
    log_in(story, "chen")
    story.open(f"desk/case/{one}")
    look(story, tmp_path, "previews")
    drawn = story.page.locator(".cb-viewer__strip img")
    expect(drawn).to_have_count(len(kinds))
    wide = [shown.evaluate("one => one.naturalWidth") for shown in drawn.all()]
    assert all(0 < one <= papers.PREVIEW_EDGE for one in wide)
    story.follow(drawn.nth(3))
    expect(story.page.locator(".cb-viewer__title")).to_have_text("户口簿本人页")
    look(story, tmp_path, "previews-chosen")


def test_the_notice_of_a_household_is_offered_and_shown(
    small: cast.Small, story: Story, tmp_path: Path
) -> None:
    with county.inside(cast.COUNTY):
        claims = [cast.claim(serial, household_number="0900") for serial in (51, 52)]
        ids = cast.bring_to("township", small, claims)
        bundle_id = cast.rows(small.meng, ids)[ids[0]].bundle_id
        said = {
            one: Answers(seen, {"materials_complete": Said(Answer.NO, "缺身份证反面")})
            for one, seen in cast.versions(small.meng, ids).items()
        }
        assert not inspection.answer(small.meng, said, at=clock.now()).refused
    log_in(story, "meng")
    story.open(f"desk/bundles/{bundle_id}/close")
    story.follow(story.page.locator("#main form button").last)
    expect(story.page.locator("main")).to_contain_text("要打印的一次性告知书")
    look(story, tmp_path, "notices")
    with county.inside(cast.COUNTY):
        pdf = letters.missing(small.meng, ids[0], at=clock.now())
    (tmp_path / "notice.pdf").write_bytes(pdf)


def test_a_phone_sees_what_came_back_for_its_family(
    small: cast.Small, story: Story, tmp_path: Path
) -> None:
    page = story.page
    story.open("phone")
    story.answer(phone="13800001428")
    with county.inside(cast.COUNTY):
        told = notices_of(limit=1)[0]
        sealed = told.facts["code"]
        code = secrets.open_sealed(sealed, bound_to=identities.bound("code"))
        actor = officers.resident(told.contact_id)
        assert actor is not None
        claims = [cast.claim(serial, household_number="0901") for serial in (61, 62)]
        ids = cast.submit(actor, claims)
        cast.decide(small.chen, ids, Verdict.RETURN)
    story.answer(code=code)
    story.open(f"cases/{ids[0]}")
    if "/privacy" in page.url:
        story.press()
        story.open(f"cases/{ids[0]}")
    expect(page.locator("main")).to_contain_text("全家一份告知书")
    look(story, tmp_path, "family-returned")
    in_english(story, f"{cast.COUNTY}/cases/{ids[0]}")
    expect(page.locator("main")).to_contain_text("One notice for the whole family")
    look(story, tmp_path, "family-returned-en")
