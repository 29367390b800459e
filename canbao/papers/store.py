"""Files of papers, each encrypted in the data folder under a random name; the row names its key."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from canbao.kernel import audit, canonical, clock, county, rows, secrets
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_ids
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.papers.intake import CleanPage
from canbao.papers.tables import Blob


def _path(blob_id: UUID) -> Path:
    name = blob_id.hex
    return Path(settings.CANBAO_DATA) / "papers" / county.current() / name[-2:] / name


def _bound(blob_id: UUID) -> str:
    return f"{county.current()}/blob/{blob_id}"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_suffix(".half")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


@operation
def keep(actor: Actor, pages: Sequence[CleanPage], *, at: clock.Instant) -> Outcome:
    """Keep cleaned pages; returns their blob ids in order. The files are on disk before the rows are."""
    ids = new_ids(len(pages))
    put(actor, ids, pages, at)
    audit.record(actor, "paper.kept", ids, at=at, kind="blob")
    return Outcome(tuple(ids))


def put(actor: Actor, ids: Sequence[UUID], pages: Sequence[CleanPage], at: clock.Instant) -> None:
    """Store cleaned pages under these ids: a step of an operation, which records it."""
    keys = []
    for blob_id, page in zip(ids, pages, strict=True):
        key, sealed = secrets.seal_bytes(page.jpeg, bound_to=_bound(blob_id))
        _write(_path(blob_id), sealed)
        keys.append(key)
    rows.insert(
        Blob,
        id=list(ids),
        sha256=[page.sha256 for page in pages],
        key=keys,
        size_bytes=[len(page.jpeg) for page in pages],
        media_type="image/jpeg",
        width=[page.width for page in pages],
        height=[page.height for page in pages],
        verdict=[next(iter(page.verdict.faults), "good") for page in pages],
        by_id=actor.id,
        at=at,
    )


def content(blob_id: UUID) -> bytes:
    """The file in clear. Refuses `paper_damaged` where it is gone or a byte was changed."""
    key = Blob.here.values_list("key", flat=True).filter(id=blob_id, removed_at=None).first()
    if key is None:
        raise Refused("not_found")
    try:
        return _opened(blob_id, key)
    except (OSError, ValueError) as fault:
        raise Refused("paper_damaged") from fault


def _opened(blob_id: UUID, key: str) -> bytes:
    """The file in clear; for a moment of a rotation the row is ahead, and the fresh file opens."""
    path = _path(blob_id)
    try:
        return secrets.open_bytes(key, path.read_bytes(), bound_to=_bound(blob_id))
    except ValueError:
        fresh = path.with_suffix(".new")
        if not fresh.exists():
            raise
        return secrets.open_bytes(key, fresh.read_bytes(), bound_to=_bound(blob_id))


def intact(files: Mapping[UUID, tuple[str, str]]) -> set[UUID]:
    """Which of these files, each with its key and digest, still are what the digest says; no statement."""
    return {one for one, (key, digest) in files.items() if _opened_digest(one, key) == digest}


def _opened_digest(blob_id: UUID, key: str) -> str:
    try:
        clear = _opened(blob_id, key)
    except (OSError, ValueError):
        return ""
    return canonical.sha256_bytes(clear)


def keys_in_use() -> set[str]:
    """Names of the keys that stored files need; start-up refuses when one is missing."""
    return set(
        Blob.objects.filter(removed_at=None).order_by().values_list("key", flat=True).distinct()
    )


@dataclass(frozen=True, slots=True)
class Rotated:
    """What one step of a rotation did: how far it came, and files that no longer open."""

    done: int
    damaged: tuple[UUID, ...]
    last: UUID | None


def waiting() -> int:
    """How many files of the county an older key sealed."""
    return int(Blob.here.filter(removed_at=None).exclude(key=secrets.current()).count())


def rotate(limit: int = 100, past: UUID | None = None) -> Rotated:
    """Seal up to `limit` files again with the current key, by id from `past` on.

    May be stopped anywhere and run again. A file that does not open is named and left as it is. Raises
    KeyMissing where an old key is gone.
    """
    found = Blob.here.filter(removed_at=None).exclude(key=secrets.current()).order_by("id")
    if past is not None:
        found = found.filter(id__gt=past)
    older = list(found.values_list("id", "key")[:limit])
    damaged = []
    for blob_id, key in older:
        try:
            clear = _opened(blob_id, key)
        except (OSError, ValueError):
            damaged.append(blob_id)
            continue
        # The old file stays until the row names the new key: at any moment one of the two opens.
        path = _path(blob_id)
        name, sealed = secrets.seal_bytes(clear, bound_to=_bound(blob_id))
        fresh = path.with_suffix(".new")
        _write(fresh, sealed)
        Blob.here.filter(id=blob_id).update(key=name)
        fresh.replace(path)
    return Rotated(len(older) - len(damaged), tuple(damaged), older[-1][0] if older else None)


def settle() -> int:
    """Finish what a stopped rotation left: fresh files whose row names their key take their place."""
    finished = 0
    for fresh in (Path(settings.CANBAO_DATA) / "papers" / county.current()).glob("*/*.new"):
        blob_id = UUID(fresh.stem)
        key = Blob.here.filter(id=blob_id).values_list("key", flat=True).first()
        try:
            secrets.open_bytes(str(key), fresh.read_bytes(), bound_to=_bound(blob_id))
        except (OSError, ValueError, secrets.KeyMissing):
            fresh.unlink(missing_ok=True)
            continue
        fresh.replace(fresh.with_suffix(""))
        finished += 1
    return finished
