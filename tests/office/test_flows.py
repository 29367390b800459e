"""A county publishes a flow of its own: by two people, checked, for new cases; old ones keep theirs."""

from __future__ import annotations

import io
import re
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command

from canbao.cases import application, bundle, flow, inspection, queries, worklists
from canbao.cases.claim import Channel
from canbao.cases.flow import Status, Verdict
from canbao.cases.tables import Bundle, Case
from canbao.kernel import clock, staff, statements
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Audit
from canbao.policy import documents
from canbao.policy.rules.faults import PackFault
from tests import small as cast
from tests.cases.test_flow import SHORT, SOUND
from tests.office.test_pages import at_desk, send, url
from tests.small import Small

# Another deadline at the village, and nobody types again.
OWN = (
    SOUND.replace("version = 1", "version = 2")
    .replace("deadline = { working_days = 3 }", "deadline = { working_days = 8 }", 1)
    .replace('second_entry = "paper"', 'second_entry = "never"')
)


def publish(small: Small, text: str, name: str = "mine.toml") -> UUID:
    [one] = documents.propose(small.guan, name, text, at=clock.now()).done
    documents.publish(small.li, one, at=clock.now())
    return one


def due(case_id: UUID) -> object:
    return Case.here.values_list("due_on", flat=True).get(id=case_id)


def working_days(days: int) -> object:
    return clock.add_working_days(clock.today(), days, clock.official())


def test_a_new_case_walks_by_the_countys_flow_and_an_old_one_by_its_own(small: Small) -> None:
    claims = [cast.claim(1), cast.claim(2)]
    [old] = cast.submit(small.chen, claims[:1], Channel.PAPER)

    publish(small, OWN)

    [new] = cast.submit(small.chen, claims[1:], Channel.PAPER)
    names = dict(Case.here.values_list("id", "flow"))
    assert names[old] == "enrolment.390.1"
    assert re.fullmatch(r"enrolment\.390\.2-[0-9a-f]{16}", names[new])
    assert (due(old), due(new)) == (working_days(3), working_days(8))
    assert flow.newest("enrolment", "170").name == "enrolment.170.1"

    cast.answer_all(small.chen, [old, new])
    assert not cast.decide(small.chen, [old, new]).refused
    cast.hand_on(small.chen, small.meng, [old, new])
    rows = cast.rows(small.meng, [old, new])
    assert [inspection.needs_second_entry(rows[one]) for one in (old, new)] == [True, False]
    cast.answer_all(small.meng, [old, new], claims)
    assert not cast.decide(small.meng, [old, new]).refused
    cast.hand_on(small.meng, small.wei, [old, new])
    cast.answer_all(small.wei, [old, new])
    assert not cast.decide(small.wei, [old, new]).refused
    assert set(Case.here.values_list("status", flat=True)) == {Status.APPROVED}


def test_a_returned_case_keeps_its_flow_when_it_is_put_right(small: Small) -> None:
    claim = cast.claim(1)
    [old] = cast.submit(small.chen, [claim], Channel.PAPER)
    assert not cast.decide(small.chen, [old], Verdict.RETURN).refused
    publish(small, OWN)

    amended = application.amend(
        small.chen, [claim], cast.versions(small.chen, [old]), at=clock.now(), key=cast.key()
    )

    assert amended.done == (old,)
    assert Case.here.get(id=old).flow == "enrolment.390.1"
    assert due(old) == working_days(3)


def test_two_returned_cases_of_two_flows_are_due_each_by_its_own(small: Small) -> None:
    claims = [cast.claim(1), cast.claim(2)]
    [old] = cast.submit(small.chen, claims[:1], Channel.PHONE)
    publish(small, OWN)
    [new] = cast.submit(small.chen, claims[1:], Channel.PHONE)
    cast.answer_all(small.chen, [old, new])
    cast.decide(small.chen, [old, new])
    cast.hand_on(small.chen, small.meng, [old, new])

    assert not cast.decide(small.meng, [old, new], Verdict.RETURN, "village").refused

    assert (due(old), due(new)) == (working_days(3), working_days(8))


def test_a_county_without_a_township_desk_hands_bundles_to_the_county(small: Small) -> None:
    [old] = cast.submit(small.chen, [cast.claim(1)], Channel.PHONE)
    publish(small, SHORT.replace("version = 1", "version = 2"))
    [new] = cast.submit(small.chen, [cast.claim(2)], Channel.PHONE)
    cast.answer_all(small.chen, [old, new])
    cast.decide(small.chen, [old, new])

    assert [row.id for row in worklists.ready(small.chen, "390")] == [old]
    together = bundle.report(
        small.chen, cast.versions(small.chen, [old, new]), bundle.sheet_counts([old])[old],
        at=clock.now(), key=cast.key(),
    )  # fmt: skip
    assert {one: no.code for one, no in together.refused.items()} == {new: "another_way"}

    assert [row.id for row in worklists.ready(small.chen, "390")] == [new]
    outcome = bundle.report(
        small.chen, cast.versions(small.chen, [new]), bundle.sheet_counts([new])[new],
        at=clock.now(), key=cast.key(),
    )  # fmt: skip
    bundle_id = UUID(outcome.made["bundle"])
    assert Bundle.here.get(id=bundle_id).to_desk == "county"
    with pytest.raises(Refused):
        bundle.receive(small.meng, bundle_id, bundle.Received(), at=clock.now(), key=cast.key())
    bundle.receive(small.wei, bundle_id, bundle.Received(), at=clock.now(), key=cast.key())
    cast.answer_all(small.wei, [new])
    assert not cast.decide(small.wei, [new]).refused
    assert Case.here.get(id=new).status == Status.APPROVED
    assert at_desk("wei").get(url("case", new)).status_code == 200
    assert at_desk("chen").get(url("report")).status_code == 200


def test_a_broken_flow_is_refused_with_line_desk_and_suggestion(small: Small) -> None:
    broken = OWN.replace('"village_marks"', '"vilage_marks"')

    with pytest.raises(PackFault) as refused:
        documents.propose(small.guan, "mine.toml", broken, at=clock.now())

    [fault] = refused.value.faults
    assert (fault.file, fault.code) == ("mine.toml", "pack_not_choice")
    assert fault.line == 1 + broken[: broken.index("vilage")].count("\n")
    assert fault.facts == {
        "key": "desk.township.asks", "value": "vilage_marks", "near": "village_marks",
    }  # fmt: skip
    for number in (1, 3):
        with pytest.raises(PackFault, match=r"flow_version_next .*'next': 2"):
            documents.propose(
                small.guan, "mine.toml", SOUND.replace("version = 1", f"version = {number}"),
                at=clock.now(),
            )  # fmt: skip
    assert not Audit.here.filter(event="flow.proposed").exists()


def test_only_an_administrator_proposes_and_only_another_one_confirms(small: Small) -> None:
    with pytest.raises(Refused, match="not_administrator"):
        documents.propose(small.wei, "mine.toml", OWN, at=clock.now())
    [one] = documents.propose(small.guan, "mine.toml", OWN, at=clock.now()).done
    with pytest.raises(Refused, match="second_person_needed"):
        documents.publish(small.guan, one, at=clock.now())
    with pytest.raises(Refused, match="not_administrator"):
        documents.publish(small.wei, one, at=clock.now())
    assert flow.newest("enrolment", "390").name == "enrolment.390.1"

    documents.publish(small.li, one, at=clock.now())

    assert flow.newest("enrolment", "390").version == 2
    with pytest.raises(Refused, match="not_found"):
        documents.publish(small.li, one, at=clock.now())


def test_of_two_flows_under_one_number_only_the_first_comes_into_force(small: Small) -> None:
    other = OWN.replace("working_days = 8", "working_days = 9")
    [first] = documents.propose(small.guan, "a.toml", OWN, at=clock.now()).done
    [second] = documents.propose(small.guan, "b.toml", other, at=clock.now()).done
    documents.publish(small.li, first, at=clock.now())

    with pytest.raises(PackFault, match="flow_version_next"):
        documents.publish(small.li, second, at=clock.now())

    publish(small, other.replace("version = 2", "version = 3"))
    mine = [one for one in flow.listed() if (one.kind, one.insurance) == ("enrolment", "390")]
    assert [one.version for one in mine] == [1, 2, 3]


def test_which_flow_is_in_force_costs_one_statement_an_operation_and_none_a_case(
    small: Small,
) -> None:
    publish(small, OWN)
    cast.submit(small.chen, [cast.claim(1)])
    counted = []
    for serials in (range(2, 3), range(3, 33)):
        claims = [cast.claim(serial) for serial in serials]
        with statements.seen() as seen:
            cast.submit(small.chen, claims)
        counted.append(len(seen))
        assert sum("pack_text" in one for one in seen) == 1
    assert counted[0] == counted[1]


def test_pages_show_the_flows_in_force_and_take_a_new_one_to_a_second_person(small: Small) -> None:
    guan, li = at_desk("guan"), at_desk("li")
    begun = guan.get(url("office_pack_add"), {"flow": "enrolment.390.1"}).content.decode()
    assert "version = 2" in begun
    broken = send(
        guan, url("office_pack_add"), "propose", text=OWN.replace("asks = [", "ask = [", 1)
    )
    assert broken.status_code == 422
    assert re.search(r"flow\.toml:\d+: .*desk\.village\.ask", broken.content.decode())

    typed = {"name": "enrolment.390.2.toml", "text": OWN.replace("\n", "\r\n")}
    proposed = send(guan, url("office_pack_add"), "propose", **typed)

    assert proposed.status_code == 303
    assert "enrolment.390.2.toml" in guan.get(url("office_flows")).content.decode()
    assert send(guan, proposed.url, "publish").status_code == 422
    assert send(li, proposed.url, "publish").status_code == 303
    name = flow.newest("enrolment", "390").name
    page = guan.get(url("office_flows"), {"flow": name})
    assert name in page.content.decode()
    with statements.seen() as seen:
        guan.get(url("office_flows"), {"flow": name})
    assert len(seen) <= 15
    [one] = cast.submit(small.chen, [cast.claim(1)], Channel.VILLAGE)
    assert queries.cases_of(small.chen, [one])[0].flow == name
    assert at_desk("chen").get(url("case", one)).status_code == 200


def test_the_command_checks_and_publishes_a_flow_as_it_does_a_pack(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    file = tmp_path / "mine.toml"
    file.write_text(OWN.replace("refuses", "refusez", 1))
    with pytest.raises(SystemExit):
        call_command("policy", "check", str(file))
    assert re.search(r"mine\.toml:\d+: .*refuses", capsys.readouterr().err)
    file.write_text(OWN)
    call_command("policy", "check", str(file))
    for login in ("guan", "li"):
        staff._first_password(login, "Kind-Sparrow-81")
        monkeypatch.setattr("sys.stdin", io.StringIO("Kind-Sparrow-81\n"))
        call_command("policy", "publish", str(file), "--officer", login)
    assert flow.newest("enrolment", "390").version == 2
