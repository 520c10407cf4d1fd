"""The discipline officer's menu and addresses in the Wagtail admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from assessment.discipline import back_office
from assessment.discipline.models import DisciplineRecord
from foundation.people.scope import may

patterns = (
    [
        path("", back_office.index, name="index"),
        path("records/add/", back_office.add_record, name="add_record"),
        path("records/add/<int:pk>/", back_office.add_record_of, name="add_record_of"),
        path("records/<int:pk>/", back_office.record, name="record"),
        path("cases/open/", back_office.open_case, name="open_case"),
        path("cases/<int:pk>/", back_office.case, name="case"),
        path("cases/<int:pk>/close/", back_office.close_case, name="close_case"),
    ],
    "discipline_admin",
)


class DisciplineMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, DisciplineRecord, action="manage")


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern | URLResolver]:
    """The officer's addresses; Wagtail lets only people with access to its admin come near them."""
    return [path("discipline/", include(patterns))]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """纪律记录 in the menu of its officer."""
    return DisciplineMenuItem(
        _("纪律记录"), reverse_lazy("discipline_admin:index"), name="discipline", icon_name="lock", order=310
    )
