"""考试 in the back office, and its chooser in the course editor."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.views import generic
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from foundation.offers.types import Refused
from learning.exams import actions
from learning.exams.models import Exam
from learning.questions.back_office import ForTrainers, TrainersOnly

register_permission_policy(Exam, TrainersOnly(Exam))


class SavesByAction:
    """Mixed into Wagtail's create and edit views: saving is the room's action; what it refuses stands on the form."""

    form: Any
    request: Any
    get_error_message: Any
    form_invalid: Any
    produced_error_message: Any

    def save_instance(self) -> Exam:
        return actions.save_exam(exam=self.form.save(commit=False), actor=self.request.user)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except Refused as refusal:
            form.add_error("question_count", str(refusal))
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)


class ExamCreateView(SavesByAction, generic.CreateView):
    pass


class ExamEditView(SavesByAction, generic.EditView):
    pass


class ExamCopyView(SavesByAction, generic.CopyView):
    pass


class ExamViewSet(ForTrainers, ModelViewSet):
    model = Exam
    name = "exams"
    url_namespace = "exams_admin"  # "exams" are the portal's
    icon = "tasks"
    menu_label = _("考试")
    menu_order = 310
    add_to_admin_menu = True
    add_view_class = ExamCreateView
    edit_view_class = ExamEditView
    copy_view_class = ExamCopyView
    list_display = ("title", "bank", "question_count", "minutes", "pass_percent", "max_attempts")
    search_backend_name = None
    search_fields = ("title",)
    panels = (
        FieldPanel("title"),
        FieldPanel("bank"),
        FieldRowPanel([FieldPanel("question_count"), FieldPanel("minutes")]),
        FieldRowPanel([FieldPanel("pass_percent"), FieldPanel("max_attempts")]),
        FieldRowPanel([FieldPanel("multiple_marking"), FieldPanel("grace_seconds")]),
    )


class ExamChooserViewSet(ForTrainers, ChooserViewSet):
    model = Exam
    icon = "tasks"
    choose_one_text = _("选择测验")
    choose_another_text = _("换一个测验")
    edit_item_text = _("编辑测验")


@hooks.register("register_admin_viewset")
def exam_viewsets() -> list[Any]:
    return [ExamViewSet(), ExamChooserViewSet("exam_chooser")]
