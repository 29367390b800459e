"""The archive item as a file that proves itself: packed the same way each time, verified without a database.

A ZIP without compression: `manifest.json` in canonical JSON, `manifest.sha256` over it, and every file
that the manifest lists with its hash.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from canbao.kernel import canonical

MANIFEST: Final = "manifest.json"
DIGEST: Final = "manifest.sha256"
BYTES_MAX: Final = 500_000_000
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_CHINA: Final = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in the file that is not as it was filed: a code, and which file, paper or mark."""

    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found; `filed_sha256` stands also on the printed directory of the item."""

    number: str
    filed_sha256: str
    files: int
    papers: int
    marks: int
    flaws: tuple[Flaw, ...]

    @property
    def holds(self) -> bool:
        """Whether everything is as it was filed."""
        return not self.flaws


def pack(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """Make the file; the same content gives the same bytes."""
    listed = {name: canonical.sha256_bytes(content) for name, content in files.items()}
    text = canonical.text({**manifest, "files": listed}).encode()
    inside = {
        MANIFEST: text,
        DIGEST: f"{canonical.sha256_bytes(text)}\n".encode(),
        **dict(sorted(files.items())),
    }
    return _zipped(inside, str(manifest["item"]["filed_at"]))


def _zipped(inside: Mapping[str, bytes], filed_at: str) -> bytes:
    moment = datetime.fromisoformat(filed_at) + _CHINA
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for name, content in inside.items():
            entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return into.getvalue()


def verify(data: bytes) -> Report:
    """Look at every byte: files, manifest, papers, and each mark against the content it stands on."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(one.file_size for one in entries) > BYTES_MAX:
                return _nothing(Flaw("item_too_large"))
            inside = {one.filename: _read(archive, one) for one in entries}
        manifest = json.loads(inside[MANIFEST])
        flaws = tuple(_flaws(data, inside, manifest))
        every = [manifest["filed"], *manifest["later"]]
        return Report(
            number=str(manifest["item"]["number"]),
            filed_sha256=str(manifest["filed_sha256"]),
            files=len(manifest["files"]),
            papers=sum(len(one["papers"]) for one in every),
            marks=sum(len(one["marks"]) for one in every),
            flaws=flaws,
        )
    # Whatever a damaged file makes the readers stumble over: it is no item, and that is the answer.
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, AttributeError, OSError,
            RuntimeError, NotImplementedError, EOFError):  # fmt: skip
        return _nothing(Flaw("item_unreadable"))


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """A file of the item; one that its checksum does not fit reads as nothing, and its hash tells which it was."""
    try:
        return archive.read(entry)
    except zipfile.BadZipFile:
        return b""


def _nothing(flaw: Flaw) -> Report:
    return Report("", "", 0, 0, 0, (flaw,))


def _flaws(data: bytes, inside: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[Flaw]:
    text = inside[MANIFEST]
    if canonical.text(manifest).encode() != text:
        yield Flaw("manifest_not_canonical")
    if inside.get(DIGEST, b"").decode(errors="replace") != f"{canonical.sha256_bytes(text)}\n":
        yield Flaw("manifest_changed")
    yield from _files(inside, manifest["files"])
    if canonical.sha256(manifest["filed"]) != manifest["filed_sha256"]:
        yield Flaw("filed_changed")
    for part in (manifest["filed"], *manifest["later"]):
        yield from _papers(part, manifest)
        yield from _marks(part, manifest["files"])
    if _zipped(inside, str(manifest["item"]["filed_at"])) != data:
        yield Flaw("container_changed")


def _files(inside: Mapping[str, bytes], listed: Mapping[str, str]) -> Iterator[Flaw]:
    for name in sorted(listed.keys() - inside.keys()):
        yield Flaw("file_missing", name)
    for name in sorted(inside.keys() - listed.keys() - {MANIFEST, DIGEST}):
        yield Flaw("file_unlisted", name)
    for name in sorted(listed.keys() & inside.keys()):
        if canonical.sha256_bytes(inside[name]) != listed[name]:
            yield Flaw("file_changed", name)


def path_of(paper: Mapping[str, Any]) -> str:
    """Where a paper lies in the file."""
    kind = paper["form"] or f"{paper['kind']}-{paper['page']}"
    return f"papers/{paper['id']}-{kind}.{'pdf' if paper['form'] else 'jpg'}"


def _papers(part: Mapping[str, Any], manifest: Mapping[str, Any]) -> Iterator[Flaw]:
    listed = manifest["files"]
    scans = {
        (one["kind"], one["page"], one["sha256"])
        for every in (manifest["filed"], *manifest["later"])
        for one in every["papers"]
        if not one["form"]
    }
    for paper in part["papers"]:
        path = path_of(paper)
        if path not in listed:
            yield Flaw("paper_missing", path)
        if not paper["form"]:
            if listed.get(path) != paper["sha256"]:
                yield Flaw("paper_changed", path)
            continue
        if canonical.sha256(paper["content"]) != paper["sha256"]:
            yield Flaw("paper_changed", path)
        for kind, page, digest in paper["content"]["attached"]:
            if (kind, page, digest) not in scans:
                yield Flaw("attachment_missing", f"{kind} {page}")


def _marks(part: Mapping[str, Any], listed: Mapping[str, str]) -> Iterator[Flaw]:
    content = {one["id"]: canonical.sha256(one["content"]) for one in part["papers"] if one["form"]}
    pictures = set(listed.values())
    for mark in part["marks"]:
        name = f"{mark['box']} {mark['kind']} {mark['by']}"
        if not _DIGEST.fullmatch(mark["sha256"]) or content.get(mark["paper"]) != mark["sha256"]:
            yield Flaw("mark_broken", name)
        if mark["picture"] and mark["picture"] not in pictures:
            yield Flaw("picture_missing", name)
