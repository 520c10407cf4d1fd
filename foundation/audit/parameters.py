"""How long records of security are kept (rules.md H1, H3)."""

from django.utils.translation import gettext_lazy as _

from foundation.offers.types import Parameter
from foundation.offers.types import ParameterKind as Kind

PARAMETERS = [
    Parameter(
        "H1.log_months",
        _("日志留存月数（不少于 6）"),
        default=6,
        citation="《网络安全法》（2016）第二十一条第三项",
        mark="sure",
        kind=Kind.INTEGER,
        rule="H1",
        low=6,
        high=240,
    ),
    Parameter(
        "H3.impact_assessment_years",
        _("个人信息保护影响评估报告保存年数（不少于 3）"),
        default=3,
        citation="《个人信息保护法》第五十六条",
        mark="sure",
        kind=Kind.INTEGER,
        rule="H3",
        low=3,
        high=100,
    ),
]
