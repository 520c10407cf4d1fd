"""Middleware that belongs to no room."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class AdminContentPolicy:
    """Wagtail's admin needs inline script and style (no nonces upstream, wagtail #1288): its own policy, there only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            inline = ["'unsafe-inline'"]
            response._csp_update = {  # type: ignore[attr-defined]  # django-csp's own seam
                "script-src": inline,
                "style-src": inline,
                "img-src": ["blob:"],
                "frame-src": ["'self'"],
            }
            response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]  # as above
        return response
