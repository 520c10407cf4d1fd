"""Writes to the rule book: values of parameters, exceptions of the working-day calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.offers.find import parameters
from foundation.offers.types import Refused
from foundation.rulebook import rules
from foundation.rulebook.enums import Event
from foundation.rulebook.models import DayException, Value
from foundation.rulebook.workdays import is_published_working_day

ONE_DAY = dt.timedelta(days=1)


def set_value(
    *,
    code: str,
    value: Any,
    unit: int | None,
    valid_from: dt.date,
    valid_to: dt.date | None,
    citation: str,
    today: dt.date,
    actor: Any,
) -> Value:
    """Set a parameter from a day on, for a unit or (None) for the organ; the value before it ends the day before.

    A day before today may be given only where nothing was recorded for it: history is followed, never changed.
    Raises Refused for a value that the offer does not allow, a missing citation, and such a day; KeyError for a code
    that no room offers.
    """
    offer = parameters()[code]
    try:
        kept = rules.kept(offer, value)
    except ValueError as error:
        raise Refused("bad_value", f"{offer.title}：{error}") from error
    citation = citation.strip()
    if not citation and rules.loaded(offer, kept) != rules.loaded(offer, offer.default):
        raise Refused("no_citation", _("与默认值不同的取值要写明依据，如文件名和文号。"))
    if valid_to is not None and valid_to < valid_from:
        raise Refused("bad_period", _("失效日期不能早于施行日期。"))
    with transaction.atomic():
        _lock(code)
        standing = Value.objects.filter(code=code, unit_id=unit, is_withdrawn=False).order_by("-valid_from")
        if standing.filter(valid_from=valid_from).exists():
            raise Refused(
                "same_day", _("这一天已经有一个开始施行的取值。没有施行的可以先撤回；已经施行的请从后一天起设新值。")
            )
        _check_history(standing.filter(valid_from__lte=today).first(), valid_from=valid_from, today=today)
        row = Value.objects.create(
            code=code,
            unit_id=unit,
            value=kept,
            valid_from=valid_from,
            valid_to=_cut(valid_to, standing.filter(valid_from__gt=valid_from).last()),
            announced_to=valid_to,
            citation=citation,
        )
        before = standing.filter(valid_from__lt=valid_from).first()
        if before is not None:
            before.valid_to = _cut(before.announced_to, row)
            before.save(update_fields=["valid_to"])
        record(
            Event.VALUE_SET,
            target=row,
            actor=actor,
            unit=unit,
            value=kept,
            valid_from=valid_from.isoformat(),
            valid_to=valid_to.isoformat() if valid_to else None,
            citation=citation,
        )
    return row


def _check_history(latest: Value | None, *, valid_from: dt.date, today: dt.date) -> None:
    """Refuse a day that the newest begun value already speaks for. latest: None where nothing has begun."""
    if latest is None or valid_from >= today:
        return
    if latest.valid_to is None or valid_from <= latest.valid_to:
        raise Refused(
            "history",
            _("已经施行的取值不能改写，只能从 %(day)s 或者以后起由新值接替。") % {"day": date_format(today)},
        )


def _cut(announced: dt.date | None, follower: Value | None) -> dt.date | None:
    """The last day of a value: as announced, or the day before the next one begins."""
    if follower is None:
        return announced
    last = follower.valid_from - ONE_DAY
    return last if announced is None else min(announced, last)


def withdraw_value(*, value: Value, today: dt.date, actor: Any) -> Value:
    """Take back a value that has not begun; the one before it holds on as it was announced.

    Raises Refused when it has begun, or was withdrawn already.
    """
    with transaction.atomic():
        _lock(value.code)
        fresh = Value.objects.select_for_update().get(pk=value.pk)
        if fresh.is_withdrawn:
            raise Refused("withdrawn", _("这个取值已经撤回。"))
        if fresh.has_begun(today):
            raise Refused("begun", _("已经施行的取值不能撤回，只能由新值接替。"))
        fresh.is_withdrawn = True
        fresh.save(update_fields=["is_withdrawn"])
        standing = Value.objects.filter(code=fresh.code, unit_id=fresh.unit_id, is_withdrawn=False)
        before = standing.filter(valid_from__lt=fresh.valid_from).order_by("valid_from").last()
        if before is not None:
            after = standing.filter(valid_from__gt=fresh.valid_from).order_by("valid_from").first()
            before.valid_to = _cut(before.announced_to, after)
            before.save(update_fields=["valid_to"])
        record(Event.VALUE_WITHDRAWN, target=fresh, actor=actor, unit=fresh.unit_id, value=fresh.value)
    return fresh


def _lock(code: str) -> None:
    """Let two officers who set the same parameter queue. SQLite's transactions are IMMEDIATE and queue anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rulebook.value:{code}"])


def set_day(*, day: dt.date, is_working: bool, reason: str, actor: Any) -> DayException:
    """Set a day against the published calendar. Raises Refused where the calendar, or an exception, says it already."""
    with transaction.atomic():
        if is_published_working_day(day) == is_working:
            said = _("工作日") if is_working else _("休息日")
            raise Refused("same", _("按国家公布的安排，%(day)s 本来就是%(said)s。") % {"day": day, "said": said})
        row, created = DayException.objects.get_or_create(
            day=day, defaults={"is_working": is_working, "reason": reason.strip()}
        )
        if not created:
            raise Refused("day_exists", _("%(day)s 已经有调整，请先取消原来的。") % {"day": day})
        record(Event.DAY_SET, target=row, actor=actor, day=day.isoformat(), is_working=is_working, reason=row.reason)
    return row


def remove_day(*, exception: DayException, actor: Any) -> None:
    """Let the published calendar hold again for a day. Deadlines that were set meanwhile stay as they are."""
    with transaction.atomic():
        fresh = DayException.objects.select_for_update().filter(pk=exception.pk).first()
        if fresh is None:
            raise Refused("removed", _("这条调整已经取消。"))
        record(
            Event.DAY_REMOVED,
            target=fresh,
            actor=actor,
            day=fresh.day.isoformat(),
            is_working=fresh.is_working,
            reason=fresh.reason,
        )
        fresh.delete()
