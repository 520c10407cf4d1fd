"""The keys of encrypted fields: one small file in the data folder, the newest key first.

A ring with one key is at rest; a ring with several is in a rotation that bin/manage rotate_keys began and will end.
Values carry the id of their key, so that old and new ones can be read side by side.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import fcntl
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from foundation.offers import clock
from foundation.offers.secret_files import made_once, secret_path, write_anew

NAME = "fields"
NONCE = 12


class CannotDecrypt(Exception):
    """The value's key is not on the ring, or the value was changed outside the program. Never names the value."""


@dataclass(frozen=True)
class Key:
    id: str
    secret: str  # base64 of 32 bytes
    made_at: str  # ISO; the key before it is out of use since then

    @classmethod
    def make(cls, now: dt.datetime) -> Key:
        """A new key, its id from the day and chance."""
        secret = base64.b64encode(AESGCM.generate_key(256)).decode()
        return cls(id=f"{now:%Y%m%d}{secrets.token_hex(3)}", secret=secret, made_at=now.isoformat())

    def __repr__(self) -> str:
        return f"Key({self.id})"

    @property
    def cipher(self) -> AESGCM:
        return AESGCM(base64.b64decode(self.secret))


def ring() -> tuple[Key, ...]:
    """The keys as the file holds them now, the primary first. Made by whoever comes first."""
    path = _path()
    if not path.exists():
        made_once(NAME, lambda: _written((Key.make(clock.now()),)))
    stat = path.stat()
    return _read(path, stat.st_ino, stat.st_mtime_ns)


def encrypt(text: str) -> str:
    """`keyid.base64`, under the primary key and a nonce of its own."""
    primary = ring()[0]
    nonce = secrets.token_bytes(NONCE)
    sealed = primary.cipher.encrypt(nonce, text.encode(), primary.id.encode())
    return f"{primary.id}.{base64.b64encode(nonce + sealed).decode()}"


def decrypt(token: str) -> str:
    """The text of a token. Raises CannotDecrypt."""
    key_id, dot, body = token.partition(".")
    if not dot:
        raise CannotDecrypt("a value of an encrypted field stands there in plain: it was written outside the program")
    key = next((key for key in ring() if key.id == key_id), None)
    if key is None:
        raise CannotDecrypt(
            f"the field key of a value is not in {_path()}: restore the key file that goes with the data"
        )
    try:
        raw = base64.b64decode(body, validate=True)
        return key.cipher.decrypt(raw[:NONCE], raw[NONCE:], key_id.encode()).decode()
    except (ValueError, InvalidTag) as error:
        raise CannotDecrypt(f"a value under field key {key_id} was changed outside the program") from error


@contextlib.contextmanager
def changing() -> Iterator[None]:
    """One rotation at a time on this machine; a second one waits."""
    ring()  # the folder is there
    with _path().with_name(".fields.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def replace(keys: tuple[Key, ...]) -> None:
    """Write the ring anew: whole, or not at all. Only inside changing()."""
    write_anew(NAME, _written(keys))


def _path() -> Path:
    return secret_path(NAME)


def _written(keys: tuple[Key, ...]) -> bytes:
    return json.dumps([vars(key) for key in keys], indent=1).encode()


@lru_cache(maxsize=4)
def _read(path: Path, inode: int, changed: int) -> tuple[Key, ...]:
    """inode and changed tell a new file from the one that was read."""
    return tuple(Key(**entry) for entry in json.loads(path.read_text()))
