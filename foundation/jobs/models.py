"""The Job row is the truth about long work; a message in the broker is only a knock on the door."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.jobs.enums import OPEN, State
from foundation.offers.find import handlers
from foundation.offers.types import Handler


class Job(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("种类"), max_length=64)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="jobs", verbose_name=_("发起人")
    )
    ids = models.JSONField(_("对象"), default=dict)
    state = models.CharField(_("状态"), max_length=16, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    message = models.CharField(_("说明"), max_length=500, blank=True)
    result = models.CharField(_("结果文件"), max_length=255, blank=True, help_text="path below PRIVATE_ROOT")
    worker = models.CharField(_("执行进程"), max_length=100, blank=True, help_text="host/pid/start, while it runs")
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    created_at = models.DateTimeField(_("提交时间"))
    beat_at = models.DateTimeField(_("最近进展"))
    finished_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "beat_at"], name="jobs_job_open")]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="jobs_job_state"),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN, finished_at=None)
                | (~models.Q(state__in=OPEN) & models.Q(finished_at__isnull=False)),
                name="jobs_job_finished",
            ),
        ]

    def __str__(self) -> str:
        return str(self.handler.title)

    @property
    def handler(self) -> Handler:
        """The room's offer that does this work."""
        return handlers()[self.kind]

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in OPEN

    @property
    def result_path(self) -> Path | None:
        """The result file on disk, or None."""
        return Path(settings.PRIVATE_ROOT) / self.result if self.result else None

    @property
    def next_url(self) -> str | None:
        """Where its owner goes once it is done."""
        return self.handler.done_url(**self.ids) if self.handler.done_url else None
