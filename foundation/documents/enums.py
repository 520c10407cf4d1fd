"""Names of audit events of documents."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Event(TextChoices):
    ISSUED = "document.issued", _("签发文书")
    REDRAWN = "document.redrawn", _("重新生成文书文件")
    REVOKED = "document.revoked", _("撤销文书")
    OPENED = "document.opened", _("打开文书")
    BATCH_MADE = "document_batch.made", _("新建文书批次")
    BATCH_CHANGED = "document_batch.changed", _("修改文书批次")
    BATCH_CLOSED = "document_batch.closed", _("定稿文书批次")
    BATCH_DISCARDED = "document_batch.discarded", _("删除文书批次")
    REGISTER_EXPORTED = "document.register_exported", _("导出文书登记")
    SWEPT = "document.swept", _("清理没有登记的文件")
