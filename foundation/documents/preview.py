"""Sheets to look at before anything is issued: drawn like the real ones, with a proof that proves nothing."""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping
from typing import Any

import pypdfium2
from django.utils import timezone

from foundation.documents import actions, rules
from foundation.documents.paper import Proof
from foundation.offers import clock
from foundation.offers.types import Kind

SERIAL = "样张，不作凭证"

_PDFIUM = threading.Lock()  # PDFium knows no threads


def sheet(offer: Kind, data: Mapping[str, Any], *, holder: str) -> bytes:
    """The unsigned PDF of a kind with these data. Raises Refused where it cannot be drawn."""
    moment = clock.now()
    code = f"{actions.verify_url()}?s=SAMPLE&h={'0' * 20}#" + "A" * 300  # as dense as a real one
    proof = Proof(serial=SERIAL, check=rules.grouped("0" * 20), address=actions.verify_url(), code=code)
    facts = {**data, "serial": SERIAL, "holder": holder, "issued_on": timezone.localdate(moment)}
    return actions.draw(offer, facts, at=moment, proof=proof)


def plain(offer: Kind, data: Mapping[str, Any]) -> bytes:
    """The PDF of a kind that is only printed. Raises Refused where it cannot be drawn."""
    return sheet(offer, data, holder="")


def pages(pdf: bytes) -> int:
    """How many pages a file has."""
    with _PDFIUM:
        file = pypdfium2.PdfDocument(pdf)
        try:
            return len(file)
        finally:
            file.close()


def picture(pdf: bytes, *, page: int = 0, dpi: int = 96) -> bytes:
    """One page as PNG. Raises IndexError where there is none."""
    with _PDFIUM:
        file = pypdfium2.PdfDocument(pdf)
        try:
            if page >= len(file):
                raise IndexError(page)
            image = file[page].render(scale=dpi / 72).to_pil()
        finally:
            file.close()
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()
