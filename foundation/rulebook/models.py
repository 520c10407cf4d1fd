"""Dated, cited parameters: every number or choice that rules.md calls local, unsure, likely or a parameter."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Value(models.Model):
    """An organ's own value of a parameter for a time; where there is none, the shipped default of the offer holds."""

    code = models.CharField(_("参数"), max_length=64)
    unit_id = models.BigIntegerField(_("单位编号"), null=True, blank=True, help_text="null: the whole organ")
    value = models.JSONField(_("取值"))
    valid_from = models.DateField(_("施行日期"))
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    citation = models.CharField(_("依据"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("参数取值")
        verbose_name_plural = _("参数取值")
        constraints = [
            models.UniqueConstraint(fields=["code", "unit_id", "valid_from"], name="rulebook_value_once"),
            models.UniqueConstraint(
                fields=["code", "valid_from"], condition=models.Q(unit_id=None), name="rulebook_value_organ_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="rulebook_value_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"


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
