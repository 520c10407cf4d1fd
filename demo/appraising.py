"""The demo's annual appraisals: last year's finished for the whole office, this year's under way in some sections."""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from assessment.appraisals import actions, conclusion, participation, preparation, publicity
from assessment.appraisals.enums import Grade, ObjectionOutcome, Treatment
from assessment.appraisals.models import Appraisal, AppraisalCycle
from assessment.appraisals.parameters import NOTICE_DAYS
from assessment.appraisals.records import Outlook, outlooks_of
from assessment.discipline.enums import NO_SANCTION, Ceiling
from assessment.discipline.models import DisciplineCase
from demo.office import OFFICE, PEOPLE, Days, at_work, moment
from demo.papers import Papers
from foundation.offers import clock
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
AFTER_A_SANCTION = (
    "一年来，围绕岗位职责完成了承担的工作。对存在的问题，本人认真反思，接受组织教育和监督，落实了整改要求。今后严格要求自己，"
    "加强学习，改进作风，扎实做好本职工作。"
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


WAITING = 5  # people of a section whose summary is in and whose review is not


class Committee:
    """Reviews and decides one cycle after another as the leader and the committee did."""

    def __init__(self) -> None:
        self.pick = random.Random(SEED)
        self.comments = json.loads((DATA / "appraisals.json").read_text(encoding="utf-8"))["comments"]
        self.accounts = Account.objects.in_bulk([person.username for person in PEOPLE], field_name="username")

    def finish_last_year(self, days: Days) -> None:
        """The whole office's appraisal of the finished year, opened on the day of settling; an objection to one 优秀 is
        looked into during the public notice. Two sections have their papers signed and filed."""
        day = days.settled
        cycle = self._open(OFFICE, days.finished, day)
        hr = self.accounts["hr"]
        self._determine(cycle, at_work(day + dt.timedelta(days=3)))
        self._judge(cycle, Progress(OFFICE, "leader"), at_work(day + dt.timedelta(days=8)))
        self._publicise(cycle, at_work(day + dt.timedelta(days=14)))
        self._object(cycle, at_work(day + dt.timedelta(days=17)), at_work(day + dt.timedelta(days=20)))
        final = at_work(day + dt.timedelta(days=35))
        cycle = publicity.finalise(cycle=cycle, actor=hr, today=final)
        Papers(self.accounts).finish(cycle, ["办公室", "综合保障处"], final)

    def correct_last_year(self, days: Days) -> None:
        """A case that stood open is closed without a sanction: the year is graded after all (补定等次)."""
        closed = DisciplineCase.objects.get(outcome=NO_SANCTION, closed__gte=days.settled)
        one = Appraisal.objects.select_related("cadre__account").get(cadre=closed.cadre, year=days.finished)
        assert closed.closed is not None
        day = at_work(closed.closed + dt.timedelta(days=3))
        hr, leader, chair = self.accounts["hr"], self.accounts["leader"], self.accounts["committee"]
        reason = f"立案已结案，未受处分，按规定补定{days.finished}年度等次（{closed.closing_reference}）"
        with clock.set_to(moment(day, 0)):  # the papers are revoked on that day too
            one = conclusion.reopen(appraisal=one, reason=reason, now=moment(day, 0), today=day, actor=hr)
        self._prepare(one, moment(day, 1))
        comment = self.comments[Grade.COMPETENT][0]
        one = actions.write_review(
            appraisal=one,
            comment=comment,
            proposed_grade=Grade.COMPETENT,
            seen=None,
            now=moment(day, 10),
            actor=leader,
        )
        actions.decide(
            appraisal=one,
            grade=Grade.COMPETENT,
            seen=None,
            seen_review=one.reviewed_at,
            now=moment(day, 20),
            actor=chair,
        )
        one = conclusion.complete_correction(appraisal=one, today=day, actor=hr)
        Papers(self.accounts).finish(one.cycle, [one.unit_name], day)

    def go_on_this_year(self, days: Days) -> None:
        """Six sections, each a step further."""
        for progress in THIS_YEAR:
            opened = days.opened
            cycle = self._open(progress.section, days.running, opened)
            self._judge(cycle, progress, at_work(opened + dt.timedelta(days=5)))
            began = days.ago(progress.notice) if progress.notice else None
            if progress.is_over:
                began = _lately_over(days.today)
            if began is not None:
                self._publicise(cycle, began)
            if progress.final is not None:
                publicity.finalise(cycle=cycle, actor=self.accounts["hr"], today=days.ago(progress.final))

    def _open(self, unit: str, year: int, day: dt.date) -> AppraisalCycle:
        return participation.open_cycle(
            year=year, unit=Unit.objects.get(name=unit), actor=self.accounts["hr"], today=day
        )

    def _publicise(self, cycle: AppraisalCycle, day: dt.date) -> None:
        """The public notice; people are told of it on its day."""
        with clock.set_to(moment(day, 0)):
            publicity.start_notice(cycle=cycle, actor=self.accounts["hr"], today=day)

    def _determine(self, cycle: AppraisalCycle, day: dt.date) -> None:
        """Where no rule says what a year can bring, the organ has said it (人工认定)."""
        for one in cycle.appraisals.filter(treatment=Treatment.UNDETERMINED):
            preparation.determine(
                appraisal=one,
                ceiling=Ceiling.NOT_EXCELLENT,
                organ="市委组织部",
                document=f"市组复〔{day.year}〕4号",
                determined_on=day,
                today=day,
                actor=self.accounts["hr"],
            )

    def _object(self, cycle: AppraisalCycle, raised: dt.date, answered: dt.date) -> None:
        """One objection, found not to hold."""
        hr = self.accounts["hr"]
        named = [person.username for person in PEOPLE]
        one = cycle.appraisals.filter(grade=Grade.EXCELLENT).exclude(cadre__account__username__in=named)[0]
        objection = conclusion.record_objection(
            appraisal=one,
            raised_by="匿名",
            raised_on=raised,
            text="反映该同志承担的一项年度重点任务比计划晚了一个月，不应评为优秀。",
            today=raised,
            actor=hr,
        )
        conclusion.answer_objection(
            objection=objection,
            outcome=ObjectionOutcome.DISMISSED,
            answer="经核实，该项任务因外部条件变化，经局长办公会同意顺延，不属于个人原因。已在处室范围内说明情况。",
            today=answered,
            actor=hr,
        )

    def _judge(self, cycle: AppraisalCycle, progress: Progress, day: dt.date) -> None:
        """Reviews and decisions of a cycle, each within what the records leave of the year."""
        last = at_work(day + dt.timedelta(days=4))
        everybody = list(cycle.appraisals.select_related("cadre__account"))
        found = outlooks_of(everybody, as_of=last)
        people = [one for one in everybody if found[one.pk].treatment not in (None, Treatment.UNDETERMINED)]
        grades = self._grades(people, found, cycle.quota)
        reviewer, chair = self.accounts[progress.reviewer], self.accounts["committee"]
        reviewable = [one for one in people if one.cadre.account_id != reviewer.pk]
        for number, one in enumerate(reviewable):
            if number >= len(reviewable) * progress.reviewed:
                self._hand_in(reviewable[number : number + WAITING], found, day)
                break
            grade, reviewed_at = grades[one.pk], None
            if found[one.pk].treatment != Treatment.NEITHER:
                text = AFTER_A_SANCTION if found[one.pk].has_conduct else SUMMARY
                self._prepare(one, moment(day, 0) - dt.timedelta(days=1), text)
                reviewed_at = moment(day, number)
                actions.write_review(
                    appraisal=one,
                    comment=self._comment(grade, found[one.pk]),
                    proposed_grade=grade,
                    seen=None,
                    now=reviewed_at,
                    actor=reviewer,
                )
            if number < len(reviewable) * progress.decided:
                actions.decide(
                    appraisal=one,
                    grade=grade,
                    seen=None,
                    seen_review=reviewed_at,
                    now=moment(last, number),
                    actor=chair,
                )

    def _hand_in(self, people: list[Appraisal], found: dict[int, Outlook], day: dt.date) -> None:
        """Summaries that wait for the reviewer."""
        for one in people:
            if found[one.pk].treatment != Treatment.NEITHER:
                self._prepare(one, moment(day, 0) - dt.timedelta(days=1))

    def _comment(self, grade: Grade, found: Outlook) -> str:
        """A comment that fits; of somebody without a grade one about what they did, not about probation."""
        if found.has_conduct and grade == Grade.NO_GRADE:
            return self.pick.choice(self.comments["after_a_sanction"])
        return self.pick.choice(self.comments[grade])

    def _prepare(self, one: Appraisal, now: dt.datetime, text: str = SUMMARY) -> None:
        """The steps before the review: the summary of who has an account, HR's note for a paper one; the evaluation of
        who holds a section's post."""
        today = timezone.localdate(now)
        if one.cadre.account is not None:
            preparation.save_summary(
                appraisal=one,
                duties="按岗位职责和处室分工开展工作",
                training="无",
                text=text,
                submit=True,
                seen=None,
                now=now,
                actor=one.cadre.account,
            )
        else:
            reason = "没有账号，已交纸质总结，原件随登记表归档"
            preparation.waive_summary(appraisal=one, reason=reason, now=now, today=today, actor=self.accounts["hr"])
        if one.holds_section_post:
            hr, chair = self.accounts["hr"], self.accounts["committee"]
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
                actor=hr if one.cadre.account_id != hr.pk else chair,
            )

    def _grades(self, people: list[Appraisal], found: dict[int, Outlook], quota: int) -> dict[int, Grade]:
        """A grade for everybody: 优秀 within the quota, one in eighty 基本称职, the others 称职; less where the records
        leave less."""
        grades: dict[int, Grade] = {
            one.pk: next(grade for grade in found[one.pk].grades if grade != Grade.EXCELLENT) for one in people
        }
        free = [one for one in people if Grade.EXCELLENT in found[one.pk].grades]
        drawn = self.pick.sample(free, len(free))
        for one in drawn[:quota]:
            grades[one.pk] = Grade.EXCELLENT
        for one in drawn[len(drawn) - len(drawn) // 80 :]:
            grades[one.pk] = Grade.BASICALLY_COMPETENT
        return grades


def _lately_over(today: dt.date) -> dt.date:
    """The last day on which a public notice could begin that is over today."""
    day = at_work(today)
    while add_working_days(day, parameter(NOTICE_DAYS, on=day)).day >= today:
        day = at_work(day - dt.timedelta(days=1))
    return day
