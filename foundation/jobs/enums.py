"""States of a job and names of its audit events."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")
    CANCELLED = "cancelled", _("已取消")


OPEN = (State.QUEUED, State.RUNNING)


class Event(TextChoices):
    STARTED = "job.started", _("启动后台任务")
    CANCELLED = "job.cancelled", _("取消后台任务")
    RESULT_TAKEN = "job.result_taken", _("取走只能下载一次的结果")
