"""HR's menu and addresses in the Wagtail admin: people and units, certificates, the register of documents."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from foundation.people import cadre_views, certificates_views, register_views, unit_views
from foundation.people.enums import Role
from foundation.people.models import Cadre
from foundation.people.scope import has_role, may

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


certificates = (
    [
        path("", certificates_views.batch_list, name="batches"),
        path("new/", certificates_views.new_batch, name="new"),
        path("preview/", certificates_views.preview_batch, name="preview"),
        path("employment/", certificates_views.employment, name="employment"),
        path("slips/", certificates_views.slips, name="slips"),
        path("gallery/", certificates_views.gallery, name="gallery"),
        path("gallery/<str:code>/", certificates_views.sample, name="sample"),
        path("register/", register_views.register, name="register"),
        path("register/export/", register_views.export_register, name="export"),
        path("register/<str:serial>/", register_views.document, name="document"),
        path("register/<str:serial>/revoke/", register_views.revoke, name="revoke"),
        path("register/<str:serial>/reissue/", register_views.reissue, name="reissue"),
        path("<int:pk>/", certificates_views.batch_page, name="batch"),
        path("<int:pk>/edit/", certificates_views.edit_batch, name="edit"),
        path("<int:pk>/people/", certificates_views.add_people, name="add_people"),
        path("<int:pk>/list/", certificates_views.add_list, name="add_list"),
        path("<int:pk>/people/<int:recipient>/remove/", certificates_views.remove_person, name="remove_person"),
        path("<int:pk>/issue/", certificates_views.issue_batch, name="issue"),
        path("<int:pk>/discard/", certificates_views.discard_batch, name="discard"),
    ],
    "certificates_admin",
)


class PeopleMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, Cadre, action="change")


class ForHR(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, Role.HR)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern | URLResolver]:
    """HR's addresses; Wagtail lets only people with access to its admin come near them."""
    return [path("people/", include(patterns)), path("certificates/", include(certificates))]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """人员 in the menu of those who keep the roster."""
    return PeopleMenuItem(_("人员"), reverse_lazy("people_admin:cadres"), name="people", icon_name="group", order=200)


@hooks.register("register_admin_menu_item")
def certificates_item() -> MenuItem:
    """证书与证明."""
    url = reverse_lazy("certificates_admin:batches")
    return ForHR(_("证书与证明"), url, name="certificates", icon_name="doc-full", order=310)


@hooks.register("register_admin_menu_item")
def register_item() -> MenuItem:
    """文书登记."""
    url = reverse_lazy("certificates_admin:register")
    return ForHR(_("文书登记"), url, name="document-register", icon_name="list-ul", order=320)
