"""Views in the Wagtail admin that belong to some roles only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver

from foundation.people.enums import Role
from foundation.people.scope import MissingRole, has_role

View = Callable[..., HttpResponse]


def missing_role(request: HttpRequest, *roles: Role) -> HttpResponse:
    """The page of a missing role, naming those that would do.

    A PermissionDenied raised in the back office would be turned by Wagtail into a way home with a message (settled.md:
    a missing role is 403).
    """
    denied: Callable[..., HttpResponse] = get_resolver().resolve_error_handler(403)
    return denied(request, MissingRole(*roles))


def only_for(*roles: Role) -> Callable[[View], View]:
    """A decorator: 403 for everybody else who comes through the back office's door."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not has_role(request.user, *roles):
                return missing_role(request, *roles)
            return view(request, *args, **kwargs)

        return inner

    return decorate
