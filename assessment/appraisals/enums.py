"""Grades, states and audit events of the annual appraisal (rules.md A, glossary 26–40)."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# kinds of documents (kinds.py)
NOTICE = "appraisals.result_notice"
HONOUR = "appraisals.honour_certificate"
FORM = "appraisals.registration_form"


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
    NEITHER = "neither", _("不写评语、不确定等次")
    UNDETERMINED = "undetermined", _("需人工认定")


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


class SignedHow(TextChoices):
    """How the person's opinion on the result came about (rules.md A6)."""

    SYSTEM = "system", _("系统内确认")
    PAPER = "paper", _("纸质签名")
    REFUSED = "refused", _("拒绝签署")
    UNREACHABLE = "unreachable", _("无法送达本人")


class Stance(TextChoices):
    """本人意见."""

    AGREE = "agree", _("同意")
    DISAGREE = "disagree", _("有异议")


class ObjectionOutcome(TextChoices):
    DISMISSED = "dismissed", _("不成立")
    UPHELD = "upheld", _("成立")


class Event(TextChoices):
    OPENED = "appraisal.opened", _("启动年度考核")
    REVIEWED = "appraisal.reviewed", _("审核评鉴")
    REVIEW_RETURNED = "appraisal.review_returned", _("退回评鉴")
    DECIDED = "appraisal.decided", _("确定等次")
    NOTICE_STARTED = "appraisal.notice_started", _("开始公示")
    NOTICE_WITHDRAWN = "appraisal.notice_withdrawn", _("撤回公示")
    FINALISED = "appraisal.finalised", _("确认考核结果")
    QUOTA_APPROVED = "appraisal.quota_approved", _("登记优秀比例审核同意")
    SET_APART = "appraisal.set_apart", _("移出本次考核")
    TAKEN_IN = "appraisal.taken_in", _("列入本次考核")
    POST_MARKED = "appraisal.post_marked", _("标记内设机构领导职务")
    SUMMARY_SAVED = "appraisal.summary_saved", _("保存个人总结")
    SUMMARY_SUBMITTED = "appraisal.summary_submitted", _("提交个人总结")
    SUMMARY_TAKEN_BACK = "appraisal.summary_taken_back", _("撤回个人总结")
    SUMMARY_WAIVED = "appraisal.summary_waived", _("登记没有个人总结的原因")
    EVALUATED = "appraisal.evaluated", _("登记民主测评结果")
    DETERMINED = "appraisal.determined", _("登记人工认定")
    OBJECTED = "appraisal.objected", _("登记公示异议")
    OBJECTION_ANSWERED = "appraisal.objection_answered", _("办结公示异议")
    SIGNED = "appraisal.signed", _("签署考核意见")
    FILED = "appraisal.filed", _("考核归档")
    REOPENED = "appraisal.reopened", _("更正考核结果")
    CORRECTION_NOTICED = "appraisal.correction_noticed", _("更正结果公示")
    CORRECTED = "appraisal.corrected", _("更正结果生效")
    CEILING_KEPT = "appraisal.ceiling_kept", _("维持考核结果")
    GROUNDS_READ = "appraisal.grounds_read", _("查看等次上限依据")
