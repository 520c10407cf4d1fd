"""Who takes part in a year's cycle, and the quota that follows from their number (rules.md A5, A6)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.appraisals import rules
from assessment.appraisals.enums import Event
from assessment.appraisals.guards import open_and_locked, refuse_before_year, refuse_closed, refuse_relatives
from assessment.appraisals.models import Appraisal, AppraisalCycle, QuotaApproval, SetApart
from assessment.appraisals.parameters import APPROVED_PERCENT, QUOTA_PERCENT
from assessment.appraisals.queries import candidates, standing
from assessment.appraisals.records import Outlook, outlooks, outlooks_of
from foundation.audit.record import record
from foundation.offers.types import Refused
from foundation.people.enums import Role
from foundation.people.models import Cadre, CadreState, RoleGrant, Unit
from foundation.people.queries import in_force, kept_apart
from foundation.rulebook.queries import parameter


def open_cycle(*, year: int, unit: Unit, actor: Any, today: dt.date) -> AppraisalCycle:
    """Open a year's appraisal of a unit and freeze who takes part, as they are today.

    Raises Refused when the year's time is not now, when a cycle of the year already covers the unit or a part of it,
    or when nobody of the unit takes part.
    """
    if not rules.may_open(year=year, today=today):
        raise Refused(
            "wrong_year", _("%(year)s 年度的考核只能在 %(year)s 年 1 月 1 日至次年 6 月 30 日启动。") % {"year": year}
        )
    with transaction.atomic():
        # the office's root: two overlapping cycles opened at once queue here
        Unit.objects.select_for_update().get(path=unit.path[: unit.steplen])
        for other in AppraisalCycle.objects.filter(year=year).select_related("unit"):
            if other.unit.path.startswith(unit.path) or unit.path.startswith(other.unit.path):
                raise Refused("cycle_exists", _("%(cycle)s 已经启动，不能重复。") % {"cycle": other})
        states = candidates(unit=unit, year=year, today=today)
        found = outlooks([state.cadre for state in states], year=year, as_of=today, unit=unit.pk)
        people = [state for state in states if found[state.cadre_id].treatment is not None]
        if not people:
            raise Refused("nobody", _("%(unit)s没有应参加公务员年度考核的人员。") % {"unit": unit})
        cycle = AppraisalCycle.objects.create(
            year=year,
            unit=unit,
            base=len(people),
            quota_percent=Decimal(str(parameter(QUOTA_PERCENT, on=today, unit=unit.pk))),
            opened_on=today,
            opened_by=actor,
        )
        posts = _section_posts(people, today)
        Appraisal.objects.bulk_create(
            [_appraisal(cycle, state, found[state.cadre_id], state.cadre_id in posts) for state in people],
            batch_size=500,
        )
        began = dt.date(year, 1, 1)
        apart = [
            _set_apart(cycle, state.cadre, state.unit.name, found[state.cadre_id])
            for state in states
            # who left before the year began is out by the same rules, and there is nothing to tell about them
            if found[state.cadre_id].treatment is None and (state.cadre.left_on is None or state.cadre.left_on >= began)
        ]
        SetApart.objects.bulk_create(apart, batch_size=500)
        record(Event.OPENED, target=cycle, actor=actor, people=len(people), quota=cycle.quota, set_apart=len(apart))
    return cycle


def _section_posts(people: list[CadreState], today: dt.date) -> frozenset[int]:
    """Those who hold a leading post of a section, as far as their roles or the names of their posts tell: HR marks the
    others, and takes the mark from whom it does not fit (A6-2)."""
    units = {state.cadre.account_id: state.unit_id for state in people if state.cadre.account_id}
    heads = RoleGrant.objects.filter(in_force(today), role=Role.SECTION_HEAD, account__in=list(units))
    accounts = {account for account, unit in heads.values_list("account", "unit") if units[account] == unit}
    return frozenset(
        state.cadre_id for state in people if state.cadre.account_id in accounts or rules.is_leading_post(state.post)
    )


def _appraisal(cycle: AppraisalCycle, state: CadreState, found: Outlook, holds_section_post: bool) -> Appraisal:
    cadre = state.cadre
    return Appraisal(
        cycle=cycle,
        year=cycle.year,
        cadre=cadre,
        unit=state.unit,
        unit_name=state.unit.name,
        name=cadre.name,
        work_number=cadre.work_number,
        title=" ".join(dict.fromkeys(part for part in (state.post, state.rank) if part)),
        treatment=found.treatment or "",  # who has none is set apart
        probation_to=cadre.probation_to,
        holds_section_post=holds_section_post,
    )


def _set_apart(cycle: AppraisalCycle, cadre: Cadre, unit_name: str, found: Outlook) -> SetApart:
    return SetApart(
        cycle=cycle,
        cadre=cadre,
        unit_name=unit_name,
        name=cadre.name,
        work_number=cadre.work_number,
        ceiling=found.ceiling,
        grounds=found.kept(),
    )


def set_apart(*, appraisal: Appraisal, today: dt.date, actor: Any) -> SetApart:
    """Take somebody out of an open cycle whom the rules do not appraise here any more; the base counts them no longer.

    In a correction it is the outcome, and the base that the quota was given on stays. Summary, evaluation and review
    are kept for take_in(). Raises Refused where the rules say no such thing, and while an objection is not answered.
    """
    with transaction.atomic():
        fresh = open_and_locked(appraisal)
        refuse_relatives(fresh, actor, today)
        found = outlooks_of([fresh], as_of=today)[fresh.pk]
        if found.treatment is not None:
            raise Refused("takes_part", _("按现有记录，%(name)s 应当参加本次考核。") % {"name": fresh.name})
        if fresh.objections.filter(outcome="").exists():
            raise Refused("objected", _("%(name)s 有公示异议还没有办结，不能移出。") % {"name": fresh.name})
        apart = _set_apart(fresh.cycle, fresh.cadre, fresh.unit_name, found)
        apart.save()
        record(Event.SET_APART, target=fresh, actor=actor, ceiling=found.ceiling, before=fresh.grade)
        fresh.apart_on = today
        fresh.forget_decision()
        fresh.reopened_on, fresh.reopened_reason = None, ""
        fresh.save()
        close_correction(fresh, today=today, actor=actor)
        if fresh.cycle.is_open:
            fresh.cycle.base -= 1
            fresh.cycle.save(update_fields=["base"])
    return apart


def close_correction(appraisal: Appraisal, *, today: dt.date, actor: Any) -> None:
    """Note on the correction under way, where there is one, its public notice, and when and by whom it was finished."""
    appraisal.corrections.filter(completed_on=None).update(
        notice_from=appraisal.notice_from, notice_to=appraisal.notice_to, completed_on=today, completed_by=actor
    )


def take_in(*, cycle: AppraisalCycle, work_number: str, today: dt.date, actor: Any) -> Appraisal:
    """Put somebody into a cycle whom the rules do appraise here: who came after it was opened, or was set apart; what
    these had written before is theirs again. Once the results are final it is a correction, within the same quota.

    Raises Refused for who does not belong to the unit, whom the rules do not appraise, and who is in a cycle already.
    """
    with transaction.atomic():
        fresh = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
        if not fresh.is_final:
            refuse_closed(fresh)
        states = candidates(unit=fresh.unit, year=fresh.year, today=today)
        state = next((one for one in states if one.cadre.work_number == work_number.strip()), None)
        if state is None:
            raise Refused(
                "not_here",
                _("%(unit)s没有工号为 %(number)s、尚未列入考核的公务员。")
                % {"unit": fresh.unit, "number": work_number},
            )
        cadre = state.cadre
        if cadre.pk in kept_apart(actor, today):
            raise Refused("avoidance", _("你与 %(name)s 有回避关系，请由他人办理。") % {"name": cadre.name})
        found = outlooks([cadre], year=fresh.year, as_of=today, unit=fresh.unit_id)[cadre.pk]
        if found.treatment is None:
            raise Refused("not_ours", _("按现有记录，%(name)s 不列入本次考核。") % {"name": cadre.name})
        taken = Appraisal.everybody.filter(cycle=fresh, cadre=cadre).first()
        if taken is None:
            taken = _appraisal(fresh, state, found, cadre.pk in _section_posts([state], today))
        taken.take_treatment(found.treatment)
        taken.apart_on = None
        if fresh.is_final:
            taken.reopened_on, taken.reopened_reason = today, _("结果确定以后列入")
        else:
            fresh.base += 1
            fresh.save(update_fields=["base"])
        taken.save()
        SetApart.objects.filter(cycle=fresh, cadre=cadre).delete()
        record(Event.TAKEN_IN, target=taken, actor=actor)
    return taken


def approve_quota(
    *,
    cycle: AppraisalCycle,
    percent: Decimal,
    approved_by: str,
    document: str,
    approved_on: dt.date,
    today: dt.date,
    actor: Any,
) -> AppraisalCycle:
    """Write down who agreed to a higher percentage of 优秀, in which document and when (A5-6); it holds from now on.

    Raises Refused outside of the open stage, for a day ahead, for more than the law allows, and where the new quota
    would be smaller than what has been decided already.
    """
    with transaction.atomic():
        fresh = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
        refuse_closed(fresh)
        if approved_on > today:
            raise Refused("future", _("审核同意日期不能晚于今天。"))
        refuse_before_year(approved_on, cycle.year)
        usual = Decimal(str(parameter(QUOTA_PERCENT, on=today, unit=fresh.unit_id)))
        most = Decimal(str(parameter(APPROVED_PERCENT, on=today, unit=fresh.unit_id)))
        if not usual < percent <= most:
            raise Refused(
                "percent",
                _("审核同意的比例应高于 %(usual)s%%、不超过 %(most)s%%（规则 A5）。")
                % {"usual": plain(usual), "most": plain(most)},
            )
        approval = rules.Approval(percent, approved_by, document, approved_on)
        limits = rules.QuotaParameters(percent=usual, approved_percent=most)
        fresh.quota_percent = rules.quota_percent(approval=approval, on=today, parameters=limits)
        if standing(fresh).excellent > fresh.quota:
            raise Refused("quota_short", _("已确定的优秀人数超过这一比例的名额，请先改定。"))
        QuotaApproval.objects.create(
            cycle=fresh,
            percent=percent,
            approved_by=approved_by,
            document=document,
            approved_on=approved_on,
            recorded_by=actor,
        )
        fresh.save(update_fields=["quota_percent"])
        record(Event.QUOTA_APPROVED, target=fresh, actor=actor, percent=str(percent), document=document)
    return fresh


def plain(number: Decimal) -> str:
    """A number without trailing zeros."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
