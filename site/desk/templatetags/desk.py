"""Tags of the shell: icons from the vendored sprite, dates as people write them."""

import datetime as dt

from django import template
from django.forms import BaseForm
from django.templatetags.static import static
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

register = template.Library()
FEW_DAYS = 3


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers; size: "", "s" or "l"."""
    return format_html(
        '<svg class="i{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" i-{size}" if size else "",
        static("vendor/icons.svg"),
        name,
    )


@register.filter(expects_localtime=True)
def day(value: dt.date | dt.datetime | None) -> str:
    """2026年11月24日, or 24 Nov 2026 in English; empty for none."""
    return "" if value is None else date_format(value)


@register.filter
def faults(form: BaseForm) -> int:
    """How many sentences the error summary lists: a field may have more than one."""
    return sum(map(len, form.errors.values()))


@register.filter
def weekday(value: dt.date) -> str:
    """星期二, or Tuesday."""
    return str(WEEKDAYS[value.weekday()])


@register.filter
def deadline(due: dt.date, today: dt.date) -> str:
    """When something is due: the date, without the year when it is this one, and how many days are left when few are
    (ui/spec.md 6)."""
    if due == today:
        return _("今天截止")
    if due < today:
        return _("%(date)s 已逾期") % {"date": _short(due, today)}
    date = {"date": _short(due, today)}
    left = (due - today).days
    if left > FEW_DAYS:
        return _("%(date)s 截止") % date
    return ngettext("%(date)s 截止（还剩 %(n)s 天）", "%(date)s 截止（还剩 %(n)s 天）", left) % {**date, "n": left}


def _short(value: dt.date, today: dt.date) -> str:
    if value.year != today.year:
        return day(value)
    return f"{value.day} {value:%b}" if (get_language() or "").startswith("en") else f"{value.month}月{value.day}日"


@register.filter
def plain(value: object) -> str:
    """A decimal without trailing zeros: class hours and marks as people write them."""
    text = f"{value}"
    return text.rstrip("0").rstrip(".") if "." in text else text
