"""Names of audit events of documents."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Event(TextChoices):
    ISSUED = "document.issued", _("签发文书")
    REDRAWN = "document.redrawn", _("重新生成文书文件")
    REVOKED = "document.revoked", _("撤销文书")
    OPENED = "document.opened", _("打开文书")
