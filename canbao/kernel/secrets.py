"""Encryption of what must not lie in clear: AES-256-GCM with named keys, and an HMAC to find it again.

Keys are files in the key folder: `<name>.key`, 32 bytes in base64, the last by name seals, all open. The
HMAC key `index.mac` is never rotated, since every stored number is found through it.
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE: Final = 12


class KeyMissing(RuntimeError):
    """A key that stored data names is not in the key folder."""


def _folder() -> Path:
    folder: Path = settings.CANBAO_KEYS
    return folder


@lru_cache(maxsize=4)
def _keys(folder: Path, stamp: tuple[str, ...]) -> dict[str, AESGCM]:
    return {name: AESGCM(base64.b64decode((folder / f"{name}.key").read_text())) for name in stamp}


@lru_cache(maxsize=4)
def _mac(folder: Path) -> bytes:
    path = folder / "index.mac"
    if not path.exists():
        raise KeyMissing(f"{path.name} is missing in the key folder")
    return base64.b64decode(path.read_text())


@lru_cache(maxsize=4)
def _names(folder: Path, _changed: int) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("k*.key")))


def names() -> tuple[str, ...]:
    """Names of the keys at hand, oldest first."""
    folder = _folder()
    return _names(folder, folder.stat().st_mtime_ns) if folder.exists() else ()


def current() -> str:
    """Name of the key that seals new data."""
    found = names()
    if not found:
        raise KeyMissing("the key folder holds no key; make one with `canbao keys new`")
    return found[-1]


def _write(path: Path, secret: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(secret))


def make_key() -> str:
    """Put a new key into the folder, and the HMAC and session keys where there are none."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"k{len(names()) + 1:04d}"
    _write(folder / f"{name}.key", AESGCM.generate_key(256))
    for other in ("index.mac", "session.key"):
        if not (folder / other).exists():
            _write(folder / other, os.urandom(48))
    return name


def seal_bytes(clear: bytes, *, bound_to: str) -> tuple[str, bytes]:
    """Encrypt; returns the key's name and nonce + ciphertext. Opens only with the same `bound_to`."""
    name = current()
    nonce = os.urandom(_NONCE)
    return name, nonce + _keys(_folder(), names())[name].encrypt(nonce, clear, bound_to.encode())


def open_bytes(name: str, sealed: bytes, *, bound_to: str) -> bytes:
    """Decrypt what `seal_bytes` made. Raises KeyMissing, or ValueError where a byte was changed."""
    key = _keys(_folder(), names()).get(name)
    if key is None:
        raise KeyMissing(f"key {name} is not in the key folder")
    try:
        return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode())
    except InvalidTag as fault:
        raise ValueError("sealed data does not open: it was changed or moved") from fault


def seal(clear: str, *, bound_to: str) -> str:
    """Encrypt a short text for a text column: key name, colon, base64."""
    name, sealed = seal_bytes(clear.encode(), bound_to=bound_to)
    return f"{name}:{base64.b64encode(sealed).decode()}"


def seal_all(clear: Iterable[str], *, bound_to: str) -> list[str]:
    """`seal` for a set; an empty text stays empty."""
    name = current()
    key = _keys(_folder(), names())[name]
    bound = bound_to.encode()
    sealed = []
    for one in clear:
        nonce = os.urandom(_NONCE)
        body = base64.b64encode(nonce + key.encrypt(nonce, one.encode(), bound)).decode()
        sealed.append(f"{name}:{body}" if one else "")
    return sealed


def open_sealed(sealed: str, *, bound_to: str) -> str:
    """Decrypt what `seal` made."""
    name, _, body = sealed.partition(":")
    return open_bytes(name, base64.b64decode(body), bound_to=bound_to).decode()


def fingerprint(purpose: str, value: str) -> str:
    """Keyed hash by which a sealed value is found again; equal values of one purpose are equal."""
    digest = hmac.digest(_mac(_folder()), f"{purpose}\0{value}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest)[:43].decode()
