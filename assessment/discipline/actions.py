"""Writes of discipline: a row is added, and completed once (rules.md B5-1, B5-2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment.discipline.enums import Event
from assessment.discipline.models import DisciplineCase, DisciplineRecord, OutcomeVoiding
from foundation.audit.record import record
from foundation.offers.types import Refused
from foundation.people.models import Cadre
from foundation.people.queries import kept_apart

FOUNDED = dt.date(1949, 10, 1)  # nobody's case or sanction is older


def open_case(
    *, cadre: Cadre, opened: dt.date, reference: str, now: dt.datetime, today: dt.date, actor: Any
) -> DisciplineCase:
    """Note that an investigation has begun. Raises Refused for a day ahead or implausibly long past, oneself or a
    relative, a case twice."""
    _refuse_own(cadre, today, actor)
    _refuse_future(opened, today)
    _refuse_implausible(opened, cadre)
    with transaction.atomic():
        Cadre.objects.select_for_update().get(pk=cadre.pk)  # a double click queues here
        if DisciplineCase.objects.filter(cadre=cadre, opened=opened, closed=None).exists():
            raise Refused("case_stands", _("%(name)s 当天立案、尚未结案的记录已经登记。") % {"name": cadre.name})
        case = DisciplineCase.objects.create(
            cadre=cadre, opened=opened, reference=reference, opened_by=actor, opened_at=now
        )
        record(Event.CASE_OPENED, target=case, actor=actor, opened=opened.isoformat(), reference=reference)
    return case


def close_case(
    *,
    case: DisciplineCase,
    closed: dt.date,
    outcome: str,
    reference: str,
    now: dt.datetime,
    today: dt.date,
    actor: Any,
) -> DisciplineCase:
    """Note how an investigation ended. outcome: NO_SANCTION or an action's code; such an action counts from the day of
    closing until it is recorded itself. Raises Refused for a closed case and an impossible day."""
    _refuse_own(case.cadre, today, actor)
    _refuse_future(closed, today)
    with transaction.atomic():
        fresh = DisciplineCase.objects.select_for_update().get(pk=case.pk)
        refuse_closed(fresh)
        if closed < fresh.opened:
            raise Refused("order", _("结案日期早于立案日期。"))
        fresh.closed, fresh.outcome, fresh.closing_reference = closed, outcome, reference
        fresh.closed_by, fresh.closed_at = actor, now
        fresh.save(update_fields=["closed", "outcome", "closing_reference", "closed_by", "closed_at"])
        record(Event.CASE_CLOSED, target=fresh, actor=actor, closed=closed.isoformat(), outcome=outcome)
    return fresh


def add_record(
    *,
    cadre: Cadre,
    code: str,
    effective: dt.date,
    organ: str,
    document: str,
    basis: str,
    case: DisciplineCase | None,
    now: dt.datetime,
    today: dt.date,
    actor: Any,
) -> DisciplineRecord:
    """Note a decided action. It takes effect on the day of its decision (B1). Raises Refused for a day ahead or
    implausibly long past, for oneself or a relative, for somebody else's case, and for the same action of the same day
    twice."""
    _refuse_own(cadre, today, actor)
    _refuse_future(effective, today)
    _refuse_implausible(effective, cadre)
    if case is not None and case.cadre_id != cadre.pk:
        raise Refused("other_case", _("所选立案不是 %(name)s 的。") % {"name": cadre.name})
    with transaction.atomic():
        Cadre.objects.select_for_update().get(pk=cadre.pk)
        same = DisciplineRecord.objects.filter(cadre=cadre, code=code, effective=effective, voided_on=None)
        if same.exists():
            raise Refused("recorded", _("%(name)s 同一天生效的同一种处分处理已经登记。") % {"name": cadre.name})
        added = DisciplineRecord.objects.create(
            cadre=cadre,
            code=code,
            effective=effective,
            organ=organ,
            document=document,
            basis=basis,
            case=case,
            recorded_by=actor,
            recorded_at=now,
        )
        record(
            Event.RECORD_ADDED, target=added, actor=actor, code=code, effective=effective.isoformat(), document=document
        )
    return added


def void_record(
    *,
    target: DisciplineRecord,
    on: dt.date,
    document: str,
    reason: str,
    now: dt.datetime,
    today: dt.date,
    actor: Any,
) -> DisciplineRecord:
    """Mark a record void by a new decision; it stays readable (B5-1, B5-2). What hangs on it, appraisals shows.

    on: the day from which it does not count. Raises Refused for a voided one and an impossible day.
    """
    _refuse_own(target.cadre, today, actor)
    _refuse_future(on, today)
    with transaction.atomic():
        fresh = DisciplineRecord.objects.select_for_update().get(pk=target.pk)
        refuse_voided(fresh)
        if on < fresh.effective:
            raise Refused("order", _("撤销日期早于生效日期。"))
        fresh.voided_on, fresh.voided_document, fresh.voided_reason = on, document, reason
        fresh.voided_by, fresh.voided_at = actor, now
        fresh.save(update_fields=["voided_on", "voided_document", "voided_reason", "voided_by", "voided_at"])
        record(Event.RECORD_VOIDED, target=fresh, actor=actor, on=on.isoformat(), document=document, reason=reason)
    return fresh


def void_outcome(
    *,
    case: DisciplineCase,
    on: dt.date,
    document: str,
    reason: str,
    now: dt.datetime,
    today: dt.date,
    actor: Any,
) -> OutcomeVoiding:
    """Mark a closed case's outcome void by a new decision, where the action is not in the record (B5-2).

    on: as void_record()'s. Raises Refused without an outcome that counts, for a voided one, where a record of the
    action stands to be voided instead, and for an impossible day.
    """
    _refuse_own(case.cadre, today, actor)
    _refuse_future(on, today)
    with transaction.atomic():
        Cadre.objects.select_for_update().get(pk=case.cadre_id)  # so does the record that may come in between
        fresh = DisciplineCase.objects.select_related("cadre", "voiding").get(pk=case.pk)
        if on < closing_to_void(fresh):
            raise Refused("order", _("撤销日期早于结案日期。"))
        voiding = OutcomeVoiding.objects.create(
            case=fresh, voided_on=on, document=document, reason=reason, voided_by=actor, voided_at=now
        )
        record(Event.OUTCOME_VOIDED, target=fresh, actor=actor, on=on.isoformat(), document=document, reason=reason)
    return voiding


def refuse_closed(case: DisciplineCase) -> None:
    """Raises Refused for a case that cannot be closed any more."""
    if case.is_closed:
        raise Refused("case_closed", _("这件立案已经结案，不能再改。"))


def refuse_voided(target: DisciplineRecord) -> None:
    """Raises Refused for a record that cannot be voided any more."""
    if target.is_voided:
        raise Refused("voided", _("这条处分处理已经撤销。"))


def closing_to_void(case: DisciplineCase) -> dt.date:
    """The day of the closing whose outcome can be voided. Raises Refused where there is none: no sanction, a voided
    one, one that a record stands for."""
    if case.closed is None or not case.has_sanction:
        raise Refused("no_outcome", _("这件立案没有可以撤销的结案结果。"))
    if case.voided_on is not None:
        raise Refused("voided", _("这件立案的结案结果已经撤销。"))
    same = DisciplineRecord.objects.filter(cadre=case.cadre_id, code=case.outcome)
    if same.filter(Q(case=case) | Q(effective=case.closed)).exists():
        raise Refused("recorded", _("这一结果已经登记为处分处理，请撤销那条处分处理。"))
    return case.closed


def _refuse_own(cadre: Cadre, today: dt.date, actor: Any) -> None:
    if cadre.pk in kept_apart(actor, today):
        raise Refused("avoidance", _("本人和有回避关系的人员的纪律记录由其他人办理（规则 B5）。"))


def _refuse_future(day: dt.date, today: dt.date) -> None:
    if day > today:
        raise Refused("future", _("日期不能晚于今天。"))


def _refuse_implausible(day: dt.date, cadre: Cadre) -> None:
    """Refuse a day before the month in which the person began to work or, where that is not known, before FOUNDED.

    A check of plausibility and no rule of law: what is written down cannot be edited, so a slip in the year has to be
    caught here.
    """
    if cadre.first_work_month is not None:
        if day < cadre.first_work_month.replace(day=1):
            who = {"name": cadre.name, "month": f"{cadre.first_work_month:%Y.%m}"}
            raise Refused(
                "too_early",
                _("日期早于 %(name)s 的参加工作时间（%(month)s），请核对年份。参加工作时间有误的，请人事处先更正。")
                % who,
            )
    elif day < FOUNDED:
        raise Refused("too_early", _("日期早于 %(day)s，请核对年份。") % {"day": date_format(FOUNDED)})
