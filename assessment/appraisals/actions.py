"""Writes of the annual appraisal; the order of steps is fixed by rules.md A6."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.appraisals import rules
from assessment.appraisals.enums import Event, Grade, Stage
from assessment.appraisals.models import Appraisal, AppraisalCycle
from assessment.appraisals.notice_kinds import PUBLIC_NOTICE
from assessment.appraisals.parameters import NOTICE_DAYS, QUOTA_PERCENT
from assessment.appraisals.queries import accounts_of_unit, standing
from foundation.audit.record import record
from foundation.notices.actions import notify
from foundation.offers.types import Refused
from foundation.people.enums import Role
from foundation.people.models import Cadre, Unit
from foundation.people.queries import kept_apart
from foundation.people.scope import has_role
from foundation.rulebook.queries import parameter
from foundation.rulebook.workdays import add_working_days


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
        people = [
            cadre
            # who moved in from a unit that is appraised already stays in that cycle
            for cadre in Cadre.objects.filter(unit__path__startswith=unit.path)
            .exclude(appraisals__year=year)
            .select_related("unit")
            if rules.takes_part(
                category=cadre.category,
                is_leading_member=cadre.is_leading_member,
                began=cadre.probation_from or cadre.first_work_month,
                year=year,
            )
        ]
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
        Appraisal.objects.bulk_create([_appraisal(cycle, cadre) for cadre in people], batch_size=500)
        record(Event.OPENED, target=cycle, actor=actor, people=len(people), quota=cycle.quota)
    return cycle


def _appraisal(cycle: AppraisalCycle, cadre: Cadre) -> Appraisal:
    how = rules.participation(year=cycle.year, probation_to=cadre.probation_to)
    return Appraisal(
        cycle=cycle,
        year=cycle.year,
        cadre=cadre,
        unit=cadre.unit,
        unit_name=cadre.unit.name,
        name=cadre.name,
        work_number=cadre.work_number,
        title=cadre.title,
        treatment=how.treatment,
        probation_to=cadre.probation_to,
    )


def _locked(appraisal: Appraisal, **seen: dt.datetime | None) -> Appraisal:
    """The appraisal with its cycle locked first: all decisions of a cycle queue here, so a quota cannot be passed by
    two at once. Raises Refused when the cycle is past this step or the page shows an older state."""
    AppraisalCycle.objects.select_for_update().get(pk=appraisal.cycle_id)
    fresh = Appraisal.objects.select_related("cycle__unit").get(pk=appraisal.pk)
    if not fresh.cycle.is_open:
        raise Refused("not_open", _("%(cycle)s 已进入“%(stage)s”，不能再改。") % {
            "cycle": fresh.cycle, "stage": fresh.cycle.get_stage_display()
        })  # fmt: skip
    if any(getattr(fresh, field) != shown for field, shown in seen.items()):
        raise Refused("stale", _("%(name)s 的内容刚刚被别人改过，请先看最新内容再提交。") % {"name": fresh.name})
    return fresh


def write_review(
    *, appraisal: Appraisal, comment: str, proposed_grade: str, seen: dt.datetime | None, now: dt.datetime, actor: Any
) -> Appraisal:
    """审核评鉴: the leader in charge writes the comment and proposes a grade (rules.md A6, step 4).

    seen: the review's time that the page showed (None: none yet). Raises Refused for one's own appraisal, a decided
    one, a grade that the person's treatment does not allow, and a stale page.
    """
    with transaction.atomic():
        fresh = _locked(appraisal, reviewed_at=seen)
        if fresh.cadre.account_id == actor.pk:
            raise Refused("own_review", _("不能审核评鉴本人，请由主管领导评鉴。"))
        _refuse_relatives(fresh, actor, now)
        if fresh.reviewed_by_id not in (None, actor.pk) and _leads(fresh.reviewed_by) and not _leads(actor):
            raise Refused("leader_reviewed", _("%(name)s 的评语由主管领导所写，不能改写。") % {"name": fresh.name})
        if fresh.is_decided:
            raise Refused("decided", _("%(name)s 的等次已经确定，评语不能再改。") % {"name": fresh.name})
        _check_grade(fresh, proposed_grade)
        fresh.comment = comment
        fresh.proposed_grade = "" if fresh.is_comment_only else proposed_grade
        fresh.reviewed_by = actor
        fresh.reviewed_at = now
        fresh.save(update_fields=["comment", "proposed_grade", "reviewed_by", "reviewed_at"])
        record(Event.REVIEWED, target=fresh, actor=actor, comment=comment, proposed_grade=fresh.proposed_grade)
    return fresh


def _refuse_relatives(appraisal: Appraisal, actor: Any, now: dt.datetime) -> None:
    if appraisal.cadre_id in kept_apart(actor, timezone.localdate(now)):
        raise Refused("avoidance", _("你与 %(name)s 有回避关系，请由他人办理。") % {"name": appraisal.name})


def _leads(account: Any) -> bool:
    return has_role(account, Role.LEADER)


def decide(
    *,
    appraisal: Appraisal,
    grade: str,
    seen: dt.datetime | None,
    seen_review: dt.datetime | None,
    now: dt.datetime,
    actor: Any,
) -> Appraisal:
    """确定等次: the committee decides (rules.md A6, step 5). The system never does.

    seen, seen_review: the times of the decision and of the review that the page showed.

    Raises Refused when the review is missing, for one's own
    appraisal, when the treatment does not allow the grade, when 优秀 is full (A5), and for a stale page.
    """
    with transaction.atomic():
        fresh = _locked(appraisal, decided_at=seen, reviewed_at=seen_review)
        if fresh.cadre.account_id == actor.pk:
            raise Refused("own_decision", _("本人的等次由其他委员确定。"))
        _refuse_relatives(fresh, actor, now)
        if not fresh.is_reviewed:
            raise Refused("not_reviewed", _("%(name)s 还没有评语和建议等次，不能确定等次。") % {"name": fresh.name})
        _check_grade(fresh, grade)
        now_excellent = standing(fresh.cycle).excellent - (fresh.grade == Grade.EXCELLENT)
        if grade == Grade.EXCELLENT and now_excellent >= fresh.cycle.quota:
            raise Refused(
                "quota_full",
                _("优秀名额已满：应参加 %(base)s 人，比例不超过 %(percent)s%%，名额 %(quota)s 人（规则 A5）。")
                % {
                    "base": fresh.cycle.base,
                    "percent": f"{fresh.cycle.quota_percent:f}".rstrip("0").rstrip("."),
                    "quota": fresh.cycle.quota,
                },
            )
        before = fresh.grade
        fresh.grade = grade
        fresh.decided_by = actor
        fresh.decided_at = now
        fresh.save(update_fields=["grade", "decided_by", "decided_at"])
        record(Event.DECIDED, target=fresh, actor=actor, grade=grade, before=before)
    return fresh


def _check_grade(appraisal: Appraisal, grade: str) -> None:
    allowed = rules.allowed_grades(appraisal.treatment)
    if grade not in allowed:
        reason = appraisal.treatment_reason or _("请选择：%(grades)s。") % {
            "grades": "、".join(str(one.label) for one in allowed)
        }
        raise Refused("grade_not_allowed", _("%(name)s：%(reason)s") % {"name": appraisal.name, "reason": reason})


def start_notice(*, cycle: AppraisalCycle, actor: Any, today: dt.date) -> AppraisalCycle:
    """Begin the public notice of 优秀 inside the organ, for at least five working days (rules.md A6-5).

    The first day counted is the day after the notice goes up. Raises Refused while somebody is undecided.
    """
    with transaction.atomic():
        fresh = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
        if not fresh.is_open:
            raise Refused("not_open", _("%(cycle)s 不在确定等次阶段。") % {"cycle": fresh})
        counts = standing(fresh)
        if not counts.is_decided:
            left = counts.people - counts.decided
            raise Refused("undecided", _("还有 %(n)s 人没有确定等次，不能公示。") % {"n": left})
        fresh.stage = Stage.PUBLIC_NOTICE
        fresh.notice_from = today
        fresh.notice_to = add_working_days(today, parameter(NOTICE_DAYS, on=today, unit=fresh.unit_id)).day
        fresh.save(update_fields=["stage", "notice_from", "notice_to"])
        until = fresh.notice_to.isoformat()
        record(Event.NOTICE_STARTED, target=fresh, actor=actor, until=until)
        told = {"unit": fresh.unit.name, "year": fresh.year, "until": until}
        readers = accounts_of_unit(fresh.unit, on=today)
        notify(to=readers, kind=PUBLIC_NOTICE, context=told, dedupe=f"{PUBLIC_NOTICE}:{fresh.pk}:{today}")
    return fresh


def withdraw_notice(*, cycle: AppraisalCycle, reason: str, actor: Any) -> AppraisalCycle:
    """Take the public notice back: grades may be decided anew, and a new notice runs its full time.

    Raises Refused without a reason, and outside the notice.
    """
    if not reason:
        raise Refused("no_reason", _("请写明撤回公示的原因。"))
    with transaction.atomic():
        fresh = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
        if fresh.stage != Stage.PUBLIC_NOTICE:
            raise Refused("not_in_notice", _("%(cycle)s 不在公示中。") % {"cycle": fresh})
        fresh.stage = Stage.OPEN
        fresh.notice_from = fresh.notice_to = None
        fresh.save(update_fields=["stage", "notice_from", "notice_to"])
        record(Event.NOTICE_WITHDRAWN, target=fresh, actor=actor, reason=reason)
    return fresh


def finalise(*, cycle: AppraisalCycle, actor: Any, today: dt.date) -> AppraisalCycle:
    """Confirm the results after the public notice; only then may documents be issued.

    Raises Refused before the last day of the notice has passed.
    """
    with transaction.atomic():
        fresh = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
        if fresh.notice_from is None or fresh.notice_to is None:
            raise Refused("not_in_notice", _("%(cycle)s 不在公示中。") % {"cycle": fresh})
        # counted again: the year's holidays may have been published since the notice went up
        days = parameter(NOTICE_DAYS, on=fresh.notice_from, unit=fresh.unit_id)
        until = max(fresh.notice_to, add_working_days(fresh.notice_from, days).day)
        if fresh.stage != Stage.PUBLIC_NOTICE or today <= until:
            raise Refused(
                "notice_running", _("公示期到 %(day)s 为止，期满后才能确认结果。") % {"day": until.isoformat()}
            )
        fresh.stage = Stage.FINAL
        fresh.finalised_on = today
        fresh.save(update_fields=["stage", "finalised_on"])
        record(Event.FINALISED, target=fresh, actor=actor)
    return fresh
