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
from foundation.offers.types import Kind, Ref

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
    signed_by = models.CharField(_("签名证书"), max_length=64, blank=True, help_text="SHA-256 of the certificate")
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


class Batch(models.Model):
    """A text that an office gives to several people on one day: what its papers are issued because of.

    kind: of the papers. unit: the unit in whose name they are given, which decides who looks after the batch; it
    belongs to a room above, so it is kept as a number and the name of the day. After issuing nothing in it changes.
    """

    kind = models.CharField(_("种类"), max_length=64)
    title = models.CharField(_("标题"), max_length=12)
    subtitle = models.CharField(_("副标题"), max_length=30, blank=True)
    honorific = models.CharField(_("称谓"), max_length=8, blank=True)
    text = models.TextField(_("正文"), max_length=600, blank=True)
    signer = models.CharField(_("落款"), max_length=40)
    year = models.PositiveSmallIntegerField(_("年度"), null=True)
    dated_on = models.DateField(_("落款日期"))
    unit_pk = models.BigIntegerField(_("单位编号"))
    unit_name = models.CharField(_("单位"), max_length=100)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="batches", verbose_name=_("制作人")
    )
    made_at = models.DateTimeField(_("制作时间"))
    closed_at = models.DateTimeField(_("定稿时间"), null=True)

    class Meta:
        verbose_name = _("文书批次")
        verbose_name_plural = _("文书批次")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["unit_pk", "-id"], name="documents_batch_of_unit")]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(signer=""), name="documents_batch_named"),
        ]

    def __str__(self) -> str:
        return self.subtitle or self.title

    @property
    def is_closed(self) -> bool:
        """Whether issuing has begun: text and people stand."""
        return self.closed_at is not None


class Recipient(models.Model):
    """One person of a batch, with the facts of the day that the text may name."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="recipients", verbose_name=_("批次"))
    holder_label = models.CharField(_("人员类别"), max_length=64)
    holder_pk = models.BigIntegerField(_("人员编号"))
    holder_name = models.CharField(_("姓名"), max_length=255)
    holder_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("账号")
    )
    facts = models.JSONField(_("信息"), default=dict)

    class Meta:
        verbose_name = _("获得文书的人")
        verbose_name_plural = _("获得文书的人")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "holder_label", "holder_pk"], name="documents_recipient_once"),
        ]

    def __str__(self) -> str:
        return self.holder_name

    @property
    def ref(self) -> Ref:
        """The person, for issue()."""
        return Ref(self.holder_label, self.holder_pk, self.holder_name, self.holder_account_id)
