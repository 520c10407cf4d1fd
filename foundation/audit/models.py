"""The audit trail: rows that are only ever added. No foreign keys: an entry survives what it speaks of, and a seal
survives its entry, so that a deleted entry is named.

Entries are written unchained, so business transactions never wait for each other here; Segment and Seal are the chain,
which the sealer lays over them afterwards (actions.py).
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_ENTRY_FACTS = ("id", "at", "event", "actor_id", "actor_name", "target_label", "target_id", "target_name", "data")
_SEGMENT_FACTS = ("number", "first_entry", "highest_entry", "count", "previous_head", "sealed_at")


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
        indexes = [
            models.Index(fields=["target_label", "target_id", "at"], name="audit_entry_target"),
            models.Index(fields=["event", "at"], name="audit_entry_event"),
            models.Index(fields=["actor_name", "at"], name="audit_entry_actor"),
        ]

    def __str__(self) -> str:
        return gettext("第 %(number)s 号") % {"number": self.pk}

    @property
    def facts(self) -> dict[str, Any]:
        """What the seal covers. A column added later may not join: old entries would no longer verify."""
        return {name: getattr(self, name) for name in _ENTRY_FACTS}


class Segment(models.Model):
    """A stretch of the chain, sealed in one go; numbered from 1 without gaps. Its head is exported (heads.py)."""

    number = models.PositiveBigIntegerField(_("段号"), primary_key=True)
    first_entry = models.BigIntegerField(_("首条记录编号"))
    highest_entry = models.BigIntegerField(_("最高记录编号"), help_text="of all entries under seal up to here")
    count = models.PositiveIntegerField(_("条数"))
    previous_head = models.CharField(_("前段链头"), max_length=64)
    head = models.CharField(_("链头"), max_length=64)
    sealed_at = models.DateTimeField(_("封存时间"))

    class Meta:
        verbose_name = _("审计封存段")
        verbose_name_plural = _("审计封存段")

    def __str__(self) -> str:
        return f"{self.number} {self.head[:12]}"

    @property
    def facts(self) -> dict[str, Any]:
        """What the head covers beside the entries: everything but itself."""
        return {name: getattr(self, name) for name in _SEGMENT_FACTS}


class Seal(models.Model):
    """An entry's place in the chain."""

    entry_id = models.BigIntegerField(_("记录编号"), primary_key=True)
    segment = models.ForeignKey(
        Segment, on_delete=models.PROTECT, db_index=False, related_name="seals", verbose_name=_("段号")
    )
    position = models.PositiveIntegerField(_("段内序号"))
    digest = models.CharField(_("摘要"), max_length=64)

    class Meta:
        verbose_name = _("审计封条")
        verbose_name_plural = _("审计封条")
        constraints = [models.UniqueConstraint(fields=["segment", "position"], name="audit_seal_place")]

    def __str__(self) -> str:
        return f"{self.segment_id}/{self.position} → {self.entry_id}"
