"""What the law leaves to the organ about class hours."""

from django.utils.translation import gettext_lazy as _

from foundation.offers.types import Parameter

PARAMETERS = [
    # C1-7: the regulation names no number; the national plan's is commonly quoted but was not read
    Parameter("C1-7.online_hours", _("每年网络培训学时"), default=None, citation="", mark="unsure"),
    Parameter(
        "C1-1.plan_from",
        _("五年规划期首年"),
        default=2023,
        citation="全国干部教育培训规划（2023－2027年）",
        mark="likely",
    ),
]
