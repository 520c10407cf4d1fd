"""States of a sitting, ways of marking, and audit events."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    PREPARED = "prepared", _("待开始")
    IN_PROGRESS = "in_progress", _("作答中")
    SUBMITTED = "submitted", _("已交卷")
    MARKED = "marked", _("已阅卷")
    RELEASED = "released", _("已公布")
    VOIDED = "voided", _("已作废")


OPEN = (State.PREPARED, State.IN_PROGRESS)
MARKED = (State.MARKED, State.RELEASED)


class MultipleMarking(TextChoices):
    """How a multiple-choice answer that is not exactly right is marked."""

    ALL_OR_NOTHING = "all_or_nothing", _("全对才得分")
    PART = "part", _("漏选得一半，错选不得分")


class Event(TextChoices):
    EXAM_SAVED = "exam.saved", _("保存考试")
    STARTED = "sitting.started", _("开始作答")
    TAKEN_OVER = "sitting.taken_over", _("在另一页面继续作答")
    SUBMITTED = "sitting.submitted", _("交卷")
