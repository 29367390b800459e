"""Parts 2 to 5 of the story, through the pages: entry at the village, on behalf, bundles, county, archive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from canbao.cases import archive, bundle, door, flow, inspection, queries
from canbao.cases.claim import Channel
from canbao.kernel import clock, jobs
from canbao.web.desk import checking
from tests import small as cast
from tests.web.desk.conftest import Desk, picture, text, uuid_in, version, yes

VILLAGE = ("form_complete", "identity_agrees", "applicant_signed", "originals_seen",
           "papers_attached", "photo_is_person", "ink_copy_1", "ink_copy_2")  # fmt: skip
Sit = Callable[[str], Desk]


def entry(serial: int, **changes: Any) -> dict[str, Any]:
    """What a clerk types for a person of the small county."""
    who = cast.identity(serial)
    typed = {
        "insurance": "390", "kind": who.kind, "number": who.number, "name": who.name,
        "ethnic": "01", "village": cast.APRICOT, "household_number": "0317", "relation": "02",
        "address": "杏花村 3 组", "living_address": "", "residency": "rural", "student": "none",
        "level": "adult", "phone": "", "how": "fingerprint", "signer": "self", "signer_name": "",
        "witness": "李证明",
    }  # fmt: skip
    return {**typed, **changes}


def inspect(seat: Desk, case_id: UUID, name: str = "case", query: str = "", shows: str = "") -> str:
    """Answer every item with yes, see the seal as it will stand, sign."""
    items = yes(*inspection.asked(next(iter(cast.rows(actor_of(seat), [case_id]).values()))))
    page = seat.get(name, case_id, query=query)
    seen = version(page)
    kept = seat.follow(name, case_id, query=query, act="pass", version=seen, **items)
    said = text(kept)
    assert "as it stands here" in said, said[:3000]
    assert shows in said.partition("Handled by:")[2][:60]
    return text(seat.follow(name, case_id, query=query, act="pass", version=seen, **items))


def actor_of(seat: Desk) -> Any:
    return queries_actor[seat.login]


queries_actor: dict[str, Any] = {}


def _miscounted(meng: Desk, bundle_id: UUID, case_id: UUID, sheets: int) -> None:
    """A count that cannot be is refused, and nothing is counted in."""
    for counted in (0, sheets - 1, sheets + 2, 999_999):
        answer = meng.post("bundle", bundle_id, sheets=str(counted), surplus_0="一张白纸")
        assert answer.status_code == 422
        assert f"You counted {counted} sheets" in text(answer)
    part = {f"item_{case_id}": "copy"}
    assert meng.post("bundle", bundle_id, sheets=str(sheets), **part).status_code == 422


def test_a_pension_entered_at_the_village_reaches_the_archive(small: cast.Small, desk: Sit) -> None:
    queries_actor.update(small.officers)
    chen, meng, shi = desk("chen"), desk("meng"), desk("shi")

    saved = chen.follow(
        "desk_apply", **entry(1, insurance="170", level="500"), file_id_front=picture("front"),
        file_booklet_own=picture("own"),
    )  # fmt: skip
    assert "Saved" in text(saved)
    case_id = uuid_in(saved.content.decode().split("/print/copy-1")[0])
    assert "PDF" in chen.get("print_form", case_id, "copy-1").content[:5].decode()
    page = chen.get("desk_scan", case_id)
    chen.follow("desk_scan", case_id, version=version(page), file_signed_sheet=picture("signed"))

    assert "Signed and sealed" in inspect(chen, case_id)
    report = chen.get("report", query="?insurance=170")
    as_of = report.context["as_of"]
    wrong = chen.post("report", insurance="170", as_of=as_of, sheets="1")
    assert wrong.status_code == 422
    assert "You counted 1 sheets" in text(wrong)
    sheets = bundle.sheet_counts([case_id])[case_id]
    sent = chen.follow("report", insurance="170", as_of=as_of, sheets=str(sheets))
    bundle_id = sent.context["bundle"].id

    _miscounted(meng, bundle_id, case_id, sheets)
    received = meng.follow("bundle", bundle_id, sheets=str(sheets), surplus_0="一张白纸")
    assert "Counted in" in text(received)
    page = meng.get("second", case_id)
    assert cast.identity(1).name not in text(page).replace(" ", "")
    who = cast.identity(1)
    digits = list(who.number)
    meng.follow("second", case_id, version=version(page), name=who.name[:1] + "二", kind="id_card",
                number=who.number)  # fmt: skip
    assert "<mark>" in meng.get("case", case_id).content.decode()
    assert digits
    meng.follow("second", case_id, version=version(page), name=who.name, kind="id_card",
                number=who.number)  # fmt: skip
    assert "Both entries agree" in text(meng.get("case", case_id))
    meng.follow("bundle_check", bundle_id, **{
        f"{case_id}.version": version(page), f"{case_id}.village_marks": "yes",
        f"{case_id}.materials_complete": "yes", f"{case_id}.eligible_confirmed": "yes",
    })  # fmt: skip
    closed = meng.follow("bundle_close", bundle_id)
    assert "Passed: 1" in text(closed)
    report = meng.get("report", query="?insurance=170")
    sent = meng.follow("report", insurance="170", as_of=report.context["as_of"], sheets=str(sheets))
    shi.follow("bundle", sent.context["bundle"].id, sheets=str(sheets))

    approved = inspect(shi, case_id)
    assert "The enrolment is open" in approved
    assert "Cover begins when the own share is paid" in approved
    overview = text(shi.get("case", case_id))
    assert "Personal account opened" in overview
    assert "何证" not in overview
    filed = shi.follow(
        "archive", query="?tab=approved", act="file",
        chosen=f"{case_id}.{cast.versions(small.shi, [case_id])[case_id]}",
    )  # fmt: skip
    assert "Done: 1" in text(filed)
    overview = text(shi.get("case", case_id))
    assert "370199-" in overview
    assert "in the archive" in overview
    for form in ("copy-2", "receipt", "decision", "manifest"):
        assert shi.get("print_form", case_id, form).content[:4] == b"%PDF"


def test_the_village_gives_copy_2_into_the_applicants_hands(small: cast.Small, desk: Sit) -> None:
    ids = cast.bring_to(flow.ARCHIVE, small, [cast.claim(3)])
    archive.file(small.wei, cast.versions(small.wei, ids), at=clock.now(), key=cast.key())
    chen = desk("chen")

    page = text(chen.get("case", ids[0]))
    assert "The applicant has copy 2 now" in page
    assert "村村民委员会" in page
    given = text(chen.follow("desk_copy", ids[0]))
    assert "The applicant has copy 2 now" not in given
    assert "with the applicant" in given
    assert "陈秋生 gave copy 2 to the applicant" in given
    assert desk("liu").post("desk_copy", ids[0]).status_code == 404


def test_the_township_records_what_a_village_did_on_paper(small: cast.Small, desk: Sit) -> None:
    queries_actor.update(small.officers)
    meng = desk("meng")
    meng.follow("desk_apply", **entry(2, how="paper", witness=""))
    case_id = small_case(small)
    posting = meng.get("behalf_case", case_id).context["officers"][0][0]
    query = f"?posting={posting}&on_year=2026&on_month=1&on_day=5"
    said = text(meng.get("behalf_case", case_id, query=query))
    assert "陈秋生" in said

    inspect(meng, case_id, "behalf_case", query, shows="陈秋生 5 January")

    decision = queries.decisions_of([case_id])[case_id][0]
    assert (decision.acted_by, decision.recorded_by) == (small.chen.id, small.meng.id)
    assert decision.acted_on.isoformat() == "2026-01-05"
    sheets = str(bundle.sheet_counts([case_id])[case_id])
    page = meng.get("behalf_report", cast.APRICOT, query=query + "&insurance=390")
    sent = meng.follow("behalf_report", cast.APRICOT, query=query, insurance="390",
                       as_of=page.context["as_of"], sheets=sheets)  # fmt: skip
    meng.follow("bundle", sent.context["bundle"].id, sheets=sheets)
    page = meng.get("case", case_id)
    assert "You acted on this case at another desk" in text(page)


def small_case(small: cast.Small) -> UUID:
    """The only case of 杏花村."""
    return door.rows_of(door.visible(small.chen))[0].id


def test_somebody_of_another_village_is_handed_over_and_not_sent_away(
    small: cast.Small, desk: Sit
) -> None:
    chen = desk("chen")

    saved = chen.follow("desk_apply", **entry(3, village=cast.PEAR))

    assert "Handed over to 梨树村" in text(saved)
    assert "nothing has to be applied for again" in text(saved)
    assert len(queries.cases_of(small.liu, [uuid_of_only(small.liu)])) == 1
    assert chen.get("case", uuid_of_only(small.liu)).status_code == 404


def uuid_of_only(actor: Any) -> UUID:
    return door.rows_of(door.visible(actor))[0].id


def test_a_case_sent_back_with_reasons_is_put_right_and_goes_on(
    small: cast.Small, desk: Sit
) -> None:
    queries_actor.update(small.officers)
    chen = desk("chen")
    chen.follow("desk_apply", **entry(4))
    case_id = small_case(small)
    page = chen.get("case", case_id)

    answered = chen.follow("case", case_id, act="to_return", version=version(page),
                           item_papers_attached="no", note_papers_attached="缺户口簿")  # fmt: skip
    assert "缺户口簿" in answered.content.decode()
    done = chen.follow("case", case_id, act="return", version=version(page), to="applicant",
                       code_0="paper_missing", about_0="booklet_own", why_0="带户口簿来")  # fmt: skip
    assert "带户口簿来" in text(done)
    assert chen.get("print_form", case_id, "missing").content[:4] == b"%PDF"

    page = chen.get("desk_amend", case_id)
    assert cast.identity(4).number not in page.content.decode()
    chen.follow("desk_amend", case_id, **entry(4, version=version(page)),
                file_booklet_own=picture("own"))  # fmt: skip
    row = next(iter(cast.rows(small.chen, [case_id]).values()))
    assert (row.desk, row.status, row.round) == ("village", "checking", 2)
    assert "Signed and sealed" in inspect(chen, case_id)


def test_all_that_is_answered_is_closed_over_its_bundles(small: cast.Small, desk: Sit) -> None:
    meng = desk("meng")
    ids = []
    for serials in (range(50, 52), range(52, 54)):
        claims = [cast.claim(serial) for serial in serials]
        bundle_ids = cast.submit(small.chen, claims, Channel.PHONE)
        cast.answer_all(small.chen, bundle_ids)
        cast.decide(small.chen, bundle_ids)
        cast.hand_on(small.chen, small.meng, bundle_ids)
        ids += bundle_ids
    cast.answer_all(small.meng, ids[:3])

    closed = text(meng.follow("desk_close"))

    assert "Passed: 3" in closed
    assert "Not done" not in closed
    assert [row.status for row in cast.rows(small.meng, ids[3:]).values()] == ["checking"]


def test_more_than_a_set_is_closed_as_a_job_that_can_be_stopped_and_resumed(
    small: cast.Small, desk: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "LARGEST_SET", 2)
    claims = [cast.claim(serial) for serial in range(60, 64)]
    ids = cast.bring_to("township", small, claims)
    cast.answer_all(small.meng, ids, claims)
    meng = desk("meng")

    progress = meng.post("desk_close")
    job_id = uuid_in(progress.headers["Location"])
    stopped = meng.follow("desk_job", job_id, act="stop")
    jobs.run(cast.COUNTY, job_id)
    assert jobs.see(small.meng, job_id).handled == 0
    meng.follow("desk_job", job_id, act="resume")
    jobs.run(cast.COUNTY, job_id)

    assert "It stands still" in text(stopped)
    assert "4 of 4 are dealt with" in text(meng.get("desk_job", job_id))
    assert {row.status for row in cast.rows(small.meng, ids).values()} == {"ready"}
    assert desk("ren").get("desk_job", job_id).status_code == 404


def test_a_bundle_is_closed_with_a_verdict_for_each_case(small: cast.Small, desk: Sit) -> None:
    claims = [cast.claim(serial) for serial in range(10, 14)]
    ids = cast.submit(small.chen, claims, Channel.PHONE)
    cast.answer_all(small.chen, ids, claims)
    cast.decide(small.chen, ids)
    bundle_id = cast.hand_on(small.chen, small.meng, ids)
    meng = desk("meng")
    versions = cast.versions(small.meng, ids)
    passes, wrong, still_open, unmarked = ids
    said: dict[str, str] = {f"{one}.version": str(versions[one]) for one in ids}
    for item in ("village_marks", "materials_complete", "eligible_confirmed"):
        said |= {f"{one}.{item}": "yes" for one in (passes, wrong, unmarked)}
    said |= {f"{wrong}.materials_complete": "no", f"{wrong}.note": "缺照片"}
    said |= {f"{unmarked}.village_marks": "no", f"{unmarked}.note": "没盖章"}
    meng.follow("bundle_check", bundle_id, **said)
    preview = text(meng.get("bundle_close", bundle_id))
    assert "1 case passes" in preview
    key = "closing-the-bundle-of-today"

    closed = meng.follow("bundle_close", bundle_id, key=key, to_village_marks="village",
                         to_materials_complete="applicant")  # fmt: skip

    result = text(closed)
    assert "Passed: 1" in result
    assert "Sent back: 2" in result
    assert "Not done: 1" in result
    assert "All materials are there" in result  # of the open one, by name
    rows = cast.rows(small.meng, ids)
    assert (rows[passes].desk, rows[passes].status) == ("township", "ready")
    assert (rows[wrong].desk, rows[wrong].status) == (flow.APPLICANT, "returned")
    assert (rows[unmarked].desk, rows[unmarked].status) == ("village", "returned")
    assert (rows[still_open].desk, rows[still_open].status) == ("township", "checking")
    again = meng.follow("bundle_close", bundle_id, key=key, to_village_marks="village",
                        to_materials_complete="applicant")  # fmt: skip
    assert "done already, and only once" in text(again)
    other = meng.post("bundle_close", bundle_id, key=key, to_village_marks="applicant")
    assert other.status_code == 409
    assert "sent before with other content" in text(other)
