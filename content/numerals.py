"""Chinese numerals as statutes count with them: 一 to 九千九百九十九."""

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_WEIGHTS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = f"[{''.join(_DIGITS)}{''.join(_WEIGHTS)}]+"  # for regular expressions


def number(numeral: str) -> int:
    """一百一十三 → 113, 十二 → 12, 一百零三 → 103, 二〇二四 → 2024. Raises ValueError for anything else."""
    if not numeral or set(numeral) - _DIGITS.keys() - _WEIGHTS.keys():
        raise ValueError(f"{numeral!r} is no Chinese numeral")
    if not set(numeral) & _WEIGHTS.keys():
        return int("".join(str(_DIGITS[digit]) for digit in numeral))
    total, waiting = 0, 0
    for sign in numeral:
        if sign in _DIGITS:
            waiting = _DIGITS[sign]
        else:
            total += (waiting or 1) * _WEIGHTS[sign]  # 十二 begins without its 一
            waiting = 0
    return total + waiting
