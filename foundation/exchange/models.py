"""Uploads on their way in, and the headings that offices use.

An upload's file and what the check found of it lie below PRIVATE_ROOT until they are swept; the row stays.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.exchange.enums import OPEN, State
from foundation.jobs.models import Job
from foundation.offers.find import kept_lists
from foundation.offers.lists import KeptList


class Upload(models.Model):
    """A file that somebody wants to bring in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list_name = models.CharField(_("表"), max_length=64, help_text="of a KeptList on offer")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="uploads", verbose_name=_("上传人")
    )
    file_name = models.CharField(_("文件名"), max_length=255)
    sha256 = models.CharField(_("文件摘要"), max_length=64)
    size = models.PositiveIntegerField(_("字节数"))
    state = models.CharField(_("状态"), max_length=16, choices=State.choices, default=State.RECEIVED)
    chosen = models.JSONField(_("表头对应"), default=dict, help_text="plain heading → column name, or empty: left out")
    language = models.CharField(_("语言"), max_length=8, default="zh-hans", help_text="of the sentences of the check")
    fingerprint = models.CharField(_("检查结果摘要"), max_length=64, blank=True)
    counts = models.JSONField(_("合计"), default=dict)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务"))
    created_at = models.DateTimeField(_("上传时间"))
    finished_at = models.DateTimeField(_("导入时间"), null=True)
    swept_at = models.DateTimeField(_("清除时间"), null=True)

    class Meta:
        verbose_name = _("待导入文件")
        verbose_name_plural = _("待导入文件")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="exchange_upload_owner"),
            models.Index(fields=["swept_at", "created_at"], name="exchange_upload_sweep"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="exchange_upload_state"),
            models.CheckConstraint(
                condition=Q(state=State.DONE, finished_at__isnull=False) | (~Q(state=State.DONE) & Q(finished_at=None)),
                name="exchange_upload_finished",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CHECKED, State.CONFIRMED, State.DONE]) | ~Q(fingerprint=""),
                name="exchange_upload_checked",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def kept(self) -> KeptList:
        """The list that it is for."""
        return kept_lists()[self.list_name]

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return Path(settings.PRIVATE_ROOT) / "uploads" / str(self.pk)

    @property
    def path(self) -> Path:
        """The file as it came; its name says nothing, the kind is recognised by content."""
        return self.folder / "file"

    @property
    def report_path(self) -> Path:
        """What the check found, or the import did."""
        return self.folder / "report.json"

    @property
    def is_open(self) -> bool:
        """Whether it may still be matched, checked and discarded."""
        return (self.state in OPEN or self.is_stuck) and not self.is_swept

    @property
    def is_stuck(self) -> bool:
        """Whether its job ended without doing what it was for: cancelled, given up, or refused."""
        return self.state in (State.CHECKING, State.CONFIRMED) and (self.job is None or not self.job.is_open)

    @property
    def is_swept(self) -> bool:
        """Whether its files are gone."""
        return self.swept_at is not None

    @property
    def may_be_confirmed(self) -> bool:
        """Checked, nothing bad, and something to write."""
        return (
            self.state == State.CHECKED
            and not self.is_swept
            and not self.counts["bad"]
            and not self.counts["faults"]
            and bool(self.counts["new"] + self.counts["changed"])
        )


class KnownHeading(models.Model):
    """What somebody of an office said of a heading that the list does not know: remembered for the next file."""

    office = models.CharField(_("单位"), max_length=64, help_text="the key that the list's offer gives")
    list_name = models.CharField(_("表"), max_length=64)
    heading = models.CharField(_("表头"), max_length=200, help_text="plain, tables.plain_heading()")
    column = models.CharField(_("列"), max_length=64, blank=True, help_text="empty: left out")

    class Meta:
        verbose_name = _("记住的表头")
        verbose_name_plural = _("记住的表头")
        constraints = [
            models.UniqueConstraint(fields=["office", "list_name", "heading"], name="exchange_knownheading_once")
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.column}"
