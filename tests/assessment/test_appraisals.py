"""A year's appraisal of one unit: opened by HR, reviewed by the head, decided by the committee within the quota."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from assessment.appraisals import actions, participation, preparation, publicity
from assessment.appraisals.enums import Grade, Stage
from assessment.appraisals.handlers import issue_documents
from assessment.appraisals.models import Appraisal, AppraisalCycle
from assessment.appraisals.notice_kinds import PUBLIC_NOTICE, RESULT_ISSUED
from foundation.audit.models import Entry
from foundation.notices.models import Notice
from foundation.offers.types import Refused
from foundation.people.careers import relate
from foundation.people.enums import Category, Kinship, Role
from foundation.people.models import Cadre
from foundation.rulebook.models import DayException
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

TODAY = dt.date(2026, 12, 1)
NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)


class Story:
    """Two sections of five; the first is appraised: its head, four members, and people outside the population."""

    def __init__(self):
        self.office = office()
        self.general, self.finance = section("办公室", self.office), section("财务处", self.office)
        self.members = [CadreFactory(unit=self.general, name=f"组员{n}") for n in range(8)]
        self.head = CadreFactory(unit=self.general, name="主任", post="主任")
        self.recruit = CadreFactory(
            unit=self.general, name="新人", probation_from=dt.date(2026, 7, 1), probation_to=dt.date(2027, 6, 30)
        )
        self.cook = CadreFactory(unit=self.general, name="厨师", category=Category.SUPPORT_WORKER)
        self.director = CadreFactory(unit=self.general, name="局长", is_leading_member=True)
        self.stranger = CadreFactory(unit=self.finance, name="外处")
        grant(self.head.account, Role.SECTION_HEAD, self.general)
        self.other_head = grant(CadreFactory(unit=self.finance).account, Role.SECTION_HEAD, self.finance)
        self.leader = grant(self.director.account, Role.LEADER, self.office)
        self.hr = grant(AccountFactory(name="人事"), Role.HR, self.office)
        self.committee = [grant(AccountFactory(name=f"委员{n}"), Role.COMMITTEE_MEMBER, self.office) for n in (1, 2)]

    def open(self, *, is_prepared=True):
        """Open the cycle; is_prepared: with everybody's summary and the head's evaluation."""
        self.cycle = participation.open_cycle(year=2026, unit=self.general, actor=self.hr, today=TODAY)
        for one in self.cycle.appraisals.select_related("cadre__account") if is_prepared else []:
            self.summarise(one)
        for one in self.cycle.appraisals.filter(holds_section_post=True) if is_prepared else []:
            self.evaluate(one)
        return self.cycle

    def summarise(self, one, *, submit=True, text="一年来，认真履行岗位职责。"):
        return preparation.save_summary(
            appraisal=one,
            duties="综合协调",
            training="无",
            text=text,
            submit=submit,
            seen=getattr(getattr(one, "summary", None), "saved_at", None),
            now=NOW,
            actor=one.cadre.account,
        )

    def evaluate(self, one, **changes):
        known = {"held_on": TODAY, "expected": 12, "attended": 11, "abstained": 1, "invalid": 0} | changes
        votes = {"excellent": 6, "competent": 4, "basically_competent": 0, "incompetent": 0}
        return preparation.record_evaluation(appraisal=one, votes=votes, now=NOW, today=TODAY, actor=self.hr, **known)

    def of(self, cadre):
        return Appraisal.objects.get(cadre=cadre)

    def review_all(self):
        for one in Appraisal.objects.select_related("cadre"):
            by = self.leader if one.cadre == self.head else self.head.account
            grade = Grade.NO_GRADE if one.is_comment_only else Grade.EXCELLENT
            actions.write_review(appraisal=one, comment="踏实", proposed_grade=grade, seen=None, now=NOW, actor=by)

    def decide(self, cadre, grade, *, by=None, seen=None):
        one = self.of(cadre)
        return actions.decide(
            appraisal=one, grade=grade, seen=seen, seen_review=one.reviewed_at, now=NOW, actor=by or self.committee[0]
        )

    def decide_all(self):
        self.decide(self.members[0], Grade.EXCELLENT)
        self.decide(self.members[1], Grade.EXCELLENT)
        self.decide(self.recruit, Grade.NO_GRADE)
        for one in [*self.members[2:], self.head]:
            self.decide(one, Grade.COMPETENT)


@pytest.fixture
def story(db):
    return Story()


def test_opening_freezes_who_takes_part(story):
    cycle = story.open()
    assert set(cycle.appraisals.values_list("name", flat=True)) == {c.name for c in story.members} | {"主任", "新人"}
    assert (cycle.base, cycle.quota) == (10, 2)
    assert story.of(story.recruit).is_comment_only
    story.members[0].unit = story.finance
    story.members[0].save()
    assert story.of(story.members[0]).unit_name == "办公室"


def test_a_year_is_opened_once_also_through_a_larger_unit(story):
    story.open()
    for unit in (story.general, story.office):
        with pytest.raises(Refused) as refused:
            participation.open_cycle(year=2026, unit=unit, actor=story.hr, today=TODAY)
        assert refused.value.code == "cycle_exists"


def test_nobody_reviews_or_decides_on_themself(story):
    story.open()
    with pytest.raises(Refused) as refused:
        actions.write_review(
            appraisal=story.of(story.head),
            comment="我很好",
            proposed_grade=Grade.EXCELLENT,
            seen=None,
            now=NOW,
            actor=story.head.account,
        )
    assert refused.value.code == "own_review"
    story.review_all()
    grant(story.head.account, Role.COMMITTEE_MEMBER, story.office)
    with pytest.raises(Refused) as refused:
        story.decide(story.head, Grade.EXCELLENT, by=story.head.account)
    assert refused.value.code == "own_decision"


def test_no_decision_before_the_review(story):
    story.open()
    with pytest.raises(Refused) as refused:
        story.decide(story.members[0], Grade.COMPETENT)
    assert refused.value.code == "not_reviewed"


def test_excellent_stops_at_the_quota_and_a_changed_mind_frees_a_place(story):
    story.open()
    story.review_all()
    story.decide(story.members[0], Grade.EXCELLENT)
    first = story.decide(story.members[1], Grade.EXCELLENT)
    with pytest.raises(Refused) as refused:
        story.decide(story.members[2], Grade.EXCELLENT)
    assert refused.value.code == "quota_full"
    assert "应参加 10 人" in str(refused.value) and "20%" in str(refused.value)
    story.decide(story.members[1], Grade.COMPETENT, seen=first.decided_at)
    story.decide(story.members[2], Grade.EXCELLENT)
    assert Appraisal.objects.filter(grade=Grade.EXCELLENT).count() == 2


def test_a_recruit_gets_no_grade_whatever_is_sent(story):
    story.open()
    story.review_all()
    with pytest.raises(Refused) as refused:
        story.decide(story.recruit, Grade.COMPETENT)
    assert refused.value.code == "grade_not_allowed" and "A7" in str(refused.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.filter(cadre=story.recruit).update(grade=Grade.COMPETENT, decided_at=NOW)


def test_a_page_that_shows_an_older_decision_is_refused(story):
    story.open()
    story.review_all()
    story.decide(story.members[0], Grade.COMPETENT)
    with pytest.raises(Refused) as refused:
        story.decide(story.members[0], Grade.INCOMPETENT, by=story.committee[1], seen=None)
    assert refused.value.code == "stale"
    assert story.of(story.members[0]).grade == Grade.COMPETENT


def test_the_notice_runs_five_working_days_and_only_then_the_result_is_final(story):
    story.open()
    story.review_all()
    with pytest.raises(Refused) as refused:
        publicity.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY)
    assert refused.value.code == "undecided"
    story.decide_all()
    cycle = publicity.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY)
    assert cycle.notice_to == dt.date(2026, 12, 8)  # 2, 3, 4, 7 and 8 December are the five working days
    with pytest.raises(Refused) as refused:
        story.decide(story.members[5], Grade.INCOMPETENT, seen=NOW)
    assert refused.value.code == "not_open"
    with pytest.raises(Refused) as refused:
        publicity.finalise(cycle=cycle, actor=story.hr, today=dt.date(2026, 12, 8))
    assert refused.value.code == "notice_running"
    assert publicity.finalise(cycle=cycle, actor=story.hr, today=dt.date(2026, 12, 9)).stage == Stage.FINAL
    assert Entry.objects.filter(event="appraisal.decided").count() == 10


def test_each_sees_their_own_people_only(story, client):
    story.open()
    one, stranger_list = story.of(story.members[0]), reverse("appraisals:review")
    cases = [
        (story.head.account, 200),
        (story.leader, 200),
        (story.other_head, 404),
        (story.members[1].account, 403),
        (story.hr, 403),
    ]
    for account, status in cases:
        client.force_login(account)
        assert client.get(reverse("appraisals:review_one", args=[one.pk])).status_code == status, account
    client.force_login(story.other_head)
    assert "组员0" not in client.get(stranger_list).content.decode()
    client.force_login(story.head.account)
    page = client.get(stranger_list).content.decode()
    assert "组员0" in page and "厨师" not in page
    assert page.count(f"/appraisals/review/{story.of(story.head).pk}/") == 0


def test_grades_stay_unseen_until_final_and_only_excellent_is_published(story, client):
    story.open()
    story.review_all()
    story.decide_all()
    member = story.members[0].account
    client.force_login(member)
    assert "优秀" not in client.get(reverse("appraisals:mine")).content.decode()
    publicity.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY)
    page = client.get(reverse("appraisals:notice", args=[story.cycle.pk])).content.decode()
    assert "组员0" in page and "组员1" in page and "组员2" not in page
    outsider = CadreFactory(unit=office("省机关事务管理局"))
    client.force_login(outsider.account)
    assert client.get(reverse("appraisals:notice", args=[story.cycle.pk])).status_code == 404


def test_the_committee_page_decides_and_names_what_is_left(story, client):
    story.open()
    story.review_all()
    client.force_login(story.committee[0])
    url = reverse("appraisals:decide", args=[story.of(story.members[0]).pk])
    shown = {"seen": "", "seen_review": story.of(story.members[0]).reviewed_at.isoformat()}
    client.post(url, {"grade": "excellent", **shown})
    page = client.get(reverse("appraisals:committee_cycle", args=[story.cycle.pk])).content.decode()
    assert "已确定 组员0：优秀" in page and "<small>/ 2</small>" in page
    assert story.of(story.members[0]).grade == Grade.EXCELLENT
    client.force_login(story.head.account)
    assert client.post(url, {"grade": "competent", **shown}).status_code == 403


@pytest.mark.parametrize("people", [1, 3])
def test_the_committee_page_costs_the_same_for_one_and_for_many(story, client, people, django_assert_max_num_queries):
    for cadre in [*story.members[people:], story.recruit, story.head]:
        cadre.category = Category.CONTRACT
        cadre.save()
    story.open()
    client.force_login(story.committee[0])
    client.get(reverse("desk:home"))  # the first page of a session asks more
    with django_assert_max_num_queries(31):
        client.get(reverse("appraisals:committee_cycle", args=[story.cycle.pk]))


def test_nobody_reads_what_is_written_about_them_before_it_is_final(story, client):
    """The head by the own review page, a committee member and an HR officer who are appraised themselves."""
    grant(story.head.account, Role.COMMITTEE_MEMBER, story.office)
    grant(story.members[0].account, Role.HR, story.office)
    story.open()
    for one in Appraisal.objects.select_related("cadre"):
        by = story.leader if one.cadre == story.head else story.head.account
        grade = Grade.NO_GRADE if one.is_comment_only else Grade.EXCELLENT
        comment = f"关于{one.name}的评语"
        actions.write_review(appraisal=one, comment=comment, proposed_grade=grade, seen=None, now=NOW, actor=by)
    story.decide(story.members[0], Grade.EXCELLENT)
    story.decide(story.head, Grade.EXCELLENT)
    client.force_login(story.head.account)
    assert client.get(reverse("appraisals:review_one", args=[story.of(story.head).pk])).status_code == 404
    page = client.get(reverse("appraisals:committee_cycle", args=[story.cycle.pk])).content.decode()
    own, others = page.split(f'id="a{story.of(story.head).pk}"')[1].split("</li>")[0], page
    assert "评语" not in own and "优秀" not in own and "由其他委员确定" in own
    assert "关于组员0的评语" in others
    client.force_login(story.members[0].account)
    page = client.get(reverse("appraisals_admin:cycle", args=[story.cycle.pk])).content.decode()
    rows = {
        one.name: page.split(f'data-person="{one.work_number}"')[1].split("</tr>")[0]
        for one in (story.members[0], story.head)
    }
    assert "优秀" not in rows["组员0"] and "由他人办理" in rows["组员0"]
    assert "优秀" in rows["主任"]


def test_who_began_after_the_year_is_not_in_its_base(story):
    late = CadreFactory(
        unit=story.general, name="新年来的", probation_from=dt.date(2027, 1, 1), probation_to=dt.date(2027, 12, 31)
    )
    cycle = participation.open_cycle(year=2026, unit=story.general, actor=story.hr, today=dt.date(2027, 1, 10))
    assert cycle.base == 10 and not Appraisal.objects.filter(cadre=late).exists()


def test_who_moves_in_from_an_appraised_unit_stays_in_that_cycle(story, client):
    story.open()
    moved = story.members[3]
    moved.unit = story.finance
    moved.save()
    client.force_login(story.hr)
    page = client.post(
        reverse("appraisals_admin:open"), {"year": 2026, "unit": story.finance.pk}, follow=True
    ).content.decode()
    assert "组员3 已在 办公室 2026 年度考核 中" in page
    assert Appraisal.objects.get(cadre=moved).cycle == story.cycle
    assert AppraisalCycle.objects.get(unit=story.finance).base == 2


def test_the_committee_decides_only_on_the_review_that_it_has_seen(story):
    story.open()
    story.review_all()
    one = story.of(story.members[0])
    later = NOW + dt.timedelta(minutes=1)
    actions.write_review(
        appraisal=one,
        comment="发现重大失误",
        proposed_grade=Grade.INCOMPETENT,
        seen=one.reviewed_at,
        now=later,
        actor=story.head.account,
    )
    with pytest.raises(Refused) as refused:
        actions.decide(
            appraisal=one, grade=Grade.EXCELLENT, seen=None, seen_review=NOW, now=later, actor=story.committee[0]
        )
    assert refused.value.code == "stale"


def test_a_section_head_does_not_rewrite_the_leaders_review(story):
    story.open()
    one = story.of(story.members[0])
    actions.write_review(
        appraisal=one, comment="领导写的", proposed_grade=Grade.COMPETENT, seen=None, now=NOW, actor=story.leader
    )
    with pytest.raises(Refused) as refused:
        actions.write_review(
            appraisal=one,
            comment="改写",
            proposed_grade=Grade.EXCELLENT,
            seen=NOW,
            now=NOW,
            actor=story.head.account,
        )
    assert refused.value.code == "leader_reviewed"


def test_a_withdrawn_notice_opens_the_grades_and_runs_anew(story, client):
    story.open()
    story.review_all()
    story.decide_all()
    publicity.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY)
    url = reverse("appraisals_admin:withdraw_notice", args=[story.cycle.pk])
    client.force_login(story.hr)
    client.post(url, {"reason": ""})
    story.cycle.refresh_from_db()
    assert story.cycle.stage == Stage.PUBLIC_NOTICE
    client.post(url, {"reason": "异议属实"})
    story.cycle.refresh_from_db()
    assert (story.cycle.stage, story.cycle.notice_to) == (Stage.OPEN, None)
    assert Entry.objects.get(event="appraisal.notice_withdrawn").data["reason"] == "异议属实"
    story.decide(story.members[0], Grade.COMPETENT, seen=NOW)
    again = publicity.start_notice(cycle=story.cycle, actor=story.hr, today=dt.date(2026, 12, 4))
    assert again.notice_to == dt.date(2026, 12, 11)


def test_the_notice_is_counted_again_when_it_is_confirmed(story):
    """A holiday set after the notice went up moves its end."""
    story.open()
    story.review_all()
    story.decide_all()
    cycle = publicity.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY)
    DayException.objects.create(day=dt.date(2026, 12, 7), is_working=False, reason="地方节日")
    with pytest.raises(Refused) as refused:
        publicity.finalise(cycle=cycle, actor=story.hr, today=dt.date(2026, 12, 9))
    assert "2026年12月9日" in str(refused.value)
    assert publicity.finalise(cycle=cycle, actor=story.hr, today=dt.date(2026, 12, 10)).is_final


@pytest.mark.django_db(transaction=True)
def test_two_committee_members_at_once_cannot_pass_the_quota():
    story = Story()
    story.open()
    story.review_all()
    story.decide(story.members[0], Grade.EXCELLENT)
    start, outcomes = threading.Barrier(6), []

    def click(cadre, account):
        start.wait()
        try:
            story.decide(cadre, Grade.EXCELLENT, by=account)
            outcomes.append("excellent")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    clicks = [
        threading.Thread(target=click, args=(cadre, story.committee[n % 2]))
        for n, cadre in enumerate(story.members[1:7])
    ]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert sorted(outcomes) == ["excellent"] + ["quota_full"] * 5
    cycle = AppraisalCycle.objects.get()
    assert cycle.appraisals.filter(grade=Grade.EXCELLENT).count() == cycle.quota == 2


def test_relatives_neither_review_nor_decide_on_each_other(story, client):
    wife, husband = story.members[0], story.head
    relate(cadre=wife, other=husband, kinship=Kinship.SPOUSE, on=dt.date(2020, 1, 1), actor=story.hr)
    sister = CadreFactory(unit=story.office, account=story.committee[0])
    relate(cadre=wife, other=sister, kinship=Kinship.COLLATERAL_BLOOD, on=dt.date(2020, 1, 1), actor=story.hr)
    story.open()
    client.force_login(story.head.account)
    listed = {one.cadre for one in client.get(reverse("appraisals:review")).context["people"]}
    assert listed == {*story.members[1:], story.recruit}
    assert client.get(reverse("appraisals:review_one", args=[story.of(wife).pk])).status_code == 404
    known = {"comment": "踏实", "proposed_grade": Grade.COMPETENT, "seen": None, "now": NOW}
    with pytest.raises(Refused) as refused:
        actions.write_review(appraisal=story.of(wife), actor=story.head.account, **known)
    assert refused.value.code == "avoidance"
    actions.write_review(appraisal=story.of(wife), actor=story.leader, **known)
    with pytest.raises(Refused) as refused:
        story.decide(wife, Grade.COMPETENT)
    assert refused.value.code == "avoidance"
    client.force_login(story.committee[0])
    rows = client.get(reverse("appraisals:committee_cycle", args=[story.cycle.pk])).context["rows"]
    assert {row["appraisal"].cadre for row in rows if row["appraisal"].is_veiled} == {wife}
    story.decide(wife, Grade.COMPETENT, by=story.committee[1])
    assert story.of(wife).grade == Grade.COMPETENT


def test_the_unit_is_told_of_the_notice_and_each_of_their_paper_but_never_of_a_grade(story, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    left = CadreFactory(unit=story.general, left_on=TODAY, category=Category.SUPPORT_WORKER)
    story.open()
    story.review_all()
    story.decide_all()
    publicity.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY)
    told = Notice.objects.filter(kind=PUBLIC_NOTICE)
    unit = Cadre.objects.filter(unit=story.general).exclude(pk=left.pk)
    assert set(told.values_list("account", flat=True)) == set(unit.values_list("account", flat=True))
    assert not told.filter(account__in=[story.stranger.account_id, left.account_id]).exists()
    publicity.finalise(cycle=story.cycle, actor=story.hr, today=dt.date(2026, 12, 9))
    for _time in range(2):
        issue_documents(actor=story.hr, progress=lambda *said: None, cycle=story.cycle.pk)
    papers = Notice.objects.filter(kind=RESULT_ISSUED)
    appraised = story.cycle.appraisals.values_list("cadre__account", flat=True)
    assert sorted(papers.values_list("account", flat=True)) == sorted(appraised)
    assert not any(str(grade) in str(one) for one in papers for grade in Grade.labels)
