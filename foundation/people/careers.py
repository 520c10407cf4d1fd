"""Writes to a person's record: what changes from a day on, what was written down wrongly, who leaves and returns.

A change holds from its day until the next one; a correction says that something was never so. Both keep the fields that
later states only carried along in step, and today's columns of Cadre with them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.offers.types import Refused
from foundation.people.actions import end_role, switch_account
from foundation.people.enums import DEPARTURES, AssignmentKind, Event, Kinship, LeaveKind
from foundation.people.models import Assignment, Cadre, CadreState, Leave, Relation, RoleGrant, Unit
from foundation.people.queries import in_force, standing_on, standings_on, states_on

# what CadreState tells of a day and Cadre caches of today
DATED = (
    "unit",
    "post",
    "rank",
    "post_since",
    "rank_since",
    "category",
    "is_leading_member",
    "political_status",
    "education",
    "degree",
)
# what holds of a person on every day, and is corrected, never changed from a day on
LASTING = (
    "work_number",
    "name",
    "sex",
    "ethnicity",
    "birth_month",
    "first_work_month",
    "phone",
    "probation_from",
    "probation_to",
)
_UNTOLD = frozenset({"phone"})  # personal data that the audit trail names, without its value


def _locked(cadre: Cadre) -> Cadre:
    return Cadre.objects.select_for_update().get(pk=cadre.pk)


def _plain(value: Any) -> Any:
    """A field's value as the audit trail keeps it."""
    if isinstance(value, Model):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _told(row: Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: "…" if name in _UNTOLD else _plain(getattr(row, name)) for name in names}


def add_cadre(*, fields: Mapping[str, Any], on: dt.date, today: dt.date, actor: Any) -> Cadre:
    """Take a person on the roster, in service from a day on.

    fields: those of DATED and LASTING; missing ones stay empty. Raises Refused for a work number that is taken.
    """
    with transaction.atomic():
        if Cadre.objects.filter(work_number=fields["work_number"]).exists():
            raise Refused("work_number_taken", _("工号 %(number)s 已经有人使用。") % {"number": fields["work_number"]})
        cadre = Cadre.objects.create(as_of=on, **fields)
        CadreState.objects.create(cadre=cadre, valid_from=on, **{name: getattr(cadre, name) for name in DATED})
        record(Event.CADRE_ADDED, target=cadre, actor=actor, after=_told(cadre, fields), on=on.isoformat())
        refresh_people([cadre.pk], today=today)
        cadre.refresh_from_db()
    return cadre


def change_state(
    *, cadre: Cadre, on: dt.date, changes: Mapping[str, Any], reason: str, today: dt.date, actor: Any
) -> CadreState:
    """Let some of DATED change from a day on (promotion, another section, another category …).

    Later states that only carried the old value along take the new one. Raises Refused where nothing changes, where
    nothing is known of the day before, where a state begins on that day already (correct that one), or for a unit
    that does not stand that day.
    """
    with transaction.atomic():
        held = _locked(cadre)
        before = held.states.filter(valid_from__lte=on).last()
        if before is None:
            raise Refused("unknown_then", _("%(day)s 之前没有这个人的记录，请改生效日期。") % {"day": date_format(on)})
        if before.valid_from == on:
            raise Refused(
                "changed_then",
                _("%(day)s 已经登记过变动；写错了请用“更正”，不要再登记一次。") % {"day": date_format(on)},
            )
        changed = {name: value for name, value in changes.items() if getattr(before, name) != value}
        if not changed:
            raise Refused("nothing_changed", _("没有填写与原来不同的内容。"))
        _check_unit(changed.get("unit"), on)
        state = CadreState(cadre=held, valid_from=on, reason=reason)
        for name in DATED:
            setattr(state, name, changed.get(name, getattr(before, name)))
        state.save()
        _carry(held, after=on, before=before, changed=changed)
        record(
            Event.CADRE_CHANGED,
            target=held,
            actor=actor,
            on=on.isoformat(),
            reason=reason,
            before=_told(before, changed),
            after=_told(state, changed),
        )
        refresh_people([held.pk], today=today)
    return state


def correct_state(
    *, state: CadreState, changes: Mapping[str, Any], reason: str, today: dt.date, actor: Any
) -> CadreState:
    """Mend what a state says wrongly; its day may be among the changes (valid_from).

    Later states that only carried the wrong value along are mended with it. Raises Refused without a reason, where
    nothing changes, or where its new day would pass another state's.
    """
    _need_reason(reason)
    with transaction.atomic():
        cadre = _locked(state.cadre)
        before = cadre.states.get(pk=state.pk)
        changed = {name: value for name, value in changes.items() if getattr(before, name) != value}
        if not changed:
            raise Refused("nothing_changed", _("没有填写与原来不同的内容。"))
        day = changed.get("valid_from", before.valid_from)
        low, high = sorted((before.valid_from, day))
        if cadre.states.exclude(pk=before.pk).filter(valid_from__range=(low, high)).exists():
            raise Refused("order", _("新的生效日期越过了另一次变动，请先更正那一次。"))
        _check_unit(changed.get("unit"), day)
        mended = cadre.states.get(pk=state.pk)
        for name, value in changed.items():
            setattr(mended, name, value)
        mended.save()
        dated = {name: value for name, value in changed.items() if name in DATED}
        _carry(cadre, after=mended.valid_from, before=before, changed=dated)
        record(
            Event.CADRE_CORRECTED,
            target=cadre,
            actor=actor,
            reason=reason,
            of=before.valid_from.isoformat(),
            before=_told(before, changed),
            after=_told(mended, changed),
        )
        refresh_people([cadre.pk], today=today)
    return mended


def remove_state(*, state: CadreState, reason: str, today: dt.date, actor: Any) -> None:
    """Take back a change that never happened. Raises Refused without a reason, or for the first state of a person."""
    _need_reason(reason)
    with transaction.atomic():
        cadre = _locked(state.cadre)
        gone = cadre.states.get(pk=state.pk)
        previous = cadre.states.filter(valid_from__lt=gone.valid_from).last()
        if previous is None:
            raise Refused("first_state", _("这是最早的一条记录，不能删除，可以更正。"))
        changed = {name: getattr(previous, name) for name in DATED if getattr(previous, name) != getattr(gone, name)}
        gone.delete()
        _carry(cadre, after=gone.valid_from, before=gone, changed=changed)
        record(
            Event.CADRE_CORRECTED,
            target=cadre,
            actor=actor,
            reason=reason,
            of=gone.valid_from.isoformat(),
            before=_told(gone, changed),
            after=_told(previous, changed),
        )
        refresh_people([cadre.pk], today=today)


def _carry(cadre: Cadre, *, after: dt.date, before: CadreState, changed: Mapping[str, Any]) -> None:
    """Bring the later states in step, field by field, up to the first that said something of its own."""
    open_fields = dict(changed)
    for later in cadre.states.filter(valid_from__gt=after):
        open_fields = {name: v for name, v in open_fields.items() if getattr(later, name) == getattr(before, name)}
        if not open_fields:
            return
        for name, value in open_fields.items():
            setattr(later, name, value)
        later.save(update_fields=list(open_fields))


def correct_person(*, cadre: Cadre, changes: Mapping[str, Any], reason: str, actor: Any) -> Cadre:
    """Mend some of LASTING. Raises Refused without a reason, where nothing changes, or for a work number that is
    taken."""
    _need_reason(reason)
    with transaction.atomic():
        held = _locked(cadre)
        changed = {name: value for name, value in changes.items() if getattr(held, name) != value}
        if not changed:
            raise Refused("nothing_changed", _("没有填写与原来不同的内容。"))
        number = changed.get("work_number")
        if number is not None and Cadre.objects.filter(work_number=number).exists():
            raise Refused("work_number_taken", _("工号 %(number)s 已经有人使用。") % {"number": number})
        before = _told(held, changed)
        for name, value in changed.items():
            setattr(held, name, value)
        held.save(update_fields=list(changed))
        record(
            Event.CADRE_CORRECTED,
            target=held,
            actor=actor,
            reason=reason,
            before=before,
            after=_told(held, changed),
        )
    return held


def depart(
    *,
    cadre: Cadre,
    kind: AssignmentKind,
    first_day_out: dt.date,
    place: str = "",
    reference: str = "",
    close_account: bool = False,
    today: dt.date,
    actor: Any,
) -> Assignment:
    """Let a person leave: transferred out, retired, resigned, dismissed. Their roles end with the day before.

    close_account: switch their account off as well, at once. Raises Refused when they have left already.
    """
    with transaction.atomic():
        held = _locked(cadre)
        later = Q(valid_to=None) | Q(valid_to__gte=first_day_out)
        if held.assignments.filter(later, kind__in=DEPARTURES).exists():
            raise Refused("left_already", _("%(name)s 已经登记离开。") % {"name": held.name})
        departure = Assignment.objects.create(
            cadre=held, kind=kind, valid_from=first_day_out, place=place, reference=reference, is_sent=False
        )
        record(Event.CADRE_LEFT, target=held, actor=actor, kind=str(kind), on=first_day_out.isoformat(), place=place)
        last_day = first_day_out - dt.timedelta(days=1)
        for grant in RoleGrant.objects.filter(Q(valid_to=None) | Q(valid_to__gt=last_day), account=held.account_id):
            end_role(grant=grant, last_day=last_day, actor=actor)
        if close_account and held.account is not None and held.account.is_active:
            switch_account(account=held.account, is_active=False, actor=actor)
        refresh_people([held.pk], today=today)
    return departure


def take_back(
    *, cadre: Cadre, on: dt.date, changes: Mapping[str, Any], reason: str, today: dt.date, actor: Any
) -> None:
    """Let somebody who has left return on a day, with what changed since (unit, post …; may be empty). Roles and the
    account are given anew by those who give them. Raises Refused when nobody of that name is away."""
    with transaction.atomic():
        held = _locked(cadre)
        departure = standing_on(held, on).departure
        if departure is None:
            raise Refused("not_left", _("%(name)s 那一天没有离开，不用办理返回。") % {"name": held.name})
        if departure.valid_from >= on:
            raise Refused("order", _("返回日期要晚于离开日期。"))
        departure.valid_to = on - dt.timedelta(days=1)
        departure.save(update_fields=["valid_to"])
        record(Event.CADRE_RETURNED, target=held, actor=actor, on=on.isoformat(), reason=reason)
        before = standing_on(held, on).state
        if before is not None and any(getattr(before, name) != value for name, value in changes.items()):
            change_state(cadre=held, on=on, changes=changes, reason=reason, today=today, actor=actor)
        refresh_people([held.pk], today=today)


def add_leave(
    *, cadre: Cadre, kind: LeaveKind, first: dt.date, last: dt.date | None, reference: str = "", actor: Any
) -> Leave:
    """Note a leave from one day to another (both included; no last day: still running). Raises Refused where a leave
    of the same kind covers one of its days."""
    with transaction.atomic():
        held = _locked(cadre)
        _refuse_overlap(held.leaves.filter(kind=kind), first, last)
        leave = Leave.objects.create(cadre=held, kind=kind, valid_from=first, valid_to=last, reference=reference)
        record(Event.LEAVE_ADDED, target=leave, actor=actor, **_span(leave))
    return leave


def correct_leave(*, leave: Leave, changes: Mapping[str, Any], reason: str, actor: Any) -> Leave:
    """Mend a leave, its end among others. Raises Refused without a reason or where it would overlap another."""
    _need_reason(reason)
    with transaction.atomic():
        cadre = _locked(leave.cadre)
        held = cadre.leaves.get(pk=leave.pk)
        before = _span(held)
        for name, value in changes.items():
            setattr(held, name, value)
        _refuse_disorder(held.valid_from, held.valid_to)
        _refuse_overlap(cadre.leaves.filter(kind=held.kind).exclude(pk=held.pk), held.valid_from, held.valid_to)
        held.save()
        record(Event.LEAVE_CORRECTED, target=held, actor=actor, reason=reason, before=before, after=_span(held))
    return held


def remove_leave(*, leave: Leave, reason: str, actor: Any) -> None:
    """Take back a leave that was never taken; the audit trail keeps it. Raises Refused without a reason."""
    _need_reason(reason)
    with transaction.atomic():
        held = _locked(leave.cadre).leaves.get(pk=leave.pk)
        record(Event.LEAVE_REMOVED, target=held, actor=actor, reason=reason, **_span(held))
        held.delete()


def add_assignment(
    *,
    cadre: Cadre,
    kind: AssignmentKind,
    first: dt.date,
    last: dt.date | None,
    place: str = "",
    is_sent: bool = True,
    reference: str = "",
    today: dt.date,
    actor: Any,
) -> Assignment:
    """Note a transfer in, a secondment or a study. A departure goes through depart(). Raises Refused for one, and where
    one of the same kind covers one of its days."""
    if kind in DEPARTURES:
        raise Refused("use_depart", _("调出、退休、辞职、辞退请用“办理离开”。"))
    with transaction.atomic():
        held = _locked(cadre)
        _refuse_overlap(held.assignments.filter(kind=kind), first, last)
        assignment = Assignment.objects.create(
            cadre=held,
            kind=kind,
            valid_from=first,
            valid_to=last,
            place=place,
            is_sent=is_sent,
            reference=reference,
        )
        record(Event.ASSIGNMENT_ADDED, target=assignment, actor=actor, place=place, sent=is_sent, **_span(assignment))
        refresh_people([held.pk], today=today)
    return assignment


def correct_assignment(
    *, assignment: Assignment, changes: Mapping[str, Any], reason: str, today: dt.date, actor: Any
) -> Assignment:
    """Mend a transfer, secondment, study or departure. Raises Refused without a reason, where its days are out of order
    or would overlap another of its kind."""
    _need_reason(reason)
    with transaction.atomic():
        cadre = _locked(assignment.cadre)
        held = cadre.assignments.get(pk=assignment.pk)
        before = _span(held)
        for name, value in changes.items():
            setattr(held, name, value)
        _refuse_disorder(held.valid_from, held.valid_to)
        _refuse_overlap(cadre.assignments.filter(kind=held.kind).exclude(pk=held.pk), held.valid_from, held.valid_to)
        held.save()
        record(Event.ASSIGNMENT_CORRECTED, target=held, actor=actor, reason=reason, before=before, after=_span(held))
        refresh_people([cadre.pk], today=today)
    return held


def remove_assignment(*, assignment: Assignment, reason: str, today: dt.date, actor: Any) -> None:
    """Take back one that never was; the audit trail keeps it. Roles that a departure ended stay ended. Raises Refused
    without a reason."""
    _need_reason(reason)
    with transaction.atomic():
        cadre = _locked(assignment.cadre)
        held = cadre.assignments.get(pk=assignment.pk)
        record(Event.ASSIGNMENT_REMOVED, target=held, actor=actor, reason=reason, **_span(held))
        held.delete()
        refresh_people([cadre.pk], today=today)


def relate(*, cadre: Cadre, other: Cadre, kinship: Kinship, on: dt.date, actor: Any) -> Relation:
    """Note that two people avoid each other in office. Raises Refused for one person twice or a pair that stands."""
    if cadre.pk == other.pk:
        raise Refused("same_person", _("回避关系要有两个人。"))
    first, second = sorted((cadre, other), key=lambda one: one.pk)
    with transaction.atomic():
        _locked(first)
        if Relation.objects.filter(cadre=first, other=second, valid_to=None).exists():
            raise Refused("related_already", _("这两个人的回避关系已经登记。"))
        relation = Relation.objects.create(cadre=first, other=second, kinship=kinship, valid_from=on)
        record(Event.KINSHIP_ADDED, target=relation, actor=actor, kinship=str(kinship), on=on.isoformat())
    return relation


def unrelate(*, relation: Relation, last_day: dt.date, reason: str, actor: Any) -> None:
    """Let an avoidance relation end with a day; one noted by mistake (it would end before it began) is removed."""
    _need_reason(reason)
    with transaction.atomic():
        held = Relation.objects.select_for_update().get(pk=relation.pk)
        record(Event.KINSHIP_REMOVED, target=held, actor=actor, last_day=last_day.isoformat(), reason=reason)
        if last_day < held.valid_from:
            held.delete()
        else:
            held.valid_to = last_day
            held.save(update_fields=["valid_to"])


def take_roster(*, cadres: Sequence[Cadre], on: dt.date) -> None:
    """Bring the states in line with what a roster of a day told of these people (already saved in Cadre): a first state
    for those who are new, another from that day on for those who changed, the same day's mended. In bulk.

    Later states, planned changes, keep what they say.
    """
    for start in range(0, len(cadres), _ROSTER_BATCH):
        _take_some(cadres[start : start + _ROSTER_BATCH], on)


_ROSTER_BATCH = 5_000  # keys in one query


def _take_some(cadres: Sequence[Cadre], on: dt.date) -> None:
    states = {state.cadre_id: state for state in states_on(on).filter(cadre__in=[one.pk for one in cadres])}
    new: list[CadreState] = []
    same_day: list[CadreState] = []
    for cadre in cadres:
        told = {name: getattr(cadre, name) for name in DATED if name != "unit"} | {"unit_id": cadre.unit_id}
        state = states.get(cadre.pk)
        if state is None or state.valid_from != on:
            if state is None or any(getattr(state, name) != value for name, value in told.items()):
                new.append(CadreState(cadre=cadre, valid_from=on, **told))
        else:
            for name, value in told.items():
                setattr(state, name, value)
            same_day.append(state)
    CadreState.objects.bulk_create(new, batch_size=1000)
    CadreState.objects.bulk_update(same_day, DATED, batch_size=200)


def refresh_people(keys: Iterable[int], *, today: dt.date) -> int:
    """Bring today's columns of these people in line with their dated record; returns how many changed.

    Somebody whose first state lies ahead keeps what was written when they were taken on.
    """
    stale: list[Cadre] = []
    for standing in standings_on(Cadre.objects.filter(pk__in=list(keys)), today):
        cadre, state = standing.cadre, standing.state
        left_on = standing.departure.valid_from if standing.departure else None
        told: dict[str, Any] = {name: getattr(state, name) for name in DATED} if state else {}
        # a roster of an earlier day than the last change would undo it: the import asks as_of
        told |= {"left_on": left_on, "as_of": max(cadre.as_of, state.valid_from) if state else cadre.as_of}
        if any(getattr(cadre, name) != value for name, value in told.items() if name != "unit") or (
            state is not None and cadre.unit_id != state.unit_id
        ):
            for name, value in told.items():
                setattr(cadre, name, value)
            stale.append(cadre)
    Cadre.objects.bulk_update(stale, [*DATED, "left_on", "as_of"], batch_size=200)
    return len(stale)


def _check_unit(unit: Unit | None, on: dt.date) -> None:
    if unit is not None and not unit.periods.filter(in_force(on)).exists():
        raise Refused(
            "unit_not_standing",
            _("%(day)s 还没有或已经没有“%(unit)s”这个单位。") % {"day": date_format(on), "unit": unit.name},
        )


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("reason_missing", _("请写明更正的原因和依据。"))


def _refuse_disorder(first: dt.date, last: dt.date | None) -> None:
    if last is not None and last < first:
        raise Refused("order", _("结束日期早于开始日期。"))


def _refuse_overlap(rows: Any, first: dt.date, last: dt.date | None) -> None:
    _refuse_disorder(first, last)
    clash = rows.filter(Q(valid_to=None) | Q(valid_to__gte=first))
    if last is not None:
        clash = clash.filter(valid_from__lte=last)
    if (other := clash.first()) is not None:
        raise Refused("overlap", _("与已经登记的“%(other)s”日期重叠。") % {"other": other})


def _span(row: Leave | Assignment) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "reference": row.reference,
    }
