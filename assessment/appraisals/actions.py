"""Writes of the annual appraisal; the order of steps is fixed by rules.md A6."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment.appraisals import rules
from assessment.appraisals.enums import Event, Grade, ObjectionOutcome, Stage, Treatment
from assessment.appraisals.models import Appraisal, AppraisalCycle, QuotaApproval, SetApart
from assessment.appraisals.notice_kinds import PUBLIC_NOTICE
from assessment.appraisals.parameters import APPROVED_PERCENT, NOTICE_DAYS, QUOTA_PERCENT
from assessment.appraisals.queries import accounts_of_unit, candidates, left_out, standing
from assessment.appraisals.records import Outlook, outlooks, outlooks_of
from foundation.audit.record import record
from foundation.notices.actions import notify
from foundation.offers.types import Refused
from foundation.people.enums import Role
from foundation.people.models import Cadre, CadreState, RoleGrant, Unit
from foundation.people.queries import in_force, kept_apart
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
    """Those who hold a leading post of a section, as far as roles tell: HR marks the others (A6-2)."""
    units = {state.cadre.account_id: state.unit_id for state in people if state.cadre.account_id}
    heads = RoleGrant.objects.filter(in_force(today), role=Role.SECTION_HEAD, account__in=list(units))
    accounts = {account for account, unit in heads.values_list("account", "unit") if units[account] == unit}
    return frozenset(state.cadre_id for state in people if state.cadre.account_id in accounts)


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
        fresh = _locked(appraisal)
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
            _refuse_closed(fresh)
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
        _refuse_closed(fresh)
        if approved_on > today:
            raise Refused("future", _("审核同意日期不能晚于今天。"))
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


def _refuse_closed(cycle: AppraisalCycle) -> None:
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


def _locked(appraisal: Appraisal, **seen: dt.datetime | None) -> Appraisal:
    """The appraisal, locked, so that two at once cannot pass a quota. Raises Refused when the cycle is past this step
    or the page shows an older state."""
    fresh = locked(appraisal)
    if not fresh.is_open:
        _refuse_closed(fresh.cycle)
        raise Refused("not_open", _("%(name)s 的更正结果正在公示，不能再改。") % {"name": fresh.name})
    if any(getattr(fresh, field) != shown for field, shown in seen.items()):
        raise Refused("stale", _("%(name)s 的内容刚刚被别人改过，请先看最新内容再提交。") % {"name": fresh.name})
    return fresh


def write_review(
    *, appraisal: Appraisal, comment: str, proposed_grade: str, seen: dt.datetime | None, now: dt.datetime, actor: Any
) -> Appraisal:
    """审核评鉴: the leader in charge writes the comment and proposes a grade (rules.md A6, step 4).

    seen: the review's time that the page showed (None: none yet). How the person takes part is taken over from the
    records of today; where that is another way than the one decided on, the decision is to be made anew. Raises Refused
    for one's own appraisal, a decided one, before summary and evaluation, where the rules ask for no comment, for a
    grade above the ceiling, and for a stale page.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        fresh = _locked(appraisal, reviewed_at=seen)
        if fresh.cadre.account_id == actor.pk:
            raise Refused("own_review", _("不能审核评鉴本人，请由主管领导评鉴。"))
        refuse_relatives(fresh, actor, today)
        if fresh.reviewed_by_id not in (None, actor.pk) and _leads(fresh.reviewed_by) and not _leads(actor):
            raise Refused("leader_reviewed", _("%(name)s 的评语由主管领导所写，不能改写。") % {"name": fresh.name})
        found = outlooks_of([fresh], as_of=today)[fresh.pk]
        treatment = _treatment(fresh, found)
        if treatment == Treatment.NEITHER:
            raise Refused("no_comment", _said(fresh, found))
        if fresh.is_decided and fresh.treatment == treatment:
            raise Refused("decided", _("%(name)s 的等次已经确定，评语不能再改。") % {"name": fresh.name})
        fresh.forget_decision()  # of somebody who took part in another way
        fresh.take_treatment(treatment)
        _refuse_early(fresh)
        _check_grade(fresh, proposed_grade, found)
        fresh.comment = comment
        fresh.proposed_grade = "" if fresh.is_comment_only else proposed_grade
        fresh.reviewed_by = actor
        fresh.reviewed_at = now
        fresh.save()
        record(Event.REVIEWED, target=fresh, actor=actor, comment=comment, proposed_grade=fresh.proposed_grade)
    return fresh


def return_review(*, appraisal: Appraisal, reason: str, today: dt.date, actor: Any) -> Appraisal:
    """退回评鉴: before the decision HR gives a review back, so that the steps before it can be put right; the trail
    keeps what it said. Raises Refused without a reason, where nobody has reviewed, and after the decision."""
    if not reason.strip():
        raise Refused("no_reason", _("请写明退回的原因。"))
    with transaction.atomic():
        fresh = _locked(appraisal)
        refuse_relatives(fresh, actor, today)
        if fresh.is_decided or not fresh.is_reviewed:
            raise Refused("not_reviewed", _("%(name)s 没有可以退回的评鉴。") % {"name": fresh.name})
        fresh.forget_review()
        fresh.save()
        record(Event.REVIEW_RETURNED, target=fresh, actor=actor, reason=reason)
    return fresh


def _treatment(appraisal: Appraisal, found: Outlook) -> Treatment:
    """How the person takes part by today's records. Raises Refused where it is not here, or not yet known."""
    if found.treatment is None:
        raise Refused(
            "not_ours",
            _("%(said)s请人事处移出本次考核。") % {"said": _said(appraisal, found)},
        )
    if found.treatment == Treatment.UNDETERMINED:
        raise Refused("undetermined", _("%(said)s请人事处先登记认定结果。") % {"said": _said(appraisal, found)})
    return found.treatment


def _said(appraisal: Appraisal, found: Outlook) -> str:
    """The person and why their year is limited, in restricted words: refusals are read by section heads too."""
    reasons = "；".join(found.restricted)
    return _("%(name)s：%(reason)s。") % {"name": appraisal.name, "reason": reasons}


def _refuse_early(appraisal: Appraisal) -> None:
    """The steps before the review, in their order (A6)."""
    summary = getattr(appraisal, "summary", None)
    if summary is None or not summary.is_done:
        raise Refused(
            "no_summary",
            _("%(name)s 还没有提交个人总结，人事处也没有登记原因，不能评鉴（规则 A6-1）。") % {"name": appraisal.name},
        )
    if appraisal.holds_section_post and getattr(appraisal, "evaluation", None) is None:
        raise Refused(
            "no_evaluation",
            _("%(name)s 担任内设机构领导职务，还没有登记民主测评结果，不能评鉴（规则 A6-2）。")
            % {"name": appraisal.name},
        )


def refuse_relatives(appraisal: Appraisal, actor: Any, today: dt.date) -> None:
    """Nobody acts on themself or on somebody whom they avoid in office (回避). Raises Refused."""
    if appraisal.cadre_id in kept_apart(actor, today):
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

    seen, seen_review: the times of the decision and of the review that the page showed. The ceiling with its grounds is
    kept with the decision; an objection upheld before has been acted on with it. Raises Refused when the review is
    missing (nobody comments while a case is open: A7), for one's own appraisal, for a grade above the ceiling, when
    优秀 is full (A5), and for a stale page.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        fresh = _locked(appraisal, decided_at=seen, reviewed_at=seen_review)
        if fresh.cadre.account_id == actor.pk:
            raise Refused("own_decision", _("本人的等次由其他委员确定。"))
        refuse_relatives(fresh, actor, today)
        found = outlooks_of([fresh], as_of=today)[fresh.pk]
        fresh.take_treatment(_treatment(fresh, found))
        if fresh.treatment != Treatment.NEITHER:
            if not fresh.is_reviewed or (fresh.treatment == Treatment.GRADED and not fresh.proposed_grade):
                raise Refused("not_reviewed", _("%(name)s 还没有评语和建议等次，不能确定等次。") % {"name": fresh.name})
            _refuse_early(fresh)
        _check_grade(fresh, grade, found)
        now_excellent = standing(fresh.cycle).excellent - (fresh.grade == Grade.EXCELLENT)
        if grade == Grade.EXCELLENT and now_excellent >= fresh.cycle.quota:
            raise Refused(
                "quota_full",
                _("优秀名额已满：应参加 %(base)s 人，比例不超过 %(percent)s%%，名额 %(quota)s 人（规则 A5）。")
                % {
                    "base": fresh.cycle.base,
                    "percent": plain(fresh.cycle.quota_percent),
                    "quota": fresh.cycle.quota,
                },
            )
        before = fresh.grade
        fresh.grade = grade
        fresh.ceiling = found.ceiling
        fresh.grounds = found.kept()
        fresh.decided_by = actor
        fresh.decided_at = now
        fresh.save()
        fresh.objections.filter(outcome=ObjectionOutcome.UPHELD, acted_at=None).update(acted_at=now)
        record(Event.DECIDED, target=fresh, actor=actor, grade=grade, before=before, ceiling=found.ceiling)
    return fresh


def _check_grade(appraisal: Appraisal, grade: str, found: Outlook) -> None:
    if grade not in found.grades:
        grades = "、".join(str(one.label) for one in found.grades)
        said = _said(appraisal, found) if found.restricted else f"{appraisal.name}："
        raise Refused("grade_not_allowed", _("%(said)s可以选择：%(grades)s。") % {"said": said, "grades": grades})


def keep_grade(
    *, appraisal: Appraisal, organ: str, document: str, reason: str, today: dt.date, actor: Any
) -> Appraisal:
    """Write down that a final grade stands although the records leave something else of the year by now (B5-2).

    organ, document: who decided so, and where. Raises Refused without a reason, before the result is final (then it is
    decided again), and where the grade is above the new ceiling: that takes a correction.
    """
    if not reason.strip():
        raise Refused("no_reason", _("请写明维持原等次的理由。"))
    with transaction.atomic():
        fresh = locked(appraisal)
        refuse_relatives(fresh, actor, today)
        if not fresh.is_final:
            raise Refused("not_final", _("%(name)s 的结果还没有确认，请重新确定等次。") % {"name": fresh.name})
        found = outlooks_of([fresh], as_of=today)[fresh.pk]
        treatment = _treatment(fresh, found)
        _check_grade(fresh, fresh.grade, found)
        if fresh.treatment != treatment:
            raise Refused("treatment", _("%(name)s 的参加方式已经改变，应当重新确定。") % {"name": fresh.name})
        fresh.ceiling, fresh.grounds = found.ceiling, found.kept()
        fresh.save(update_fields=["ceiling", "grounds"])
        said = {"organ": organ, "document": document, "reason": reason, "ceiling": found.ceiling}
        record(Event.CEILING_KEPT, target=fresh, actor=actor, **said)
    return fresh


def start_notice(*, cycle: AppraisalCycle, actor: Any, today: dt.date) -> AppraisalCycle:
    """Begin the public notice of 优秀 inside the organ, for at least five working days (rules.md A6-5).

    The first day counted is the day after the notice goes up. Raises Refused while somebody is undecided, or left out
    whom the rules appraise here.
    """
    with transaction.atomic():
        fresh = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
        if not fresh.is_open:
            raise Refused("not_open", _("%(cycle)s 不在确定等次阶段。") % {"cycle": fresh})
        counts = standing(fresh)
        if not counts.is_decided:
            left = counts.people - counts.decided
            raise Refused("undecided", _("还有 %(n)s 人没有确定等次，不能公示。") % {"n": left})
        if counts.excellent > counts.quota:
            raise Refused(
                "quota_short",
                _("优秀 %(n)s 人，超过名额 %(quota)s 人，不能公示（规则 A5）。")
                % {"n": counts.excellent, "quota": counts.quota},
            )
        _refuse_changed(fresh, actor, today)
        refuse_upheld(fresh)
        if missing := left_out(fresh, today):
            apart = kept_apart(actor, today)
            names = "、".join([state.cadre.name for state in missing if state.cadre_id not in apart][:5])
            raise Refused(
                "left_out",
                _("%(names)s应当参加本次考核，还没有列入，不能公示。") % {"names": names or _("有人员")},
            )
        fresh.stage = Stage.PUBLIC_NOTICE
        fresh.notice_from = today
        fresh.notice_to = notice_end(today, unit=fresh.unit_id)
        fresh.save(update_fields=["stage", "notice_from", "notice_to"])
        until = fresh.notice_to.isoformat()
        record(Event.NOTICE_STARTED, target=fresh, actor=actor, until=until)
        told = {"unit": fresh.unit.name, "year": fresh.year, "until": until}
        readers = accounts_of_unit(fresh.unit, on=today)
        notify(to=readers, kind=PUBLIC_NOTICE, context=told, dedupe=f"{PUBLIC_NOTICE}:{fresh.pk}:{today}")
    return fresh


def notice_end(began: dt.date, *, unit: int) -> dt.date:
    """The last day of a public notice, as far as holidays are published (A6-5)."""
    return add_working_days(began, parameter(NOTICE_DAYS, on=began, unit=unit)).day


def _refuse_changed(cycle: AppraisalCycle, actor: Any, today: dt.date) -> None:
    """Decisions stand on the records of their day; where these say something else by now, they are made again. Nobody
    is told the names of those whom they avoid in office."""
    people = list(cycle.appraisals.select_related("cadre"))
    found = outlooks_of(people, as_of=today)
    changed = [one for one in people if found[one.pk].differs_from(one)]
    if changed:
        apart = kept_apart(actor, today)
        names = "、".join([one.name for one in changed if one.cadre_id not in apart][:5])
        raise Refused(
            "changed",
            _("确定等次以后，%(names)s的有关记录有变化，应当先重新确定，再公示。") % {"names": names or _("有人员")},
        )


def withdraw_notice(*, cycle: AppraisalCycle, reason: str, now: dt.datetime, actor: Any) -> AppraisalCycle:
    """Take the public notice back: grades may be decided anew, and a new notice runs its full time.

    Raises Refused without a reason, outside the notice, and for whom an objection concerns.
    """
    if not reason:
        raise Refused("no_reason", _("请写明撤回公示的原因。"))
    with transaction.atomic():
        fresh = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
        if fresh.stage != Stage.PUBLIC_NOTICE:
            raise Refused("not_in_notice", _("%(cycle)s 不在公示中。") % {"cycle": fresh})
        _refuse_concerned(fresh, actor, timezone.localdate(now))
        fresh.stage = Stage.OPEN
        fresh.notice_from = fresh.notice_to = None
        fresh.save(update_fields=["stage", "notice_from", "notice_to"])
        record(Event.NOTICE_WITHDRAWN, target=fresh, actor=actor, reason=reason)
    return fresh


def finalise(*, cycle: AppraisalCycle, actor: Any, today: dt.date) -> AppraisalCycle:
    """Confirm the results after the public notice; only then may documents be issued.

    Raises Refused before the last day of the notice has passed, while an objection stands, and where a decision does
    not fit the records any more.
    """
    with transaction.atomic():
        fresh = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
        if fresh.notice_from is None or fresh.notice_to is None:
            raise Refused("not_in_notice", _("%(cycle)s 不在公示中。") % {"cycle": fresh})
        # counted again: the year's holidays may have been published since the notice went up
        until = max(fresh.notice_to, notice_end(fresh.notice_from, unit=fresh.unit_id))
        if fresh.stage != Stage.PUBLIC_NOTICE or today <= until:
            raise Refused(
                "notice_running", _("公示期到%(day)s为止，期满后才能确认结果。") % {"day": date_format(until)}
            )
        _refuse_concerned(fresh, actor, today)
        if fresh.objections.filter(outcome="").exists():
            raise Refused("objection", _("有公示异议还没有核实、办结，不能确认结果。"))
        refuse_upheld(fresh)
        _refuse_changed(fresh, actor, today)
        fresh.stage = Stage.FINAL
        fresh.finalised_on = today
        fresh.save(update_fields=["stage", "finalised_on"])
        record(Event.FINALISED, target=fresh, actor=actor)
    return fresh


def refuse_upheld(of: AppraisalCycle | Appraisal) -> None:
    """An upheld objection asks for a new decision first (A6-5); who is set apart needs none. Raises Refused."""
    if of.objections.filter(outcome=ObjectionOutcome.UPHELD, acted_at=None, appraisal__apart_on=None).exists():
        raise Refused("objection_upheld", _("有公示异议成立，应当先撤回公示、改定等次。"))


def _refuse_concerned(cycle: AppraisalCycle, actor: Any, today: dt.date) -> None:
    """Nobody withdraws or confirms where an objection concerns themself, or whom they avoid in office."""
    if cycle.objections.filter(appraisal__cadre__in=kept_apart(actor, today)).exists():
        raise Refused("avoidance", _("公示所涉人员与你有回避关系，请由其他人事人员办理。"))
