"""HR's menu and addresses in the Wagtail admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from assessment.appraisals import admin_views, person_views, voiding_views
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
        path("<int:pk>/file/", admin_views.file_all, name="file_all"),
        path("<int:pk>/quota/", admin_views.approve_quota, name="approve_quota"),
        path("<int:pk>/objections/add/", admin_views.add_objection, name="add_objection"),
        path("<int:pk>/objections/<int:objection>/", admin_views.answer_objection, name="answer_objection"),
        path("<int:pk>/take-in/", admin_views.take_in, name="take_in"),
        path("people/<int:pk>/", person_views.person, name="person"),
        path("people/<int:pk>/no-summary/", person_views.waive_summary, name="waive_summary"),
        path("people/<int:pk>/evaluation/", person_views.evaluation, name="evaluation"),
        path("people/<int:pk>/determination/", person_views.determination, name="determination"),
        path("people/<int:pk>/opinion/", person_views.opinion, name="record_opinion"),
        path("people/<int:pk>/reopen/", person_views.reopen, name="reopen"),
        path("people/<int:pk>/keep/", person_views.keep_grade, name="keep_grade"),
        path("people/<int:pk>/return/", person_views.return_review, name="return_review"),
        path("people/<int:pk>/post/", person_views.mark_post, name="mark_post"),
        path("people/<int:pk>/set-apart/", person_views.set_apart, name="set_apart"),
        path("people/<int:pk>/file/", person_views.file, name="file"),
        path("people/<int:pk>/publicise/", person_views.publicise, name="publicise"),
        path("people/<int:pk>/withdraw/", person_views.withdraw_correction_notice, name="withdraw_correction"),
        path("people/<int:pk>/complete/", person_views.complete_correction, name="complete_correction"),
        # discipline's officer
        path("records/<int:pk>/void/", voiding_views.void_record, name="void_record"),
        path("cases/<int:pk>/void/", voiding_views.void_outcome, name="void_outcome"),
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
