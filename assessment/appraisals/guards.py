"""What every write of the annual appraisal asks before it writes: the lock, the stage, avoidance in office."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from assessment.appraisals.enums import ObjectionOutcome
from assessment.appraisals.models import Appraisal, AppraisalCycle
from foundation.offers.types import Refused
from foundation.people.queries import kept_apart


def refuse_closed(cycle: AppraisalCycle) -> None:
    """Raises Refused once the grades are in public notice or final."""
    if not cycle.is_open:
        words = {"cycle": cycle, "stage": cycle.get_stage_display()}
        raise Refused("not_open", _("%(cycle)s 已进入“%(stage)s”，不能再改。") % words)


def locked(appraisal: Appraisal) -> Appraisal:
    """The appraisal as it stands, its cycle's row locked first: all writes of a cycle queue here. Raises Refused for
    who has been set apart."""
    AppraisalCycle.objects.select_for_update().get(pk=appraisal.cycle_id)
    fresh = Appraisal.objects.select_related("cycle__unit", "cadre__unit", "cadre__account").filter(pk=appraisal.pk)
    if (one := fresh.first()) is None:
        raise Refused("gone", _("%(name)s 已移出本次考核。") % {"name": appraisal.name})
    return one


def open_and_locked(appraisal: Appraisal, **seen: dt.datetime | None) -> Appraisal:
    """The appraisal, locked, so that two at once cannot pass a quota. Raises Refused when the cycle is past this step
    or the page shows an older state."""
    fresh = locked(appraisal)
    if not fresh.is_open:
        refuse_closed(fresh.cycle)
        raise Refused("not_open", _("%(name)s 的更正结果正在公示，不能再改。") % {"name": fresh.name})
    if any(getattr(fresh, field) != shown for field, shown in seen.items()):
        raise Refused("stale", _("%(name)s 的内容刚刚被修改过，请先看最新内容再提交。") % {"name": fresh.name})
    return fresh


def refuse_relatives(appraisal: Appraisal, actor: Any, today: dt.date) -> None:
    """Nobody acts on themself or on somebody whom they avoid in office (回避). Raises Refused."""
    if appraisal.cadre_id in kept_apart(actor, today):
        raise Refused("avoidance", _("你与 %(name)s 有回避关系，请由他人办理。") % {"name": appraisal.name})


def refuse_upheld(of: AppraisalCycle | Appraisal) -> None:
    """An upheld objection asks for a new decision first (A6-5); who is set apart needs none. Raises Refused."""
    if of.objections.filter(outcome=ObjectionOutcome.UPHELD, acted_at=None, appraisal__apart_on=None).exists():
        raise Refused("objection_upheld", _("有公示异议成立，应当先撤回公示、改定等次。"))


def refuse_before_year(day: dt.date, year: int) -> None:
    """What is written down for a year happened in it or after it: a check against slips of the hand, no rule of law.
    Raises Refused."""
    if day.year < year:
        raise Refused("before_year", _("日期不能早于 %(year)s 年 1 月 1 日。") % {"year": year})
