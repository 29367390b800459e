"""What canbao does not serve without, outside demo mode: each fault with its reason and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from canbao.kernel import clock, county, rows, secrets
from canbao.kernel.ids import new_id
from canbao.kernel.tables import County
from canbao.management import stored
from canbao.papers.tables import Blob
from canbao.policy.tables import PackText
from tests import small as cast

SENDER = "smtps://u:p@mail.example.cn?from=a@example.cn&to={phone}@sms.example.cn"


@pytest.fixture
def sound(db: None, own_keys: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A real county's installation to which nothing is lacking."""
    secrets.make_key()
    monkeypatch.setattr(settings, "CANBAO_DEMO", False)
    monkeypatch.setattr(settings, "CANBAO_SENDER", SENDER)
    County.objects.create(code="370102", name="历下区")
    return own_keys


def no_secret(_keys: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settings, "SECRET_KEY", "unset: canbao refuses to serve with this")


def no_keys(keys: Path, _patch: pytest.MonkeyPatch) -> None:
    for one in keys.glob("*.key"):
        one.unlink()


def no_mac(keys: Path, _patch: pytest.MonkeyPatch) -> None:
    (keys / "index.mac").unlink()


def lost_key(_keys: Path, _patch: pytest.MonkeyPatch) -> None:
    with county.inside("370102"):
        rows.insert(
            Blob, sha256="0" * 64, key="k0099", size_bytes=1, media_type="image/jpeg",
            by_id=new_id(), at=clock.now(),
        )  # fmt: skip


def no_sender(_keys: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settings, "CANBAO_SENDER", "")


def outbox(_keys: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settings, "CANBAO_SENDER", "outbox")


def demo_county(_keys: Path, _patch: pytest.MonkeyPatch) -> None:
    County.objects.create(code=cast.COUNTY, name="明水县", demo=True)


def demo_pack(_keys: Path, _patch: pytest.MonkeyPatch) -> None:
    path = next((Path(settings.ROOT) / "canbao/policy/packs/370199").glob("*/*.toml"))
    text = path.read_text()
    with county.inside("370102"):
        rows.insert(
            PackText, sha256="1" * 64, kind="pack", name="demo.toml", text=text,
            proposed_by=new_id(), proposed_at=clock.now(), published_by=new_id(),
            published_at=clock.now(),
        )  # fmt: skip


FAULTS: tuple[tuple[Callable[[Path, pytest.MonkeyPatch], None], str], ...] = (
    (no_secret, "CANBAO_SECRET_KEY"),
    (no_keys, "canbao keys new"),
    (no_mac, "index.mac"),
    (lost_key, "k0099"),
    (no_sender, "CANBAO_SENDER"),
    (outbox, "CANBAO_SENDER"),
    (demo_county, "明水县"),
    (demo_pack, "demo.toml"),
)


def test_a_sound_installation_is_ready(sound: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert stored.faults() == []
    call_command("ready")
    assert capsys.readouterr().out


@pytest.mark.parametrize(("spoil", "named"), FAULTS)
def test_each_lack_is_refused_with_its_reason(
    sound: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path, pytest.MonkeyPatch], None],
    named: str,
) -> None:
    spoil(sound, monkeypatch)
    [sentence] = stored.faults()
    assert named in sentence
    with pytest.raises(SystemExit) as ended:
        call_command("ready")
    assert ended.value.code == 1
    assert named in capsys.readouterr().err


def test_all_lacks_are_said_at_once(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for spoil in (no_secret, no_mac, no_sender, demo_county):
        spoil(sound, monkeypatch)
    assert len(stored.faults()) == 4


def test_in_demo_mode_only_a_lost_key_forbids(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CANBAO_DEMO", True)
    for spoil in (no_secret, outbox, demo_county):
        spoil(sound, monkeypatch)
    assert stored.faults() == []
    lost_key(sound, monkeypatch)
    assert len(stored.faults()) == 1
