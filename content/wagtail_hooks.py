"""The back office's look, and less of what nobody here needs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.permissions import page_permission_policy
from wagtail.query import PageQuerySet

# Wagtail's help links to the internet; its reports speak of locks and workflows that this portal does not use
UNUSED_MENUS = {"help", "reports"}


@hooks.register("insert_global_admin_css")
def house_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("construct_page_chooser_queryset")
def choose_among_what_can_be_read(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Published pages, and those that the person may edit: a draft is its editors' alone."""
    editable = page_permission_policy.instances_user_has_any_permission_for(request.user, {"add", "change", "publish"})
    return pages.filter(Q(live=True) | Q(pk__in=editable.values("pk")))


@hooks.register("construct_main_menu")
def leave_out_unused_menus(request: HttpRequest, menu_items: list[Any]) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in UNUSED_MENUS]
