"""The demo's annual appraisals: last year's finished for the whole office, this year's under way in some sections."""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from assessment.appraisals import actions, preparation
from assessment.appraisals.enums import Grade
from assessment.appraisals.models import Appraisal, AppraisalCycle
from assessment.appraisals.parameters import NOTICE_DAYS
from demo.office import OFFICE, PEOPLE, Days, at_work
from foundation.people.models import Account, Unit
from foundation.rulebook.queries import parameter
from foundation.rulebook.workdays import add_working_days

SEED = 20260703
DATA = Path(__file__).with_name("data")
SUMMARY = (
    "一年来，认真学习党的创新理论，遵守政治纪律和政治规矩。围绕岗位职责和年度目标，按时完成承担的各项任务，主动配合处室工作。"
    "工作中注意深入一线、听取意见，遇到困难能够想办法解决。严格遵守中央八项规定精神和廉洁自律各项规定。"
    "不足是统筹思考不够，下一步加强学习，改进方法，提高质量和效率。"
)


@dataclass(frozen=True)
class Progress:
    """How far a section's appraisal has come: shares of its people reviewed and decided; days ago the public notice
    began and the results were confirmed, None: not yet. is_over: the notice ended lately, nobody has confirmed."""

    section: str
    reviewer: str
    reviewed: float = 1
    decided: float = 1
    notice: int | None = None
    final: int | None = None
    is_over: bool = False


THIS_YEAR = [
    Progress("综合保障处", "head", reviewed=0.4, decided=0),
    Progress("人事处", "leader", decided=0.5),
    Progress("办公室", "leader"),
    Progress("财务处", "leader", notice=2),
    Progress("机关纪委", "leader", is_over=True),
    Progress("资产管理处", "leader", notice=35, final=15),
]


class Committee:
    """Reviews and decides one cycle after another as the leader and the committee did."""

    def __init__(self) -> None:
        self.pick = random.Random(SEED)
        self.comments = json.loads((DATA / "appraisals.json").read_text(encoding="utf-8"))["comments"]
        self.accounts = Account.objects.in_bulk([person.username for person in PEOPLE], field_name="username")

    def finish_last_year(self, days: Days) -> None:
        """The whole office's appraisal of the finished year, opened on the day of settling."""
        day = days.settled
        cycle = self._open(OFFICE, days.finished, day)
        hr = self.accounts["hr"]
        self._judge(cycle, Progress(OFFICE, "leader"), at_work(day + dt.timedelta(days=8)))
        actions.start_notice(cycle=cycle, actor=hr, today=at_work(day + dt.timedelta(days=14)))
        actions.finalise(cycle=cycle, actor=hr, today=at_work(day + dt.timedelta(days=35)))

    def go_on_this_year(self, days: Days) -> None:
        """Six sections, each a step further."""
        for progress in THIS_YEAR:
            opened = days.ago(45)
            cycle = self._open(progress.section, days.running, opened)
            self._judge(cycle, progress, at_work(opened + dt.timedelta(days=5)))
            began = days.ago(progress.notice) if progress.notice else None
            if progress.is_over:
                began = _lately_over(days.today)
            if began is not None:
                actions.start_notice(cycle=cycle, actor=self.accounts["hr"], today=began)
            if progress.final is not None:
                actions.finalise(cycle=cycle, actor=self.accounts["hr"], today=days.ago(progress.final))

    def _open(self, unit: str, year: int, day: dt.date) -> AppraisalCycle:
        return actions.open_cycle(year=year, unit=Unit.objects.get(name=unit), actor=self.accounts["hr"], today=day)

    def _judge(self, cycle: AppraisalCycle, progress: Progress, day: dt.date) -> None:
        people = list(cycle.appraisals.select_related("cadre__account"))
        grades = self._grades(people, cycle.quota)
        reviewer, chair = self.accounts[progress.reviewer], self.accounts["committee"]
        reviewable = [one for one in people if one.cadre.account_id != reviewer.pk]
        for number, one in enumerate(reviewable):
            if number >= len(reviewable) * progress.reviewed:
                break
            grade = grades[one.pk]
            self._prepare(one, _at(day, 0) - dt.timedelta(days=1))
            reviewed = actions.write_review(
                appraisal=one,
                comment=self.pick.choice(self.comments[grade]),
                proposed_grade=grade,
                seen=None,
                now=_at(day, number),
                actor=reviewer,
            )
            if number < len(reviewable) * progress.decided:
                actions.decide(
                    appraisal=reviewed,
                    grade=grade,
                    seen=None,
                    seen_review=reviewed.reviewed_at,
                    now=_at(at_work(day + dt.timedelta(days=4)), number),
                    actor=chair,
                )

    def _prepare(self, one: Appraisal, now: dt.datetime) -> None:
        """The steps before the review: the summary of who has an account, HR's note for a paper one; the evaluation of
        who holds a section's post."""
        today = timezone.localdate(now)
        if one.cadre.account is not None:
            preparation.save_summary(
                appraisal=one,
                duties="按岗位职责和处室分工开展工作",
                training="无",
                text=SUMMARY,
                submit=True,
                seen=None,
                now=now,
                actor=one.cadre.account,
            )
        else:
            reason = "没有账号，已交纸质总结，原件随登记表归档"
            preparation.waive_summary(appraisal=one, reason=reason, now=now, today=today, actor=self.accounts["hr"])
        if one.holds_section_post:
            preparation.record_evaluation(
                appraisal=one,
                held_on=today,
                expected=12,
                attended=11,
                votes={"excellent": 5, "competent": 5, "basically_competent": 1, "incompetent": 0},
                abstained=0,
                invalid=0,
                now=now,
                today=today,
                actor=self.accounts["hr"],
            )

    def _grades(self, people: list[Appraisal], quota: int) -> dict[int, Grade]:
        """A grade for everybody: 优秀 within the quota, one in eighty 基本称职, the others 称职."""
        graded = [one for one in people if not one.is_comment_only]
        drawn = self.pick.sample(graded, len(graded))
        found = {one.pk: Grade.NO_GRADE for one in people}
        for number, one in enumerate(drawn):
            few = number >= len(drawn) - len(drawn) // 80
            found[one.pk] = Grade.EXCELLENT if number < quota else Grade.BASICALLY_COMPETENT if few else Grade.COMPETENT
        return found


def _lately_over(today: dt.date) -> dt.date:
    """The last day on which a public notice could begin that is over today."""
    day = at_work(today)
    while add_working_days(day, parameter(NOTICE_DAYS, on=day)).day >= today:
        day = at_work(day - dt.timedelta(days=1))
    return day


def _at(day: dt.date, number: int) -> dt.datetime:
    """A moment of the working day, a few minutes after the one before."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(8, 30))) + dt.timedelta(minutes=2 * number)
