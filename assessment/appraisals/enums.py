"""Grades, states and audit events of the annual appraisal (rules.md A, glossary 26–40)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Grade(TextChoices):
    """等次. no_grade is an outcome (不确定等次), never a grade that somebody proposes."""

    EXCELLENT = "excellent", _("优秀")
    COMPETENT = "competent", _("称职")
    BASICALLY_COMPETENT = "basically_competent", _("基本称职")
    INCOMPETENT = "incompetent", _("不称职")
    NO_GRADE = "no_grade", _("不确定等次")


GRADES = [Grade.EXCELLENT, Grade.COMPETENT, Grade.BASICALLY_COMPETENT, Grade.INCOMPETENT]


class Treatment(TextChoices):
    """How somebody takes part (rules.md A7)."""

    GRADED = "graded", _("确定等次")
    COMMENT_ONLY = "comment_only", _("只写评语，不确定等次")


class Stage(TextChoices):
    """Where a cycle stands; the order is fixed (rules.md A6)."""

    OPEN = "open", _("审核评鉴与确定等次")
    PUBLIC_NOTICE = "public_notice", _("公示中")
    FINAL = "final", _("结果已确定")


class Event(TextChoices):
    OPENED = "appraisal.opened", _("启动年度考核")
    REVIEWED = "appraisal.reviewed", _("审核评鉴")
    DECIDED = "appraisal.decided", _("确定等次")
    NOTICE_STARTED = "appraisal.notice_started", _("开始公示")
    NOTICE_WITHDRAWN = "appraisal.notice_withdrawn", _("撤回公示")
    FINALISED = "appraisal.finalised", _("确认考核结果")
