"""Writes to the tree of units: rename, move, merge, split, close. History stays: the tree of any day can be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.offers.types import Refused
from foundation.people.actions import create_unit, end_role
from foundation.people.careers import change_state
from foundation.people.enums import Event, UnitChange
from foundation.people.models import Cadre, CadreState, RoleGrant, Unit, UnitPeriod, UnitSuccession
from foundation.people.queries import in_force, serving_on, states_on, tree_on


@dataclass(frozen=True)
class Part:
    """A unit that comes out of a split: its name and the people who go there."""

    name: str
    cadres: Sequence[Cadre]


def open_unit(*, name: str, parent: Unit | None, on: dt.date, today: dt.date, actor: Any) -> Unit:
    """Open a unit under its parent (None: an office) from a day on. Raises Refused for a name that a sibling has, or a
    parent that does not stand that day."""
    with transaction.atomic():
        _lock_tree()
        if parent is not None:
            _standing_period(parent, on)
        _refuse_namesake(name, parent, on)
        unit = create_unit(name=name, parent=parent, on=on, actor=actor)
        refresh_units(today=today)
    unit.refresh_from_db()
    return unit


def rename_unit(*, unit: Unit, name: str, on: dt.date, today: dt.date, actor: Any) -> None:
    """Give a unit another name from a day on. Raises Refused for the same name, a sibling's, or a day before its last
    change."""
    with transaction.atomic():
        _lock_tree()
        period = _standing_period(unit, on)
        if period.name == name:
            raise Refused("nothing_changed", _("新名称与现在的名称相同。"))
        _refuse_namesake(name, period.parent, on, other_than=unit)
        _next_period(period, on=on, name=name, parent=period.parent)
        record(Event.UNIT_RENAMED, target=unit, actor=actor, before=period.name, after=name, on=on.isoformat())
        refresh_units(today=today)


def move_unit(*, unit: Unit, parent: Unit, on: dt.date, today: dt.date, actor: Any) -> None:
    """Hang a unit under another from a day on. Raises Refused for a place below itself, or the one that it has."""
    with transaction.atomic():
        _lock_tree()
        period = _standing_period(unit, on)
        _standing_period(parent, on)
        if period.parent_id == parent.pk:
            raise Refused("nothing_changed", _("“%(unit)s”已经隶属这个单位。") % {"unit": unit.name})
        above = {then.pk: then.parent for then in tree_on(on)}
        at: int | None = parent.pk
        while at is not None:
            if at == unit.pk:
                raise Refused("circle", _("不能把单位放到自己的下级单位里。"))
            at = above.get(at)
        _refuse_namesake(period.name, parent, on, other_than=unit)
        _next_period(period, on=on, name=period.name, parent=parent)
        record(Event.UNIT_MOVED, target=unit, actor=actor, before=period.parent_id, after=parent.pk, on=on.isoformat())
        refresh_units(today=today)


def merge_units(
    *, units: Sequence[Unit], name: str, into: Unit | None = None, on: dt.date, today: dt.date, actor: Any
) -> Unit:
    """Merge units from a day on: into one of them or another that stands (into), else into a new one of the name under
    the first one's parent. Everybody moves with the day; the merged units close the day before; roles over them end.

    Raises Refused for fewer than two units, or one that has units under it.
    """
    gone = [unit for unit in units if into is None or unit.pk != into.pk]
    if len({unit.pk for unit in units} | ({into.pk} if into else set())) < 2:
        raise Refused("one_unit", _("合并要选至少两个单位。"))
    with transaction.atomic():
        _lock_tree()
        periods = [_standing_period(unit, on) for unit in gone]
        if into is None:
            _refuse_namesake(name, periods[0].parent, on, leaving=gone)
            into = create_unit(name=name, parent=periods[0].parent, on=on, actor=actor)
        else:
            _standing_period(into, on)
        for unit in gone:
            _hand_over(unit, [(into, None)], kind=UnitChange.MERGED, on=on, today=today, actor=actor)
            _close(unit, on=on, actor=actor)
        record(Event.UNITS_MERGED, target=into, actor=actor, units=[unit.pk for unit in gone], on=on.isoformat())
        refresh_units(today=today)
    into.refresh_from_db()
    return into


def split_unit(
    *, unit: Unit, parts: Sequence[Part], closes: bool, on: dt.date, today: dt.date, actor: Any
) -> list[Unit]:
    """Split a unit from a day on into new ones beside it.

    closes: it ends, and everybody must go somewhere; else it goes on with those who are named in no part. Raises
    Refused for somebody named twice, left over, or not of the unit.
    """
    with transaction.atomic():
        _lock_tree()
        period = _standing_period(unit, on)
        serving = set(serving_on(on, units=[unit.pk]).values_list("pk", flat=True))
        named = [cadre.pk for part in parts for cadre in part.cadres]
        if len(named) != len(set(named)):
            raise Refused("named_twice", _("同一个人不能分到两个单位。"))
        if not set(named) <= serving:
            raise Refused("not_of_unit", _("名单里有不属于“%(unit)s”的人。") % {"unit": unit.name})
        if not parts or (closes and len(parts) < 2):
            raise Refused("one_unit", _("拆分撤销的单位要分成至少两个单位。"))
        if closes and serving - set(named):
            raise Refused("left_over", _("还有 %(n)s 人没有分到新单位。") % {"n": len(serving - set(named))})
        made: list[Unit] = []
        for part in parts:
            _refuse_namesake(part.name, period.parent, on, leaving=[unit] if closes else [])
            made.append(create_unit(name=part.name, parent=period.parent, on=on, actor=actor))
        pairs = [(new, [cadre.pk for cadre in part.cadres]) for new, part in zip(made, parts, strict=True)]
        _hand_over(unit, pairs, kind=UnitChange.SPLIT, on=on, today=today, actor=actor)
        if closes:
            _close(unit, on=on, actor=actor)
        record(Event.UNIT_SPLIT, target=unit, actor=actor, into=[new.pk for new in made], on=on.isoformat())
        refresh_units(today=today)
    for new in made:
        new.refresh_from_db()
    return made


def close_unit(*, unit: Unit, on: dt.date, today: dt.date, actor: Any) -> None:
    """Close a unit; the day is the first on which it no longer stands. Raises Refused while people serve there or units
    hang under it."""
    with transaction.atomic():
        _lock_tree()
        _standing_period(unit, on)
        if (count := serving_on(on, units=[unit.pk]).count()) > 0:
            raise Refused(
                "not_empty",
                _("“%(unit)s”还有 %(n)s 人，请先调整他们的单位。") % {"unit": unit.name, "n": count},
            )
        _close(unit, on=on, actor=actor)
        record(Event.UNIT_CLOSED, target=unit, actor=actor, on=on.isoformat())
        refresh_units(today=today)


def correct_unit_name(*, unit: Unit, name: str, reason: str, today: dt.date, actor: Any) -> None:
    """Mend a name that was written wrongly from the start of the unit's present period. Raises Refused without a reason
    or for a sibling's name."""
    if not reason.strip():
        raise Refused("reason_missing", _("请写明更正的原因和依据。"))
    with transaction.atomic():
        _lock_tree()
        period = _standing_period(unit, today, may_be_its_first_day=True)
        _refuse_namesake(name, period.parent, today, other_than=unit)
        before, period.name = period.name, name
        period.save(update_fields=["name"])
        record(Event.UNIT_CORRECTED, target=unit, actor=actor, before=before, after=name, reason=reason)
        refresh_units(today=today)


def refresh_units(*, today: dt.date) -> int:
    """Bring today's tree in line with the dated edges; returns how many units changed. Run by every change and every
    morning."""
    periods = {period.unit_id: period for period in UnitPeriod.objects.filter(in_force(today))}
    changed = 0
    for key in Unit.objects.values_list("pk", flat=True):
        unit, period = Unit.objects.get(pk=key), periods.get(key)
        before = (unit.name, unit.is_open)
        unit.is_open = period is not None
        if period is not None:
            unit.name = period.name
        if before != (unit.name, unit.is_open):
            unit.save(update_fields=["name", "is_open"])
            changed += 1
        if period is not None and period.parent_id is not None:
            above = unit.get_parent()
            if above is None or above.pk != period.parent_id:
                unit.move(Unit.objects.get(pk=period.parent_id), "last-child")
                changed += 1
    return changed


def _lock_tree() -> None:
    """One change to the tree at a time: its roots are locked, in one order."""
    list(Unit.objects.select_for_update().filter(depth=1).order_by("pk"))


def _standing_period(unit: Unit, on: dt.date, *, may_be_its_first_day: bool = False) -> UnitPeriod:
    """The unit's period on the day. Raises Refused when it does not stand then, or was changed on that day or later."""
    period = unit.periods.filter(in_force(on)).first()
    if period is None:
        raise Refused(
            "unit_not_standing",
            _("%(day)s 还没有或已经没有“%(unit)s”这个单位。") % {"day": date_format(on), "unit": unit.name},
        )
    if unit.periods.filter(valid_from__gt=on).exists() or (period.valid_to is not None and not may_be_its_first_day):
        raise Refused("changed_later", _("“%(unit)s”在这一天之后已有变动。") % {"unit": unit.name})
    return period


def _next_period(period: UnitPeriod, *, on: dt.date, name: str, parent: Unit | None) -> None:
    if period.valid_from == on:
        raise Refused("changed_then", _("“%(unit)s”在这一天已经有过变动。") % {"unit": period.name})
    period.valid_to = on - dt.timedelta(days=1)
    period.save(update_fields=["valid_to"])
    UnitPeriod.objects.create(unit=period.unit, name=name, parent=parent, valid_from=on)


def _close(unit: Unit, *, on: dt.date, actor: Any) -> None:
    if UnitPeriod.objects.filter(in_force(on), parent=unit).exists():
        raise Refused("has_children", _("“%(unit)s”下面还有单位，请先调整。") % {"unit": unit.name})
    period = _standing_period(unit, on)
    if period.valid_from == on:
        raise Refused("changed_then", _("“%(unit)s”在这一天已经有过变动。") % {"unit": unit.name})
    last_day = on - dt.timedelta(days=1)
    period.valid_to = last_day
    period.save(update_fields=["valid_to"])
    for grant in RoleGrant.objects.filter(Q(valid_to=None) | Q(valid_to__gt=last_day), unit=unit):
        end_role(grant=grant, last_day=last_day, actor=actor)


def _hand_over(
    unit: Unit,
    pairs: Sequence[tuple[Unit, Sequence[int] | None]],
    *,
    kind: UnitChange,
    on: dt.date,
    today: dt.date,
    actor: Any,
) -> None:
    """Everybody of the unit (None), or the ones named, serve in the successor from the day on; those who left too, so
    that a return finds a unit that stands, and planned changes that lie ahead with them."""
    for successor, keys in pairs:
        UnitSuccession.objects.create(predecessor=unit, successor=successor, kind=kind, on=on)
        reason = _("%(change)s：%(before)s → %(after)s") % {
            "change": kind.label,
            "before": unit.name,
            "after": successor.name,
        }
        there = states_on(on).filter(unit=unit)
        if keys is not None:
            there = there.filter(cadre__in=keys)
        for state in there.select_related("cadre").order_by("cadre_id"):
            if state.valid_from == on:
                state.unit = successor
                state.save(update_fields=["unit"])
            else:
                change_state(
                    cadre=state.cadre, on=on, changes={"unit": successor}, reason=reason, today=today, actor=actor
                )
        ahead = CadreState.objects.filter(unit=unit, valid_from__gt=on)
        if keys is not None:
            ahead = ahead.filter(cadre__in=keys)
        ahead.update(unit=successor)


def _refuse_namesake(
    name: str,
    parent: Unit | None,
    on: dt.date,
    *,
    other_than: Unit | None = None,
    leaving: Sequence[Unit] = (),
) -> None:
    """Two units under one roof have two names on any day."""
    if not name.strip():
        raise Refused("name_missing", _("请填写单位名称。"))
    gone = {unit.pk for unit in leaving} | ({other_than.pk} if other_than else set())
    if UnitPeriod.objects.filter(in_force(on), parent=parent, name=name).exclude(unit__in=gone).exists():
        raise Refused("namesake", _("已经有名为“%(name)s”的单位。") % {"name": name})
