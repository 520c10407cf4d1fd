"""Reading FACTS.json (contracts.md, explain_grade): exact keys and values, everything else is refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from assessment.appraisals.enums import Absence, Move
from assessment.appraisals.facts import Assignment, Facts, Leave
from assessment.discipline.enums import NO_SANCTION, Action
from assessment.discipline.rules import Case, Finding
from foundation.people.enums import Category

ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = range(1949, 2200)
MONTHS_IN_YEAR = 12

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
Reader = Callable[[Any, str], T]


class Wrong(ValueError):
    """A value that the contract does not know; the sentence says where and what."""


def facts(item: Any) -> Facts:
    """One item as facts. Raises Wrong."""
    fields = _Fields(item, "")
    fields.required("id", identity)
    read = Facts(
        year=fields.required("year", _year),
        as_of=fields.required("as_of", _date),
        category=fields.required("category", _one_of(Category)),
        leading_member=fields.optional("leading_member", _flag, False),
        joined=fields.optional("joined", _date, None),
        first_job=fields.optional("first_job", _flag, False),
        months_elsewhere=fields.optional("months_elsewhere_this_year", _months, Decimal(0)),
        probation_until=fields.optional("probation_until", _date, None),
        leaves=fields.optional("leaves", _list_of(_leave), ()),
        assignments=fields.optional("assignments", _list_of(_assignment), ()),
        cases=fields.optional("cases", _list_of(_case), ()),
        actions=fields.optional("actions", _list_of(_action), ()),
    )
    fields.nothing_else()
    return read


def identity(value: Any, where: str) -> str | int:
    """What the asker calls the item."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Wrong(f"{where}：应为文字或整数")
    return value


class _Fields:
    """The keys of one object; what has been asked for is known. null stands for absent."""

    def __init__(self, item: Any, where: str) -> None:
        if not isinstance(item, dict):
            raise Wrong(f"{where or '该项'}：应为对象")
        self.item: dict[str, Any] = item
        self.prefix = f"{where}." if where else ""
        self.known: set[str] = set()

    def required(self, key: str, read: Reader[T]) -> T:
        self.known.add(key)
        if self.item.get(key) is None:
            raise Wrong(f"{self.prefix}{key}：缺少")
        return read(self.item[key], self.prefix + key)

    def optional(self, key: str, read: Reader[T], absent: T) -> T:
        self.known.add(key)
        value = self.item.get(key)
        return absent if value is None else read(value, self.prefix + key)

    def nothing_else(self) -> None:
        for key in self.item:
            if key not in self.known:
                raise Wrong(f"{self.prefix}{key}：未知的键")


def _year(value: Any, where: str) -> int:
    if type(value) is not int or value not in YEARS:
        raise Wrong(f"{where}：应为 {YEARS[0]} 至 {YEARS[-1]} 的年份")
    return value


def _date(value: Any, where: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(value) if isinstance(value, str) and ISO_DATE.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise Wrong(f"{where}：应为日期 YYYY-MM-DD")
    return day


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"{where}：应为 true 或 false")
    return value


def _months(value: Any, where: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MONTHS_IN_YEAR:
        raise Wrong(f"{where}：应为 0 至 {MONTHS_IN_YEAR} 的月数")
    return Decimal(str(value))


def _one_of(choices: type[E]) -> Reader[E]:
    def read(value: Any, where: str) -> E:
        for choice in choices:
            if isinstance(value, str) and value == choice.value:
                return choice
        raise Wrong(f"{where}：未知的值 {value}")

    return read


def _list_of(read: Reader[T]) -> Reader[tuple[T, ...]]:
    def read_all(value: Any, where: str) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise Wrong(f"{where}：应为列表")
        return tuple(read(entry, f"{where}[{number}]") for number, entry in enumerate(value))

    return read_all


def _in_order(first: dt.date, last: dt.date | None, where: str) -> None:
    if last is not None and last < first:
        raise Wrong(f"{where}：{last} 早于 {first}")


def _leave(item: Any, where: str) -> Leave:
    fields = _Fields(item, where)
    leave = Leave(
        kind=fields.required("kind", _one_of(Absence)),
        first=fields.required("from", _date),
        last=fields.optional("to", _date, None),
    )
    fields.nothing_else()
    _in_order(leave.first, leave.last, where)
    return leave


def _assignment(item: Any, where: str) -> Assignment:
    fields = _Fields(item, where)
    assignment = Assignment(
        kind=fields.required("kind", _one_of(Move)),
        first=fields.required("from", _date),
        last=fields.optional("to", _date, None),
        sent=fields.optional("sent", _flag, True),
    )
    fields.nothing_else()
    _in_order(assignment.first, assignment.last, where)
    return assignment


def _outcome(value: Any, where: str) -> str:
    return NO_SANCTION if value == NO_SANCTION else _one_of(Action)(value, where).value


def _case(item: Any, where: str) -> Case:
    fields = _Fields(item, where)
    case = Case(
        opened=fields.required("opened", _date),
        closed=fields.optional("closed", _date, None),
        outcome=fields.optional("outcome", _outcome, None),
    )
    fields.nothing_else()
    _in_order(case.opened, case.closed, where)
    return case


def _action(item: Any, where: str) -> Finding:
    fields = _Fields(item, where)
    action = Finding(
        code=fields.required("code", _one_of(Action)),
        effective=fields.required("effective", _date),
        voided=fields.optional("voided", _date, None),
    )
    fields.nothing_else()
    return action
