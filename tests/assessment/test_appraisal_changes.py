"""Records and people that change while an appraisal is under way, and after: nothing passes unseen, nobody is stuck."""

import pytest

from assessment.appraisals import actions, conclusion, preparation, queries
from assessment.appraisals.enums import HONOUR, NOTICE, Grade
from assessment.appraisals.handlers import issue_documents
from assessment.discipline import actions as discipline
from assessment.discipline.enums import Action
from foundation.documents.models import IssuedDocument
from tests.assessment.test_appraisal_documents import issue
from tests.assessment.test_appraisal_steps import AFTER, AFTER_NOW, WithDiscipline, refused, sign_all
from tests.assessment.test_appraisals import NOW, TODAY


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
    assert [row["ceiling"] for row in decided.grounds] == ["no_grade", "none", "none"]


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
    decided.cycle = actions.finalise(cycle=decided.cycle, actor=decided.hr, today=AFTER)
    return decided


def publish(story):
    return actions.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY)


def test_a_record_during_the_public_notice_keeps_the_result_back(decided):
    publish(decided)
    decided.warn(decided.members[0], Action.ADMIN_MAJOR_DEMERIT)
    finalise = {"cycle": decided.cycle, "actor": decided.hr, "today": AFTER}
    assert "组员0" in refused("changed", actions.finalise, **finalise)
    actions.withdraw_notice(cycle=decided.cycle, reason="记录有变化", now=AFTER_NOW, actor=decided.hr)
    decided.decide(decided.members[0], Grade.NO_GRADE, seen=NOW)
    publish(decided)
    assert actions.finalise(**finalise).is_final


def test_papers_and_file_wait_for_a_year_on_which_a_record_bears_by_now(final):
    issue(final)
    sign_all(final)
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
    [row] = queries.affected_of(story.cycle, [story.of(person)], today=TODAY)
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
