"""What the law leaves to the organ, or what is cited but not seen in full (rules.md A5, A6)."""

from django.utils.translation import gettext_lazy as _

from foundation.offers.types import Parameter

QUOTA_PERCENT = "A5.excellent_quota_percent"
NOTICE_DAYS = "A6.public_notice_working_days"

PARAMETERS = [
    Parameter(
        code=QUOTA_PERCENT,
        title=_("优秀等次比例上限（%）"),
        default=20,
        citation="公务员考核规定（2020）：一般掌握在本机关应参加年度考核的公务员总人数的20%以内",
        mark="sure",
    ),
    Parameter(
        code=NOTICE_DAYS,
        title=_("优秀等次公示工作日数（不少于 5）"),
        default=5,
        citation="公务员考核规定（2020）：在本机关范围内公示，不少于5个工作日",
        mark="sure",
    ),
]
