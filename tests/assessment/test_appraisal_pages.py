"""What the pages of the annual appraisal show to whom: nobody learns from them what others keep from them."""

import datetime as dt

import pytest
from django.urls import reverse

from assessment.appraisals import conclusion, participation, preparation, publicity, queries
from assessment.appraisals.enums import Grade
from assessment.appraisals.todos import due
from assessment.discipline.enums import Action
from foundation.audit.models import Entry
from foundation.people.careers import depart, relate
from foundation.people.enums import AssignmentKind, Kinship, Role
from tests.assessment.test_appraisal_documents import issue
from tests.assessment.test_appraisal_steps import AFTER, NOW, TODAY, WithDiscipline, refused
from tests.factories.people import grant


class Avoiding(WithDiscipline):
    """HR and a committee member are appraised themselves, and each has a relative in the cycle."""

    def __init__(self):
        super().__init__()
        self.own, self.relative, self.third = self.members[:3]
        grant(self.own.account, Role.HR, self.office)
        grant(self.own.account, Role.COMMITTEE_MEMBER, self.office)
        since = dt.date(2020, 1, 1)
        relate(cadre=self.own, other=self.relative, kinship=Kinship.SPOUSE, on=since, actor=self.hr)

    def page(self, client, **filters):
        return client.get(reverse("appraisals_admin:cycle", args=[self.cycle.pk]), filters).content.decode()

    def row(self, page, cadre):
        return page.split(f'data-person="{cadre.work_number}"')[1].split("</tr>")[0]


@pytest.fixture
def story(db):
    return Avoiding()


def decided_with_an_open_case(story, *people):
    """Everybody is reviewed and decided; the given people without a comment, for they are under investigation."""
    story.open()
    for cadre in people:
        story.investigate(cadre)
    for one in story.cycle.appraisals.select_related("cadre"):
        if one.cadre not in people:
            grade = Grade.NO_GRADE if one.is_comment_only else Grade.COMPETENT
            story.review(one.cadre, grade, by=story.leader if one.cadre == story.head else None)
    for one in story.cycle.appraisals.select_related("cadre"):
        is_graded = one.cadre not in (*people, story.recruit)
        story.decide(one.cadre, Grade.COMPETENT if is_graded else Grade.NO_GRADE)


def test_hr_learns_nothing_of_an_investigation_of_themself_or_a_relative(story, client):
    decided_with_an_open_case(story, story.own, story.relative)
    client.force_login(story.own.account)
    page = story.page(client)
    for cadre in (story.own, story.relative):
        row = story.row(page, cadre)
        assert "由他人办理" in row and not [word for word in ("不写评语", "不确定", "已提交") if word in row]
    assert "称职" in story.row(page, story.third)
    standing = queries.standing(story.cycle)
    assert (standing.reviewed, standing.decided, standing.people) == (10, 10, 10)
    assert "10 / 10" in page and "8 / 8" not in page
    steps = ("summary", "evaluation", "review", "decision", "opinion", "filing")
    filtered = [story.page(client, step=step) for step in steps] + [story.page(client, grade="no_grade")]
    assert not [page for page in filtered if f'data-person="{story.relative.work_number}"' in page]
    assert f'data-person="{story.third.work_number}"' in filtered[-2]


def test_hr_reads_no_ground_of_a_relative_who_was_set_apart(story, client):
    story.open()
    story.warn(story.relative, Action.ADMIN_DISMISSAL)
    participation.set_apart(appraisal=story.of(story.relative), today=TODAY, actor=story.hr)
    client.force_login(story.own.account)
    own = story.page(client)
    assert story.relative.name in own and "不参加" not in own and "take-in" not in own
    client.force_login(story.hr)
    assert "不参加" in story.page(client)


def test_a_committee_member_learns_nothing_of_themself_or_a_relative(story, client):
    story.open()
    story.warn(story.own, Action.INST_WARNING)
    story.review(story.relative)
    story.warn(story.relative)
    client.force_login(story.own.account)
    page = client.get(reverse("appraisals:committee_cycle", args=[story.cycle.pk])).content.decode()
    for cadre in (story.own, story.relative):
        row = page.split(f'id="a{story.of(cadre).pk}"')[1].split("</li>")[0]
        assert "由其他委员确定" in row
        assert not [word for word in ("人工认定", "警告", "踏实", "个人总结", "建议等次") if word in row]
    client.force_login(story.committee[1])
    assert "人工认定" in client.get(reverse("appraisals:committee_cycle", args=[story.cycle.pk])).content.decode()


def objected(story, cadre):
    """The third and the given person are in the notice, and both are objected to."""
    story.open()
    story.review_all()
    for one in story.cycle.appraisals.select_related("cadre"):
        is_excellent = one.cadre in (cadre, story.third)
        grade = Grade.EXCELLENT if is_excellent else Grade.COMPETENT
        by = story.committee[1]
        story.decide(one.cadre, Grade.NO_GRADE if one.is_comment_only else grade, by=by)
    publicity.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY)
    known = {"raised_on": TODAY, "today": TODAY, "actor": story.hr}
    return [
        conclusion.record_objection(appraisal=story.of(one), raised_by=f"反映{n}", text=f"问题{n}", **known)
        for n, one in enumerate((story.third, cadre))
    ]


@pytest.mark.parametrize("concerned", ["own", "relative"])
def test_an_officer_who_is_objected_to_reads_neither_name_nor_text(story, client, concerned):
    other, secret = objected(story, getattr(story, concerned))
    answer = [reverse("appraisals_admin:answer_objection", args=[story.cycle.pk, row.pk]) for row in (other, secret)]
    client.force_login(story.own.account)
    page = story.page(client)
    assert "问题0" in page and "反映0" in page and "问题1" not in page and "反映1" not in page
    assert client.get(answer[0]).status_code == 200
    refusal = client.get(answer[1])
    assert refusal.status_code == 409 and "问题1" not in refusal.content.decode()
    client.force_login(story.hr)
    assert "问题1" in story.page(client) and client.get(answer[1]).status_code == 200


def test_the_desk_does_not_ask_an_officer_to_answer_what_is_objected_to_themself(story):
    other, _secret = objected(story, story.own)
    conclusion.answer_objection(objection=other, outcome="dismissed", answer="查无实据", today=TODAY, actor=story.hr)
    titles = {user: [todo.title for todo in due(user, TODAY)] for user in (story.own.account, story.hr)}
    assert not [title for title in titles[story.own.account] if "办结公示异议" in title]
    assert [title for title in titles[story.hr] if "办结公示异议" in title]


def test_a_head_learns_nothing_of_what_comes_after_the_year_is_final(story, client, at):
    at("2026-12-09 09:00")
    story.open()
    story.finish()
    story.investigate(story.third)
    client.force_login(story.head.account)
    url = reverse("appraisals:review_one", args=[story.of(story.third).pk])
    assert client.get(url).status_code == 404
    known = {"reason": "复查", "now": NOW, "today": TODAY, "actor": story.hr}
    conclusion.reopen(appraisal=story.of(story.third), **known)
    assert "不写评语" in client.get(url).content.decode()  # the correction is theirs to prepare


@pytest.mark.parametrize("is_submitted", [True, False])
def test_a_decision_without_a_comment_locks_the_summary_like_any_other(story, client, is_submitted):
    """A button that came back would tell the person that they are under investigation."""
    story.open(is_prepared=is_submitted)
    if is_submitted:
        story.review(story.third)
    story.investigate(story.third)
    story.decide(story.third, Grade.NO_GRADE)
    one = story.of(story.third)
    assert (one.is_reviewed, one.is_decided) == (False, True)
    client.force_login(story.third.account)
    page = client.get(reverse("appraisals:summary", args=[one.pk])).content.decode()
    assert "撤回个人总结" not in page and 'name="submit"' not in page
    assert reverse("appraisals:summary", args=[one.pk]) not in [todo.url for todo in due(one.cadre.account, TODAY)]
    refused("reviewed", preparation.take_back_summary, appraisal=one, actor=story.third.account)
    client.force_login(story.hr)
    person = client.get(reverse("appraisals_admin:person", args=[one.pk])).content.decode()
    assert reverse("appraisals_admin:mark_post", args=[one.pk]) not in person


def test_the_committee_reads_and_keeps_of_discipline_what_bears_on_the_year_alone(story, client):
    """A demerit of 2025 still bars promotion in 2026, which is no matter of the grade of 2026."""
    story.warn(story.third, Action.ADMIN_DEMERIT, effective=dt.date(2025, 12, 20))
    story.warn(story.relative, Action.ADMIN_WARNING)
    story.open()
    story.review_all()
    client.force_login(story.committee[1])
    page = client.get(reverse("appraisals:committee_cycle", args=[story.cycle.pk])).content.decode()
    assert "政务警告" in page and "政务记过" not in page
    read = Entry.objects.filter(event="appraisal.grounds_read")
    assert [entry.target_id for entry in read] == [str(story.of(story.relative).pk)]
    assert story.decide(story.third, Grade.COMPETENT).grounds == []


def test_who_has_left_reads_no_public_notice(story, client, at):
    at("2026-12-01 09:00")
    objected(story, story.own)
    leaver = story.members[5]
    depart(
        cadre=leaver, kind=AssignmentKind.RESIGNED, first_day_out=TODAY, place="", reference="", today=TODAY,
        actor=story.hr,
    )  # fmt: skip
    url = reverse("appraisals:notice", args=[story.cycle.pk])
    for cadre, status in ((leaver, 404), (story.members[4], 200)):
        client.force_login(cadre.account)
        assert client.get(url).status_code == status


def test_a_page_that_shows_an_older_evaluation_overwrites_nothing(story, client, at):
    at("2026-12-01 09:00")
    story.open()
    one = story.of(story.head)
    known = {"held_on": "2026-12-01", "expected": 12, "attended": 11, "excellent": 11}
    others = ("competent", "basically_competent", "incompetent", "abstained", "invalid")
    known |= dict.fromkeys(others, 0)
    url = reverse("appraisals_admin:evaluation", args=[one.pk])
    client.force_login(story.hr)
    seen = client.get(url).content.decode().split('name="seen" value="')[1].split('"')[0]
    story.evaluate(one, expected=20)
    assert "已被修改" in client.post(url, known | {"seen": seen}).content.decode()
    one.refresh_from_db()
    assert one.evaluation.expected == 20
    seen = client.get(url).content.decode().split('name="seen" value="')[1].split('"')[0]
    client.post(url, known | {"seen": seen})
    one.evaluation.refresh_from_db()
    assert one.evaluation.excellent == 11


def test_an_objection_is_written_down_once(story):
    objected(story, story.own)
    known = {"raised_on": TODAY, "today": TODAY, "actor": story.hr, "appraisal": story.of(story.third)}
    refused("recorded", conclusion.record_objection, raised_by="反映0", text="问题0", **known)
    conclusion.record_objection(raised_by="反映0", text="另一个问题", **known)
    assert story.of(story.third).objections.count() == 2


def incompetent(story, at):
    """The third person's year is 不称职, and the notice is issued on 9 December."""
    at("2026-12-09 09:00")
    story.open()
    story.review_all()
    story.decide_all()
    story.decide(story.third, Grade.INCOMPETENT, seen=story.of(story.third).decided_at)
    publicity.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY)
    story.cycle = publicity.finalise(cycle=story.cycle, actor=story.hr, today=AFTER)
    issue(story)
    return reverse("appraisals:opinion", args=[story.of(story.third).pk])


def last_day(client, story, url):
    client.logout()  # days have passed
    client.force_login(story.third.account)
    return client.get(url).context["remedies"][0].deadline.last_day


def test_the_days_to_ask_for_a_review_run_from_the_first_look_not_from_the_signature(story, client, at):
    url = incompetent(story, at)
    at("2026-12-11 09:00")
    first = last_day(client, story, url)
    assert first == dt.date(2027, 1, 10)
    at("2026-12-20 09:00")
    assert last_day(client, story, url) == first
    sign(story, how="paper", on=dt.date(2026, 12, 18))
    assert last_day(client, story, url) == first


def sign(story, *, how, on):
    conclusion.record_opinion(
        appraisal=story.of(story.third),
        how=how,
        stance="agree" if how == "paper" else "",
        text="",
        signed_on=on,
        witness="乙",
        now=NOW,
        today=dt.date(2026, 12, 31),
        actor=story.hr,
    )


@pytest.mark.parametrize(("how", "expected"), [("paper", dt.date(2027, 1, 9)), ("unreachable", dt.date(2027, 1, 24))])
def test_who_could_not_be_reached_knows_nothing_by_that(story, client, at, how, expected):
    url = incompetent(story, at)
    sign(story, how=how, on=dt.date(2026, 12, 10))
    at("2026-12-25 09:00")
    assert last_day(client, story, url) == expected
