"""A year's cycle of one unit, and each person's appraisal in it, with a snapshot of who they were at opening."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.appraisals.enums import GRADES, Grade, Stage, Treatment
from assessment.appraisals.rules import excellent_quota, participation
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


class Appraisal(models.Model):
    """One person's year. Reviewed once a comment stands, decided once a grade (or 不确定等次) stands."""

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
    # 审核评鉴
    comment = models.TextField(_("评语"), blank=True)
    proposed_grade = models.CharField(_("建议等次"), max_length=32, choices=Grade.choices, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(_("评鉴时间"), null=True)
    # 确定等次
    grade = models.CharField(_("等次"), max_length=32, choices=Grade.choices, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("确定时间"), null=True)

    class Meta:
        verbose_name = _("个人年度考核")
        verbose_name_plural = _("个人年度考核")
        ordering = ["unit__path", "work_number"]
        indexes = [models.Index(fields=["cycle", "grade"], name="appraisals_appraisal_grade")]
        constraints = [
            models.UniqueConstraint(fields=["year", "cadre"], name="appraisals_appraisal_once"),
            models.CheckConstraint(
                condition=Q(treatment=Treatment.GRADED, grade__in=["", *GRADES], proposed_grade__in=["", *GRADES])
                | Q(treatment=Treatment.COMMENT_ONLY, grade__in=["", Grade.NO_GRADE], proposed_grade=""),
                name="appraisals_appraisal_treatment",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, comment="", proposed_grade="") | ~Q(reviewed_at=None) & ~Q(comment=""),
                name="appraisals_appraisal_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, grade="") | ~Q(decided_at=None) & ~Q(grade="") & ~Q(reviewed_at=None),
                name="appraisals_appraisal_decided",
            ),
        ]

    def __str__(self) -> str:
        return _("%(name)s %(year)s 年度考核") % {"name": self.name, "year": self.year}

    @property
    def is_reviewed(self) -> bool:
        return self.reviewed_at is not None

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None

    @property
    def treatment_reason(self) -> str:
        """Why the person takes part in another way than the usual one, with the rule; else empty."""
        return str(participation(year=self.year, probation_to=self.probation_to).reason)

    @property
    def is_comment_only(self) -> bool:
        return self.treatment == Treatment.COMMENT_ONLY
