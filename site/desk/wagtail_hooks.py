"""What the desk adds to the Wagtail admin: the way back to it, and what is due on the admin's first page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from desk.navigation import Navigation
from foundation.offers import clock


class TodosPanel(Component):
    """待办事项."""

    name = "todos"
    order = 100
    template_name = "desk/admin_todos.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        request = (parent_context or {})["request"]
        return {"todos": Navigation(request).todos, "today": clock.today()}


@hooks.register("construct_homepage_panels")
def due_first(request: HttpRequest, panels: list[Any]) -> None:
    """What is due stands before Wagtail's own panels."""
    panels.insert(0, TodosPanel())


@hooks.register("register_admin_menu_item")
def desk_item() -> MenuItem:
    """我的工作台."""
    return MenuItem(_("我的工作台"), reverse_lazy("desk:home"), name="desk", icon_name="home", order=10)
