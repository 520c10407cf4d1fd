"""Long work of documents."""

from __future__ import annotations

import time
from typing import Any

from django.utils.translation import gettext_lazy

from foundation.documents import actions
from foundation.offers.types import Handler, Progress


def sweep(*, actor: Any, progress: Progress) -> None:
    """Clear away files that a killed worker left without a row (every hour, by beat)."""
    actions.sweep(now=time.time())


HANDLERS = [Handler(kind="documents.sweep", title=gettext_lazy("清理没有登记的文书文件"), run=sweep)]
