"""What an operator set for documents is looked at before anything starts: a wrong file is told now, not on a paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from foundation.documents import signing
from foundation.documents.paper import seal_image


@register()
def check_documents(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The seal's image and the organisation's certificate, where they are set."""
    found: list[CheckMessage] = []
    if settings.DOCUMENTS_SEAL and not settings.DOCUMENTS_SEAL_OFFICE:
        found.append(Error("DOCUMENTS_SEAL needs DOCUMENTS_SEAL_OFFICE: whose seal it is", id="documents.E001"))
    for is_set, look, number in (
        (settings.DOCUMENTS_SEAL, seal_image, "documents.E002"),
        (settings.DOCUMENTS_PKCS12, signing.organisations, "documents.E003"),
    ):
        if is_set:
            try:
                look()
            except ImproperlyConfigured as error:
                found.append(Error(str(error), id=number))
    return found
