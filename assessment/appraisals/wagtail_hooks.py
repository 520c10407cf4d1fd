"""HR's menu and addresses in the Wagtail admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from assessment.appraisals import admin_views
from assessment.appraisals.models import AppraisalCycle
from foundation.people.scope import may

patterns = (
    [
        path("", admin_views.cycles, name="cycles"),
        path("open/", admin_views.open_cycle, name="open"),
        path("<int:pk>/", admin_views.cycle, name="cycle"),
        path("<int:pk>/start-notice/", admin_views.start_notice, name="start_notice"),
        path("<int:pk>/withdraw-notice/", admin_views.withdraw_notice, name="withdraw_notice"),
        path("<int:pk>/finalise/", admin_views.finalise, name="finalise"),
        path("<int:pk>/issue/", admin_views.issue, name="issue"),
    ],
    "appraisals_admin",
)


class AppraisalsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, AppraisalCycle, action="manage")


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern | URLResolver]:
    """HR's addresses; Wagtail lets only people with access to its admin come near them."""
    return [path("appraisals/", include(patterns))]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """年度考核 in the menu of those who manage cycles."""
    return AppraisalsMenuItem(
        _("年度考核"), reverse_lazy("appraisals_admin:cycles"), name="appraisals", icon_name="calendar-check", order=300
    )
