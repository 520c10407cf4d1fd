"""What the organ decides about courses."""

from django.utils.translation import gettext_lazy as _

from foundation.offers.types import Parameter

PARAMETERS = [
    # C3-7: online completion needs real study; how long a page must have been open is the organ's own choice
    Parameter("C3-7.reading_minutes", _("每课时最短阅读分钟数"), default=0, citation="", mark="local"),
]
