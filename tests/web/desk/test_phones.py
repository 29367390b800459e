"""A phone is bound to a person at a counter by the code its holder reads out, and taken off again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from canbao.kernel import secrets
from canbao.kernel.queries import notices_of
from canbao.kernel.tables import Audit
from canbao.people import identities, search
from canbao.people.tables import Contact, OneTimeCode
from tests import small as cast
from tests.web.desk.conftest import Desk, text
from tests.web.desk.test_scope import statements
from tests.web.portal.resident import Resident

Sit = Callable[[str], Desk]
PHONE, MASKED = "13900002207", "139****2207"


@pytest.fixture
def person(small: cast.Small) -> UUID:
    """王 of 杏花村, who applied for the pension at the village."""
    [case] = cast.submit(small.chen, [cast.claim(1, insurance="170")])
    return cast.rows(small.chen, [case])[case].person_id


def code() -> str:
    latest = notices_of(limit=1)[0]
    assert latest.template == "code_counter"
    return secrets.open_sealed(latest.facts["code"], bound_to=identities.bound("code"))


def ask(seat: Desk, person: UUID) -> Any:
    page = seat.follow("desk_phone", person, act="send", phone=PHONE)
    assert f"A code went to {MASKED}" in text(page)
    return page


def bound(seat: Desk, person: UUID) -> str:
    """Ask, read out, bind; the page that says so."""
    page = ask(seat, person)
    return text(seat.follow("desk_phone", person, act="bind", to=page.context["to"], code=code()))


@pytest.mark.parametrize(
    "q", [cast.identity(1).number, cast.identity(1).name,
          f"{cast.identity(1).birth_on} {cast.identity(1).number[-4:]}"]
)  # fmt: skip
def test_a_person_is_found_by_number_birth_date_with_last_four_or_name(
    small: cast.Small, desk: Sit, person: UUID, q: str
) -> None:
    page = desk("chen").get("desk_phones", query=f"?q={q}")
    said = text(page)
    assert f"{cast.identity(1).name} Number" in said
    assert "none bound" in said
    assert cast.identity(1).number not in text(page).replace(q, "")
    assert Audit.here.filter(event="person.seen", subject_id=person).count() == 1

    elsewhere = desk("he").get("desk_phones", query=f"?q={q}")
    assert "Nobody was found" in text(elsewhere)
    assert Audit.here.filter(event="person.seen", subject_id=person).count() == 1


@pytest.mark.parametrize("login", ["chen", "meng"])
def test_a_phone_is_bound_by_its_code_and_sees_its_person_until_it_is_taken_off(
    small: cast.Small, desk: Sit, person: UUID, login: str
) -> None:
    phone = Resident(PHONE).logged_in()
    name = cast.identity(1).name
    assert name not in _cases(phone)

    seat = desk(login)
    said = bound(seat, person)
    assert "The phone is bound" in said
    assert f"Take {MASKED} off" in said
    phone.get("")
    assert name in _cases(phone)
    found = text(seat.get("desk_phones", query=f"?q={name}"))
    assert MASKED in found
    assert PHONE not in found

    contact = Contact.here.get(person_id=person)
    page = seat.follow("desk_phone", person, act="unbind", contact=str(contact.id))
    assert "The phone is taken off" in text(page)
    assert name not in _cases(phone)
    events = Audit.here.filter(subject_id=contact.id, actor_id=small.officers[login].id)
    assert list(events.order_by("id").values_list("event", flat=True)) == [
        "phone.code_sent", "phone.proved", "phone.bound", "phone.unbound"
    ]  # fmt: skip


def test_a_wrong_code_counts_a_try_and_binds_nothing(
    small: cast.Small, desk: Sit, person: UUID
) -> None:
    chen = desk("chen")
    to = ask(chen, person).context["to"]
    wrong = "000000" if code() != "000000" else "111111"
    page = chen.post("desk_phone", person, act="bind", to=to, code=wrong)
    assert page.status_code == 422
    assert page.context["to"] == to
    assert OneTimeCode.here.get().tries == 1
    assert not Contact.here.exclude(person_id=None).exists()
    assert "The phone is bound" in text(
        chen.follow("desk_phone", person, act="bind", to=to, code=code())
    )


def test_a_code_of_the_portal_binds_nobody_and_one_of_the_counter_opens_no_portal(
    small: cast.Small, desk: Sit, person: UUID
) -> None:
    chen = desk("chen")
    to = ask(chen, person).context["to"]
    counter = code()
    phone = Resident(PHONE)
    phone.ask()
    portal = phone.code()
    if portal == counter:
        pytest.skip("two codes fell alike")
    assert chen.post("desk_phone", person, act="bind", to=to, code=portal).status_code == 422
    assert phone.prove(counter).status_code == 422


def test_a_phone_of_somebody_else_is_refused_before_a_code_is_sent(
    small: cast.Small, desk: Sit, person: UUID
) -> None:
    chen = desk("chen")
    bound(chen, person)
    [case] = cast.submit(small.chen, [cast.claim(2)])
    other = cast.rows(small.chen, [case])[case].person_id
    before = OneTimeCode.here.count()

    page = chen.post("desk_phone", other, act="send", phone=PHONE)
    assert page.status_code == 422
    assert "belongs to somebody already" in text(page)
    page = chen.post("desk_phone", person, act="send", phone=PHONE)
    assert "bound to this person already" in text(page)
    assert OneTimeCode.here.count() == before


def test_a_second_press_binds_once(small: cast.Small, desk: Sit, person: UUID) -> None:
    chen = desk("chen")
    to, key = ask(chen, person).context["to"], str(uuid4())
    for _press in range(2):
        page = chen.follow("desk_phone", person, act="bind", to=to, code=code(), key=key)
        assert "The phone is bound" in text(page)
    assert Audit.here.filter(event="phone.bound").count() == 1


@pytest.mark.parametrize(
    "sent", [
        {"act": "send", "phone": "12345"}, {"act": "send", "phone": "\0" * 50},
        {"act": "bind", "to": "x", "code": "1"}, {"act": "bind"}, {"act": "nothing"},
        {"act": "unbind", "contact": "x"}, {"act": "unbind", "contact": str(uuid4())},
    ]
)  # fmt: skip
def test_garbage_does_nothing_and_says_so(
    small: cast.Small, desk: Sit, person: UUID, sent: dict[str, str]
) -> None:
    page = desk("chen").post("desk_phone", person, **sent)
    assert page.status_code in {404, 422}
    assert not Contact.here.exists()


def test_persons_of_other_villages_and_unknown_ones_look_alike(
    small: cast.Small, desk: Sit, person: UUID
) -> None:
    he = desk("he")
    pages = [he.get("desk_phone", one) for one in (person, uuid4())]
    assert [page.status_code for page in pages] == [404, 404]
    assert text(pages[0]) == text(pages[1])
    assert he.post("desk_phone", person, act="send", phone=PHONE).status_code == 404
    assert desk("wei").get("desk_phone", person).status_code == 404


def test_a_list_cut_at_20_takes_one_statement_more_than_one_person(
    small: cast.Small, desk: Sit
) -> None:
    chen = desk("chen")
    one = cast.identity(40, name="孙甲")
    cast.submit(small.chen, [cast.claim(40, identity=one)])
    chen.get("desk_phones")
    few = _taken(chen)
    more = [cast.identity(serial, name=f"孙甲{serial}") for serial in range(41, 66)]
    claims = [cast.claim(at, identity=who) for at, who in enumerate(more, 41)]
    cast.submit(small.chen, claims)
    assert _taken(chen) == few + 1 <= 15
    assert f"Only the first {search.MOST} of 26 are shown" in text(
        chen.get("desk_phones", query="?q=孙甲")
    )


def _cases(phone: Resident) -> str:
    page = phone.get("cases/")
    assert page.status_code == 200
    return str(page.content.decode())


def _taken(seat: Desk) -> int:
    return statements(seat, "desk_phones", query="?q=孙甲")
