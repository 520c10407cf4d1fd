"""States of a notice's mail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Mail(TextChoices):
    NONE = "none", _("不发邮件")
    DUE = "due", _("待发送")
    SENT = "sent", _("已发送")
