"""Secrets that the installation makes for itself, once: one small file each, in the data folder, for its owner only.

(settings.py makes its own in the same way: nothing of ours can be imported before the settings are there.)
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from django.conf import settings


def secret_path(name: str) -> Path:
    """Where the secret of that name lies."""
    return Path(settings.DATA) / "secrets" / name


def made_once(name: str, make: Callable[[], bytes]) -> bytes:
    """The secret of that name: made by whoever comes first, read by everybody else."""
    path = secret_path(name)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = _draft(path, make())
        with contextlib.suppress(FileExistsError):  # whoever comes first wins; the other reads it
            path.hardlink_to(draft)
        draft.unlink()
        _sync(path.parent)
    return path.read_bytes()


def write_anew(name: str, data: bytes) -> None:
    """Put other bytes in the place of a secret that is there: all of them, or none."""
    path = secret_path(name)
    os.replace(_draft(path, data), path)
    _sync(path.parent)


def _draft(path: Path, data: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
