"""Defaults of an exam, where its officer sets nothing else (rules.md C3-6, exams.md)."""

from django.utils.translation import gettext_lazy as _

from foundation.offers.types import Parameter
from foundation.offers.types import ParameterKind as Kind

PARAMETERS = [
    Parameter(
        "C3-6.pass_percent",
        _("及格线（占总分，%）"),
        default=60,
        citation="",
        mark="local",
        kind=Kind.PERCENT,
        rule="C3-6",
        low=0,
        high=100,
    ),
    Parameter(
        "C3-6.attempts",
        _("允许参加次数"),
        default=None,
        citation="",
        mark="local",
        kind=Kind.INTEGER,
        rule="C3-6",
        low=1,
        high=100,
    ),
    # settled.md, Exams: 60 where the officer sets it
    Parameter(
        "C3-6.grace_seconds",
        _("交卷截止后仍计入的秒数"),
        default=0,
        citation="",
        mark="local",
        kind=Kind.INTEGER,
        rule="C3-6",
        low=0,
        high=600,
    ),
    Parameter(
        "C3-6.multiple_marking",
        _("多选题计分"),
        default="all_or_nothing",
        citation="",
        mark="local",
        kind=Kind.CHOICE,
        rule="C3-6",
        choices={"all_or_nothing": _("全对才得分"), "part": _("漏选得部分分，错选不得分")},
    ),
    Parameter(
        "C3-6.missing_option_percent",
        _("多选题漏选得分比例（%）"),
        default=50,
        citation="",
        mark="local",
        kind=Kind.PERCENT,
        rule="C3-6",
        low=0,
        high=100,
    ),
    Parameter(
        "C3-6.third_marker_difference",
        _("主观题两人评分相差超过多少分由第三人评"),
        default=None,
        citation="",
        mark="local",
        kind=Kind.DECIMAL,
        rule="C3-6",
        low=0,
        high=100,
    ),
]
