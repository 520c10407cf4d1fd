"""HR's menu and addresses about people in the Wagtail admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from foundation.people import cadre_views, unit_views
from foundation.people.models import Cadre
from foundation.people.scope import may

patterns = (
    [
        path("", cadre_views.cadres, name="cadres"),
        path("new/", cadre_views.new_cadre, name="new_cadre"),
        path("<int:pk>/", cadre_views.cadre, name="cadre"),
        path("<int:pk>/change/", cadre_views.change_state, name="change_state"),
        path("<int:pk>/correct/", cadre_views.correct_cadre, name="correct_cadre"),
        path("<int:pk>/depart/", cadre_views.depart, name="depart"),
        path("<int:pk>/return/", cadre_views.take_back, name="take_back"),
        path("<int:pk>/leaves/add/", cadre_views.add_leave, name="add_leave"),
        path("<int:pk>/assignments/add/", cadre_views.add_assignment, name="add_assignment"),
        path("<int:pk>/relations/add/", cadre_views.add_relation, name="add_relation"),
        path("<int:cadre>/relations/<int:pk>/end/", cadre_views.end_relation, name="end_relation"),
        path("states/<int:pk>/correct/", cadre_views.correct_state, name="correct_state"),
        path("states/<int:pk>/remove/", cadre_views.remove_state, name="remove_state"),
        path("leaves/<int:pk>/correct/", cadre_views.correct_leave, name="correct_leave"),
        path("leaves/<int:pk>/remove/", cadre_views.remove_leave, name="remove_leave"),
        path("assignments/<int:pk>/correct/", cadre_views.correct_assignment, name="correct_assignment"),
        path("assignments/<int:pk>/remove/", cadre_views.remove_assignment, name="remove_assignment"),
        path("units/", unit_views.units, name="units"),
        path("units/open/", unit_views.open_unit, name="open_unit"),
        path("units/merge/", unit_views.merge_units, name="merge_units"),
        path("units/<int:pk>/", unit_views.unit, name="unit"),
        path("units/<int:pk>/rename/", unit_views.rename_unit, name="rename_unit"),
        path("units/<int:pk>/move/", unit_views.move_unit, name="move_unit"),
        path("units/<int:pk>/split/", unit_views.split_unit, name="split_unit"),
        path("units/<int:pk>/close/", unit_views.close_unit, name="close_unit"),
        path("units/<int:pk>/correct/", unit_views.correct_unit, name="correct_unit"),
    ],
    "people_admin",
)


class PeopleMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, Cadre, action="change")


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern | URLResolver]:
    """HR's addresses; Wagtail lets only people with access to its admin come near them."""
    return [path("people/", include(patterns))]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """人员 in the menu of those who keep the roster."""
    return PeopleMenuItem(_("人员"), reverse_lazy("people_admin:cadres"), name="people", icon_name="group", order=200)
