"""Who runs a job, told so that others can see whether that process is still there."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path


def _started(pid: int) -> str | None:
    """The kernel's start time of a process, or None where there is none: a pid alone may have been given anew."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, *fields = stat.rpartition(")")[2].split()
    return None if state == "Z" else fields[18]


@cache
def _named(pid: int) -> str:
    return f"{socket.gethostname()}/{pid}/{_started(pid) or ''}"


def this() -> str:
    """This process: host/pid/start."""
    return _named(os.getpid())


def is_gone(worker: str) -> bool:
    """Whether the named process is known to be gone; False for one on another machine, about which nothing is known."""
    host, _slash, rest = worker.partition("/")
    pid, _slash, started = rest.partition("/")
    return host == socket.gethostname() and pid.isdigit() and _started(int(pid)) != started
