"""Records and people that change while an appraisal is under way, and after: nothing passes unseen, nobody is stuck."""

import datetime as dt

import pytest
from django.urls import reverse

from assessment.appraisals import actions, conclusion, participation, preparation, publicity, queries, rules
from assessment.appraisals.enums import HONOUR, NOTICE, Grade
from assessment.appraisals.handlers import issue_documents
from assessment.appraisals.models import Appraisal
from assessment.appraisals.todos import due
from assessment.discipline import actions as discipline
from assessment.discipline.enums import NO_SANCTION, Action
from foundation.documents.actions import reissue
from foundation.documents.models import IssuedDocument
from foundation.notices.models import Notice
from foundation.people.careers import add_assignment, add_leave, change_state
from foundation.people.enums import AssignmentKind, LeaveKind, Role
from tests.assessment.test_appraisal_documents import issue
from tests.assessment.test_appraisal_steps import AFTER, AFTER_NOW, WithDiscipline, form_all, refused, sign_all
from tests.assessment.test_appraisals import NOW, TODAY
from tests.factories.people import CadreFactory, grant


@pytest.fixture
def story(db):
    return WithDiscipline()


def determine(story, cadre, ceiling):
    return preparation.determine(
        appraisal=story.of(cadre),
        ceiling=ceiling,
        organ="市委组织部",
        document="组函〔2026〕5号",
        determined_on=TODAY,
        today=TODAY,
        actor=story.hr,
    )


# ---- determinations


def test_a_determination_lifts_nothing_that_the_rules_say(story):
    story.open()
    person = story.members[0]
    story.warn(person, Action.ADMIN_DEMERIT)
    story.warn(person, Action.INST_WARNING)  # an institution's sanction on a civil servant: no rule
    determine(story, person, "none")
    refused("grade_not_allowed", story.review, person, Grade.EXCELLENT)
    story.review(person, Grade.NO_GRADE)
    decided = story.decide(person, Grade.NO_GRADE)
    assert (decided.ceiling, decided.treatment) == ("no_grade", "comment_only")
    assert [row["ceiling"] for row in decided.grounds] == ["no_grade", "none"]


def test_a_determination_comments_on_nobody_under_investigation(story):
    story.open()
    person = story.members[0]
    story.investigate(person)
    story.warn(person, Action.INST_WARNING)
    determine(story, person, "none")
    refused("no_comment", story.review, person)
    assert story.decide(person, Grade.NO_GRADE).treatment == "neither"


def test_a_determination_says_nothing_of_a_later_finding(story):
    story.open()
    person = story.members[0]
    story.warn(person, Action.INST_WARNING)
    determine(story, person, "none")
    story.review(person, Grade.EXCELLENT)
    story.warn(person, Action.INST_DEMERIT)
    assert "人工认定" in refused("undetermined", story.decide, person, Grade.EXCELLENT)


def test_a_determination_says_what_was_determined(story):
    story.open()
    person = story.members[0]
    story.warn(person, Action.INST_WARNING)
    determine(story, person, "not_excellent")
    story.review(person)
    said = story.decide(person, Grade.COMPETENT).grounds[0]
    assert said["zh"] == "市委组织部于2026-12-01以组函〔2026〕5号认定：2026年度不得确定为优秀等次。"


# ---- records that change after the decision


@pytest.fixture
def decided(story):
    story.open()
    story.review_all()
    story.decide_all()
    return story


@pytest.fixture
def final(decided, at):
    at("2026-12-09 09:00")
    publish(decided)
    decided.cycle = publicity.finalise(cycle=decided.cycle, actor=decided.hr, today=AFTER)
    return decided


def publish(story):
    return publicity.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY)


def test_a_record_during_the_public_notice_keeps_the_result_back(decided):
    publish(decided)
    decided.warn(decided.members[0], Action.ADMIN_MAJOR_DEMERIT)
    finalise = {"cycle": decided.cycle, "actor": decided.hr, "today": AFTER}
    assert "组员0" in refused("changed", publicity.finalise, **finalise)
    publicity.withdraw_notice(cycle=decided.cycle, reason="记录有变化", now=AFTER_NOW, actor=decided.hr)
    decided.decide(decided.members[0], Grade.NO_GRADE, seen=NOW)
    publish(decided)
    assert publicity.finalise(**finalise).is_final


def test_papers_and_file_wait_for_a_year_on_which_a_record_bears_by_now(final):
    issue(final)
    sign_all(final)
    form_all(final)
    punished = final.members[0]
    final.warn(punished)
    for paper in queries.papers([final.of(punished)]):
        conclusion.revoke(document=paper, reason="换发", actor=final.hr)
    job = issue(final)
    assert "组员0：有关记录有变化" in job.message and not queries.papers([final.of(punished)]).exists()
    everybody = {"appraisals": final.cycle.appraisals.all(), "cycle": final.cycle, "today": AFTER, "actor": final.hr}
    final.warn(final.members[2], Action.PARTY_SERIOUS_WARNING)
    assert conclusion.file(**everybody) == 8
    assert set(final.cycle.appraisals.filter(filed_on=None).values_list("name", flat=True)) == {"组员0", "组员2"}


def test_a_case_that_ends_in_a_demerit_leaves_another_way_to_take_part(story):
    story.open()
    person = story.members[0]
    case = story.investigate(person)
    story.decide(person, Grade.NO_GRADE)
    discipline.close_case(
        case=case, closed=TODAY, outcome=Action.ADMIN_DEMERIT, reference="结〔2026〕8号", **story.written
    )
    [row] = queries.affected_of([story.of(person)], today=TODAY)
    assert (row.before, row.after) == ("不写评语、不确定等次", "只写评语，不确定等次")


def test_a_correction_that_begins_while_the_job_runs_gets_no_paper_of_the_old_result(final):
    person = final.members[0]

    def reopen_meanwhile(done, total, message=""):
        if done == 0:
            conclusion.reopen(appraisal=final.of(person), reason="复核改定", now=AFTER_NOW, today=AFTER, actor=final.hr)

    issue_documents(actor=final.hr, progress=reopen_meanwhile, cycle=final.cycle.pk)
    assert not IssuedDocument.objects.filter(source_pk=final.of(person).pk).exists()
    assert IssuedDocument.objects.filter(kind=NOTICE).count() == 9
    assert IssuedDocument.objects.filter(kind=HONOUR).count() == 1


# ---- nobody is stuck


def test_who_is_set_apart_keeps_what_they_wrote_and_is_lost_to_no_count(decided):
    person = decided.members[0]
    second(decided, person)
    participation.set_apart(appraisal=decided.of(person), today=TODAY, actor=decided.hr)
    assert queries.standing(decided.cycle).people == queries.standing(decided.cycle).decided == 9
    assert not Appraisal.objects.filter(cadre=person).exists()
    person.assignments.all().delete()
    assert "组员0" in refused("left_out", publish, decided)
    back = participation.take_in(cycle=decided.cycle, work_number=person.work_number, today=TODAY, actor=decided.hr)
    assert (back.comment, back.is_decided, back.summary.is_submitted) == ("踏实", False, True)


def second(story, cadre):
    add_assignment(
        cadre=cadre, kind=AssignmentKind.SECONDMENT, first=dt.date(2026, 2, 1), last=None, today=TODAY, actor=story.hr
    )


def test_a_correction_may_find_that_somebody_is_not_appraised_here(final):
    issue(final)
    sign_all(final)
    person = final.members[0]
    second(final, person)
    conclusion.reopen(appraisal=final.of(person), reason="挂职", now=AFTER_NOW, today=AFTER, actor=final.hr)
    participation.set_apart(appraisal=final.of(person), today=AFTER, actor=final.hr)
    final.cycle.refresh_from_db()
    assert (final.cycle.base, final.cycle.appraisals.count()) == (10, 9)  # the quota was given on ten
    assert Appraisal.everybody.get(cadre=person).opinions.count() == 1
    person.assignments.all().delete()
    back = participation.take_in(cycle=final.cycle, work_number=person.work_number, today=AFTER, actor=final.hr)
    final.cycle.refresh_from_db()
    assert back.is_open and final.cycle.base == 10


def test_who_was_objected_to_is_set_apart_once_that_is_answered(decided):
    person = decided.members[0]
    publish(decided)
    objection = object_to(decided, person)
    publicity.withdraw_notice(cycle=decided.cycle, reason="挂职", now=AFTER_NOW, actor=decided.hr)
    second(decided, person)
    away = {"appraisal": decided.of(person), "today": AFTER, "actor": decided.hr}
    refused("objected", participation.set_apart, **away)
    answer(decided, objection, "upheld")
    participation.set_apart(**away)
    assert objection.appraisal.objections.count() == 1
    assert publicity.start_notice(cycle=decided.cycle, actor=decided.hr, today=AFTER)


def object_to(story, cadre):
    return conclusion.record_objection(
        appraisal=story.of(cadre), raised_by="匿名", raised_on=TODAY, text="工作不实", today=TODAY, actor=story.hr
    )


def answer(story, objection, outcome):
    conclusion.answer_objection(objection=objection, outcome=outcome, answer="属实", today=AFTER, actor=story.hr)


def test_a_finding_without_a_rule_after_the_review_is_determined(decided):
    person = decided.members[0]
    decided.warn(person, Action.INST_WARNING)
    refused("undetermined", decided.decide, person, Grade.COMPETENT, seen=NOW)
    determine(decided, person, "not_excellent")
    assert decided.decide(person, Grade.COMPETENT, seen=NOW).comment == "踏实"


def test_hr_gives_a_review_back_so_that_the_evaluation_can_be_put_right(story, client):
    story.open()
    story.review(story.head, by=story.leader)
    refused("reviewed", story.evaluate, story.of(story.head))
    url = reverse("appraisals_admin:return_review", args=[story.of(story.head).pk])
    client.force_login(story.hr)
    page = client.get(url).content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    client.post(url, {"reason": "", "seen": seen})
    assert story.of(story.head).is_reviewed
    client.post(url, {"reason": "测评票数有误", "seen": seen})
    assert (story.of(story.head).comment, story.of(story.head).reviewed_by) == ("", None)
    story.evaluate(story.of(story.head))
    story.review(story.head, by=story.leader)
    story.decide(story.head, Grade.COMPETENT)
    back = {"appraisal": story.of(story.head), "reason": "有误", "today": TODAY, "actor": story.hr}
    refused("not_reviewed", actions.return_review, **back)


# ---- who belongs to a cycle


def test_a_cycle_opened_late_is_of_those_who_served_on_the_last_day_of_the_year(story, at):
    at("2027-02-01 09:00")
    late = dt.date(2027, 2, 1)
    moved, promoted = story.members[:2]
    changed = {"on": dt.date(2027, 1, 10), "reason": "调整", "today": late, "actor": story.hr}
    change_state(cadre=moved, changes={"unit": story.finance}, **changed)
    change_state(cadre=promoted, changes={"is_leading_member": True}, **changed)
    cycle = participation.open_cycle(year=2026, unit=story.general, actor=story.hr, today=late)
    assert {"组员0", "组员1"} <= set(cycle.appraisals.values_list("name", flat=True))
    assert cycle.base == 10 and story.of(moved).unit == story.general


def test_who_comes_after_the_opening_is_taken_in_by_the_work_number(decided, client):
    late = CadreFactory(unit=decided.general, name="后来")
    stranger = CadreFactory(unit=decided.finance, name="外处二")
    assert "后来" in refused("left_out", publish, decided)
    client.force_login(decided.hr)
    url = reverse("appraisals_admin:cycle", args=[decided.cycle.pk])
    page = client.get(url).content.decode()
    assert "后来（" in page and "外处二" not in page
    refused("not_here", participation.take_in, **number(decided, stranger))
    client.post(reverse("appraisals_admin:take_in", args=[decided.cycle.pk]), {"work_number": late.work_number})
    decided.cycle.refresh_from_db()
    assert (decided.cycle.base, decided.of(late).unit_name) == (11, "办公室")
    refused("not_here", participation.take_in, **number(decided, late))


def number(story, cadre):
    return {"cycle": story.cycle, "work_number": cadre.work_number, "today": TODAY, "actor": story.hr}


def test_who_was_set_apart_and_moved_away_is_not_taken_in_here(story):
    story.open()
    person = story.members[0]
    second(story, person)
    participation.set_apart(appraisal=story.of(person), today=TODAY, actor=story.hr)
    person.assignments.all().delete()
    person.states.update(unit=story.finance)
    refused("not_here", participation.take_in, **number(story, person))


# ---- regrading, keeping, deciding


def test_a_case_closed_without_a_sanction_brings_the_person_back_to_the_reviewer(story):
    person = story.members[0]
    case = story.investigate(person)
    story.open()
    assert story.of(person).treatment == "neither"
    story.decide(person, Grade.NO_GRADE)
    to_review = queries.to_review(story.head.account, TODAY)
    assert person.name not in to_review.values_list("name", flat=True)
    close(story, case)
    assert person.name in to_review_now(story)
    story.review(person, Grade.COMPETENT)
    assert story.decide(person, Grade.COMPETENT).treatment == "graded"


def close(story, case):
    discipline.close_case(case=case, closed=TODAY, outcome=NO_SANCTION, reference="结〔2026〕8号", **story.written)


def to_review_now(story):
    return set(queries.to_review(story.head.account, TODAY).filter(reviewed_at=None).values_list("name", flat=True))


def test_after_a_case_is_closed_a_correction_asks_for_the_review(story, at):
    at("2026-12-09 09:00")
    person = story.members[0]
    case = story.investigate(person)
    story.open()
    for one in [*story.members[1:], story.head, story.recruit]:
        grade = Grade.NO_GRADE if one == story.recruit else Grade.COMPETENT
        story.review(one, grade, by=story.leader if one == story.head else None)
        story.decide(one, grade)
    story.decide(person, Grade.NO_GRADE)
    publish(story)
    publicity.finalise(cycle=story.cycle, actor=story.hr, today=AFTER)
    close(story, case)
    conclusion.reopen(appraisal=story.of(person), reason="结案", now=AFTER_NOW, today=AFTER, actor=story.hr)
    assert story.of(person).treatment == "graded"
    assert to_review_now(story) == {"组员0"}


def test_a_sick_leave_written_down_after_the_decision_is_seen_without_a_clock(decided):
    add_leave(
        cadre=decided.members[2],
        kind=LeaveKind.SICK,
        first=dt.date(2026, 1, 5),
        last=dt.date(2026, 9, 30),
        actor=decided.hr,
    )
    decided.members[3].probation_to, decided.members[3].probation_from = dt.date(2027, 6, 30), dt.date(2026, 7, 1)
    decided.members[3].save()
    assert {row.appraisal.name for row in queries.affected(decided.hr, TODAY)} == {"组员2", "组员3"}


def test_before_the_result_is_final_nothing_is_kept_but_decided_again(decided):
    person = decided.members[2]
    decided.warn(person)
    kept = {"organ": "考核委员会", "document": "纪要〔2026〕3号", "reason": "表现", "today": TODAY, "actor": decided.hr}
    refused("not_final", actions.keep_grade, appraisal=decided.of(person), **kept)


def test_a_grade_is_decided_on_a_proposal_only(story, client):
    story.open()
    story.review(story.recruit, Grade.NO_GRADE)
    story.recruit.probation_to = dt.date(2026, 9, 30)
    story.recruit.save()
    refused("not_reviewed", story.decide, story.recruit, Grade.EXCELLENT)
    story.review(story.recruit, Grade.COMPETENT)
    client.force_login(story.committee[0])
    page = client.get(reverse("appraisals:committee_cycle", args=[story.cycle.pk])).content.decode()
    assert '<option value="">请选择</option>' in page
    assert story.decide(story.recruit, Grade.COMPETENT).grade == "competent"


# ---- objections


def test_whom_an_objection_concerns_neither_withdraws_nor_confirms(decided):
    subject = decided.members[0]
    grant(subject.account, Role.HR, decided.office)
    publish(decided)
    objection = object_to(decided, subject)
    withdraw = {"cycle": decided.cycle, "reason": "再议", "now": AFTER_NOW}
    refused("avoidance", publicity.withdraw_notice, actor=subject.account, **withdraw)
    answer(decided, objection, "dismissed")
    refused("avoidance", publicity.finalise, cycle=decided.cycle, actor=subject.account, today=AFTER)
    assert publicity.finalise(cycle=decided.cycle, actor=decided.hr, today=AFTER).is_final


def test_withdrawing_the_notice_is_not_yet_acting_on_an_upheld_objection(decided):
    publish(decided)
    objection = object_to(decided, decided.members[0])
    answer(decided, objection, "upheld")
    publicity.withdraw_notice(cycle=decided.cycle, reason="异议成立", now=AFTER_NOW, actor=decided.hr)
    refused("objection_upheld", publish, decided)
    decided.decide(decided.members[0], Grade.COMPETENT, seen=NOW)
    objection.refresh_from_db()
    assert objection.acted_at == NOW and publish(decided)


# ---- opinions and corrections


def test_an_opinion_on_a_revoked_notice_files_nothing_and_is_signed_again(final):
    issue(final)
    sign_all(final)
    person = final.members[2]
    old = queries.papers([final.of(person)]).get()
    new = reissue(document=old, reason="姓名有误", actor=final.hr)
    one = {"appraisals": [final.of(person)], "cycle": final.cycle, "today": AFTER, "actor": final.hr}
    refused("nothing_to_file", conclusion.file, **one)
    conclusion.sign(
        appraisal=final.of(person), stance="agree", text="", seen=new.serial, now=AFTER_NOW, actor=person.account
    )
    serials = final.of(person).opinions.values_list("notice_serial", "superseded_at")
    assert set(serials) == {(old.serial, AFTER_NOW), (new.serial, None)}
    form_all(final)
    assert conclusion.file(**one) == 1


def test_a_correction_keeps_what_was_decided_and_tells_everybody_concerned(final, client):
    issue(final)
    person, reader = final.members[2], final.members[5]
    at_hr = {"appraisal": final.of(person), "actor": final.hr}
    conclusion.reopen(reason="复核改定", now=AFTER_NOW, today=AFTER, **at_hr)
    conclusion.reopen(
        appraisal=final.of(final.members[0]), reason="复核改定", now=AFTER_NOW, today=AFTER, actor=final.hr
    )
    kept = final.of(person).corrections.get()
    assert (kept.grade, kept.decided_by, kept.decided_at, kept.ceiling) == (
        "competent",
        final.committee[0],
        NOW,
        "none",
    )
    assert told(person.account) == ["appraisals.correction_opened"]
    final.decide(final.members[0], Grade.COMPETENT)
    final.decide(person, Grade.EXCELLENT)
    assert {"公示更正结果：组员2", "确认更正结果：组员0"} <= titles(final.hr, AFTER)
    conclusion.publicise_correction(today=AFTER, **at_hr)
    assert told(reader.account) == ["appraisals.public_notice"]
    last_day, over = dt.date(2026, 12, 16), dt.date(2026, 12, 17)
    assert any("优秀等次公示" in title for title in titles(reader.account, last_day))
    assert not any("优秀等次公示" in title for title in titles(reader.account, over))
    assert "确认更正结果：组员2" in titles(final.hr, over)
    conclusion.complete_correction(today=over, **at_hr)
    kept.refresh_from_db()
    assert (kept.completed_on, kept.completed_by, kept.notice_to) == (over, final.hr, last_day)
    assert "appraisals.corrected" in told(person.account)
    client.force_login(final.hr)
    page = client.get(reverse("appraisals_admin:person", args=[final.of(person).pk])).content.decode()
    assert "原等次 称职" in page


def told(account):
    """What somebody was told since the papers were issued, the oldest first."""
    kinds = Notice.objects.filter(account=account).order_by("pk").values_list("kind", flat=True)
    rest = [kind for kind in kinds if kind != "appraisals.result_issued"]
    return rest[1:]  # the first public notice


def titles(account, today):
    return {str(todo.title) for todo in due(account, today)}


@pytest.mark.parametrize(("today", "year"), [("2027-01-10", 2026), ("2027-06-30", 2026), ("2027-07-01", 2027)])
def test_early_in_the_year_the_year_before_is_opened(today, year):
    assert rules.year_to_open(dt.date.fromisoformat(today)) == year


def test_the_page_of_the_quota_says_the_numbers_of_the_rule_book(story, client):
    cycle = story.open()
    client.force_login(story.hr)
    page = client.get(reverse("appraisals_admin:approve_quota", args=[cycle.pk])).content.decode()
    assert "一般不超过 20%" in page and "最高 25%" in page
