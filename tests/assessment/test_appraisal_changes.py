"""Records and people that change while an appraisal is under way, and after: nothing passes unseen, nobody is stuck."""

import datetime as dt

import pytest

from assessment.appraisals import preparation
from assessment.appraisals.enums import Grade
from assessment.discipline.enums import Action
from tests.assessment.test_appraisal_steps import WithDiscipline, refused
from tests.assessment.test_appraisals import NOW, TODAY

LATER = NOW + dt.timedelta(minutes=1)


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
