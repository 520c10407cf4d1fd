"""Grades, states and audit events of the annual appraisal (rules.md A, glossary 26–40)."""

from enum import StrEnum

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


class CommentDue(StrEnum):
    """Whether a comment is written: beside a grade, alone, or not at all (contracts.md)."""

    WRITTEN = "written"
    ONLY = "only"
    NONE = "none"


class Absence(StrEnum):
    """Leaves that A7 and A7b tell apart."""

    SICK = "sick"
    PERSONAL = "personal"
    MATERNITY = "maternity"
    ANNUAL = "annual"
    WORK_INJURY = "work_injury"


class Move(StrEnum):
    """Assignments and departures that A7 and A7b tell apart."""

    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    SECONDMENT = "secondment"
    STUDY = "study"
    RETIRED = "retired"
    RESIGNED = "resigned"
    DISMISSED = "dismissed"


class TeamGrade(StrEnum):
    """等次 of a leadership team (A3)."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class UnitStanding(StrEnum):
    """What an institution's own year means for its quota (A7b Art 15).

    meritorious: 集体记功 or more, recognised innovation, or 单位绩效 优秀. failed: 单位绩效 不合格, or held
    accountable.
    """

    MERITORIOUS = "meritorious"
    USUAL = "usual"
    FAILED = "failed"


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
