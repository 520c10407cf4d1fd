"""What the annual appraisal tells people. The grade stands on the paper only, never in a notice."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.offers.types import NoticeKind

PUBLIC_NOTICE = "appraisals.public_notice"
RESULT_ISSUED = "appraisals.result_issued"
CORRECTION_OPENED = "appraisals.correction_opened"
CORRECTED = "appraisals.corrected"

NOTICE_KINDS = [
    NoticeKind(
        code=PUBLIC_NOTICE,
        title=gettext_lazy("年度考核公示"),
        text=lambda context: (
            _("%(unit)s %(year)s 年度考核优秀等次开始公示，到%(day)s为止。")
            % {**context, "day": date_format(dt.date.fromisoformat(context["until"]))}
        ),
        url=lambda context: reverse("appraisals:notices"),  # the notice itself may be withdrawn or over
        icon="speakerphone",
    ),
    NoticeKind(
        code=RESULT_ISSUED,
        title=gettext_lazy("年度考核结果通知书"),
        text=lambda context: _("你的 %(year)s 年度考核结果通知书已签发，请查阅。") % context,
        url=lambda context: reverse("documents:mine"),
        icon="file-certificate",
        by_email=True,
    ),
    NoticeKind(
        code=CORRECTION_OPENED,
        title=gettext_lazy("年度考核结果更正"),
        text=lambda context: _("你的 %(year)s 年度考核结果正在更正，原通知书已失效。") % context,
        url=lambda context: reverse("appraisals:mine"),
        icon="history",
        by_email=True,
    ),
    NoticeKind(
        code=CORRECTED,
        title=gettext_lazy("年度考核结果更正办结"),
        text=lambda context: _("你的 %(year)s 年度考核结果更正已办结，新的通知书签发后请查阅。") % context,
        url=lambda context: reverse("appraisals:mine"),
        icon="history",
        by_email=True,
    ),
]
