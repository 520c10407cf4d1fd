"""How a parameter's value is checked, kept and shown. Pure: no ORM, no clock.

Kept as JSON: decimals as strings, so that no float ever decides a quota.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from foundation.offers.types import Parameter, ParameterKind

DIGITS = 6  # more than any rule writes; a value must stay readable on a paper


def kept(offer: Parameter, value: Any) -> Any:
    """The value as JSON, checked by the offer's kind and bounds. None (未设定) only where the default is None.

    Raises ValueError with a sentence that says what may be written.
    """
    if value is None:
        if offer.default is not None:
            raise ValueError(_("请填写取值。"))
        return None
    if offer.kind == ParameterKind.YES_NO:
        if not isinstance(value, bool):
            raise ValueError(_("只能是“是”或“否”。"))
        return value
    if offer.kind == ParameterKind.CHOICE:
        if value not in offer.choices:
            labels = "、".join(str(label) for label in offer.choices.values())
            raise ValueError(_("只能从中选择：%(labels)s。") % {"labels": labels})
        return value
    if offer.kind == ParameterKind.TABLE:
        return _kept_table(offer, value)
    number = _number(offer, value)
    if offer.kind == ParameterKind.INTEGER:
        if number != number.to_integral_value():
            raise ValueError(_("请填写整数。"))
        return int(number)
    return plain(number)


def _kept_table(offer: Parameter, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or set(value) != set(offer.choices):
        rows = "、".join(str(label) for label in offer.choices.values())
        raise ValueError(_("每一项都要填写：%(rows)s。") % {"rows": rows})
    numbers = {row: _number(offer, value[row]) for row in offer.choices}
    if offer.total is not None and sum(numbers.values()) != offer.total:
        raise ValueError(
            _("各项合计应为 %(total)s，现在是 %(sum)s。")
            % {"total": offer.total, "sum": plain(sum(numbers.values(), Decimal(0)))}
        )
    return {row: plain(number) for row, number in numbers.items()}


def _number(offer: Parameter, value: Any) -> Decimal:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite():
        raise ValueError(_("请填写数字。"))
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DIGITS:
        raise ValueError(_("小数最多 %(n)s 位。") % {"n": DIGITS})
    if (offer.low is not None and number < offer.low) or (offer.high is not None and number > offer.high):
        raise ValueError(_("应在 %(low)s 至 %(high)s 之间。") % {"low": offer.low, "high": offer.high})
    return number


def loaded(offer: Parameter, stored: Any) -> Any:
    """What rooms compute with, from the kept value or the default: int, Decimal, bool, word, or row → Decimal."""
    if stored is None:
        return None
    if offer.kind in {ParameterKind.DECIMAL, ParameterKind.PERCENT}:
        return Decimal(str(stored))
    if offer.kind == ParameterKind.TABLE:
        return {row: Decimal(str(stored[row])) for row in offer.choices}
    return stored


def shown(offer: Parameter, value: Any) -> str:
    """The value for people, e.g. 20%, 只舍不入, 德 20 · 能 20."""
    if value is None:
        return _("未设定")
    if offer.kind == ParameterKind.YES_NO:
        return _("是") if value else _("否")
    if offer.kind == ParameterKind.CHOICE:
        return str(offer.choices[value])
    if offer.kind == ParameterKind.TABLE:
        return " · ".join(f"{label} {plain(Decimal(str(value[row])))}" for row, label in offer.choices.items())
    number = plain(Decimal(str(value)))
    return f"{number}%" if offer.kind == ParameterKind.PERCENT else number


def bounds(offer: Parameter) -> str:
    """What may be written, for people; empty where everything may."""
    if offer.low is None and offer.high is None:
        return ""
    text = _("%(low)s 至 %(high)s") % {"low": offer.low, "high": offer.high}
    if offer.total is not None:
        text = _("每项 %(bounds)s，合计 %(total)s") % {"bounds": text, "total": offer.total}
    return text


def plain(number: Decimal) -> str:
    """Without exponent and trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
