"""Dated, cited parameters: every number or choice that rules.md calls local, unsure, likely or a parameter."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Value(models.Model):
    """An organ's own value of a parameter for a time; where there is none, the shipped default of the offer holds.

    A row is never deleted and its value never changed; the database itself refuses it (HistoryStands). It is followed
    by the next one, which cuts valid_to short of announced_to, or withdrawn before its first day.
    """

    code = models.CharField(_("参数"), max_length=64)
    unit_id = models.BigIntegerField(_("单位编号"), null=True, blank=True, help_text="null: the whole organ")
    value = models.JSONField(_("取值"), null=True)
    valid_from = models.DateField(_("施行日期"))
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    announced_to = models.DateField(_("设定时的失效日期"), null=True, blank=True)
    citation = models.CharField(_("依据"), max_length=255, blank=True)
    is_withdrawn = models.BooleanField(_("已撤回"), default=False)

    class Meta:
        verbose_name = _("参数取值")
        verbose_name_plural = _("参数取值")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "unit_id", "valid_from"], condition=Q(is_withdrawn=False), name="rulebook_value_once"
            ),
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                condition=Q(unit_id=None, is_withdrawn=False),
                name="rulebook_value_organ_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="rulebook_value_period"
            ),
            models.CheckConstraint(
                condition=Q(announced_to=None) | Q(valid_to__lte=F("announced_to")), name="rulebook_value_cut"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"

    def has_begun(self, today: dt.date) -> bool:
        """Whether the row is history: it may be followed, no longer withdrawn."""
        return self.valid_from <= today

    def is_in_force(self, day: dt.date) -> bool:
        """Whether the row holds on the day."""
        return not self.is_withdrawn and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class DayException(models.Model):
    """A day that HR has set against the published calendar: a local holiday, or a working Saturday."""

    day = models.DateField(_("日期"), unique=True)
    is_working = models.BooleanField(_("上班"))
    reason = models.CharField(_("说明"), max_length=200)

    class Meta:
        verbose_name = _("工作日调整")
        verbose_name_plural = _("工作日调整")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"
