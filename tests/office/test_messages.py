"""Messages on their way out: through mail, through a gateway, again after a while, and never twice."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import UUID

import pytest

from canbao.cases import messages
from canbao.kernel import clock, notices, sender
from canbao.kernel.refusal import Refused
from canbao.kernel.sender import Mail, NotSent, Outbox
from canbao.kernel.tables import Audit, Notice
from canbao.people import officers, phones
from tests.small import Small

PHONE = "13800001427"


def at() -> clock.Instant:
    return clock.now()


class Told:
    """A sender that keeps what it sent, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.sent: list[tuple[str, str]] = []

    def send(self, phone: str, text: str) -> None:
        if self.failures:
            self.failures -= 1
            raise NotSent("status 503")
        self.sent.append((phone, text))


def asked(at: clock.Instant) -> UUID:
    return phones.ask(officers.system(), PHONE, at=at).done[0]


def told(contact: UUID, at: clock.Instant, template: str = "submitted") -> None:
    notices.tell(
        [contact], template, at=at, subjects=[contact], facts=[{"number": "370199-26-0000001"}]
    )


def states() -> dict[str, tuple[str, int]]:
    return {one.template: (one.state, one.tries) for one in Notice.here.all()}


def test_a_code_reaches_the_phone_and_is_not_kept(small: Small) -> None:
    now = at()
    contact = asked(now)
    way = Told()
    assert messages.deliver(way, at=now) == (1, 0)
    [(phone, text)] = way.sent
    assert phone == PHONE
    code = "".join(sign for sign in text if sign.isdigit())[:6]
    assert phones.prove(officers.resident(contact), PHONE, code, at=now).made["proved"]
    assert Notice.here.get(template="code").facts == "{}"
    assert messages.deliver(way, at=now) == (0, 0)
    assert PHONE not in str(list(Audit.here.values_list("facts", flat=True)))


def test_each_is_told_in_the_own_language(small: Small) -> None:
    from canbao.people.tables import Contact

    now = at()
    contact = asked(now)
    told(contact, now)
    Contact.here.filter(id=contact).update(language="en")
    way = Told()
    messages.deliver(way, at=now)
    assert any("has arrived" in text and "370199-26-0000001" in text for _phone, text in way.sent)


def test_a_failed_message_is_tried_again_after_a_while_and_then_given_up(small: Small) -> None:
    now = at()
    told(asked(now), now)
    Notice.here.filter(template="code").update(state="sent")
    way = Told(failures=100)
    assert messages.deliver(way, at=now) == (0, 1)
    assert states()["submitted"] == ("waiting", 1)
    assert messages.deliver(way, at=now + datetime.timedelta(seconds=30)) == (0, 0)
    assert messages.deliver(way, at=now + datetime.timedelta(seconds=61)) == (0, 1)
    later = now + datetime.timedelta(days=1)
    for _try in range(4):
        assert messages.deliver(way, at=later, sets=1) == (0, 1)
    assert states()["submitted"] == ("failed", 6)
    assert messages.deliver(way, at=later) == (0, 0)


def test_a_message_whose_sending_was_killed_is_sent_later(small: Small) -> None:
    now = at()
    told(asked(now), now)
    messages.claim(officers.system(), at=now)  # and then the worker died
    way = Told()
    assert messages.deliver(way, at=now) == (0, 0)
    assert messages.deliver(way, at=now + datetime.timedelta(minutes=2)) == (2, 0)


def test_a_code_that_is_over_is_not_sent(small: Small) -> None:
    now = at()
    asked(now)
    way = Told(failures=1)
    messages.deliver(way, at=now)
    assert messages.deliver(way, at=now + datetime.timedelta(minutes=11)) == (0, 1)
    assert (way.sent, states()["code"]) == ([], ("failed", 2))


def test_in_demo_mode_messages_are_only_shown(small: Small) -> None:
    now = at()
    asked(now)
    assert messages.run("370199") == (1, 0)
    assert states()["code"][0] == "shown"
    assert "code" in json.loads(Notice.here.get(template="code").facts)


class Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, dict(self.headers), body))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()
        self.wfile.write(b'{"code": 0}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


@pytest.fixture
def gateway() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Answering)
    server.seen, server.status = [], 200  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


PROFILE = """
url = "http://127.0.0.1:{port}/send?to={{phone}}"
headers = {{ Authorization = "Bearer secret" }}
body = '{{"phone": "{{phone}}", "text": "{{text}}"}}'
success_text = '"code": 0'
"""


def test_a_gateway_is_asked_as_its_profile_says(gateway: HTTPServer) -> None:
    way = sender.gateway(PROFILE.format(port=gateway.server_port), "sms.toml")
    way.send(PHONE, '说 "你好"\n\\')
    [(path, headers, body)] = gateway.seen  # type: ignore[attr-defined]
    assert path == f"/send?to={PHONE}"
    assert headers["Authorization"] == "Bearer secret"
    assert json.loads(body) == {"phone": PHONE, "text": '说 "你好"\n\\'}
    gateway.status = 500  # type: ignore[attr-defined]
    with pytest.raises(NotSent, match="status 500") as missed:
        way.send(PHONE, "x")
    assert PHONE not in str(missed.value)


def test_a_gateway_that_says_no_in_its_answer_has_not_sent(gateway: HTTPServer) -> None:
    profile = PROFILE.format(port=gateway.server_port).replace('"code": 0', '"code": 7')
    with pytest.raises(NotSent):
        sender.gateway(profile, "sms.toml").send(PHONE, "x")


def test_an_unreachable_gateway_has_not_sent() -> None:
    with pytest.raises(NotSent):
        sender.gateway(PROFILE.format(port=9), "sms.toml").send(PHONE, "x")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ('url = "https://x/{phone}"\nbody = "{text}"\nmetod = "PUT"', "metod → method"),
        ('url = "https://x/{phone}"', "body = ?"),
        ('url = "ftp://x/{phone}"\nbody = "{text}"', "url = ftp://x/{phone}"),
        ('url = "https://x/"\nbody = "{text}"', "{phone}, {text}"),
        ('url = "https://x/{phone}"\nbody = "{text}"\nbody_kind = "xml"', "body_kind = xml"),
        ('url = "https://x/{phone}"\nbody = "{text}"\nsuccess_status = "200"', "success_status = 200"),
        ('url = "https://x/{phone}"\nbody = 7', "body = 7"),
        ("url =", ""),
    ],
)  # fmt: skip
def test_a_profile_with_a_fault_is_refused_and_says_which(wrong: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        sender.gateway(wrong, "sms.toml")
    assert refused.value.code == "sender_profile_faulty"
    assert why in str(refused.value.facts["why"])


def test_the_setting_names_a_sender_or_says_what_is_missing() -> None:
    said = "smtps://u%40x:p%2Fw@mail.example.cn?from=canbao@example.cn&to={phone}@sms.example.cn"
    assert sender.of(said) == Mail(
        "mail.example.cn", 465, "u@x", "p/w", "tls", "canbao@example.cn", "{phone}@sms.example.cn"
    )
    assert isinstance(sender.of("outbox"), Outbox)
    for wrong, code in [
        ("", "sender_missing"),
        ("carrier pigeon", "sender_unclear"),
        ("smtp://mail.example.cn", "sender_mail_unclear"),
        ("smtp://mail.example.cn?from=a@b&to={phone}@c&tls=1", "sender_mail_unclear"),
        ("/nowhere/profile.toml", "sender_profile_faulty"),
    ]:
        with pytest.raises(Refused, match=code):
            sender.of(wrong)


def test_mail_that_cannot_leave_has_not_been_sent() -> None:
    way = sender.of("smtp://127.0.0.1:9?from=a@example.cn&to={phone}@example.cn&security=none")
    with pytest.raises(NotSent):
        way.send(PHONE, "x")


def test_the_worker_knows_the_tasks() -> None:
    from procrastinate.contrib.django import app

    import canbao.tasks  # noqa: F401 - as procrastinate does

    assert {"canbao.job", "canbao.notices", "canbao.notices.all"} <= set(app.tasks)
