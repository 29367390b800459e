"""The administration's pages: who reaches them, what they do, what they say when they do not."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from canbao.cases import export, flow
from canbao.kernel import clock, directory, office, staff, statements, trust
from canbao.kernel.actor import Role
from canbao.kernel.staff import PostingGiven
from canbao.kernel.tables import Audit, Officer
from canbao.people import officers
from canbao.policy import in_force
from canbao.web.access import POSTING
from tests import small as cast
from tests.office import scenes
from tests.office.test_commands import PACK
from tests.small import Small

TODAY = clock.today()
COUNTY = cast.COUNTY


@pytest.fixture
def auditor(small: Small) -> str:
    [one] = staff.add_officer(
        small.guan, "shen", "审计", "", "Kind-Sparrow-81", at=clock.now()
    ).done
    given = PostingGiven(one, office_of(small, "guan"), Role.AUDITOR, TODAY)
    [posting] = staff.post(small.guan, given, at=clock.now()).done
    actor = officers.officer("shen", posting, TODAY)
    assert actor is not None
    staff.change_password(actor, "Kind-Sparrow-81", "Quiet-River-2093", at=clock.now())
    return "shen"


def office_of(small: Small, login: str) -> UUID:
    found: UUID = getattr(small, login).office_id
    return found


def at_desk(login: str, language: str = "zh-hans") -> Client:
    """A browser in which this officer is logged in."""
    user, _made = get_user_model().objects.get_or_create(username=f"{COUNTY}/{login}")
    client = Client(headers={"accept-language": language})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[POSTING] = {COUNTY: str(office.postings_of(login, TODAY)[0].id)}
    session.save()
    client.cookies["django_language"] = language
    return client


def url(name: str, *args: object) -> str:
    return reverse(name, args=[COUNTY, *args])


def send(client: Client, address: str, act: str, **typed: Any) -> Any:
    return client.post(address, {"act": act, "key": str(uuid4()), **typed})


def day(name: str, on: Any) -> dict[str, str]:
    return {
        f"{name}_year": str(on.year),
        f"{name}_month": str(on.month),
        f"{name}_day": str(on.day),
    }


def addresses(small: Small) -> list[str]:
    """Every page of the administration that can be read."""
    seal = directory.seals()[0][0]
    pack = in_force.lines()[0]
    trust.propose_waiver(
        small.guan, small.meng.id, "acted_elsewhere", "同事生病", TODAY, TODAY + timedelta(days=9), at=clock.now()
    )  # fmt: skip
    waiver = directory.waivers()[0]
    names: list[tuple[Any, ...]] = [
        ("office_health",), ("office_regions",), ("office_region", cast.WILLOW),
        ("office_region", cast.APRICOT), ("office_region", f"{COUNTY}000000"), ("office_offices",),
        ("office_office", office_of(small, "chen")), ("office_officers",),
        ("office_officer", small.chen.id), ("office_seals",), ("office_seal", seal.id),
        ("office_waivers",), ("office_waiver", waiver.id), ("office_flows",), ("office_packs",),
        ("office_pack", pack.sha256), ("office_record",), ("office_exports",),
    ]  # fmt: skip
    return [url(name, *args) for name, *args in names]


def writing(small: Small) -> list[str]:
    """Pages that only administrators have."""
    return [
        url("office_region_add", cast.WILLOW), url("office_office_add"), url("office_officer_add"),
        url("office_pack_add"),
    ]  # fmt: skip


def test_every_page_shows_to_administrator_and_auditor_and_to_nobody_else(
    small: Small, auditor: str
) -> None:
    found = addresses(small)
    for login in ("guan", auditor):
        client = at_desk(login)
        for address in found:
            page = client.get(address)
            assert page.status_code == 200, (login, address)
            assert ('<form method="post" novalidate' in page.content.decode()) <= (login == "guan")
    for address in writing(small):
        assert at_desk("guan").get(address).status_code == 200
        assert at_desk(auditor).get(address).status_code == 404
    for login in ("chen", "meng", "wei"):
        client = at_desk(login)
        for address in [*found, *writing(small)]:
            wanted = 200 if (login, address) == ("wei", url("office_exports")) else 404
            assert client.get(address).status_code == wanted, (login, address)
    assert Client().get(found[0]).status_code == 302


def test_no_page_is_half_translated(small: Small) -> None:
    client = at_desk("guan")
    for address in [*addresses(small), *writing(small)]:
        chinese = text_of(client.get(address))
        left = set(re.findall(r"\b[A-Z][a-z]{3,}\b", chinese)) - ENGLISH_NAMES
        assert not left, (address, left)


# Names of things, not words: products, formats, sources.
ENGLISH_NAMES = {"English", "Canbao", "PostgreSQL"}


def text_of(page: Any) -> str:
    content = re.sub(r"(?s)<(script|style|pre|code|svg).*?</\1>", " ", page.content.decode())
    return re.sub(r"<[^>]*>", " ", content)


def test_pages_take_as_few_statements_for_many_rows(small: Small) -> None:
    client = at_desk("guan")
    found = addresses(small)
    before = {}
    for address in found:
        client.get(address)
        with statements.seen() as seen:
            client.get(address)
        before[address] = len(seen)
        assert len(seen) <= 15, (address, len(seen))
    for serial in range(3):
        [one] = staff.add_officer(
            small.guan, f"more{serial}", f"多{serial}", "", "x", at=clock.now()
        ).done
        given = PostingGiven(one, office_of(small, "chen"), Role.VILLAGE, TODAY)
        staff.post(small.guan, given, at=clock.now())
    for address in found:
        with statements.seen() as seen:
            client.get(address)
        assert len(seen) <= before[address], address


def test_a_region_is_added_and_merged_by_pages(small: Small) -> None:
    client = at_desk("guan")
    added = send(
        client, url("office_region_add", cast.WILLOW), "add", code="370199101203", name="枣树村"
    )
    assert added.status_code == 303
    assert "枣树村" in client.get(added.url).content.decode()
    merge = {"into": cast.APRICOT, **day("on", TODAY)}
    merged = send(client, url("office_region", "370199101203"), "merge", **merge)
    assert merged.status_code == 303
    line = directory.region("370199101203")
    assert line is not None
    assert line.succeeded_by == cast.APRICOT


def test_what_does_not_fit_is_said_and_what_was_typed_stays(small: Small) -> None:
    client = at_desk("guan")
    refused = send(
        client, url("office_region_add", cast.WILLOW), "add", code="12345", name="枣树村"
    )
    said = refused.content.decode()
    assert refused.status_code == 422
    assert "12345" in said
    assert "枣树村" in said
    empty = send(client, url("office_region_add", cast.WILLOW), "add", code="", name="")
    assert empty.status_code == 422


def test_a_forged_act_a_missing_key_and_junk_do_nothing(small: Small, auditor: str) -> None:
    before = Audit.here.count()
    guan = at_desk("guan")
    address = url("office_region", cast.PEAR)
    rename = {"act": "rename", "name": "新名"}
    assert guan.post(address, rename).status_code in {404, 422}
    assert send(guan, address, "explode").status_code == 404
    assert send(at_desk(auditor), address, "rename", name="新名").status_code == 404
    assert guan.get(url("office_region", "no")).status_code == 404
    assert guan.get(url("office_officer", uuid4())).status_code == 404
    for junk in ("'", "\x00", "٣" * 12, "x" * 5000, "<script>"):
        form = send(guan, url("office_region_add", cast.WILLOW), "add", code=junk, name=junk)
        assert form.status_code == 422
        for name in ("q", "page", "case", "login", "event", "from_on"):
            for page in ("office_officers", "office_record", "office_offices"):
                assert guan.get(url(page), {name: junk}).status_code in {200, 422}
    assert Audit.here.filter(event__startswith="region").count() == 0
    assert Audit.here.count() == before


def test_a_double_press_acts_once(small: Small) -> None:
    client = at_desk("guan")
    typed = {"act": "add", "key": str(uuid4()), "code": "370199101203", "name": "枣树村"}
    for _press in range(2):
        assert client.post(url("office_region_add", cast.WILLOW), typed).status_code == 303
    assert Audit.here.filter(event="region.added").count() == 1


def test_an_officer_is_taken_up_with_a_password_shown_once_and_must_change_it(
    small: Small,
) -> None:
    client = at_desk("guan")
    page = send(client, url("office_officer_add"), "add", name="赵敏", login="zhao", phone="")
    password = re.findall(r"<code>([\w-]{16})</code>", page.content.decode())[0]
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    one = directory.officer_by_login("zhao")
    assert one is not None
    assert staff.proves("zhao", password)
    again = client.get(url("office_officer", one.id)).content.decode()
    assert password not in again

    posted = send(
        client, url("office_officer", one.id), "post", office=str(office_of(small, "chen")),
        role="village", stands_in_for="", **day("from_on", TODAY),
    )  # fmt: skip
    assert posted.status_code == 303
    zhao = at_desk("zhao")
    typed = {"old": password, "new": "Quiet-River-2093", "again": "Quiet-River-2093"}
    wrong = send(zhao, url("office_password"), "password", **{**typed, "old": "no"})
    assert wrong.status_code == 422
    assert send(zhao, url("office_password"), "password", **typed).status_code == 303
    assert staff.proves("zhao", "Quiet-River-2093")


def test_a_waiver_is_granted_by_the_other_administrator_only(small: Small) -> None:
    typed = {
        "login": "meng", "rule": "acted_elsewhere", "reason": "同事生病",
        **day("from_on", TODAY), **day("to_on", TODAY + timedelta(days=9)),
    }  # fmt: skip
    assert send(at_desk("guan"), url("office_waivers"), "propose", **typed).status_code == 303
    one = directory.waivers()[0]
    assert send(at_desk("guan"), url("office_waiver", one.id), "grant").status_code == 422
    assert send(at_desk("li"), url("office_waiver", one.id), "grant").status_code == 303
    assert office.waived(small.meng.id, "acted_elsewhere", TODAY)


def test_a_pack_is_proposed_with_its_faults_named_and_published_by_another(small: Small) -> None:
    guan, li = at_desk("guan"), at_desk("li")
    faulty = io.BytesIO(PACK.replace("[level.adult]", "[levl.adult]").encode())
    faulty.name = "mine.toml"
    refused = send(guan, url("office_pack_add"), "propose", file=faulty, name="", text="")
    assert refused.status_code == 422
    assert re.search(r"mine\.toml:\d+: ", refused.content.decode())

    pasted = PACK.replace("\n", "\r\n")
    proposed = send(guan, url("office_pack_add"), "propose", name="2031.toml", text=pasted)
    assert proposed.status_code == 303
    own = send(guan, proposed.url, "publish")
    assert own.status_code == 422
    assert "这要第二个人来办" in own.content.decode()
    assert send(li, proposed.url, "publish").status_code == 303
    assert any(line.years == (2031, 2031) and line.own for line in in_force.lines())
    junk = io.BytesIO(b"\xff\xfe\x00")
    junk.name = "x.toml"
    assert send(guan, url("office_pack_add"), "propose", file=junk).status_code == 422


def test_the_flow_is_drawn_from_what_cases_walk_by(small: Small) -> None:
    page = at_desk("guan").get(url("office_flows")).content.decode()
    [drawn] = re.findall(r'(?s)<svg class="cb-chart".*?</svg>', page)
    assert drawn.count("<rect") == 6
    assert drawn.count("marker-end") == len(list(flow.shipped()[0].edges()))
    other = at_desk("guan").get(url("office_flows"), {"flow": "enrolment.390.1"}).content.decode()
    assert "enrolment.390.1" in other


def test_the_record_is_found_by_case_officer_event_and_day(small: Small) -> None:
    from canbao.cases.tables import Case

    one = scenes.filed(small)
    number = Case.here.get(id=one).number
    client = at_desk("guan")

    def entries(**wanted: str) -> str:
        return text_of(client.get(url("office_record"), wanted))

    assert number in entries(case=number)
    assert "张三" not in entries(login="wei")
    filed = entries(event="case.filed", login="wei")
    assert filed.count(number) == 1
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert number not in entries(from_on=tomorrow)
    assert number in entries(to_on=TODAY.isoformat())
    assert number not in entries(case="nothing", login="nobody")


def test_lists_are_made_and_taken_out_by_pages(small: Small) -> None:
    cast.bring_to(flow.ARCHIVE, small, [cast.claim(1)])
    wei = at_desk("wei")
    made = send(wei, url("office_exports"), "make-390")
    assert made.status_code == 303
    assert send(wei, url("office_exports"), "make-390").status_code == 422
    [row] = export.listed(small.wei)
    for kind in ("csv", "xlsx"):
        file = wei.get(url("office_export", row.id, kind))
        assert file.status_code == 200
        assert row.number in file["Content-Disposition"]
        assert "no-store" in file["Cache-Control"]
    assert wei.get(url("office_export", row.id, "exe")).status_code == 404
    assert at_desk("shi").get(url("office_export", row.id, "csv")).status_code == 404


def test_a_correction_goes_through_two_officers_by_pages(small: Small) -> None:
    one = scenes.filed(small)
    version = cast.versions(small.wei, [one])[one]
    wei, yan = at_desk("wei"), at_desk("yan")
    typed = {"version": version, "field": "name", "new": "王守田", "reason": "抄错了"}
    same = send(
        wei, url("office_correct", one), "propose", **{**typed, "field": "sex", "new": "男"}
    )
    assert same.status_code == 422
    proposed = send(wei, url("office_correct", one), "propose", **typed)
    assert proposed.status_code == 303
    assert "王守田" in re.sub(r"<[^>]*>", "", wei.get(proposed.url).content.decode())
    assert send(wei, proposed.url, "confirm").status_code == 422
    assert send(yan, proposed.url, "confirm").status_code == 303
    assert "王守田" in yan.get(url("office_corrections")).content.decode()
    for login in ("meng", "guan", "shi"):
        client = at_desk(login)
        assert client.get(url("office_correct", one)).status_code == 404
        assert client.get(proposed.url).status_code == 404


def test_an_item_is_taken_out_as_a_file(small: Small) -> None:
    from canbao.cases import proof

    one = scenes.filed(small)
    file = at_desk("wei").get(url("office_item", one))
    assert proof.verify(file.content).holds
    assert at_desk("shi").get(url("office_item", one)).status_code == 404
    assert at_desk("chen").get(url("office_item", one)).status_code == 404


def test_an_officer_who_left_is_no_longer_let_in(small: Small) -> None:
    client = at_desk("li")
    assert client.get(url("office_regions")).status_code == 200
    staff.leave(small.guan, small.li.id, TODAY, at=clock.now())
    assert client.get(url("office_regions")).status_code == 302
    assert Officer.here.filter(left_on=TODAY).count() == 1


def test_the_agencys_bank_account_is_entered_on_its_page(small: Small) -> None:
    agency, village = office_of(small, "luo"), office_of(small, "chen")
    guan = at_desk("guan", "en")
    sent = {
        "act": "account", "key": str(uuid4()), "insurance": "390", "holder": "明水县医疗保障局",
        "bank": "明水农商行", "number": "1602 0001",
    }  # fmt: skip

    assert guan.post(url("office_office", agency), sent).status_code == 303
    assert guan.post(url("office_office", village), sent).status_code == 404

    assert "16020001" in guan.get(url("office_office", agency)).content.decode()
    again = guan.post(url("office_office", agency), {**sent, "key": str(uuid4())})
    assert again.status_code == 422
    assert "is entered already" in again.content.decode()
