"""What officers, heads and the committee stumbled over when they walked a year through: each stumble once."""

import datetime as dt

import pytest
from django.urls import reverse

from assessment.appraisals import conclusion, participation, preparation
from assessment.appraisals.enums import FORM, NOTICE, Grade, Stance
from assessment.appraisals.handlers import FORMS
from assessment.appraisals.rules import is_leading_post
from assessment.appraisals.todos import due
from assessment.discipline.enums import Action
from foundation.audit.models import Entry
from foundation.documents.models import IssuedDocument
from foundation.jobs.models import Job
from tests.assessment.test_appraisal_documents import issue
from tests.assessment.test_appraisal_steps import AFTER, AFTER_NOW, NOW, TODAY, WithDiscipline, refused
from tests.factories.people import CadreFactory

LONG = "认真履职。" * 400


@pytest.fixture
def story(db, at):
    at("2026-12-01 09:00")
    return WithDiscipline()


@pytest.mark.parametrize(
    ("post", "leads"),
    [
        ("处长", True),
        ("副处长", True),
        ("办公室主任", True),
        ("机关党委专职副书记、纪委书记", True),
        ("一级主任科员", False),
        ("四级调研员", False),
        ("", False),
    ],
)
def test_a_leading_post_by_its_name(post, leads):
    assert is_leading_post(post) is leads


def test_leaders_of_a_section_are_marked_by_their_posts_too(story):
    CadreFactory(unit=story.general, name="副职", post="副主任")
    cycle = story.open(is_prepared=False)
    assert set(cycle.appraisals.filter(holds_section_post=True).values_list("name", flat=True)) == {"主任", "副职"}


# ---- the review


def review_page(story, client, cadre):
    client.force_login(story.head.account)
    return reverse("appraisals:review_one", args=[story.of(cadre).pk])


def test_a_stale_comment_is_shown_beside_the_one_that_stands_and_can_be_saved_again(story, client):
    story.open()
    url = review_page(story, client, story.members[2])
    shown = client.get(url).context["form"]["seen"].value()
    typed = {"comment": "旧页面上写的", "proposed_grade": "competent", "seen": shown or ""}
    story.review(story.members[2])
    again = client.post(url, typed)
    page = again.content.decode()
    assert all(words in page for words in ("刚刚被修改过", "踏实", "旧页面上写的"))
    assert story.of(story.members[2]).comment == "踏实"
    client.post(url, typed | {"seen": again.context["form"]["seen"].value()})
    assert story.of(story.members[2]).comment == "旧页面上写的"


def test_a_text_that_is_too_long_is_refused_and_never_cut(story, client):
    story.open()
    url = review_page(story, client, story.members[2])
    assert "maxlength" not in client.get(url).content.decode().split("<textarea")[1].split(">")[0]
    page = client.post(url, {"comment": LONG, "proposed_grade": "competent", "seen": ""}).content.decode()
    assert LONG in page
    assert story.of(story.members[2]).comment == ""


def test_the_reviewers_to_do_counts_who_can_be_reviewed(story, client):
    story.open(is_prepared=False)
    user = story.head.account
    mine = [todo for todo in due(user, TODAY) if todo.url == reverse("appraisals:review")]
    assert mine == []
    url = review_page(story, client, story.members[2])
    assert 'name="comment"' not in client.get(url).content.decode()
    story.summarise(story.of(story.members[2]))
    [todo] = [todo for todo in due(user, TODAY) if todo.url == reverse("appraisals:review")]
    assert (todo.facts, todo.progress) == (("1 人可以评鉴",), (0, 9))
    assert 'name="comment"' in client.get(url).content.decode()


# ---- the committee


def test_the_committee_looks_at_those_who_wait_alone(story, client):
    story.open()
    story.review_all()
    story.decide(story.members[0], Grade.COMPETENT)
    client.force_login(story.committee[0])
    url = reverse("appraisals:committee_cycle", args=[story.cycle.pk])
    everybody, waiting = client.get(url), client.get(url, {"undecided": ""})
    names = {row["appraisal"].name for row in waiting.context["rows"]}
    assert len(everybody.context["rows"]) == 10
    assert (len(names), "组员0" in names) == (9, False)
    one = story.of(story.members[1])
    told = {"grade": "competent", "seen": "", "seen_review": one.reviewed_at.isoformat(), "undecided": ""}
    answer = client.post(reverse("appraisals:decide", args=[one.pk]), told)
    assert answer.url == f"{url}?undecided"


def test_only_the_grounds_that_are_shown_are_noted_as_read(story, client):
    story.open()
    sanctioned = story.members[0]
    story.warn(sanctioned)
    story.review_all()
    story.decide(sanctioned, Grade.COMPETENT)
    client.force_login(story.committee[0])
    url = reverse("appraisals:committee_cycle", args=[story.cycle.pk])
    client.get(url, {"undecided": ""})
    assert not Entry.objects.filter(event="appraisal.grounds_read").exists()
    client.get(url)
    assert Entry.objects.filter(event="appraisal.grounds_read").count() == 1


def test_the_committee_reads_why_there_is_no_summary(story, client):
    story.open(is_prepared=False)
    one = story.of(story.members[3])
    preparation.waive_summary(appraisal=one, reason="长期病休", now=NOW, today=TODAY, actor=story.hr)
    client.force_login(story.committee[0])
    page = client.get(reverse("appraisals:committee_cycle", args=[story.cycle.pk])).content.decode()
    assert "没有个人总结：长期病休" in page


# ---- days


def test_days_before_the_year_are_slips_of_the_hand(story):
    story.open()
    known = {"today": TODAY, "actor": story.hr}
    refused("before_year", story.evaluate, story.of(story.head), held_on=dt.date(1066, 1, 1))
    approval = {"approved_by": "组织部", "document": "组〔2026〕1号", "approved_on": dt.date(1900, 1, 1)}
    refused("before_year", participation.approve_quota, cycle=story.cycle, percent=25, **approval, **known)
    story.warn(story.members[1], Action.INST_WARNING)  # an institution's sanction on a civil servant: no rule
    determined = {"ceiling": "none", "organ": "局党组", "document": "x", "determined_on": dt.date(1, 1, 1)}
    refused("before_year", preparation.determine, appraisal=story.of(story.members[1]), **determined, **known)


# ---- after the result


@pytest.fixture
def final(story, at):
    at("2026-12-09 09:00")
    story.open()
    story.finish()
    return story


def sign(story, cadre, stance=Stance.AGREE):
    return conclusion.record_opinion(
        appraisal=story.of(cadre),
        how="paper",
        stance=stance,
        text="请复核" if stance == Stance.DISAGREE else "",
        signed_on=AFTER,
        witness="王五",
        now=AFTER_NOW,
        today=AFTER,
        actor=story.hr,
    )


def test_one_persons_papers_are_issued_alone(final, client):
    person = final.members[2]
    client.force_login(final.hr)
    page = reverse("appraisals_admin:person", args=[final.of(person).pk])
    assert "签发考核结果通知书" in client.get(page).content.decode()
    job = issue(final, person=final.of(person).pk)
    assert list(IssuedDocument.objects.values_list("kind", "holder_name")) == [(NOTICE, "组员2")]
    assert page in client.get(reverse("jobs:progress", args=[job.pk])).content.decode()
    sign(final, person)
    issue(final, FORMS, person=final.of(person).pk)
    assert IssuedDocument.objects.filter(kind=FORM).values_list("holder_name", flat=True).get() == "组员2"


def test_forms_before_any_opinion_start_no_job(final, client):
    issue(final)
    client.force_login(final.hr)
    before = Job.objects.count()
    url = reverse("appraisals_admin:issue", args=[final.cycle.pk])
    answer = client.post(url, {"papers": "forms"}, headers={"referer": f"http://testserver{url}"})
    assert (answer.status_code, Job.objects.count()) == (302, before)


def test_nobody_issues_their_own_papers_alone(final, client):
    own = final.of(final.members[2])
    own.cadre.account = final.hr
    own.cadre.save(update_fields=["account"])
    client.force_login(final.hr)
    answer = client.post(reverse("appraisals_admin:issue", args=[final.cycle.pk]), {"person": own.pk})
    assert (answer.status_code, Job.objects.count()) == (404, 0)


def test_who_disagrees_is_filed_alone_and_not_among_many(final, client):
    issue(final)
    agrees, disagrees = final.members[2], final.members[3]
    sign(final, agrees)
    sign(final, disagrees, Stance.DISAGREE)
    issue(final, FORMS)
    client.force_login(final.hr)
    told = client.post(reverse("appraisals_admin:file_all", args=[final.cycle.pk]), follow=True).content.decode()
    assert all(words in told for words in ("已归档 1 人。", "有异议的 1 人没有归档"))
    assert (final.of(agrees).is_filed, final.of(disagrees).is_filed) == (True, False)
    page = client.get(reverse("appraisals_admin:person", args=[final.of(disagrees).pk])).content.decode()
    assert "本人对结果有异议" in page
    client.post(reverse("appraisals_admin:file", args=[final.of(disagrees).pk]))
    assert final.of(disagrees).is_filed


def test_an_opinion_on_a_result_that_was_corrected_is_marked_in_words(final, client):
    issue(final)
    sign(final, final.members[2])
    known = {"reason": "复查", "now": AFTER_NOW, "today": AFTER, "actor": final.hr}
    conclusion.reopen(appraisal=final.of(final.members[2]), **known)
    client.force_login(final.hr)
    page = client.get(reverse("appraisals_admin:person", args=[final.of(final.members[2]).pk])).content.decode()
    assert "<b>已失效</b>" in page


def test_hr_is_told_what_a_step_has_done(story, client):
    story.open()
    story.review_all()
    story.decide_all()
    client.force_login(story.hr)
    begun = client.post(reverse("appraisals_admin:start_notice", args=[story.cycle.pk]), follow=True)
    assert "已开始公示，到2026年12月8日为止" in begun.content.decode()
    url = reverse("appraisals_admin:withdraw_notice", args=[story.cycle.pk])
    assert "已撤回公示" in client.post(url, {"reason": "异议成立"}, follow=True).content.decode()
