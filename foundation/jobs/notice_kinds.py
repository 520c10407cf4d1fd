"""What jobs tells the owner of a piece of work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.jobs.enums import State
from foundation.offers.find import handlers
from foundation.offers.types import NoticeKind

ENDED = "jobs.ended"


def _text(context: Mapping[str, Any]) -> str:
    handler = handlers().get(context["kind"])  # a notice outlives the room whose work it tells of
    title = handler.title if handler else context["kind"]
    if context["state"] == State.DONE:
        return _("“%(title)s”已完成。") % {"title": title}
    return _("“%(title)s”没有完成，请打开查看原因。") % {"title": title}


NOTICE_KINDS = [
    NoticeKind(
        code=ENDED,
        title=gettext_lazy("后台任务结束"),
        text=_text,
        url=lambda context: reverse("jobs:progress", args=[context["job"]]),
        icon="hourglass",
    ),
]
