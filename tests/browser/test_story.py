"""The tutorial, from end to end in a real browser, with its pictures taken on the way (CANBAO_PICTURES=1).

A household of four applies on a phone, a pensioner without a phone at the village, a third on paper only;
each desk does its part; the QR code says what holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.db import connection
from playwright.sync_api import Page, expect

from canbao.cases import archive, bundle, door, flow, inspection, queries
from canbao.cases.door import CaseRow
from canbao.kernel import clock, county
from canbao.people import numbers, officers, phones
from canbao.people.identities import Identity
from canbao.people.tables import Contact
from canbao.simulate.offices import Worker
from tests import small as cast
from tests.browser import story as tell
from tests.browser.story import PASSWORD, PHOTOS, Story
from tests.papers.test_render import text_of

pytestmark = pytest.mark.browser
WANG: Final = "王守田", numbers.compose("370199", date(1970, 3, 14), 31)
LI: Final = "李桂香", numbers.compose("370199", date(1946, 9, 9), 12)
ZHAO: Final = "赵雅琴", numbers.compose("370199", date(1993, 1, 1), 42)
WRONG: Final = ZHAO[1][:-1] + ("1" if ZHAO[1][-1] != "1" else "2")
YINUO: Final = "王一诺", numbers.compose("370199", date(clock.today().year - 6, 5, 2), 22)
ZHOU: Final = "周长河", numbers.compose("370199", date(1972, 6, 1), 15)
SUN: Final = "贺秀兰", numbers.compose("370199", date(1961, 4, 8), 26)
# Whoever recorded for a village does not review the case: a colleague at the township does.
TAO: Final = Worker("tao", "陶然", "township", cast.WILLOW)


@dataclass
class County:
    """The officers' windows, and what they know of a case."""

    small: cast.Small
    at: dict[str, Story]

    def __getattr__(self, login: str) -> Story:
        return self.at[login]

    def row(self, name: str) -> CaseRow:
        with county.inside(cast.COUNTY):
            (found,) = [
                one for one in door.rows_of(door.visible(self.small.guan).filter(name=name))
                if one.status != flow.Status.FILED
            ]  # fmt: skip
            return found

    def sheets(self, *names: str) -> int:
        with county.inside(cast.COUNTY):
            return sum(bundle.sheet_counts([self.row(name).id for name in names]).values())

    def inspect(self, login: str, name: str, picture: str = "") -> None:
        """Open a case, answer all with yes, sign and seal."""
        row = self.row(name)
        self.at[login].open(f"desk/case/{row.id}")
        with county.inside(cast.COUNTY):
            items = inspection.asked(row)
        tell.inspect(self.at[login], items, picture)

    def report(self, login: str, insurance: str, *names: str, picture: str = "") -> None:
        self.at[login].open(f"desk/report?insurance={insurance}")
        tell.report(self.at[login], self.sheets(*names), picture)

    def type_again(self, login: str, who: tuple[str, str], picture: str = "") -> None:
        """Type name and number a second time from the paper."""
        story = self.at[login]
        story.open(f"desk/case/{self.row(who[0]).id}/second")
        story.fill({"name": who[0], "kind": "id_card", "number": who[1]})
        if picture:
            story.sound(picture)
        tell.last_button(story, "[name=number]")


@pytest.fixture
def small(site: str) -> cast.Small:
    with county.inside(cast.COUNTY):
        made = cast.found(TAO)
        for login in made.officers:
            User.objects.create_user(f"{cast.COUNTY}/{login}", password=PASSWORD)
    return made


@pytest.fixture
def windows(
    site: str,
    small: cast.Small,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
) -> County:
    logins = ("chen", "meng", "tao", "wei", "shi")
    return County(
        small, {one: Story(open_page(width=1280, height=900), site, axe) for one in logins}
    )


def before(small: cast.Small) -> UUID:
    """李桂香 has the medical insurance and 王守田 the pension; returns him as a person."""
    home = {"household_number": "0317"}
    with county.inside(cast.COUNTY):
        li = cast.claim(30, identity=identity(LI, "2"), relation="10", **home)
        cast.bring_to(flow.ARCHIVE, small, [li])
        wang = cast.claim(31, identity=identity(WANG, "1"), insurance="170", relation="02", **home)
        (case,) = cast.bring_to(flow.ARCHIVE, small, [wang], "170")
        found = queries.view(small.shi, case).case.person_id
        for one in door.rows_of(door.visible(small.guan)):
            archive.file(
                small.wei if one.insurance == "390" else small.shi, {one.id: one.version},
                at=clock.now(), key=cast.key(),
            )  # fmt: skip
    return found


def identity(who: tuple[str, str], sex: str) -> Identity:
    name, number = who
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return Identity(
        "id_card", number, name, sex, born, "01", cast.APRICOT, "柳泉镇杏花村 3 组", "", "20", "13800001427"
    )  # fmt: skip


def bind(person: UUID) -> None:
    """At a counter, somebody saw whose phone it is."""
    with county.inside(cast.COUNTY):
        phones.bind(officers.system(), Contact.here.get().id, person, "counter", at=clock.now())


def the_household_applies(phone: Story, person: UUID) -> str:
    """Two go ahead, one mends a number later, one is insured already."""
    phone.open()
    phone.sound("01-home")
    tell.prove_phone(phone, "13800001427")
    bind(person)
    phone.open()
    phone.open("apply")
    phone.answer(insurance="390")
    tell.name_one(phone, WANG[0], "02", WANG[1])
    tell.describe(phone, "adult", "02-level")
    draft = tell.draft_of(phone)
    expect(phone.page.locator("main")).to_contain_text("李桂香")
    tell.add_another(phone)
    tell.name_one(phone, ZHAO[0], "38", WRONG)
    phone.sound("03-wrong-digit")
    phone.follow("button[name=later]")
    phone.open(f"apply/{draft}")
    tell.add_another(phone)
    tell.name_one(phone, YINUO[0], "42", YINUO[1])
    tell.describe(phone, "child", guardian=ZHAO[0], guardian_is="parent")
    phone.sound("04-household")
    phone.press()
    for name, number in (WANG, YINUO):
        for kind in PHOTOS:
            tell.send_photo(phone, kind, name, number)
        if name == WANG[0]:
            phone.sound("05-photos")
        phone.open(f"apply/{draft}/photos")
    phone.sound("06-check")
    assert tell.sign_and_send(phone, draft, "07-sign") == 2
    phone.sound("08-done")
    expect(phone.page.locator("main")).to_contain_text("370199-")
    return draft


def the_village_sends_one_back(at: County, phone: Story) -> None:
    """王一诺's photo is of somebody else; it is put right on the phone and signed again."""
    row = at.row(YINUO[0])
    at.chen.open("desk/")
    at.chen.sound("09-village")
    at.chen.open(f"desk/case/{row.id}")
    at.chen.fill({"item_photo_is_person": "no"})
    at.chen.page.locator("details:has([name=note_photo_is_person]) summary").click()
    at.chen.fill({"note_photo_is_person": "照片不是孩子本人"})
    tell.act(at.chen, "to_return")
    at.chen.fill({"code_0": "paper_unreadable", "about_0": "photo", "why_0": "请拍孩子本人"})
    at.chen.sound("10-send-back")
    tell.last_button(at.chen, "[name=code_0]")

    phone.open(f"cases/{row.id}")
    phone.sound("11-returned")
    expect(phone.page.locator("main")).to_contain_text("请拍孩子本人")
    phone.press()
    draft = tell.draft_of(phone)
    phone.open(f"apply/{draft}/{row.id}/who")
    tell.name_one(phone, YINUO[0], "42", YINUO[1])  # a number is typed again, never shown
    phone.open(f"apply/{draft}/{row.id}/photos")
    tell.send_photo(phone, "photo", *YINUO)
    tell.sign_and_send(phone, draft)
    assert at.row(YINUO[0]).round == 2


def one_without_a_phone_applies_at_the_village(at: County) -> None:
    """A fingerprint before a witness, two printed copies, the sheets scanned."""
    at.chen.open("desk/apply?insurance=170")
    case_id = tell.enter_for(
        at.chen, *ZHOU, level="500", household_number="0402", how="fingerprint", witness="李证明"
    )
    at.chen.sound("12-entered")
    for copy in ("copy-1", "copy-2"):
        printed = at.chen.page.request.get(f"{at.chen.base}desk/case/{case_id}/print/{copy}/")
        assert ZHOU[0] in text_of(printed.body())
    at.chen.open(f"desk/case/{case_id}/scan")
    at.chen.page.locator("[name=file_signed_sheet]").set_input_files(tell.paper("sheet", *ZHOU))
    tell.last_button(at.chen, "[name=file_signed_sheet]")
    at.inspect("chen", ZHOU[0])


def one_comes_on_paper_only(at: County) -> None:
    """The township enters what 梨树村 did on paper: who signed, on which day, who recorded it."""
    at.meng.open("desk/apply?insurance=390")
    case_id = tell.enter_for(
        at.meng, *SUN, level="adult", household_number="0088", village=cast.PEAR, how="paper"
    )
    day = clock.today() - timedelta(days=3)
    for page in (f"desk/case/{case_id}/behalf", f"desk/behalf/{cast.PEAR}/report?insurance=390"):
        at.meng.open(page)
        at.meng.page.locator("[name=posting]").first.check(force=True)
        at.meng.fill({"on_year": str(day.year), "on_month": str(day.month), "on_day": str(day.day)})
        tell.last_button(at.meng, "[name=on_year]")
        if "report" in page:
            tell.report(at.meng, at.sheets(SUN[0]))
        else:
            row = at.row(SUN[0])
            with county.inside(cast.COUNTY):
                items = inspection.asked(row)
            tell.inspect(at.meng, items, "13-behalf")
    with county.inside(cast.COUNTY):
        (said,) = queries.decisions_of([case_id])[case_id]
    assert (said.acted_by, said.recorded_by) == (at.small.liu.id, at.small.meng.id)
    assert said.acted_on == day


def a_bundle_lacks_a_sheet(at: County) -> str:
    """Of two reported, one waits at the village until its second copy is found; returns the bundle's page."""
    at.report("chen", "390", WANG[0], YINUO[0], picture="14-report")
    lacking = at.row(YINUO[0])
    sheets = at.sheets(WANG[0], YINUO[0]) - 1
    page = tell.receive(at.meng, sheets, "15-receive", lacking.id)
    assert at.row(WANG[0]).desk == "township"
    assert at.row(YINUO[0]).desk == "village"
    at.report("chen", "390", YINUO[0])
    tell.receive(at.meng, at.sheets(YINUO[0]))
    return page


def the_township_reviews(at: County, page: str) -> None:
    """Cases that came on paper are typed again; the closing act gives each its verdict."""
    items = flow.load(at.row(WANG[0]).flow).desks["township"].asks
    at.meng.page.goto(f"{page}/check")
    at.meng.fill({f"{at.row(WANG[0]).id}.{item}": "yes" for item in items})
    at.meng.sound("16-township")
    at.meng.press(re.compile("保存|Save|存"))
    at.meng.page.goto(f"{page}/close")
    tell.last_button(at.meng)
    at.meng.sound("17-closed")
    at.inspect("meng", YINUO[0])
    at.type_again("tao", SUN, "18-second")
    at.inspect("tao", SUN[0])
    at.type_again("tao", ZHOU)
    at.inspect("tao", ZHOU[0])
    at.report("meng", "390", WANG[0], YINUO[0], SUN[0], picture="19-to-county")
    at.report("tao", "170", ZHOU[0])


def the_county_decides_and_files(at: County) -> None:
    tell.receive(at.wei, at.sheets(WANG[0], YINUO[0], SUN[0]), "20-at-county")
    at.inspect("wei", WANG[0], "21-county")
    at.inspect("wei", YINUO[0])
    at.inspect("wei", SUN[0])
    tell.receive(at.shi, at.sheets(ZHOU[0]))
    at.inspect("shi", ZHOU[0])
    for story in (at.wei, at.shi):
        story.open("desk/archive?tab=approved")
        for box in story.page.locator('input[type=checkbox][name="chosen"]').all():
            box.check(force=True)
        tell.act(story, "file")


def the_third_follows(phone: Story, draft: str) -> None:
    """赵雅琴 mends her number and hands in what she kept."""
    phone.open(f"apply/{draft}")
    phone.follow('#main a[href*="/who"]')
    tell.name_one(phone, ZHAO[0], "38", ZHAO[1])
    if not phone.page.url.endswith(draft):
        tell.describe(phone, "adult")
    phone.press()
    for kind in PHOTOS:
        tell.send_photo(phone, kind, *ZHAO)
    assert tell.sign_and_send(phone, draft) == 1


def anybody_may_check(at: County, phone: Story, filed: dict[str, UUID]) -> None:
    """The QR page holds; a byte changed afterwards is seen there, at the desk and on the print."""
    with county.inside(cast.COUNTY):
        forms = {one: queries.view(at.small.wei, filed[one]).form for one in (WANG[0], SUN[0])}
    phone.open(f"q/{forms[WANG[0]].token}")
    phone.sound("24-verify")
    main = phone.page.locator("main")
    expect(main).to_contain_text(forms[WANG[0]].number)
    expect(main).not_to_contain_text(WANG[1])
    expect(main.locator(".cb-wrong")).to_have_count(0)

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE paper SET content = replace(content, '贺秀兰', '贺秀蓝') WHERE id = %s",
            [forms[SUN[0]].id],
        )
        assert cursor.rowcount == 1
        cursor.execute("SET session_replication_role = origin")
    phone.open(f"q/{forms[SUN[0]].token}")
    phone.sound("25-broken")
    assert main.locator(".cb-wrong").count() > 1
    at.wei.open(f"desk/case/{filed[SUN[0]]}")
    at.wei.sound("26-broken-at-the-desk")
    printed = at.wei.page.request.get(f"{at.wei.base}desk/case/{filed[SUN[0]]}/print/copy-1/")
    assert "此处签章已失效" in text_of(printed.body())


def test_a_household_a_pensioner_and_a_paper_travel_from_the_application_to_the_archive(
    site: str,
    small: cast.Small,
    windows: County,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
) -> None:
    phone = Story(open_page(width=390, height=844, has_touch=True), site, axe)
    person = before(small)
    for login, story in windows.at.items():
        tell.log_in(story, login)

    draft = the_household_applies(phone, person)
    the_village_sends_one_back(windows, phone)
    windows.inspect("chen", WANG[0], "12-village")
    windows.inspect("chen", YINUO[0])
    one_without_a_phone_applies_at_the_village(windows)
    one_comes_on_paper_only(windows)
    tell.receive(windows.meng, windows.sheets(SUN[0]))
    windows.report("chen", "170", ZHOU[0])
    tell.receive(windows.tao, windows.sheets(ZHOU[0]))
    page = a_bundle_lacks_a_sheet(windows)
    the_township_reviews(windows, page)
    filed = {one: windows.row(one).id for one in (WANG[0], YINUO[0], ZHOU[0], SUN[0])}
    the_county_decides_and_files(windows)

    with county.inside(cast.COUNTY):
        stands = cast.rows(small.guan, filed.values())
    assert {row.status for row in stands.values()} == {flow.Status.FILED}
    windows.wei.open(f"desk/case/{filed[WANG[0]]}")
    windows.wei.sound("22-filed")
    phone.open(f"cases/{filed[WANG[0]]}")
    phone.sound("23-follow")
    the_third_follows(phone, draft)
    assert windows.row(ZHAO[0]).desk == "village"
    anybody_may_check(windows, phone, filed)
