"""What the organ decides about courses."""

from django.utils.translation import gettext_lazy as _

from foundation.offers.types import Parameter
from foundation.offers.types import ParameterKind as Kind

PARAMETERS = [
    # online completion needs real study; how long a page must have been open is the organ's own choice
    Parameter(
        "C3-7.reading_minutes",
        _("每课时最短阅读分钟数"),
        default=0,
        citation="",
        mark="local",
        kind=Kind.INTEGER,
        rule="C3-7",
        low=0,
        high=600,
        in_use=True,
    ),
    Parameter(
        "C3-6.course_days",
        _("课程完成期限（天）"),
        default=None,
        citation="",
        mark="local",
        kind=Kind.INTEGER,
        rule="C3-6",
        low=1,
        high=730,
    ),
]
