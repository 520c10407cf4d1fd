"""The audit trail: rows that are only ever added. No foreign keys: an entry survives what it speaks of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """Who did what to which row, when. Written by foundation.audit.record inside the action's transaction."""

    at = models.DateTimeField(_("时间"), db_index=True)
    event = models.CharField(_("事项"), max_length=64)
    actor_id = models.BigIntegerField(_("操作人编号"), null=True)
    actor_name = models.CharField(_("操作人"), max_length=150)
    target_label = models.CharField(_("对象类别"), max_length=64)
    target_id = models.CharField(_("对象编号"), max_length=64)
    target_name = models.CharField(_("对象"), max_length=255)
    data = models.JSONField(_("内容"), default=dict)

    class Meta:
        verbose_name = _("审计记录")
        verbose_name_plural = _("审计记录")
        indexes = [models.Index(fields=["target_label", "target_id"], name="audit_entry_target")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.event} {self.target_name}"
