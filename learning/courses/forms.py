"""The course's form in the editor: what may not be published is told on the form."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from foundation.offers import clock
from foundation.offers.types import Refused
from learning.exams.actions import refuse_undrawable


class CourseForm(WagtailAdminPageForm):
    """What has been in force is left alone: a deadline that has passed since, a quiz whose bank has shrunk."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        deadline, quiz = cleaned.get("deadline"), cleaned.get("quiz")
        today = clock.today()
        was_published = self.instance.first_published_at is not None
        if deadline is not None and deadline < today and ("deadline" in self.changed_data or not was_published):
            self.add_error("deadline", _("截止日期早于今天，一发布就会逾期，请改为今天或以后的日期。"))
        if quiz is not None and ("quiz" in self.changed_data or not was_published):
            try:
                refuse_undrawable(quiz)
            except Refused as refusal:
                self.add_error("quiz", str(refusal))
        return cleaned
