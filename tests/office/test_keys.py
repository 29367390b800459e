"""Keys: new ones, which are needed, and sealing everything anew, stopped in the middle and gone on with."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from canbao.cases import drafts
from canbao.cases import queries as cases
from canbao.kernel import clock, county, secrets
from canbao.kernel.tables import Audit
from canbao.management import stored
from canbao.papers import store
from canbao.papers.tables import Blob
from canbao.people import contacts, documents, numbers, officers, phones
from canbao.people import queries as people
from tests import small as cast
from tests.office import scenes
from tests.small import Small


@pytest.fixture
def first_key(own_keys: Path) -> Path:
    secrets.make_key()
    return own_keys


@pytest.fixture
def whole(first_key: Path, small: Small) -> Small:
    """The county with something sealed in every column."""
    scenes.filed(small)
    cast.submit(small.chen, [cast.claim(7)])
    drafts.save(small.chen, None, "enrolment", "390", {"name": "王守田"}, at=clock.now())
    phones.ask(officers.system(), "13800001427", at=clock.now())
    return small


def person(small: Small) -> UUID:
    [one] = [row for row in cases.cases_of(small.wei, _ids()) if row.desk == "shelf"]
    return one.person_id


def _ids() -> list[UUID]:
    from canbao.cases.tables import Case

    return list(Case.here.values_list("id", flat=True))


def files() -> dict[UUID, tuple[str, str]]:
    """Every stored file with its key and digest."""
    return {one: (key, sha) for one, key, sha in Blob.here.values_list("id", "key", "sha256")}


def everything_opens(small: Small) -> None:
    stored = files()
    assert stored
    assert store.intact(stored) == set(stored)
    number = cast.identity(1).number
    assert documents.number(person(small), numbers.mask(number)) == number
    assert people.phone_in_clear(person(small)) == "13800001427"
    assert [one.typed["name"] for one in drafts.of(small.chen)] == ["王守田"]
    from canbao.people.tables import Contact

    [contact] = Contact.here.values_list("id", flat=True)
    assert contacts.reached([contact])[contact].phone == "13800001427"


def test_after_a_rotation_only_the_newest_key_is_needed(
    whole: Small, first_key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stored.keys() == {"k0001"}
    call_command("keys", "new")
    assert stored.keys() == {"k0001"}

    call_command("keys", "rotate")

    assert stored.keys() == {"k0002"}
    said = capsys.readouterr().out
    assert "k0001" in said
    (first_key / "k0001.key").unlink()
    everything_opens(whole)
    assert Audit.here.filter(event="key.rotated").exists()
    assert stored.waiting() == {cast.COUNTY: 0}


def test_a_rotation_stopped_between_steps_goes_on_where_it_was(
    whole: Small, first_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "FILES_A_STEP", 1)
    secrets.make_key()
    total = stored.waiting()[cast.COUNTY]
    steps = stored.rotate()
    done = next(steps).done
    steps.close()
    everything_opens(whole)
    assert stored.keys() == {"k0001", "k0002"}

    done += sum(step.done for step in stored.rotate())

    assert done == total
    assert stored.keys() == {"k0002"}
    everything_opens(whole)


def test_a_rotation_killed_between_row_and_file_loses_nothing(
    whole: Small, first_key: Path
) -> None:
    secrets.make_key()
    blob_id, key = Blob.here.values_list("id", "key")[0]
    path = store._path(blob_id)
    clear = secrets.open_bytes(key, path.read_bytes(), bound_to=store._bound(blob_id))
    name, sealed = secrets.seal_bytes(clear, bound_to=store._bound(blob_id))
    path.with_suffix(".new").write_bytes(sealed)
    Blob.here.filter(id=blob_id).update(key=name)

    assert store.content(blob_id) == clear
    for _step in stored.rotate():
        pass
    assert store.content(blob_id) == clear
    assert not path.with_suffix(".new").exists()
    # The other way round: the fresh file is there, and the row still names the old key.
    secrets.make_key()
    path.with_suffix(".new").write_bytes(b"half")
    for _step in stored.rotate():
        pass
    everything_opens(whole)


def test_a_damaged_file_is_named_and_the_rest_goes_on(
    whole: Small, first_key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secrets.make_key()
    damaged = Blob.here.order_by("id").values_list("id", flat=True)[0]
    store._path(damaged).write_bytes(b"x" * 40)
    with pytest.raises(SystemExit):
        call_command("keys", "rotate")
    assert str(damaged) in capsys.readouterr().err
    assert Blob.here.exclude(id=damaged).exclude(key="k0002").count() == 0


def test_a_missing_key_is_named(
    whole: Small, first_key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secrets.make_key()
    (first_key / "k0001.key").unlink()
    with pytest.raises(SystemExit):
        call_command("keys", "list")
    assert "k0001" in capsys.readouterr().out
    with pytest.raises(CommandError, match="k0001"):
        call_command("keys", "rotate")


def test_keys_of_a_new_house_are_private(own_keys: Path) -> None:
    call_command("keys", "new")
    assert own_keys.stat().st_mode & 0o777 == 0o700
    assert {one.name: one.stat().st_mode & 0o777 for one in own_keys.iterdir()} == {
        "k0001.key": 0o600, "index.mac": 0o600, "session.key": 0o600,
    }  # fmt: skip


def test_kill_9_in_the_middle_of_a_rotation_loses_nothing(own_database: str) -> None:
    with county.inside(cast.COUNTY):
        small = cast.found()
        blobs = {scenes.kept(small.chen, f"page {one}") for one in range(40)}
        name = secrets.make_key()
        try:
            rotate = [sys.executable, "-m", "django", "keys", "rotate"]
            first = subprocess.Popen(rotate, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while not Blob.here.filter(key=name).exists() and first.poll() is None:
                pass
            first.send_signal(signal.SIGKILL)
            first.wait()
            assert store.intact(files()) == blobs
            assert first.returncode in {-signal.SIGKILL, 0}

            subprocess.run(rotate, check=True, stdout=subprocess.DEVNULL)

            assert store.keys_in_use() == {name}
            assert store.intact(files()) == blobs
            assert not list((Path(settings.CANBAO_DATA) / "papers").rglob("*.new"))
        finally:
            (Path(settings.CANBAO_KEYS) / f"{name}.key").unlink()
