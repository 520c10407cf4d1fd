"""The steps of a year in their order, what each refuses and by which rule; what records change on the way."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessment.appraisals import actions, conclusion, participation, preparation, publicity, queries
from assessment.appraisals.enums import Grade, SignedHow, Stage, Stance
from assessment.appraisals.handlers import issue_forms
from assessment.appraisals.models import Appraisal, Objection
from assessment.discipline import actions as discipline
from assessment.discipline.enums import NO_SANCTION, Action
from foundation.audit.models import Entry
from foundation.documents.models import IssuedDocument
from foundation.offers.types import Refused
from foundation.people.careers import add_assignment, add_leave, depart
from foundation.people.enums import AssignmentKind, LeaveKind, Role
from tests.assessment.test_appraisal_documents import issue
from tests.assessment.test_appraisals import NOW, TODAY, Story
from tests.factories.people import AccountFactory, CadreFactory, grant

AFTER = dt.date(2026, 12, 9)
AFTER_NOW = dt.datetime(2026, 12, 9, 9, tzinfo=dt.UTC)


class WithDiscipline(Story):
    """The appraisal's story with an officer who writes down what happened."""

    def __init__(self):
        super().__init__()
        self.officer = grant(AccountFactory(name="纪检"), Role.DISCIPLINE_OFFICER, self.office)
        self.written = {"now": NOW, "today": TODAY, "actor": self.officer}

    def warn(self, cadre, code=Action.ADMIN_WARNING, *, effective=dt.date(2026, 11, 2)):
        return discipline.add_record(
            cadre=cadre,
            code=code,
            effective=effective,
            organ="市监察委员会",
            document="监决〔2026〕3号",
            basis="政务处分法",
            case=None,
            **self.written,
        )

    def investigate(self, cadre):
        return discipline.open_case(cadre=cadre, opened=dt.date(2026, 11, 2), reference="立〔2026〕8号", **self.written)

    def review_all(self):
        for one in Appraisal.objects.select_related("cadre"):
            grade = Grade.NO_GRADE if one.is_comment_only else Grade.COMPETENT
            self.review(one.cadre, grade, by=self.leader if one.cadre == self.head else None)

    def review(self, cadre, grade=Grade.COMPETENT, *, by=None):
        one = self.of(cadre)
        return actions.write_review(
            appraisal=one,
            comment="踏实",
            proposed_grade=grade,
            seen=one.reviewed_at,
            now=NOW,
            actor=by or self.head.account,
        )

    def finish(self):
        self.review_all()
        self.decide_all()
        publicity.start_notice(cycle=self.cycle, actor=self.hr, today=TODAY)
        self.cycle = publicity.finalise(cycle=self.cycle, actor=self.hr, today=AFTER)


@pytest.fixture
def story(db):
    return WithDiscipline()


def refused(code, act, *args, **kwargs):
    """The sentence of the refusal, which must have this code."""
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    assert caught.value.code == code
    return str(caught.value)


# ---- who takes part


def test_who_is_elsewhere_or_gone_is_listed_apart_and_does_not_count(story):
    away, retired, old, transferred = (CadreFactory(unit=story.general, name=name) for name in "援退老调")
    add_assignment(
        cadre=away, kind=AssignmentKind.SECONDMENT, first=dt.date(2026, 2, 1), last=None, today=TODAY, actor=story.hr
    )
    for cadre, kind, day in (
        (retired, AssignmentKind.RETIRED, dt.date(2026, 9, 1)),
        (old, AssignmentKind.RETIRED, dt.date(2023, 9, 1)),
        (transferred, AssignmentKind.TRANSFER_OUT, dt.date(2026, 6, 1)),
    ):
        depart(cadre=cadre, kind=kind, first_day_out=day, place="", reference="", today=TODAY, actor=story.hr)
    cycle = story.open()
    assert cycle.base == 10
    assert dict(cycle.set_apart.values_list("name", "ceiling")) == {
        "援": "appraised_elsewhere",
        "退": "not_appraised",
        "调": "appraised_elsewhere",
    }


def test_who_leaves_while_the_cycle_is_open_is_taken_out_by_hr_and_can_come_back(story, client):
    story.open()
    member = story.members[0]
    refused("takes_part", participation.set_apart, appraisal=story.of(member), today=TODAY, actor=story.hr)
    add_assignment(
        cadre=member, kind=AssignmentKind.SECONDMENT, first=dt.date(2026, 2, 1), last=None, today=TODAY, actor=story.hr
    )
    assert "人事处移出" in refused("not_ours", story.review, member)
    client.force_login(story.hr)
    page = client.get(reverse("appraisals_admin:cycle", args=[story.cycle.pk])).content.decode()
    assert "不应列入本次考核" in page
    client.post(reverse("appraisals_admin:set_apart", args=[story.of(member).pk]))
    story.cycle.refresh_from_db()
    assert (story.cycle.base, story.cycle.appraisals.count()) == (9, 9)
    back = {"cycle": story.cycle, "work_number": member.work_number, "today": TODAY, "actor": story.hr}
    refused("not_ours", participation.take_in, **back)
    member.assignments.update(valid_to=dt.date(2026, 3, 1))
    assert participation.take_in(**back).summary.text == "一年来，认真履行岗位职责。"
    story.cycle.refresh_from_db()
    assert (story.cycle.base, story.cycle.set_apart.count()) == (10, 0)


# ---- summary and evaluation


def test_a_summary_is_a_draft_then_submitted_and_taken_back_until_it_is_reviewed(story):
    story.open(is_prepared=False)
    member = story.members[0]
    assert "A6-1" in refused("no_summary", story.review, member)
    story.summarise(story.of(member), submit=False)
    refused("no_summary", story.review, member)
    refused("empty", story.summarise, story.of(member), text=" ")
    story.summarise(story.of(member))
    refused("submitted", story.summarise, story.of(member))
    preparation.take_back_summary(appraisal=story.of(member), actor=member.account)
    refused("no_summary", story.review, member)
    story.summarise(story.of(member))
    story.review(member)
    refused("reviewed", preparation.take_back_summary, appraisal=story.of(member), actor=member.account)


def test_nobody_writes_somebody_elses_summary_and_an_old_page_overwrites_nothing(story, client):
    story.open(is_prepared=False)
    one = story.of(story.members[0])
    known = {"duties": "a", "training": "", "text": "b", "submit": False, "now": NOW}
    refused("not_own", preparation.save_summary, appraisal=one, seen=None, actor=story.members[1].account, **known)
    story.summarise(one, submit=False)
    refused("stale", preparation.save_summary, appraisal=one, seen=None, actor=story.members[0].account, **known)
    client.force_login(story.members[1].account)
    assert client.get(reverse("appraisals:summary", args=[one.pk])).status_code == 404
    client.force_login(story.members[0].account)
    assert "一年来" in client.get(reverse("appraisals:summary", args=[one.pk])).content.decode()


def test_hr_notes_why_there_is_no_summary_and_that_grades_nobody(story):
    story.open(is_prepared=False)
    one = story.of(story.members[0])
    known = {"now": NOW, "today": TODAY, "actor": story.hr}
    refused("no_reason", preparation.waive_summary, appraisal=one, reason=" ", **known)
    preparation.waive_summary(appraisal=one, reason="长期病假", **known)
    story.review(story.members[0])
    assert story.of(story.members[0]).grade == ""


def test_the_head_is_evaluated_first_and_the_votes_add_up(story):
    story.open(is_prepared=False)
    head = story.of(story.head)
    assert head.holds_section_post and not story.of(story.members[0]).holds_section_post
    story.summarise(head)
    assert "A6-2" in refused("no_evaluation", story.review, story.head, by=story.leader)
    assert "12 张" in refused("votes", story.evaluate, head, abstained=2)
    refused("votes", story.evaluate, head, expected=10)
    refused("future", story.evaluate, head, held_on=dt.date(2026, 12, 2))
    story.evaluate(head)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(head.evaluation).objects.update(invalid=3)
    story.review(story.head, by=story.leader)


def test_hr_marks_who_holds_a_sections_post(story):
    story.open()
    one = story.of(story.members[0])
    preparation.mark_post(appraisal=one, holds=True, today=TODAY, actor=story.hr)
    refused("no_evaluation", story.review, story.members[0])
    preparation.mark_post(appraisal=one, holds=False, today=TODAY, actor=story.hr)
    story.review(story.members[0])


# ---- ceilings


def test_a_warning_bars_excellent_and_only_the_committee_reads_why(story, client):
    story.open()
    punished = story.members[0]
    story.warn(punished)
    sentence = refused("grade_not_allowed", story.review, punished, Grade.EXCELLENT)
    assert "规则 B4" in sentence and "警告" not in sentence
    story.review(punished)
    restriction = "按有关规定，本年度不得确定为优秀（规则 B4）"
    for account, url in (
        (story.head.account, reverse("appraisals:review_one", args=[story.of(punished).pk])),
        (story.hr, reverse("appraisals_admin:cycle", args=[story.cycle.pk])),
        (story.hr, reverse("appraisals_admin:person", args=[story.of(punished).pk])),
    ):
        client.force_login(account)
        page = client.get(url).content.decode()
        assert restriction in page and "政务警告" not in page and "监决" not in page, url
    assert not Entry.objects.filter(event="appraisal.grounds_read").exists()
    client.force_login(story.committee[0])
    page = client.get(reverse("appraisals:committee_cycle", args=[story.cycle.pk])).content.decode()
    assert "政务警告" in page and "查看已记录" in page
    assert [entry.target_name for entry in Entry.objects.filter(event="appraisal.grounds_read")] == [
        "组员0 2026 年度考核"
    ]
    refused("grade_not_allowed", story.decide, punished, Grade.EXCELLENT)
    decided = story.decide(punished, Grade.COMPETENT)
    assert decided.ceiling == "not_excellent" and decided.grounds[0]["rule"] == "B4/admin.warning"
    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.filter(pk=decided.pk).update(grade=Grade.EXCELLENT)


def test_an_open_case_takes_comment_and_grade_and_its_end_gives_them_back(story):
    story.open()
    person = story.members[0]
    story.review(person)
    case = story.investigate(person)
    sentence = refused("no_comment", story.review, person)
    assert "不写评语、不确定等次" in sentence and "立案" not in sentence
    refused("grade_not_allowed", story.decide, person, Grade.COMPETENT)
    decided = story.decide(person, Grade.NO_GRADE)
    assert (decided.treatment, decided.comment, decided.reviewed_at) == ("neither", "", None)
    discipline.close_case(
        case=case, closed=dt.date(2026, 11, 30), outcome=NO_SANCTION, reference="结〔2026〕8号", **story.written
    )
    refused("not_reviewed", story.decide, person, Grade.COMPETENT, seen=NOW)
    [row] = queries.affected_of([story.of(person)], today=TODAY)
    assert (row.before, row.after, row.reasons) == ("不确定等次", "无限制", [])


def test_long_sick_leave_is_told_in_full_to_everybody_who_decides(story, client):
    story.open()
    ill = story.members[0]
    add_leave(cadre=ill, kind=LeaveKind.SICK, first=dt.date(2026, 2, 1), last=dt.date(2026, 9, 30), actor=story.hr)
    client.force_login(story.head.account)
    page = client.get(reverse("appraisals:review_one", args=[story.of(ill).pk])).content.decode()
    assert "累计242天" in page and "规则 A7/27" in page
    assert story.review(ill, Grade.NO_GRADE).treatment == "comment_only"


def test_where_no_rule_speaks_the_organ_determines(story):
    story.open()
    person = story.members[0]
    known = {"organ": "市委组织部", "document": "组函〔2026〕5号", "determined_on": TODAY}
    known |= {"appraisal": story.of(person), "today": TODAY, "actor": story.hr}
    refused("has_rule", preparation.determine, ceiling="not_excellent", **known)
    story.warn(person, Action.INST_WARNING)  # an institution's sanction on a civil servant
    assert "A1-3" in refused("undetermined", story.review, person)
    preparation.determine(ceiling="not_excellent", **known)
    refused("grade_not_allowed", story.review, person, Grade.EXCELLENT)
    story.review(person)
    assert story.decide(person, Grade.COMPETENT).grounds[0]["zh"].startswith("市委组织部于2026-12-01以组函")


def test_a_record_after_the_decision_keeps_the_notice_back_until_it_is_decided_again(story, client):
    story.open()
    story.review_all()
    story.decide_all()
    story.written["now"] = NOW + dt.timedelta(minutes=1)
    story.warn(story.members[0])
    assert "组员0" in refused("changed", publicity.start_notice, cycle=story.cycle, actor=story.hr, today=TODAY)
    client.force_login(story.hr)
    desk = client.get(reverse("desk:home")).content.decode()
    page = client.get(reverse("appraisals_admin:cycle", args=[story.cycle.pk])).content.decode()
    assert "有 1 人的考核年度受记录变化影响" in desk
    assert "等次上限由“无限制”变为“不得确定为优秀”" in page and "政务警告" not in page
    story.decide(story.members[0], Grade.COMPETENT, seen=NOW)
    assert publicity.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY).stage == Stage.PUBLIC_NOTICE


# ---- quota


def test_a_higher_percentage_is_a_record_of_its_approval(story):
    cycle = story.open()
    known = {"approved_by": "市委组织部", "document": "组函〔2026〕1号", "approved_on": TODAY}
    known |= {"cycle": cycle, "today": TODAY, "actor": story.hr}
    for percent in (Decimal(20), Decimal(26)):
        assert "25%" in refused("percent", participation.approve_quota, percent=percent, **known)
    refused("future", participation.approve_quota, percent=Decimal(25), **known | {"approved_on": AFTER})
    assert participation.approve_quota(percent=Decimal(25), **known).quota == 2
    for _number in range(2):
        late = CadreFactory(unit=story.general)
        participation.take_in(cycle=cycle, work_number=late.work_number, today=TODAY, actor=story.hr)
    cycle.refresh_from_db()
    assert (cycle.base, cycle.quota, cycle.approvals.get().document) == (12, 3, "组函〔2026〕1号")


# ---- objections


def test_an_objection_keeps_the_result_back_until_it_is_answered_and_acted_on(story):
    story.open()
    story.review_all()
    story.decide_all()
    known = {"raised_by": "匿名", "raised_on": TODAY, "text": "工作不实", "today": TODAY, "actor": story.hr}
    refused("not_in_notice", conclusion.record_objection, appraisal=story.of(story.members[0]), **known)
    publicity.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY)
    refused("not_in_notice", conclusion.record_objection, appraisal=story.of(story.members[5]), **known)
    objection = conclusion.record_objection(appraisal=story.of(story.members[0]), **known)
    finalise = {"cycle": story.cycle, "actor": story.hr, "today": AFTER}
    refused("objection", publicity.finalise, **finalise)
    answer = {"answer": "经核实属实", "today": AFTER, "actor": story.hr}
    conclusion.answer_objection(objection=objection, outcome="upheld", **answer)
    refused("answered", conclusion.answer_objection, objection=objection, outcome="dismissed", **answer)
    refused("objection_upheld", publicity.finalise, **finalise)
    publicity.withdraw_notice(cycle=story.cycle, reason="异议成立", now=AFTER_NOW, actor=story.hr)
    refused("objection_upheld", publicity.start_notice, cycle=story.cycle, actor=story.hr, today=AFTER)
    story.decide(story.members[0], Grade.COMPETENT, seen=NOW)
    publicity.start_notice(cycle=story.cycle, actor=story.hr, today=AFTER)
    assert publicity.finalise(**finalise | {"today": dt.date(2026, 12, 17)}).is_final
    assert Objection.objects.get().acted_at == NOW  # of the decision


# ---- opinion, filing, correction


@pytest.fixture
def final(story, at):
    at("2026-12-09 09:00")
    story.open()
    story.finish()
    issue(story)
    return story


def test_the_person_signs_once_with_the_password_on_the_notice_that_was_shown(final, client):
    person = final.members[2]
    account = person.account
    account.set_password("correct horse")
    account.save()
    client.force_login(account)
    url = reverse("appraisals:opinion", args=[final.of(person).pk])
    page = client.get(url).content.decode()
    serial = page.split('name="seen" value="')[1].split('"')[0]
    assert serial == IssuedDocument.objects.get(kind=conclusion.NOTICE, source_pk=final.of(person).pk).serial
    asked = {"read": "on", "stance": "agree", "text": "", "seen": serial}
    assert "密码不对" in client.post(url, asked | {"password": "wrong"}).content.decode()
    right = asked | {"password": "correct horse"}
    assert "请写明意见" in client.post(url, right | {"stance": "disagree"}).content.decode()
    assert "已经换发" in client.post(url, right | {"seen": "TZ-2020-OLD"}).content.decode()
    assert final.of(person).opinions.count() == 0
    assert "已签署，编号 YJ20261209-" in client.post(url, right, follow=True).content.decode()
    client.post(url, right)
    opinion = final.of(person).opinions.get()
    assert (opinion.how, opinion.stance, opinion.notice_serial) == (SignedHow.SYSTEM, Stance.AGREE, serial)
    client.force_login(final.members[3].account)
    assert client.get(url).status_code == 404


def test_hr_notes_paper_refusal_and_absence_with_a_witness(final):
    known = {"text": "", "signed_on": AFTER, "now": AFTER_NOW, "today": AFTER, "actor": final.hr}
    one = final.of(final.members[2])
    refused("no_witness", conclusion.record_opinion, appraisal=one, how="refused", stance="", witness="", **known)
    refused("no_stance", conclusion.record_opinion, appraisal=one, how="paper", stance="", witness="王五", **known)
    early = known | {"signed_on": dt.date(2026, 12, 8)}
    refused("signed_on", conclusion.record_opinion, appraisal=one, how="refused", stance="", witness="王五", **early)
    refused("stance", conclusion.record_opinion, appraisal=one, how="refused", stance="agree", witness="王五", **known)
    own = {"appraisal": one, "how": "refused", "stance": "", "witness": f" {final.hr.name} "}
    refused("own_witness", conclusion.record_opinion, **own, **known)
    made = conclusion.record_opinion(appraisal=one, how="refused", stance="", witness="王五", **known)
    assert (made.stance, made.witness) == ("", "王五")
    refused("signed", conclusion.record_opinion, appraisal=one, how="refused", stance="", witness="王五", **known)


def sign_all(story):
    for one in story.cycle.appraisals.all():
        conclusion.record_opinion(
            appraisal=one,
            how="paper",
            stance="agree",
            text="",
            signed_on=AFTER,
            witness="王五",
            now=AFTER_NOW,
            today=AFTER,
            actor=story.hr,
        )


def form_all(story):
    """The registration form of everybody who has signed."""
    issue_forms(actor=story.hr, progress=lambda *said: None, cycle=story.cycle.pk)


def test_only_who_has_notice_opinion_and_form_is_filed(final):
    everybody = {"appraisals": final.cycle.appraisals.all(), "cycle": final.cycle, "today": AFTER, "actor": final.hr}
    refused("nothing_to_file", conclusion.file, **everybody)
    sign_all(final)
    refused("nothing_to_file", conclusion.file, **everybody)
    conclusion.revoke(document=queries.papers([final.of(final.members[4])]).get(), reason="换发", actor=final.hr)
    form_all(final)
    assert conclusion.file(**everybody) == 9
    assert [one.name for one in final.cycle.appraisals.filter(filed_on=None)] == ["组员4"]
    refused("nothing_to_file", conclusion.file, **everybody)


def test_a_correction_is_a_new_decision_with_papers_revoked_and_the_quota_kept(final, client):
    sign_all(final)
    form_all(final)
    everybody = {"appraisals": final.cycle.appraisals.all(), "cycle": final.cycle, "today": AFTER, "actor": final.hr}
    conclusion.file(**everybody)
    person = final.members[2]
    at_hr = {"appraisal": final.of(person), "today": AFTER, "actor": final.hr}
    refused("no_reason", conclusion.reopen, reason=" ", now=AFTER_NOW, **at_hr)
    conclusion.reopen(reason="复核改定", now=AFTER_NOW, **at_hr)
    one = final.of(person)
    assert (one.grade, one.filed_on, one.opinions.get().superseded_at) == ("", None, AFTER_NOW)
    assert not queries.papers([one]).exists()
    client.force_login(person.account)
    page = client.get(reverse("appraisals:mine")).content.decode()
    assert "正在更正" in page and "称职" not in page
    refused("undecided", conclusion.complete_correction, **at_hr)
    refused("quota_full", final.decide, person, Grade.EXCELLENT)
    refused("not_open", final.decide, final.members[3], Grade.INCOMPETENT, seen=NOW)
    final.decide(person, Grade.BASICALLY_COMPETENT)
    conclusion.complete_correction(**at_hr)
    one = final.of(person)
    assert (one.is_final, one.corrected_on, one.grade) == (True, AFTER, "basically_competent")
    issue(final)
    notice = IssuedDocument.objects.get(kind=conclusion.NOTICE, source_pk=one.pk, revoked_at=None)
    assert (notice.data["grade"], notice.data["dated_on"]) == ("basically_competent", "2026-12-09")


def test_a_corrected_excellent_is_publicised_like_any_other(final, client):
    excellent, person = final.members[0], final.members[2]
    for cadre in (excellent, person):
        conclusion.reopen(appraisal=final.of(cadre), reason="复核改定", now=AFTER_NOW, today=AFTER, actor=final.hr)
    final.decide(excellent, Grade.COMPETENT)
    final.decide(person, Grade.EXCELLENT)
    at_hr = {"appraisal": final.of(person), "actor": final.hr}
    refused("not_publicised", conclusion.complete_correction, today=AFTER, **at_hr)
    conclusion.publicise_correction(today=AFTER, **at_hr)
    client.force_login(final.members[5].account)
    page = client.get(reverse("appraisals:notice", args=[final.cycle.pk])).content.decode()
    assert "组员2" in page and "组员1" not in page  # of a final cycle the corrected ones alone
    refused("notice_running", conclusion.complete_correction, today=dt.date(2026, 12, 16), **at_hr)
    conclusion.complete_correction(today=dt.date(2026, 12, 17), **at_hr)
    assert final.of(person).is_final


def test_a_voided_warning_shows_its_year_to_the_officer_first_and_to_hr_afterwards(story, client):
    story.open()
    punished = story.members[2]
    record = story.warn(punished)
    story.finish()
    client.force_login(story.officer)
    url = reverse("appraisals_admin:void_record", args=[record.pk])
    page = client.post(url, {"purpose": "handling"}, follow=True).content.decode()
    assert "2026 年度：等次上限由“不得确定为优秀”变为“无限制”" in page
    discipline.void_record(
        target=record,
        on=TODAY,
        document="监决〔2026〕9号",
        reason="复审撤销",
        now=AFTER_NOW,
        today=AFTER,
        actor=story.officer,
    )
    [row] = queries.affected(story.hr, AFTER)
    assert (row.appraisal.name, row.before, row.after) == ("组员2", "不得确定为优秀", "无限制")
    kept = {"organ": "考核委员会", "document": "纪要〔2026〕3号", "today": AFTER, "actor": story.hr}
    refused("no_reason", actions.keep_grade, appraisal=row.appraisal, reason="", **kept)
    actions.keep_grade(appraisal=row.appraisal, reason="工作表现", **kept)
    assert Entry.objects.get(event="appraisal.ceiling_kept").data["document"] == "纪要〔2026〕3号"
    assert queries.affected(story.hr, AFTER) == []
    assert story.of(punished).grade == Grade.COMPETENT


@pytest.mark.parametrize("people", [1, 3])
def test_the_pages_of_hr_cost_the_same_for_one_and_for_many(story, client, people, django_assert_max_num_queries):
    for cadre in [*story.members[people:], story.recruit, story.head]:
        cadre.states.update(is_leading_member=True)
    story.open()
    client.force_login(story.hr)
    with django_assert_max_num_queries(46):
        client.get(reverse("appraisals_admin:cycle", args=[story.cycle.pk]))


def test_hr_does_not_act_on_themself(story, client):
    grant(story.members[0].account, Role.HR, story.office)
    story.open(is_prepared=False)
    one = story.of(story.members[0])
    own = {"appraisal": one, "today": TODAY, "actor": story.members[0].account}
    refused("avoidance", preparation.waive_summary, reason="没有", now=NOW, **own)
    refused("avoidance", preparation.mark_post, holds=True, **own)
    client.force_login(story.members[0].account)
    assert client.get(reverse("appraisals_admin:person", args=[one.pk])).status_code == 404
    assert client.get(reverse("appraisals_admin:person", args=[story.of(story.head).pk])).status_code == 200
