"""Leaves and assignments, in and out. A row is known by its person, kind and first day; what else it says is the rest.

Every row goes through the same action as HR's own page (careers.py), so the same rules refuse it; corrections go first,
so that a span that is being closed does not stand in the way of the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.widgets import Widget

from foundation.exchange.resources import KEYS, Choice, DayWidget, NeededDay, Optional, YesNo
from foundation.exchange.tables import Table
from foundation.offers import clock
from foundation.offers.lists import Became, Change, Column, Export, KeptList, Outcome, Problem, Value, Write
from foundation.offers.types import Refused
from foundation.people import careers
from foundation.people.enums import DEPARTURES, AssignmentKind, LeaveKind
from foundation.people.keepers import is_keeper, office_key, office_of
from foundation.people.matching import PERSON, clean_cells, match_people, twice
from foundation.people.models import Assignment, Cadre, Leave
from foundation.people.scope import visible

LEAVE_KINDS = {
    "病假": LeaveKind.SICK,
    "事假": LeaveKind.PERSONAL,
    "产假": LeaveKind.MATERNITY,
    "年休假": LeaveKind.ANNUAL,
    "年假": LeaveKind.ANNUAL,
    "工伤假": LeaveKind.WORK_INJURY,
    "工伤": LeaveKind.WORK_INJURY,
}
ASSIGNMENT_KINDS = {
    "调入": AssignmentKind.TRANSFER_IN,
    "调出": AssignmentKind.TRANSFER_OUT,
    "挂职、援派": AssignmentKind.SECONDMENT,
    "挂职": AssignmentKind.SECONDMENT,
    "挂职锻炼": AssignmentKind.SECONDMENT,
    "援派": AssignmentKind.SECONDMENT,
    "派出学习培训": AssignmentKind.STUDY,
    "学习": AssignmentKind.STUDY,
    "培训": AssignmentKind.STUDY,
    "退休": AssignmentKind.RETIRED,
    "辞去公职": AssignmentKind.RESIGNED,
    "辞职": AssignmentKind.RESIGNED,
    "辞退或开除": AssignmentKind.DISMISSED,
    "辞退": AssignmentKind.DISMISSED,
    "开除": AssignmentKind.DISMISSED,
}
_FIRST = Column("valid_from", ("开始日期", "起始日期", "开始时间", "起始时间", "自"), required=True, write=Write.DATE)
_LAST = Column("valid_to", ("结束日期", "截止日期", "终止日期", "结束时间", "销假日期", "至"), write=Write.DATE)
_REFERENCE = Column("reference", ("批准文号", "文号", "依据", "批准文件"), width=24)
LEAVE_COLUMNS = (
    *PERSON,
    Column(
        "kind",
        ("假别", "请假种类", "请假类型", "类别"),
        required=True,
        choices=("病假", "事假", "产假", "年休假", "工伤假"),
    ),
    _FIRST,
    _LAST,
    _REFERENCE,
)
ASSIGNMENT_COLUMNS = (
    *PERSON,
    Column(
        "kind",
        ("种类", "类别", "变动种类", "变动类型"),
        required=True,
        choices=("调入", "调出", "挂职、援派", "派出学习培训", "退休", "辞去公职", "辞退或开除"),
        width=16,
    ),
    _FIRST,
    _LAST,
    Column("place", ("对方单位或地点", "对方单位", "挂职单位", "学习地点", "去向", "来源"), width=24),
    Column("is_sent", ("由本单位派出", "是否派出", "组织派出"), choices=("是", "否")),
    _REFERENCE,
)


@dataclass(frozen=True)
class Spans:
    """One kind of spans. fields: what a row says beside its key; add, correct: the actions behind it."""

    model: type[Leave] | type[Assignment]
    columns: tuple[Column, ...]
    kinds: Mapping[str, str]
    fields: tuple[str, ...]
    add: Callable[..., None]
    correct: Callable[..., None]

    def take(self, table: Table, *, dry_run: bool, actor: Any, scoped: bool) -> Outcome:
        """Take the rows in. The dry run writes as well; its caller takes everything back."""
        widgets: dict[str, Widget] = {
            "kind": Choice(dict(self.kinds)),
            "valid_from": NeededDay(),
            "valid_to": DayWidget(),
            "place": Optional(),
            "is_sent": YesNo(default=True),
            "reference": Optional(),
        }
        people, problems = match_people(table, actor=actor, scoped=scoped)
        problems = [*table.problems, *problems]
        became = {row.number: Became.BAD for row in table.rows}
        rows: dict[int, dict[str, Any]] = {}
        for row in table.rows:
            values, wrong = clean_cells(row, table.headings, widgets)
            wrong += self._too_long(row.number, table, values)
            problems += wrong
            if not wrong and row.number in people:
                rows[row.number] = values
        keys = {number: (people[number].pk, row["kind"], row["valid_from"]) for number, row in rows.items()}
        repeated = list(
            twice(
                keys,
                table.headings["valid_from"],
                lambda first: _("与第 %(row)s 行是同一个人、同一种类、同一天开始。") % {"row": first},
            )
        )
        problems += repeated
        for problem in repeated:
            del rows[problem.row]
        held = {
            (span.cadre_id, span.kind, span.valid_from): span
            for span in self._held({cadre.pk for cadre in people.values()})
        }
        changes: list[Change] = []
        for number, values in sorted(rows.items(), key=lambda item: (keys[item[0]] not in held, item[0])):
            span = held.get(keys[number])
            try:
                if span is None:
                    self.add(people[number], values, actor)
                    became[number] = Became.NEW
                else:
                    told = list(self._changes(number, people[number], span, values))
                    if told:
                        different = {name: values[name] for name, _change in told}
                        self.correct(span, different, actor)
                    became[number] = Became.CHANGED if told else Became.UNCHANGED
                    changes += [change for _name, change in told]
            except Refused as refusal:
                problems.append(Problem(number, table.headings["valid_from"], str(refusal)))
        return Outcome.of(became, problems, changes)

    def _held(self, cadres: Iterable[int]) -> Iterator[Leave | Assignment]:
        keys = list(cadres)
        for start in range(0, len(keys), KEYS):
            yield from self.model._default_manager.filter(cadre__in=keys[start : start + KEYS])

    def _changes(
        self, number: int, cadre: Cadre, span: Leave | Assignment, row: Mapping[str, Any]
    ) -> Iterator[tuple[str, Change]]:
        labels = {column.name: column.headings[0] for column in self.columns}
        for name in self.fields:
            if name == "is_sent" and span.kind in DEPARTURES:
                continue  # nobody is sent into retirement: the column means nothing there
            if name in row and row[name] != getattr(span, name):
                who = f"{cadre.work_number} {cadre.name} {span.get_kind_display()} {span.valid_from}"
                before, after = _written(getattr(span, name)), _written(row[name])
                yield name, Change(number, who, labels[name], str(before or ""), str(after or ""))

    def _too_long(self, number: int, table: Table, values: Mapping[str, Any]) -> Iterator[Problem]:
        for name, value in values.items():
            most = getattr(self.model._meta.get_field(name), "max_length", None)
            if most is not None and isinstance(value, str) and len(value) > most:
                yield Problem(number, table.headings[name], _("超过 %(most)s 个字，请缩短。") % {"most": most})

    def export(self, account: Any, title: str) -> Export:
        """Those of the people whom the account keeps as HR."""
        spans = visible(account, self.model, action="change").select_related("cadre")
        spans = spans.order_by("cadre__work_number", "valid_from", "kind")
        words = {stored: word for word, stored in reversed(list(self.kinds.items()))}
        office = office_of(account)
        return Export(
            above=[f"{office or ''}{title}"],
            rows=(
                {
                    "work_number": span.cadre.work_number,
                    "name": span.cadre.name,
                    "kind": words[span.kind],
                    "valid_from": span.valid_from,
                    **{name: _written(getattr(span, name)) for name in self.fields},
                }
                for span in spans.iterator(2000)
            ),
        )


def _written(value: Value) -> Value:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value


def _reason() -> str:
    return str(_("按导入的表格更正"))


def _add_leave(cadre: Cadre, row: Mapping[str, Any], actor: Any) -> None:
    careers.add_leave(
        cadre=cadre,
        kind=row["kind"],
        first=row["valid_from"],
        last=row.get("valid_to"),
        reference=row.get("reference", ""),
        actor=actor,
    )


def _correct_leave(leave: Any, changes: Mapping[str, Any], actor: Any) -> None:
    careers.correct_leave(leave=leave, changes=changes, reason=_reason(), actor=actor)


def _add_assignment(cadre: Cadre, row: Mapping[str, Any], actor: Any) -> None:
    today = clock.today()
    common = {"cadre": cadre, "place": row.get("place", ""), "reference": row.get("reference", ""), "actor": actor}
    if row["kind"] in DEPARTURES:
        departure = careers.depart(kind=row["kind"], first_day_out=row["valid_from"], today=today, **common)
        if row.get("valid_to"):
            _correct_assignment(departure, {"valid_to": row["valid_to"]}, actor)
        return
    careers.add_assignment(
        kind=row["kind"],
        first=row["valid_from"],
        last=row.get("valid_to"),
        is_sent=row.get("is_sent", True),
        today=today,
        **common,
    )


def _correct_assignment(assignment: Any, changes: Mapping[str, Any], actor: Any) -> None:
    careers.correct_assignment(
        assignment=assignment, changes=changes, reason=_reason(), today=clock.today(), actor=actor
    )


_LEAVES = Spans(Leave, LEAVE_COLUMNS, LEAVE_KINDS, ("valid_to", "reference"), _add_leave, _correct_leave)
_ASSIGNMENTS = Spans(
    Assignment,
    ASSIGNMENT_COLUMNS,
    ASSIGNMENT_KINDS,
    ("valid_to", "place", "is_sent", "reference"),
    _add_assignment,
    _correct_assignment,
)
LEAVES = KeptList(
    name="leaves",
    title=gettext_lazy("请假"),
    columns=LEAVE_COLUMNS,
    may_use=is_keeper,
    office=office_key,
    take=_LEAVES.take,
    export=lambda account: _LEAVES.export(account, "请假登记表"),
    url=lambda: reverse("people_admin:cadres"),
)
ASSIGNMENTS = KeptList(
    name="assignments",
    title=gettext_lazy("调动、挂职与学习"),
    columns=ASSIGNMENT_COLUMNS,
    may_use=is_keeper,
    office=office_key,
    take=_ASSIGNMENTS.take,
    export=lambda account: _ASSIGNMENTS.export(account, "调动、挂职与学习登记表"),
    url=lambda: reverse("people_admin:cadres"),
)
