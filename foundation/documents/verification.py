"""What the register tells a stranger: all of the paper to whoever holds it, next to nothing to whoever guesses."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from foundation.documents import rules
from foundation.documents.models import IssuedDocument
from foundation.offers import clock

MOST_A_MINUTE = 30


class Verdict(enum.Enum):
    """The answers; templates ask for their names."""

    VALID = "valid"
    REVOKED = "revoked"
    FORGED = "forged"
    UNKNOWN = "unknown"
    EXISTS = "exists"
    EXISTS_REVOKED = "exists_revoked"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True)
class Answer:
    """document only where the asker holds the paper: the check code was right."""

    verdict: Verdict
    document: IssuedDocument | None = None

    @property
    def holder(self) -> str:
        """The holder's name, masked."""
        return rules.masked(self.document.holder_name) if self.document else ""


def verify(serial: str, facts_hash: str) -> Answer:
    """The answer to a serial with a check code, or without ("").

    A typed serial alone says no more than that it exists or was revoked (settled.md, Privacy of records).
    """
    document = IssuedDocument.objects.filter(serial=serial).first()
    if document is None:
        return Answer(Verdict.UNKNOWN)
    if not facts_hash:
        return Answer(Verdict.EXISTS_REVOKED if document.is_revoked else Verdict.EXISTS)
    if not constant_time_compare(document.facts_hash, facts_hash):
        return Answer(Verdict.FORGED)
    return Answer(Verdict.REVOKED if document.is_revoked else Verdict.VALID, document)


def is_too_often(request: HttpRequest) -> bool:
    """Whether this address has asked more than MOST_A_MINUTE times in this minute; counts this time too."""
    address = get_adapter().get_client_ip(request)
    key = f"verify:{address}:{int(clock.now().timestamp()) // 60}"
    if cache.add(key, 1, timeout=120):
        return False
    try:
        return bool(cache.incr(key) > MOST_A_MINUTE)
    except ValueError:  # culled from the cache in between: the minute is as good as over
        return False
