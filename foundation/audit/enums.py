"""Audit events of the trail itself, and the one for reading a sensitive record."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Event(TextChoices):
    READ = "record.read", _("查阅敏感记录")
    LOG_READ = "audit.read", _("查看审计记录")
    VERIFIED = "audit.verified", _("验证审计链")
    HEADS_RESTARTED = "audit.heads_restarted", _("重新导出审计链头")
