"""Audit events of the rule book, and the words for how sure a rule is."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Mark(TextChoices):
    """How sure rules.md is of a rule."""

    SURE = "sure", pgettext_lazy("mark", "确定")  # elsewhere 确定 is a verb
    LIKELY = "likely", _("多数资料")
    UNSURE = "unsure", _("未核实")
    LOCAL = "local", _("本地")


class Event(TextChoices):
    VALUE_SET = "parameter.set", _("设定参数")
    VALUE_WITHDRAWN = "parameter.withdrawn", _("撤回参数取值")
    DAY_SET = "workday.set", _("设定工作日调整")
    DAY_REMOVED = "workday.removed", _("取消工作日调整")
    KEYS_ROTATED = "keys.rotated", _("更换字段密钥")
