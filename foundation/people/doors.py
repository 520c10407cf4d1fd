"""Which of Wagtail's own addresses belong to which roles. Wagtail asks permissions row by row, but several of its views
(the page chooser, its internal API, reports, tags) show every title to whoever may enter the admin at all: they are
opened by role here, and an address that is not named is opened to nobody.

Addresses of our own rooms are no matter of this page: their views ask scope.py themselves.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation.people.back_office import missing_role
from foundation.people.enums import BACK_OFFICE, Role
from foundation.people.scope import has_role

Respond = Callable[[HttpRequest], HttpResponse]

_WRITERS = frozenset({Role.EDITOR, Role.TRAINER})
_EDITORS = frozenset({Role.EDITOR})
# by the beginning of the view's name; the longest that fits counts
DOORS: dict[str, frozenset[Role]] = {
    "wagtailadmin_home": frozenset(BACK_OFFICE),
    "wagtailadmin_account": frozenset(BACK_OFFICE),
    "wagtailadmin_dismissibles": frozenset(BACK_OFFICE),
    "wagtailadmin_pages:": _WRITERS,
    "wagtailadmin_pages:move": _EDITORS,  # its page of confirmation names any page to anybody
    "wagtailadmin_explore": _WRITERS,
    "wagtailadmin_choose_page": _WRITERS,
    "wagtailadmin_tag": _WRITERS,
    "wagtailadmin_editing_sessions:": _WRITERS,
    "wagtailadmin_block_preview": _WRITERS,
    "wagtailadmin_api:pages": _WRITERS,
    "wagtailadmin_api:images": _EDITORS,
    "wagtailadmin_api:documents": _EDITORS,
    "wagtailadmin_reports:workflow": _WRITERS,
    "wagtailadmin_reports:aging_pages": _EDITORS,
    "wagtailadmin_reports:page_types_usage": _EDITORS,
    "wagtail_bulk_action": _WRITERS,
    "wagtailimages": _EDITORS,
    "wagtaildocs": _EDITORS,
}
# nothing of the office stands behind these
OPEN = frozenset(
    {
        "wagtailadmin_login",
        "wagtailadmin_logout",
        "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog",
        "admin_door",
    }
)


def roles_for(view_name: str) -> frozenset[Role] | None:
    """The roles to whom one of Wagtail's addresses is open; None for one that needs no role; nobody: an empty set."""
    if view_name in OPEN:
        return None
    fitting = [begin for begin in DOORS if view_name.startswith(begin)]
    return DOORS[max(fitting, key=len)] if fitting else frozenset()


class BackOfficeDoors:
    """Middleware: 403 for who comes to one of Wagtail's addresses without a role that it is open to. Who is not signed
    in, or may not enter the admin at all, is left to Wagtail, which sends them to the sign-in page or to 403."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: dict[str, object]
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not name.startswith("wagtail") or not request.path.startswith("/admin/"):
            return None
        roles = roles_for(name)
        if roles is None or not request.user.is_authenticated or not has_role(request.user, *BACK_OFFICE):
            return None
        return None if roles and has_role(request.user, *roles) else missing_role(request, *roles)
