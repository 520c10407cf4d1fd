"""Writes before the review: self-summary, democratic evaluation, marks, determinations (rules.md A6-1 to A6-3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.appraisals import rules
from assessment.appraisals.enums import Event
from assessment.appraisals.guards import locked, refuse_before_year, refuse_relatives
from assessment.appraisals.models import Appraisal, Determination, EvaluationResult, Summary
from assessment.appraisals.records import outlooks_of
from assessment.discipline.enums import Ceiling
from foundation.audit.record import record
from foundation.offers.types import Refused

VOTES = ("excellent", "competent", "basically_competent", "incompetent")


def _locked(appraisal: Appraisal, *, is_before_review: bool = True) -> Appraisal:
    """The appraisal while its year is open and (is_before_review) nobody has reviewed it nor decided without a
    review, its cycle's row locked. Raises Refused."""
    fresh = locked(appraisal)
    if not fresh.is_open:
        words = {"cycle": fresh.cycle, "stage": fresh.cycle.get_stage_display()}
        raise Refused("not_open", _("%(cycle)s 已进入“%(stage)s”，不能再改。") % words)
    if is_before_review and (fresh.is_reviewed or fresh.is_decided):
        raise Refused("reviewed", _("%(name)s 已经评鉴，退回评鉴以后才能再改。") % {"name": fresh.name})
    return fresh


def save_summary(
    *,
    appraisal: Appraisal,
    duties: str,
    training: str,
    text: str,
    submit: bool,
    seen: dt.datetime | None,
    now: dt.datetime,
    actor: Any,
) -> Summary:
    """总结述职: the cadre saves a draft of the own summary, or submits it.

    seen: the time of the draft that the page showed (None: none yet). Raises Refused for somebody else's, for one that
    is submitted or reviewed already, for an empty one on submission, and for a stale page.
    """
    with transaction.atomic():
        fresh = _locked(appraisal)
        if fresh.cadre.account_id != actor.pk:
            raise Refused("not_own", _("个人总结由本人填写。"))
        summary = getattr(fresh, "summary", None) or Summary(appraisal=fresh)
        if summary.is_submitted:
            raise Refused("submitted", _("个人总结已经提交。需要修改的，先撤回。"))
        if summary.saved_at != seen:
            raise Refused("stale", _("你在别处保存过更新的内容，请刷新后核对再保存。"))
        if submit and not (text.strip() and duties.strip()):
            raise Refused("empty", _("请填写从事或分管工作和个人总结，再提交。"))
        summary.duties, summary.training, summary.text, summary.saved_at = duties, training, text, now
        event = Event.SUMMARY_SAVED
        if submit:
            event = Event.SUMMARY_SUBMITTED
            summary.submitted_at = now
            # a summary stands in the place of the note why there was none
            summary.waived_reason, summary.waived_by, summary.waived_at = "", None, None
        summary.save()
        record(event, target=fresh, actor=actor)
    return summary


def take_back_summary(*, appraisal: Appraisal, actor: Any) -> Summary:
    """The cadre takes the own summary back to change it. Raises Refused once it has been reviewed."""
    with transaction.atomic():
        fresh = _locked(appraisal)
        summary = getattr(fresh, "summary", None)
        if fresh.cadre.account_id != actor.pk or summary is None or not summary.is_submitted:
            raise Refused("not_submitted", _("没有可以撤回的个人总结。"))
        summary.submitted_at = None
        summary.save(update_fields=["submitted_at"])
        record(Event.SUMMARY_TAKEN_BACK, target=fresh, actor=actor)
    return summary


def waive_summary(*, appraisal: Appraisal, reason: str, now: dt.datetime, today: dt.date, actor: Any) -> Summary:
    """HR notes why there is no summary (on long sick leave, not reachable, refused after education: A6-4 is then the
    committee's to apply, never automatic). Raises Refused without a reason and where a summary stands."""
    if not reason.strip():
        raise Refused("no_reason", _("请写明没有个人总结的原因。"))
    with transaction.atomic():
        fresh = _locked(appraisal)
        refuse_relatives(fresh, actor, today)
        summary = getattr(fresh, "summary", None) or Summary(appraisal=fresh)
        if summary.is_submitted:
            raise Refused("submitted", _("%(name)s 已经提交个人总结。") % {"name": fresh.name})
        summary.waived_reason, summary.waived_by, summary.waived_at = reason.strip(), actor, now
        summary.save()
        record(Event.SUMMARY_WAIVED, target=fresh, actor=actor, reason=reason)
    return summary


def mark_post(*, appraisal: Appraisal, holds: bool, today: dt.date, actor: Any) -> Appraisal:
    """HR marks who holds a leading post of a section: for them the democratic evaluation is required (A6-2)."""
    with transaction.atomic():
        fresh = _locked(appraisal)
        refuse_relatives(fresh, actor, today)
        fresh.holds_section_post = holds
        fresh.save(update_fields=["holds_section_post"])
        record(Event.POST_MARKED, target=fresh, actor=actor, holds=holds)
    return fresh


def record_evaluation(
    *,
    appraisal: Appraisal,
    held_on: dt.date,
    expected: int,
    attended: int,
    votes: dict[str, int],
    abstained: int,
    invalid: int,
    now: dt.datetime,
    today: dt.date,
    actor: Any,
) -> EvaluationResult:
    """Write down the counted result of the democratic evaluation of one person; a correction writes it anew.

    votes: how many ballots for each of VOTES. Raises Refused for a day ahead and for sums that do not come out.
    """
    with transaction.atomic():
        fresh = _locked(appraisal)
        refuse_relatives(fresh, actor, today)
        if held_on > today:
            raise Refused("future", _("测评日期不能晚于今天。"))
        refuse_before_year(held_on, fresh.year)
        fits = rules.votes_add_up(
            votes=sum(votes.values()), abstained=abstained, invalid=invalid, attended=attended, expected=expected
        )
        if not fits or attended < 1:
            raise Refused(
                "votes",
                _("票数对不上：各等次票、弃权票、无效票合计 %(sum)s 张，实到 %(attended)s 人，应到 %(expected)s 人。")
                % {"sum": sum(votes.values()) + abstained + invalid, "attended": attended, "expected": expected},
            )
        known = {
            "held_on": held_on,
            "expected": expected,
            "attended": attended,
            **votes,
            "abstained": abstained,
            "invalid": invalid,
        }
        result, _created = EvaluationResult.objects.update_or_create(
            appraisal=fresh, defaults={**known, "recorded_by": actor, "recorded_at": now}
        )
        record(Event.EVALUATED, target=fresh, actor=actor, **{**known, "held_on": held_on.isoformat()})
    return result


def determine(
    *,
    appraisal: Appraisal,
    ceiling: str,
    organ: str,
    document: str,
    determined_on: dt.date,
    today: dt.date,
    actor: Any,
) -> Determination:
    """Write down what the organ determined where no rule speaks. Raises Refused where a rule does."""
    with transaction.atomic():
        fresh = _locked(appraisal, is_before_review=False)  # a finding may come after the review
        refuse_relatives(fresh, actor, today)
        Determination.objects.filter(appraisal=fresh).delete()  # a corrected one takes its place; the trail has both
        found = outlooks_of([fresh], as_of=today)[fresh.pk]
        if found.ceiling != Ceiling.NO_RULE:
            raise Refused("has_rule", _("%(name)s 的情形有规则可依，不需要人工认定。") % {"name": fresh.name})
        if determined_on > today:
            raise Refused("future", _("认定日期不能晚于今天。"))
        refuse_before_year(determined_on, fresh.year)
        made = Determination.objects.create(
            appraisal=fresh,
            ceiling=ceiling,
            organ=organ,
            document=document,
            determined_on=determined_on,
            covers=found.unruled,
            recorded_by=actor,
        )
        record(Event.DETERMINED, target=fresh, actor=actor, ceiling=ceiling, document=document)
    return made
