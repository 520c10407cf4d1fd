"""The door of the learning rooms' portal pages: they are for people on the roster."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def cadre_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call the view with the person's own roster row as ``cadre``; others get a page that says why not (403)."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        cadre = getattr(request.user, "cadre", None)
        if cadre is None:
            return render(request, "hours/cadre_only.html", status=403)
        return view(request, *args, cadre=cadre, **kwargs)

    return inner
