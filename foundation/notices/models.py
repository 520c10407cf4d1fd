"""What people were told. The sentence is made when it is read: kind and context are kept, not words."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation.notices.enums import Mail
from foundation.offers.find import notice_kinds
from foundation.offers.types import NoticeKind
from foundation.people.models import Account


class Notice(models.Model):
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="notices", verbose_name=_("收件人"))
    kind = models.CharField(_("种类"), max_length=64)
    context = models.JSONField(_("内容"), default=dict)
    dedupe = models.CharField(_("防重复标识"), max_length=200)
    created_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True)
    mail = models.CharField(_("邮件"), max_length=8, choices=Mail.choices, default=Mail.NONE)

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["account", "-id"], name="notices_of_account"),
            # the pip on every page: only what is unread is counted
            models.Index(fields=["account", "-id"], condition=Q(read_at=None), name="notices_unread"),
            models.Index(fields=["id"], condition=Q(mail=Mail.DUE), name="notices_mail_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "dedupe"], name="notices_notice_once"),
            models.CheckConstraint(condition=~Q(dedupe=""), name="notices_notice_dedupe"),
            models.CheckConstraint(condition=Q(mail__in=Mail.values), name="notices_notice_mail"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def offer(self) -> NoticeKind:
        """The room's offer of this kind."""
        return notice_kinds()[self.kind]

    @cached_property
    def text(self) -> str:
        """The sentence, in the language that is active."""
        return self.offer.text(self.context)

    @property
    def url(self) -> str:
        """Where it leads."""
        return self.offer.url(self.context)

    @property
    def is_read(self) -> bool:
        """Whether the person has opened it or put it aside."""
        return self.read_at is not None


class MailChoice(models.Model):
    """Whether a person wants mail about a kind of notice; without a row the kind's own default holds."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="mail_choices")
    kind = models.CharField(_("种类"), max_length=64)
    by_email = models.BooleanField(_("发邮件"))

    class Meta:
        verbose_name = _("邮件选择")
        verbose_name_plural = _("邮件选择")
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="notices_mailchoice_once")]

    def __str__(self) -> str:
        return f"{self.account} {self.kind}"


def known(**conditions: Any) -> models.QuerySet[Notice]:
    """Notices of kinds that some room still offers: rows outlive the rooms that wrote them."""
    return Notice.objects.filter(kind__in=notice_kinds(), **conditions)
