"""Error pages: what happened, what to do, and a number under which the log tells the administrator more.

A missing page has no number: nothing is logged of it, and a number that nobody finds would be a lie.
"""

from __future__ import annotations

import logging
import secrets
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.views.decorators.csrf import requires_csrf_token

from foundation.people.enums import Role
from foundation.people.scope import MissingRole, holders

log = logging.getLogger(__name__)
MEGABYTE = 1024 * 1024
WAIT = 60  # seconds after which most limits let people in again; also said to programs (Retry-After)


def _number() -> str:
    """7F3A-21: short enough to be told on the telephone."""
    digits = secrets.token_hex(3).upper()
    return f"{digits[:4]}-{digits[4:]}"


def _page(request: HttpRequest, status: int, template: str, **context: Any) -> HttpResponse:
    number = _number()
    user = getattr(request, "user", None)
    log.warning("%s: %s %s %s, account %s", number, status, request.method, request.path, getattr(user, "pk", None))
    return render(request, template, {"number": number, "status": status, **context}, status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; 413 where too much was sent at once."""
    if isinstance(exception, RequestDataTooBig):
        return too_big(request)
    return _page(request, 400, "400.html")


@requires_csrf_token
def too_big(request: HttpRequest) -> HttpResponse:
    """413: more than the form may hold."""
    limit = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) / MEGABYTE
    return _page(request, 413, "413.html", limit=f"{limit:g}")


@requires_csrf_token
def no_permission(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: which role opens the page, and who gives it."""
    roles = exception.roles if isinstance(exception, MissingRole) else []
    return _page(
        request,
        403,
        "403.html",
        roles=[Role(role).label for role in roles],
        givers=holders(Role.SECURITY_ADMIN) if roles else [],
    )


@requires_csrf_token
def not_by_hand(request: HttpRequest) -> HttpResponse:
    """405: an address that only a button sends to, typed in, or come back to after signing in again."""
    return render(request, "405.html", {"status": 405}, status=405)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: search, and the way home."""
    return render(request, "404.html", {"status": 404}, status=404)


@requires_csrf_token
def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too often in a short time."""
    response = _page(request, 429, "429.html", seconds=WAIT)
    response["Retry-After"] = str(WAIT)
    return response


@requires_csrf_token
def page_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is old (signed out elsewhere, page left open): app.js has kept the fields and offers the way
    back to them. 403, as Django has it. The fields are not sent back in a form with a fresh token: a stranger's page
    could then have them submitted."""
    return _page(request, 403, "errors/expired.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a page that needs nothing that may be broken; the number stands beside the traceback in the log."""
    number = _number()
    log.error("%s: %s %s", number, request.method, request.path, exc_info=sys.exc_info())
    response = HttpResponse(get_template("500.html").render({"number": number}), status=500)
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark: one traceback is enough
    return response
