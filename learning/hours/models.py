"""The ledger of class hours: it only grows. A mistake is set right by an entry that reverses another."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.people.models import Cadre
from learning.hours.enums import Delivery, Kind


class HourEntry(models.Model):
    """Class hours of one person from one source, with evidence and the version of the rule they were counted by."""

    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="hour_entries", verbose_name=_("干部"))
    class_hours = models.DecimalField(_("学时"), max_digits=6, decimal_places=2)
    kind = models.CharField(_("培训种类"), max_length=16, choices=Kind.choices)
    delivery = models.CharField(_("培训方式"), max_length=24, choices=Delivery.choices)
    # what gave the hours stands in a room above this one, so it is named by label and number, not by a key
    source_label = models.CharField(_("来源类别"), max_length=64)
    source_pk = models.BigIntegerField(_("来源编号"))
    source_name = models.CharField(_("来源"), max_length=255)
    evidence = models.JSONField(_("凭据"), default=dict)
    rule_version = models.CharField(_("规则版本"), max_length=64)
    ended_on = models.DateField(_("结束日期"))
    credited_at = models.DateTimeField(_("记入时间"))
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="reversals", verbose_name=_("冲销")
    )

    class Meta:
        verbose_name = _("学时记录")
        verbose_name_plural = _("学时记录")
        indexes = [models.Index(fields=["cadre", "ended_on"], name="hours_entry_cadre_year")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="hours_entry_kind"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="hours_entry_delivery"),
            models.CheckConstraint(
                condition=Q(reverses=None, class_hours__gt=0) | Q(reverses__isnull=False, class_hours__lt=0),
                name="hours_entry_sign",
            ),
            models.UniqueConstraint(
                fields=["cadre", "source_label", "source_pk"],
                condition=Q(reverses=None),
                name="hours_entry_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} {self.source_name} {self.class_hours}"
