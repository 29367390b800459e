"""The demo county's special cases: returned, refused, withdrawn, lost sheets, and one for each check that fails."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from canbao.cases import application, behalf
from canbao.cases.claim import Channel
from canbao.cases.flow import APPLICANT, Verdict
from canbao.cases.review import Reason
from canbao.kernel import clock, outcomes
from canbao.kernel.actor import Actor
from canbao.people import numbers
from canbao.policy import published
from canbao.simulate import cast, claims, offices, road, walks
from canbao.simulate.claims import MEDICAL, PENSION, Applicant
from canbao.simulate.plan import Group, Pools, Stop
from canbao.simulate.walks import Demo

_BLURRED: Final = Reason("paper_unreadable", "booklet_own", "户口簿本人页看不清，请再拍一张。")
_ADDRESS: Final = Reason("field_wrong", "address", "住址与户口簿不一样，请照户口簿写。")
_SEAL: Final = Reason("mark_missing", "", "第 2 份没有盖章，请补盖。")
_REGISTER: Final = Reason("register_differs", "name", "名字与户籍底册不一样，请核对。")
_EMPLOYEE: Final = Reason("insured_already", "", "已参加职工基本医疗保险，不能同时参加居民医保。")
_ELSEWHERE: Final = Reason("not_this_county", "", "户口已迁出本县，请到迁入地参保。")


def _story(county: Demo, name: str, insurance: str, **special: Any) -> Applicant:
    household, who = cast.member(county.households[cast.APRICOT], name)
    return Applicant(who, household, insurance, **special)


def insured_story(county: Demo) -> None:
    """Who is insured already when the tutorial begins, and which resident the coordinator is."""
    people = [
        _story(county, "李桂香", MEDICAL, groups=("disability_severe",)),
        _story(county, "陈秋生", MEDICAL),
        _story(county, "李㛃", MEDICAL),
    ]
    group = Group("story", MEDICAL, (cast.APRICOT,), len(people), Stop.FILED, 23)
    ids = walks.walk(county, group, {cast.APRICOT: people})[cast.APRICOT]
    person = next(
        row.person_id
        for row in road.rows_of(county.actors["weijingyi"], ids)
        if row.name == "陈秋生"
    )
    road.once(
        offices.recognise,
        county.system,
        "chenqiusheng",
        person,
        at=county.now,
        key="demo/recognise",
    )
    wife = [_story(county, "吴春梅", PENSION)]
    county.submit(
        county.actors["liuyulan"], wife, Channel.VILLAGE, at=county.at(1, 10), name="wife"
    )


def _some(
    county: Demo,
    pools: Pools,
    name: str,
    village: str,
    insurance: str,
    count: int,
    stop: Stop,
    ago: int,
) -> list[UUID]:
    group = Group(name, insurance, (village,), count, stop, ago)
    people = {village: pools.take(village, insurance, count)}
    return walks.walk(county, group, people)[village]


def township_answers(county: Demo, ids: Sequence[UUID]) -> None:
    """A township with 500 cases answered and ready to close; thirteen of them for one reason or another not."""
    actor = county.actors["luowenbin"]
    at = county.at(0, 9, 20)
    wrong, unanswered, mistyped = ids[-6:], ids[-10:-6], ids[-13:-10]
    lacking = {"materials_complete": "户口簿本人页缺一页"}
    road.answer(actor, ids[:-10], at=at, key="demo/closing/answer")
    road.answer(actor, wrong, at=at, key="demo/closing/wrong", wrong=lacking)
    road.answer(
        actor, unanswered, at=at, key="demo/closing/unanswered", leave=("eligible_confirmed",)
    )
    typed = dict(county.claims)
    for one in mistyped:
        who = typed[one].identity
        digit = str((int(who.number[13]) + 1) % 10)
        number = who.number[:13] + digit + who.number[14:]
        typed[one] = replace(typed[one], identity=replace(who, number=number))
    road.type_again(actor, typed, ids, at=at, key="demo/closing/typed")


def returned(county: Demo, pools: Pools) -> None:
    """Cases that came back, from each desk to whom it may go, and one that was mended."""
    back = {"verdict": Verdict.RETURN}
    apricot, pear = cast.APRICOT, cast.PEAR
    ids = _some(county, pools, "back-1", apricot, MEDICAL, 3, Stop.VILLAGE, 4)
    chen = county.coordinator(apricot)
    at = county.at(3, 11)
    road.decide(chen, ids[:2], at=at, key="demo/back-1/a", reasons=[_BLURRED], to=APPLICANT, **back)
    road.decide(chen, ids[2:], at=at, key="demo/back-1/b", reasons=[_ADDRESS], to=APPLICANT, **back)
    mended = [county.claims[ids[1]]]
    road.once(
        application.amend, chen, mended, lambda: road.versions(chen, ids[1:2]),
        at=county.at(1, 10), key="demo/back-1/amend",
    )  # fmt: skip
    phone = pools.take(apricot, MEDICAL, 1)
    group = Group(
        "back-phone", MEDICAL, (apricot,), 1, Stop.VILLAGE, 5, Channel.PHONE, own_photos=True
    )
    sent = walks.walk(county, group, {apricot: phone})[apricot]
    road.decide(
        chen,
        sent,
        at=county.at(4, 15),
        key="demo/back-phone/return",
        reasons=[_BLURRED, _ADDRESS],
        **back,
    )
    ids = _some(county, pools, "back-2", pear, MEDICAL, 4, Stop.TOWNSHIP, 6)
    meng = county.township(pear)
    at = county.at(3, 14)
    road.decide(meng, ids[:2], at=at, key="demo/back-2/a", reasons=[_SEAL], to="village", **back)
    road.decide(
        meng, ids[2:3], at=at, key="demo/back-2/b", reasons=[_REGISTER], to=APPLICANT, **back
    )
    for insurance, name in ((MEDICAL, "back-3m"), (PENSION, "back-3p")):
        ids = _some(county, pools, name, pear, insurance, 3, Stop.COUNTY, 8)
        officer = county.county(insurance)
        at = county.at(2, 10)
        road.decide(
            officer, ids[:1], at=at, key=f"demo/{name}/a", reasons=[_SEAL], to="township", **back
        )
        road.decide(
            officer, ids[1:2], at=at, key=f"demo/{name}/b", reasons=[_ADDRESS], to=APPLICANT, **back
        )


def ended(county: Demo, pools: Pools) -> None:
    """Refused by the county, and taken back by the applicant, at the desk and on the way."""
    ids = _some(county, pools, "refused-m", cast.PEAR, MEDICAL, 2, Stop.COUNTY, 10)
    for one, reason in zip(ids, (_EMPLOYEE, _ELSEWHERE), strict=True):
        road.decide(
            county.county(MEDICAL), [one], at=county.at(4, 10), key=f"demo/refused-m/{reason.code}",
            verdict=Verdict.REFUSE, reasons=[reason],
        )  # fmt: skip
    ids = _some(county, pools, "refused-p", cast.GROVE, PENSION, 1, Stop.COUNTY, 10)
    road.decide(
        county.county(PENSION), ids, at=county.at(3, 10), key="demo/refused-p",
        verdict=Verdict.REFUSE, reasons=[_ELSEWHERE],
    )  # fmt: skip
    ids = _some(county, pools, "withdrawn", cast.APRICOT, MEDICAL, 2, Stop.VILLAGE, 5)
    road.withdraw(
        county.coordinator(cast.APRICOT), ids, at=county.at(4, 16), key="demo/withdrawn/now"
    )
    ids = _some(county, pools, "withdrawn-way", cast.GROVE, MEDICAL, 4, Stop.TO_TOWNSHIP, 2)
    road.withdraw(
        county.coordinator(cast.GROVE), ids[:1], at=county.at(0, 9), key="demo/withdrawn/way"
    )


def checks(county: Demo, pools: Pools) -> None:
    """One case for every automatic check that fails. Number and eligibility refuse before anybody signs."""
    at = county.at(2, 14)
    on = clock.on(at)
    chen = county.coordinator(cast.APRICOT)
    some = iter(pools.take(cast.APRICOT, MEDICAL, 6))
    twin = _story(county, "李㛃", MEDICAL)
    other = twin.who.number[:14] + f"{int(twin.who.number[14:17]) + 200:03d}"
    flipped = next(some)
    people = {
        "complete": replace(next(some), identity={"address": ""}),
        "birth_sex": replace(flipped, identity={"sex": "2" if flipped.who.sex == "1" else "1"}),
        "register_differs": _story(county, "张山", PENSION, level="500", identity={"name": "张三"}),
        "register_missing": replace(next(some), identity=_stranger(on)),
        "unlike_others": replace(twin, identity={"number": _checked(other)}),
        "level": replace(next(some), year=_first_unpublished(on)),
        "papers_present": replace(next(some), without=("booklet_own", "photo")),
        "family_form": _story(county, "孙玉梅", PENSION, groups=("low_income",), level="300"),
        "grandfather": _story(county, "高悦", MEDICAL, signer="高山"),
        "couple-a": _story(county, "王䶮", MEDICAL),
        "couple-b": _story(county, "阿依古丽·买买提江", MEDICAL),
    }
    for name, one in people.items():
        photos = claims.own_photos(
            chen, one.household, [one.who], at=at, key=f"demo/check-{name}/papers"
        )
        county.submit(
            chen, [one], Channel.VILLAGE, at=at, name=f"check-{name}", photos=photos
        )  # fmt: skip
    blurred = next(some)
    photo = claims.blurred_photo(chen, blurred.who, at=at, key="demo/check-readable/papers")
    county.submit(
        chen, [blurred], Channel.VILLAGE, at=at, name="check-readable",
        photos={(blurred.who.number, "booklet_own"): photo},
    )  # fmt: skip
    # A phone nobody knows applies for somebody insured: to it the village will check, to the officer it is plain.
    phone = walks.resident(county, "13900008801", at, "check-enrolled")
    photos = claims.own_photos(
        phone, twin.household, [twin.who], at=at, key="demo/check-enrolled/papers", drawn=True
    )
    county.submit(phone, [twin], Channel.PHONE, at=at, name="check-enrolled", photos=photos)


def _checked(body: str) -> str:
    return body + numbers.check_digit(body)


def _stranger(on: datetime.date) -> Mapping[str, Any]:
    """Somebody the register does not know."""
    born = datetime.date(on.year - 41, 5, 6)
    number = _checked(f"370199{born:%Y%m%d}901")
    return {"name": "何远", "number": number, "birth_on": born, "sex": "1"}


def _first_unpublished(on: datetime.date) -> int:
    return next(
        year
        for year in range(on.year, on.year + 50)
        if published.rules(MEDICAL, year).borrowed_from is not None
    )


def on_paper(county: Demo, pools: Pools) -> None:
    """小石村 has no computer: the township enters the applications, and for some what the village did on paper."""
    fang, meng = county.actors["fangjianping"], county.actors["mengqinghua"]
    people = pools.take(cast.STONE, MEDICAL, 9)
    entered = county.submit(fang, people, Channel.PAPER, at=county.at(3, 10), name="stone")
    signed_on = clock.on(county.at(4))
    posting = next(one.posting_id for one in behalf.candidates(fang, signed_on, cast.STONE))
    at = county.at(2, 10)
    acting = behalf.acting(fang, posting, signed_on, at=at)
    done = entered[:6]
    road.answer(acting, done, at=at, key="demo/stone/answer")
    road.decide(acting, done, at=at, key="demo/stone/pass")
    bundle_id = road.report(acting, done[:4], at=at, key="demo/stone/report")
    road.receive(meng, bundle_id, at=county.at(1, 10), key="demo/stone/receive")


def sheets(county: Demo, pools: Pools) -> None:
    """A bundle counted in with one sheet missing, and one on the way whose envelope lacks a sheet."""
    ids = _some(county, pools, "missing", cast.GROVE, PENSION, 6, Stop.TO_TOWNSHIP, 4)
    bundle_id = _bundle(county.coordinator(cast.GROVE), "demo/missing/" + cast.GROVE + "/report")
    road.receive(
        county.township(cast.GROVE), bundle_id, at=county.at(2, 9), key="demo/missing/receive",
        missing={ids[2]: "第 2 份不在信封里"},
    )  # fmt: skip
    _some(county, pools, "envelope", cast.APRICOT, MEDICAL, 7, Stop.TO_TOWNSHIP, 2)


def _bundle(actor: Actor, key: str) -> UUID:
    known = outcomes.kept(actor, key)
    assert known is not None
    return UUID(known.outcome.made["bundle"])
