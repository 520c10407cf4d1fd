"""Review and decision of the annual appraisal; the order of steps is fixed by rules.md A6."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.appraisals.enums import Event, Grade, ObjectionOutcome, Treatment
from assessment.appraisals.guards import locked, open_and_locked, refuse_relatives
from assessment.appraisals.models import Appraisal
from assessment.appraisals.participation import plain
from assessment.appraisals.queries import standing
from assessment.appraisals.records import Outlook, outlooks_of
from foundation.audit.record import record
from foundation.offers.types import Refused
from foundation.people.enums import Role
from foundation.people.scope import has_role


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
        fresh = open_and_locked(appraisal, reviewed_at=seen)
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
        fresh = open_and_locked(appraisal)
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
        fresh = open_and_locked(appraisal, decided_at=seen, reviewed_at=seen_review)
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
