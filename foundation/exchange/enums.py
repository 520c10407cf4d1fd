"""States of an upload and audit events."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where an upload stands. Nothing of it is written before DONE."""

    RECEIVED = "received", _("待对应表头")
    CHECKING = "checking", _("正在检查")
    CHECKED = "checked", _("待确认")
    CONFIRMED = "confirmed", _("正在导入")
    DONE = "done", _("已导入")
    STALE = "stale", _("需要重新检查")
    DISCARDED = "discarded", _("已放弃")


# in these the file may be looked at, matched and checked anew
OPEN = (State.RECEIVED, State.CHECKED, State.STALE)


class Event(TextChoices):
    RECEIVED = "exchange.received", _("上传待导入文件")
    IMPORTED = "exchange.imported", _("导入表格")
    DISCARDED = "exchange.discarded", _("放弃导入")
    EXPORTED = "exchange.exported", _("导出表格")
