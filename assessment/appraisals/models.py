"""A year's cycle of one unit, and each person's appraisal in it, with a snapshot of who they were at opening."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.appraisals.enums import GRADES, Grade, ObjectionOutcome, SignedHow, Stage, Stance, Treatment
from assessment.appraisals.rules import excellent_quota
from assessment.discipline.enums import Ceiling
from foundation.people.models import Cadre, Unit
from foundation.rulebook.workdays import is_provisional


class AppraisalCycle(models.Model):
    year = models.PositiveSmallIntegerField(_("年度"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appraisal_cycles", verbose_name=_("单位"))
    stage = models.CharField(_("阶段"), max_length=16, choices=Stage.choices, default=Stage.OPEN)
    base = models.PositiveIntegerField(_("应参加人数"))
    quota_percent = models.DecimalField(_("优秀比例上限（%）"), max_digits=5, decimal_places=2)
    opened_on = models.DateField(_("启动日期"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    notice_from = models.DateField(_("公示自"), null=True)
    notice_to = models.DateField(_("公示至"), null=True)
    finalised_on = models.DateField(_("确定日期"), null=True)

    class Meta:
        verbose_name = _("年度考核")
        verbose_name_plural = _("年度考核")
        ordering = ["-year", "unit__path"]
        constraints = [
            models.UniqueConstraint(fields=["year", "unit"], name="appraisals_cycle_once"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="appraisals_cycle_stage"),
            models.CheckConstraint(
                condition=Q(stage=Stage.FINAL, finalised_on__isnull=False) | ~Q(stage=Stage.FINAL),
                name="appraisals_cycle_final",
            ),
            models.CheckConstraint(
                condition=Q(notice_from=None, notice_to=None, stage=Stage.OPEN)
                | Q(notice_from__isnull=False, notice_to__gt=F("notice_from")) & ~Q(stage=Stage.OPEN),
                name="appraisals_cycle_notice",
            ),
        ]

    def __str__(self) -> str:
        return _("%(unit)s %(year)s 年度考核") % {"unit": self.unit, "year": self.year}

    @property
    def quota(self) -> int:
        """How many of this cycle may be 优秀."""
        return excellent_quota(base=self.base, percent=self.quota_percent)

    @property
    def is_open(self) -> bool:
        """Whether reviews and decisions may still be written."""
        return self.stage == Stage.OPEN

    @property
    def is_final(self) -> bool:
        """Whether documents may be issued for its results."""
        return self.stage == Stage.FINAL

    @property
    def is_notice_provisional(self) -> bool:
        """Whether the notice runs into days whose holidays are not published yet (暂定)."""
        return self.notice_to is not None and is_provisional(self.notice_to)

    def is_notice_over(self, today: dt.date) -> bool:
        """Whether the last day of the public notice has passed."""
        return self.stage == Stage.PUBLIC_NOTICE and self.notice_to is not None and today > self.notice_to


class QuotaApproval(models.Model):
    """A percentage of 优秀 above the usual one: who agreed, in which document and when (rules.md A5-6)."""

    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.PROTECT, related_name="approvals")
    percent = models.DecimalField(_("审核同意的比例（%）"), max_digits=5, decimal_places=2)
    approved_by = models.CharField(_("审核同意的机关"), max_length=100)
    document = models.CharField(_("文号"), max_length=100)
    approved_on = models.DateField(_("审核同意日期"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("优秀比例审核同意")
        verbose_name_plural = _("优秀比例审核同意")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=25), name="appraisals_approval_percent"),
            models.CheckConstraint(condition=~Q(approved_by="") & ~Q(document=""), name="appraisals_approval_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.percent}%"


class SetApart(models.Model):
    """Somebody of the cycle's unit who does not count in its base, and why: not appraised, or appraised elsewhere.

    grounds: as records.Ground keeps them; what comes from discipline is shown in its restricted words only.
    """

    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.PROTECT, related_name="set_apart")
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="+", verbose_name=_("干部"))
    unit_name = models.CharField(_("单位名称"), max_length=100)
    name = models.CharField(_("姓名"), max_length=64)
    work_number = models.CharField(_("工号"), max_length=32)
    ceiling = models.CharField(_("情形"), max_length=32, choices=Ceiling.choices)
    grounds = models.JSONField(_("依据"), default=list)

    class Meta:
        verbose_name = _("不列入本次考核的人员")
        verbose_name_plural = _("不列入本次考核的人员")
        ordering = ["unit_name", "work_number"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "cadre"], name="appraisals_setapart_once"),
            models.CheckConstraint(
                condition=Q(ceiling__in=[Ceiling.NOT_APPRAISED, Ceiling.APPRAISED_ELSEWHERE]),
                name="appraisals_setapart_ceiling",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_ceiling_display()}"


class Appraised(models.Manager["Appraisal"]):
    """Those who are appraised in their cycle: a row set apart is kept, and counts nowhere."""

    def get_queryset(self) -> models.QuerySet[Appraisal]:
        return super().get_queryset().filter(apart_on=None)


class Appraisal(models.Model):
    """One person's year. Reviewed once a comment stands, decided once a grade (or 不确定等次) stands.

    apart_on: since when the rules do not appraise the person in this cycle; what was written by then is kept.
    """

    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.PROTECT, related_name="appraisals")
    year = models.PositiveSmallIntegerField(_("年度"))
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="appraisals", verbose_name=_("干部"))
    # who the person was when the cycle was opened
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    unit_name = models.CharField(_("单位名称"), max_length=100)
    name = models.CharField(_("姓名"), max_length=64)
    work_number = models.CharField(_("工号"), max_length=32)
    title = models.CharField(_("职务职级"), max_length=100, blank=True)
    treatment = models.CharField(_("参加方式"), max_length=16, choices=Treatment.choices)
    probation_to = models.DateField(_("试用期至"), null=True)
    holds_section_post = models.BooleanField(_("担任内设机构领导职务"), default=False)
    # 审核评鉴
    comment = models.TextField(_("评语"), blank=True)
    proposed_grade = models.CharField(_("建议等次"), max_length=32, choices=Grade.choices, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(_("评鉴时间"), null=True)
    # 确定等次
    grade = models.CharField(_("等次"), max_length=32, choices=Grade.choices, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("确定时间"), null=True)
    # what the records left of the year when it was decided: records.Ground as plain values
    ceiling = models.CharField(_("等次上限"), max_length=32, choices=Ceiling.choices, blank=True)
    grounds = models.JSONField(_("等次上限的依据"), default=list)
    # 归档
    filed_on = models.DateField(_("归档日期"), null=True)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # 更正: a new decision after the result was final; the notice is the person's own
    reopened_on = models.DateField(_("更正启动日期"), null=True)
    reopened_reason = models.CharField(_("更正原因"), max_length=500, blank=True)
    notice_from = models.DateField(_("更正公示自"), null=True)
    notice_to = models.DateField(_("更正公示至"), null=True)
    corrected_on = models.DateField(_("更正生效日期"), null=True)
    apart_on = models.DateField(_("移出日期"), null=True)

    objects = Appraised()
    everybody: models.Manager[Appraisal] = models.Manager()

    class Meta:
        verbose_name = _("个人年度考核")
        verbose_name_plural = _("个人年度考核")
        ordering = ["unit__path", "work_number"]
        indexes = [models.Index(fields=["cycle", "grade"], name="appraisals_appraisal_grade")]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "cadre"], condition=Q(apart_on=None), name="appraisals_appraisal_once"
            ),
            models.UniqueConstraint(fields=["cycle", "cadre"], name="appraisals_appraisal_once_a_cycle"),
            models.CheckConstraint(
                condition=Q(apart_on=None) | Q(decided_at=None, reopened_on=None), name="appraisals_appraisal_apart"
            ),
            models.CheckConstraint(
                condition=Q(treatment=Treatment.GRADED, grade__in=["", *GRADES], proposed_grade__in=["", *GRADES])
                | Q(treatment=Treatment.COMMENT_ONLY, grade__in=["", Grade.NO_GRADE], proposed_grade="")
                | Q(treatment=Treatment.NEITHER, grade__in=["", Grade.NO_GRADE], proposed_grade="", comment="")
                | Q(treatment=Treatment.UNDETERMINED, grade="", proposed_grade="", comment=""),
                name="appraisals_appraisal_treatment",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, comment="", proposed_grade="") | ~Q(reviewed_at=None) & ~Q(comment=""),
                name="appraisals_appraisal_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, grade="", ceiling="")
                | ~Q(decided_at=None) & ~Q(grade="") & (~Q(reviewed_at=None) | Q(treatment=Treatment.NEITHER)),
                name="appraisals_appraisal_decided",
            ),
            # empty: decided before ceilings were kept
            models.CheckConstraint(
                condition=Q(ceiling="")
                | Q(ceiling=Ceiling.NONE, grade__in=GRADES)
                | Q(ceiling=Ceiling.NOT_EXCELLENT, grade__in=GRADES[1:])
                | Q(ceiling=Ceiling.NO_GRADE, grade=Grade.NO_GRADE)
                | Q(ceiling=Ceiling.INCOMPETENT, grade=Grade.INCOMPETENT),
                name="appraisals_appraisal_ceiling",
            ),
            models.CheckConstraint(
                condition=Q(filed_on=None, filed_by=None)
                | Q(filed_on__isnull=False, filed_by__isnull=False, decided_at__isnull=False, reopened_on=None),
                name="appraisals_appraisal_filed",
            ),
            models.CheckConstraint(
                condition=Q(reopened_on=None, reopened_reason="", notice_from=None, notice_to=None)
                | Q(reopened_on__isnull=False, notice_from=None, notice_to=None) & ~Q(reopened_reason="")
                | Q(reopened_on__isnull=False, notice_to__gt=F("notice_from")) & ~Q(reopened_reason=""),
                name="appraisals_appraisal_reopened",
            ),
        ]

    def __str__(self) -> str:
        return _("%(name)s %(year)s 年度考核") % {"name": self.name, "year": self.year}

    @property
    def is_waiting(self) -> bool:
        """Whether a step before the review is missing: the summary or its note, the evaluation (A6)."""
        summary = getattr(self, "summary", None)
        no_summary = summary is None or not summary.is_done
        return no_summary or (self.holds_section_post and getattr(self, "evaluation", None) is None)

    @property
    def is_reviewed(self) -> bool:
        return self.reviewed_at is not None

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None

    @property
    def is_comment_only(self) -> bool:
        return self.treatment == Treatment.COMMENT_ONLY

    def forget_review(self) -> None:
        """Take comment and proposal away: they are to be written anew."""
        self.comment, self.proposed_grade, self.reviewed_by, self.reviewed_at = "", "", None, None

    def forget_decision(self) -> None:
        """Take the decision away: it is to be made anew."""
        self.grade, self.decided_by, self.decided_at, self.ceiling, self.grounds = "", None, None, "", []

    def take_treatment(self, treatment: Treatment) -> None:
        """Take part this way from now on, without what does not belong to it."""
        self.treatment = treatment
        if treatment in {Treatment.NEITHER, Treatment.UNDETERMINED}:
            self.forget_review()
        elif treatment == Treatment.COMMENT_ONLY:
            self.proposed_grade = ""

    @property
    def is_open(self) -> bool:
        """Whether review and decision may still be written: the cycle's time, or a correction's."""
        return self.cycle.is_open or (self.reopened_on is not None and self.notice_from is None)

    @property
    def is_final(self) -> bool:
        """Whether the result stands: documents may be issued, an opinion signed."""
        return self.cycle.is_final and self.reopened_on is None

    @property
    def is_filed(self) -> bool:
        return self.filed_on is not None

    @property
    def finalised_on(self) -> dt.date | None:
        """The day from which the result stands as it is."""
        return self.corrected_on or self.cycle.finalised_on

    def is_notice_over(self, today: dt.date) -> bool:
        """Whether the last day of a corrected result's own public notice has passed."""
        return self.notice_to is not None and today > self.notice_to


class Correction(models.Model):
    """更正: what a final result said before it was taken up anew, and who opened and finished that."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="corrections")
    grade = models.CharField(_("原等次"), max_length=32, choices=Grade.choices)
    ceiling = models.CharField(_("等次上限"), max_length=32, choices=Ceiling.choices, blank=True)
    grounds = models.JSONField(_("等次上限的依据"), default=list)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("确定时间"))
    filed_on = models.DateField(_("归档日期"), null=True)
    reason = models.CharField(_("更正原因"), max_length=500)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField(_("更正启动日期"))
    notice_from = models.DateField(_("更正公示自"), null=True)
    notice_to = models.DateField(_("更正公示至"), null=True)
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    completed_on = models.DateField(_("办结日期"), null=True)

    class Meta:
        verbose_name = _("考核结果更正")
        verbose_name_plural = _("考核结果更正")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal"], condition=Q(completed_on=None), name="appraisals_correction_once"
            ),
            models.CheckConstraint(
                condition=Q(completed_on=None, completed_by=None)
                | Q(completed_on__gte=F("opened_on"), completed_by__isnull=False),
                name="appraisals_correction_completed",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(grade=""), name="appraisals_correction_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.appraisal} {self.opened_on}"


class Summary(models.Model):
    """个人总结 (rules.md A6-1), or HR's note why there is none: the note never grades anybody (A6-4)."""

    appraisal = models.OneToOneField(Appraisal, on_delete=models.CASCADE, related_name="summary")
    duties = models.CharField(_("从事或分管工作"), max_length=200, blank=True)
    training = models.CharField(_("脱产培训情况"), max_length=300, blank=True)
    text = models.TextField(_("个人总结"), blank=True)
    saved_at = models.DateTimeField(_("保存时间"), null=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    waived_reason = models.CharField(_("没有个人总结的原因"), max_length=300, blank=True)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    waived_at = models.DateTimeField(_("登记时间"), null=True)

    class Meta:
        verbose_name = _("个人总结")
        verbose_name_plural = _("个人总结")
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(saved_at__isnull=False) & ~Q(text="") & ~Q(duties=""),
                name="appraisals_summary_submitted",
            ),
            models.CheckConstraint(
                condition=Q(waived_at=None, waived_by=None, waived_reason="")
                | Q(waived_at__isnull=False, waived_by__isnull=False, submitted_at=None) & ~Q(waived_reason=""),
                name="appraisals_summary_waived",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appraisal} {self._meta.verbose_name}"

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None

    @property
    def is_waived(self) -> bool:
        return self.waived_at is not None

    @property
    def is_done(self) -> bool:
        """Whether this step is behind: a summary stands, or the note why there is none."""
        return self.is_submitted or self.is_waived


class EvaluationResult(models.Model):
    """The result of the democratic evaluation (民主测评), written down from its count (rules.md A6-2)."""

    appraisal = models.OneToOneField(Appraisal, on_delete=models.CASCADE, related_name="evaluation")
    held_on = models.DateField(_("测评日期"))
    expected = models.PositiveIntegerField(_("应到人数"))
    attended = models.PositiveIntegerField(_("实到人数"))
    excellent = models.PositiveIntegerField(_("优秀票"))
    competent = models.PositiveIntegerField(_("称职票"))
    basically_competent = models.PositiveIntegerField(_("基本称职票"))
    incompetent = models.PositiveIntegerField(_("不称职票"))
    abstained = models.PositiveIntegerField(_("弃权票"))
    invalid = models.PositiveIntegerField(_("无效票"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("民主测评结果")
        verbose_name_plural = _("民主测评结果")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    attended=F("excellent")
                    + F("competent")
                    + F("basically_competent")
                    + F("incompetent")
                    + F("abstained")
                    + F("invalid")
                )
                & Q(attended__lte=F("expected"), attended__gt=0),
                name="appraisals_evaluation_adds_up",
            )
        ]

    def __str__(self) -> str:
        return f"{self.appraisal} {self._meta.verbose_name}"


class Determination(models.Model):
    """What the organ determined where no rule says what the year can bring (需人工认定).

    covers: the grounds that it was made on (records.Outlook.unruled); it says nothing of others.
    """

    appraisal = models.OneToOneField(Appraisal, on_delete=models.CASCADE, related_name="determination")
    ceiling = models.CharField(_("认定的等次上限"), max_length=32, choices=Ceiling.choices)
    organ = models.CharField(_("认定机关"), max_length=100)
    document = models.CharField(_("认定文号"), max_length=100)
    determined_on = models.DateField(_("认定日期"))
    covers = models.JSONField(_("所认定的情形"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("人工认定")
        verbose_name_plural = _("人工认定")
        constraints = [
            models.CheckConstraint(
                condition=Q(ceiling__in=[Ceiling.NONE, Ceiling.NOT_EXCELLENT, Ceiling.NO_GRADE, Ceiling.INCOMPETENT]),
                name="appraisals_determination_ceiling",
            ),
            models.CheckConstraint(condition=~Q(organ="") & ~Q(document=""), name="appraisals_determination_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.appraisal} {self.get_ceiling_display()}"


class Objection(models.Model):
    """What somebody objected to in a public notice, and what came of it. acted_at: when an upheld one was acted on, by
    deciding the grade anew."""

    cycle = models.ForeignKey(AppraisalCycle, on_delete=models.PROTECT, related_name="objections")
    appraisal = models.ForeignKey(
        Appraisal, on_delete=models.PROTECT, related_name="objections", verbose_name=_("所涉人员")
    )
    raised_by = models.CharField(_("反映人"), max_length=100)
    raised_on = models.DateField(_("反映日期"))
    text = models.CharField(_("反映的问题"), max_length=1000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("核实结果"), max_length=16, choices=ObjectionOutcome.choices, blank=True)
    answer = models.CharField(_("核实和答复情况"), max_length=1000, blank=True)
    answered_on = models.DateField(_("办结日期"), null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    acted_at = models.DateTimeField(_("处理时间"), null=True)

    class Meta:
        verbose_name = _("公示异议")
        verbose_name_plural = _("公示异议")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answer="", answered_on=None, answered_by=None, acted_at=None)
                | Q(
                    outcome__in=ObjectionOutcome.values,
                    answered_on__gte=F("raised_on"),
                    answered_by__isnull=False,
                )
                & ~Q(answer=""),
                name="appraisals_objection_answered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.appraisal} {self.raised_on}"

    @property
    def stands(self) -> bool:
        """Whether it keeps the result from becoming final: not answered, or upheld and nothing done about it yet."""
        return not self.outcome or (self.outcome == ObjectionOutcome.UPHELD and self.acted_at is None)


class Opinion(models.Model):
    """本人意见 on the result (rules.md A6). One stands; a corrected result leaves the older one superseded."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="opinions")
    how = models.CharField(_("签署方式"), max_length=16, choices=SignedHow.choices)
    stance = models.CharField(_("意见"), max_length=16, choices=Stance.choices, blank=True)
    text = models.CharField(_("具体意见"), max_length=500, blank=True)
    signed_on = models.DateField(_("签署日期"))
    witness = models.CharField(_("见证人"), max_length=64, blank=True)
    notice_serial = models.CharField(_("通知书编号"), max_length=40)
    notice_hash = models.CharField(_("通知书校验值"), max_length=64)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("记录时间"))
    superseded_at = models.DateTimeField(_("失效时间"), null=True)

    class Meta:
        verbose_name = _("本人意见")
        verbose_name_plural = _("本人意见")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appraisal"], condition=Q(superseded_at=None), name="appraisals_opinion_once"
            ),
            models.CheckConstraint(
                condition=Q(how=SignedHow.SYSTEM, stance__in=Stance.values, witness="")
                | Q(how=SignedHow.PAPER, stance__in=Stance.values) & ~Q(witness="")
                | Q(how__in=[SignedHow.REFUSED, SignedHow.UNREACHABLE], stance="") & ~Q(witness=""),
                name="appraisals_opinion_how",
            ),
            models.CheckConstraint(
                condition=~Q(stance=Stance.DISAGREE) | ~Q(text=""), name="appraisals_opinion_disagrees_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appraisal} {self.get_how_display()}"

    @property
    def reference(self) -> str:
        """The reference number that the signer is shown."""
        return f"YJ{self.signed_on:%Y%m%d}-{self.pk:06d}"
