"""The offline verifier: one HTML file that can be given away, with everything in it and nothing to fetch."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.template import Context, Engine

from foundation.documents import signing
from foundation.offers.find import kinds

_PAGE = Path(__file__).with_name("verifier") / "page.html"
_STYLES = ("css/tokens.css", "css/ui.css", "css/house.css", "css/documents.css")
_SCRIPTS = ("js/ed25519.js", "js/pdf-signature.js", "js/verify.js")
_FETCHED = re.compile(r"url\([^)]*\)")


def offline_page() -> str:
    """The page, in the language of the moment: the scripts of the verification page, and our public keys."""
    static = Path(settings.ROOT) / "site" / "static"
    algorithm, pdf_key = signing.pdf_public_key()
    context = {
        "office": settings.ZHIXING_TITLE,
        "style": _FETCHED.sub("none", "\n".join((static / name).read_text() for name in _STYLES)),
        "script": "\n".join((static / name).read_text() for name in _SCRIPTS),
        "public_key": signing.public_key(),
        "key_id": signing.key_id(),
        "pdf_key": pdf_key,
        "pdf_algorithm": algorithm,
        "kinds": {kind.code: str(kind.title) for kind in kinds().values() if kind.is_registered},
    }
    return Engine.get_default().from_string(_PAGE.read_text()).render(Context(context))
