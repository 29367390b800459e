"""Ways to send a short message: mail to a gateway (SMTP), an HTTP gateway by its profile, or the outbox.

Which one is said by the setting CANBAO_SENDER; a fault in it is found when canbao starts.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, quote, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from procrastinate.contrib.django import app

from canbao.kernel import county
from canbao.kernel.refusal import Refused

OUTBOX: Final = "outbox"
SECONDS_MAX: Final = 20
TASK: Final = "canbao.notices"
_KEYS: Final = frozenset(
    {"url", "method", "headers", "body", "body_kind", "success_status", "success_text"}
)
_NEEDED: Final = frozenset({"url", "body"})
_KINDS: Final = frozenset({"json", "form", "text"})
_PLACE: Final = re.compile(r"\{(\w+)\}")
_PLACES: Final = frozenset({"phone", "text"})
_ANSWER_MAX: Final = 10_000


class NotSent(Exception):
    """A message that did not get out; the reason names no phone and no text."""


class Sender(Protocol):
    """One way to send."""

    def send(self, phone: str, text: str) -> None:
        """Send a text to a phone, or raise NotSent."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """Sends nothing: the messages stand on the outbox page of the demo county."""

    def send(self, phone: str, text: str) -> None:
        """Nothing leaves the house."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Mail to the address that a gateway gives each phone, e.g. `{phone}@sms.example.cn`."""

    host: str
    port: int
    user: str
    password: str
    security: str
    sender: str
    to: str

    def send(self, phone: str, text: str) -> None:
        """Send one mail; refused by the server or unreachable is NotSent."""
        backend = EmailBackend(
            host=self.host, port=self.port, username=self.user, password=self.password,
            use_tls=self.security == "starttls", use_ssl=self.security == "tls", timeout=SECONDS_MAX,
        )  # fmt: skip
        message = EmailMessage(
            "", text, self.sender, [self.to.replace("{phone}", phone)], connection=backend
        )
        try:
            message.send()
        except OSError as fault:  # smtplib's own faults are OSErrors
            raise NotSent(type(fault).__name__) from fault


@dataclass(frozen=True, slots=True)
class Gateway:
    """An HTTP gateway as its profile describes it."""

    url: str
    body: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body_kind: str = "json"
    success_status: int = 200
    success_text: str = ""

    def send(self, phone: str, text: str) -> None:
        """Ask the gateway once; another answer than the profile's success is NotSent."""
        request = urllib.request.Request(  # noqa: S310 - the profile's scheme is checked
            _filled(self.url, phone, text, "form"),
            data=_filled(self.body, phone, text, self.body_kind).encode(),
            headers={**_CONTENT[self.body_kind], **self.headers},
            method=self.method,
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS_MAX) as answer:  # noqa: S310
                status, said = answer.status, answer.read(_ANSWER_MAX).decode(errors="replace")
        except urllib.error.HTTPError as fault:
            status, said = fault.code, ""
            fault.close()
        except (OSError, ValueError) as fault:
            raise NotSent(type(fault).__name__) from fault
        if status != self.success_status or self.success_text not in said:
            raise NotSent(f"status {status}")


_CONTENT: Final[Mapping[str, Mapping[str, str]]] = {
    "json": {"Content-Type": "application/json; charset=utf-8"},
    "form": {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
    "text": {"Content-Type": "text/plain; charset=utf-8"},
}


def _filled(template: str, phone: str, text: str, kind: str) -> str:
    values = {"phone": _quoted(phone, kind), "text": _quoted(text, kind)}
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), template)


def _quoted(value: str, kind: str) -> str:
    if kind == "json":
        return json.dumps(value, ensure_ascii=False)[1:-1]
    return quote(value, safe="") if kind == "form" else value


def of(said: str) -> Sender:
    """The sender that a setting names.

    Refuses `sender_missing` for an empty one, `sender_unclear` for one that is no way to send, and
    `sender_profile_faulty` with what is wrong in an HTTP profile.
    """
    if not said:
        raise Refused("sender_missing")
    if said == OUTBOX:
        return Outbox()
    if said.startswith(("smtp://", "smtps://")):
        return _mail(said)
    path = Path(said)
    if path.suffix != ".toml":
        raise Refused("sender_unclear")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused("sender_profile_faulty", file=path.name, why=type(fault).__name__) from fault
    return gateway(text, path.name)


def here() -> Sender:
    """The sender of this installation."""
    return of(str(settings.CANBAO_SENDER))


def _mail(said: str) -> Mail:
    url = urlsplit(said)
    query = {name: values[-1] for name, values in parse_qs(url.query).items()}
    unknown = sorted(set(query) - {"from", "to", "security"})
    to, sender = query.get("to", ""), query.get("from", "")
    security = query.get("security", "tls" if url.scheme == "smtps" else "starttls")
    if unknown or not url.hostname or "{phone}" not in to or "@" not in sender:
        raise Refused("sender_mail_unclear")
    if security not in {"tls", "starttls", "none"}:
        raise Refused("sender_mail_unclear")
    return Mail(
        url.hostname, url.port or (465 if security == "tls" else 587), unquote(url.username or ""),
        unquote(url.password or ""), security, sender, to,
    )  # fmt: skip


def gateway(text: str, name: str) -> Gateway:
    """Read the profile of an HTTP gateway; unknown keys are refused with a suggestion."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise Refused("sender_profile_faulty", file=name, why=str(fault)) from fault
    for key in sorted(set(raw) - _KEYS):
        near = difflib.get_close_matches(key, _KEYS, 1)
        raise Refused("sender_profile_faulty", file=name, why=f"{key} → {near[0] if near else '?'}")
    for key in sorted(_NEEDED - set(raw)):
        raise Refused("sender_profile_faulty", file=name, why=f"{key} = ?")
    for wrong in _wrong(raw):
        raise Refused("sender_profile_faulty", file=name, why=wrong)
    return Gateway(**raw)


def _wrong(raw: Mapping[str, Any]) -> Iterator[str]:
    """The keys that do not fit, as they stand in the file."""
    for key in ("url", "body", "method", "body_kind", "success_text"):
        if not isinstance(raw.get(key, ""), str):
            yield f"{key} = {raw[key]!r}"
            return
    if not raw["url"].startswith(("https://", "http://")):
        yield f"url = {raw['url']}"
    headers = raw.get("headers", {})
    if not isinstance(headers, dict) or not all(isinstance(one, str) for one in headers.values()):
        yield "headers"
    if raw.get("body_kind", "json") not in _KINDS:
        yield f"body_kind = {raw['body_kind']}"
    if type(raw.get("success_status", 200)) is not int:
        yield f"success_status = {raw['success_status']}"
    named = {place for key in ("url", "body") for place in _PLACE.findall(raw[key])}
    if not named >= _PLACES:
        yield "{phone}, {text}"


def soon() -> None:
    """Ask the worker to send what waits, when this commits; a code cannot wait for the next minute."""
    app.configure_task(TASK, queue="notices").defer(county=county.current())
