"""题库 in the back office."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from learning.questions import actions, question_views
from learning.questions.back_office import ForTrainers, TrainersOnly
from learning.questions.models import Bank
from learning.questions.queries import all_newest_versions, banks_with_counts

QUESTIONS_A_PAGE = 50

register_permission_policy(Bank, TrainersOnly(Bank))


class BankIndexView(generic.IndexView):
    """The banks; a bank's name opens its questions, renaming it is one of the buttons."""

    def get_base_queryset(self) -> Any:
        return banks_with_counts()

    def _get_title_column(self, field_name: str, column_class: Any = TitleColumn, **kwargs: Any) -> Any:
        shape = self._get_title_column_class(column_class)
        return self._get_custom_column(field_name, shape, get_url=self.get_inspect_url, **kwargs)


class BankCreateView(generic.CreateView):
    def save_instance(self) -> Bank:
        return actions.create_bank(name=self.form.cleaned_data["name"], actor=self.request.user)


class BankEditView(generic.EditView):
    def save_instance(self) -> Bank:
        return actions.rename_bank(bank=self.object, name=self.form.cleaned_data["name"], actor=self.request.user)


class BankInspectView(generic.InspectView):
    """A bank with its questions, as they count now, and what can be done with each."""

    template_name = "questions/bank_inspect.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.request.GET.get("q", "").strip()
        found = all_newest_versions(self.object)
        if wanted:
            found = found.filter(Q(stem__icontains=wanted) | Q(topic__icontains=wanted) | Q(source__icontains=wanted))
        questions = Paginator(found, QUESTIONS_A_PAGE).get_page(self.request.GET.get("p"))
        return {**super().get_context_data(**kwargs), "questions": questions, "wanted": wanted}


class BankViewSet(ForTrainers, ModelViewSet):
    model = Bank
    name = "banks"
    icon = "list-ul"
    menu_label = _("题库")
    menu_order = 300
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = BankIndexView
    add_view_class = BankCreateView
    edit_view_class = BankEditView
    inspect_view_class = BankInspectView
    inspect_view_fields = ("name", "created_by")
    list_display = ("name", Column("question_count", label=_("题数")), "created_at")
    search_backend_name = None
    search_fields = ("name",)
    panels = (FieldPanel("name"),)


@hooks.register("register_admin_viewset")
def bank_viewset() -> BankViewSet:
    return BankViewSet()


@hooks.register("register_admin_urls")
def question_urls() -> list[URLPattern | URLResolver]:
    """Addresses of single questions."""
    patterns = [
        path("banks/<int:bank>/add/", question_views.add, name="add"),
        path("banks/<int:bank>/export/", question_views.export, name="export"),
        path("<int:pk>/revise/", question_views.revise, name="revise"),
        path("<int:pk>/withdraw/", question_views.withdraw, name="withdraw"),
        path("<int:pk>/restore/", question_views.restore, name="restore"),
    ]
    return [path("questions/", include((patterns, "questions_admin")))]
