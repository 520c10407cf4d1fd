"""The register of issued documents. A row stands only together with its file."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.documents import rules
from foundation.offers.find import kinds
from foundation.offers.types import Kind

LONGEST_REASON = 500


class IssuedDocument(models.Model):
    """One signed paper: for whom (holder), because of which record (source), with which facts (data).

    Holder and source belong to rooms above: they are kept as label, number and the name of the day.
    """

    serial = models.CharField(_("编号"), max_length=40, unique=True)
    kind = models.CharField(_("种类"), max_length=64)
    holder_label = models.CharField(_("持有人类别"), max_length=64)
    holder_pk = models.BigIntegerField(_("持有人编号"))
    holder_name = models.CharField(_("持有人"), max_length=255)
    holder_account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="documents",
        verbose_name=_("持有人账号"),
    )
    source_label = models.CharField(_("来源类别"), max_length=64)
    source_pk = models.BigIntegerField(_("来源编号"))
    data = models.JSONField(_("内容"), default=dict)
    sha256 = models.CharField(_("文件校验值"), max_length=64)
    file = models.CharField(_("文件"), max_length=255, unique=True, help_text="path below PRIVATE_ROOT")
    issued_on = models.DateField(_("签发日期"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="issued_documents",
        verbose_name=_("签发人"),
    )
    issued_at = models.DateTimeField(_("签发时间"))
    revoked_at = models.DateTimeField(_("撤销时间"), null=True)
    revoked_reason = models.CharField(_("撤销原因"), max_length=LONGEST_REASON, blank=True)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="supersedes", verbose_name=_("由其代替")
    )

    class Meta:
        verbose_name = _("文书")
        verbose_name_plural = _("文书")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["holder_account", "-id"], name="documents_of_holder"),
            models.Index(fields=["holder_label", "holder_pk"], name="documents_of_row"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "holder_label", "holder_pk", "source_label", "source_pk"],
                condition=Q(revoked_at=None),
                name="documents_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_reason="", superseded_by=None)
                | (Q(revoked_at__isnull=False) & ~Q(revoked_reason="")),
                name="documents_revoked_whole",
            ),
            models.CheckConstraint(condition=~Q(sha256=""), name="documents_has_file"),
        ]

    def __str__(self) -> str:
        return f"{self.serial} {self.holder_name}"

    @property
    def offer(self) -> Kind:
        """The room's offer that draws this kind."""
        return kinds()[self.kind]

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def revoked_on(self) -> dt.date | None:
        """The day of revocation in the office's time zone."""
        return timezone.localdate(self.revoked_at) if self.revoked_at else None

    @property
    def path(self) -> Path:
        """Its file on disk."""
        return Path(settings.PRIVATE_ROOT) / self.file

    @property
    def file_stands(self) -> bool:
        """Whether the file is there and is the one of the register."""
        try:
            return hashlib.sha256(self.path.read_bytes()).hexdigest() == self.sha256
        except FileNotFoundError:
            return False

    @property
    def facts_hash(self) -> str:
        """The check code: 96 bits over everything that the paper says."""
        return rules.facts_hash(
            serial=self.serial, kind=self.kind, holder=self.holder_name, issued_on=self.issued_on, data=self.data
        )

    @property
    def public_facts(self) -> list[tuple[Any, str]]:
        """What the verification page may show: nothing beyond what the paper says."""
        return self.offer.public_facts(self.data)
