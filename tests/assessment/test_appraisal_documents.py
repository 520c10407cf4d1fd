"""The papers of a final cycle: issued by the job, once, with the right words for each."""

import datetime as dt
import shutil
import subprocess

import pytest
from django.urls import reverse

from assessment.appraisals import conclusion, publicity
from assessment.appraisals.enums import Grade
from assessment.appraisals.handlers import FORMS, ISSUE, issue_documents
from assessment.appraisals.models import Appraisal
from foundation.documents.models import IssuedDocument
from foundation.jobs import actions as jobs
from foundation.jobs.enums import State
from foundation.people.actions import end_role
from foundation.people.enums import Role
from tests.assessment.test_appraisals import TODAY, Story
from tests.factories.people import AccountFactory, grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def final():
    story = Story()
    story.open()
    story.review_all()
    story.decide_all()
    publicity.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY)
    story.cycle = publicity.finalise(cycle=story.cycle, actor=story.hr, today=dt.date(2026, 12, 9))
    return story


def issue(story, kind=ISSUE, **only):
    job = jobs.start(kind, actor=story.hr, cycle=story.cycle.pk, **only)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_everybody_gets_a_notice_and_the_excellent_a_certificate_once(final):
    first, second = issue(final), issue(final)
    assert [(job.state, job.done, job.total) for job in (first, second)] == [(State.DONE, 12, 12)] * 2
    assert first.result_path.read_bytes().startswith(b"%PDF")
    counts = {kind: IssuedDocument.objects.filter(kind=kind).count() for kind in set(kinds())}
    assert counts == {"appraisals.result_notice": 10, "appraisals.honour_certificate": 2}
    excellent = IssuedDocument.objects.filter(kind="appraisals.honour_certificate")
    assert set(excellent.values_list("holder_name", flat=True)) == {"组员0", "组员1"}


def kinds():
    return IssuedDocument.objects.values_list("kind", flat=True)


def test_a_job_that_was_cut_off_goes_on_where_it_stopped(final):
    stopped = []

    def stop_at_the_fifth(done, total, message=""):
        if done == 5:
            stopped.append(done)
            raise SystemExit

    with pytest.raises(SystemExit):
        issue_documents(actor=final.hr, progress=stop_at_the_fifth, cycle=final.cycle.pk)
    before = set(IssuedDocument.objects.values_list("serial", flat=True))
    assert len(before) == 5
    issue(final)
    after = set(IssuedDocument.objects.values_list("serial", flat=True))
    assert before < after and len(after) == 12


def test_a_name_that_cannot_be_printed_stops_its_own_papers_only(final):
    Appraisal.objects.filter(name="组员3").update(name="组员\U00020bb7")  # 𠮷 is in no face
    job = issue(final)
    assert (job.state, IssuedDocument.objects.count()) == (State.DONE, 11)
    assert "未签发 1 份" in job.message and "U+20BB7" in job.message


def test_the_register_says_the_name_that_the_paper_says(final):
    """A name that changed after the cycle was opened: the papers show the snapshot, and so does verification."""
    cadre = final.members[0]
    cadre.name = "改名"
    cadre.save()
    issue(final)
    assert set(IssuedDocument.objects.filter(holder_pk=cadre.pk).values_list("holder_name", flat=True)) == {"组员0"}


def test_the_merged_file_is_for_those_who_manage_the_cycle_today(final, client):
    job = issue(final)
    url = reverse("jobs:result", args=[job.pk])
    client.force_login(final.hr)
    answer = client.get(url)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    paper = reverse("documents:file", args=[IssuedDocument.objects.filter(holder_name="组员2").get().serial])
    successor = grant(AccountFactory(), Role.HR, final.office)
    assert client.get(paper).status_code == 200
    client.force_login(successor)
    assert client.get(paper).status_code == 200
    client.force_login(final.hr)
    end_role(grant=final.hr.grants.get(), last_day=dt.date(2020, 12, 31), actor=None)
    assert client.get(url).status_code == 404
    assert client.get(paper).status_code == 404


def test_nothing_is_issued_before_the_result_is_final():
    story = Story()
    story.open()
    job = issue(story)
    assert job.state == State.FAILED and "还没有确认" in job.message
    assert not IssuedDocument.objects.exists()


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed here")
def test_the_words_on_the_papers(final):
    issue(final)

    def words(kind, name):
        document = IssuedDocument.objects.get(kind=kind, holder_name=name)
        done = subprocess.run(["pdftotext", "-layout", document.path, "-"], capture_output=True, text=True, check=True)
        return "".join(done.stdout.split())

    certificate = words("appraisals.honour_certificate", "组员0")
    assert "荣誉证书" in certificate and "组员0同志：在2026年度考核中" in certificate
    assert "被确定为优秀等次" in certificate and "二〇二六年十二月九日" in certificate
    assert "办公室组员2同志：" in (plain := words("appraisals.result_notice", "组员2"))
    assert "结果确定为称职等次" in plain
    assert "只写评语，不确定等次" in words("appraisals.result_notice", "新人")
    assert str(Grade.COMPETENT.label) not in words("appraisals.result_notice", "新人")


def test_the_registration_form_waits_for_the_opinion_and_fills_both_sides(final, at):
    at("2026-12-09 09:00")
    issue(final)
    assert issue(final, FORMS).state == State.FAILED
    member, recruit = final.of(final.members[0]), final.of(final.recruit)
    for one, how, stance in ((member, "paper", "agree"), (recruit, "refused", "")):
        conclusion.record_opinion(
            appraisal=one,
            how=how,
            stance=stance,
            text="",
            signed_on=dt.date(2026, 12, 9),
            witness="王五",
            now=LATER,
            today=dt.date(2026, 12, 9),
            actor=final.hr,
        )
    job = issue(final, FORMS)
    assert (job.state, job.done, job.total) == (State.DONE, 2, 2)
    forms = {one.holder_name: one for one in IssuedDocument.objects.filter(kind="appraisals.registration_form")}
    assert set(forms) == {"组员0", "新人"}
    if not shutil.which("pdftotext"):
        return
    text = {name: printed(document) for name, document in forms.items()}
    assert all(words.count("\f") == 2 for words in text.values())  # both sides of one sheet
    plain = {name: "".join(words.split()) for name, words in text.items()}
    for word in (
        "公务员年度考核登记表",
        "（2026年度）",
        "综合协调",
        "一年来，认真履行岗位职责。",
        "确定为优秀等次",
        "同意。",
    ):
        assert word in plain["组员0"], word
    assert "本人拒绝签署（见证人：王五）" in plain["新人"] and "试用期至2027-06-30" in plain["新人"]
    assert "只写评语，不确定等次" in plain["新人"] and "建议等次" not in plain["新人"]


LATER = dt.datetime(2026, 12, 9, 9, tzinfo=dt.UTC)


def printed(document):
    """The words of a file, its pages ended by form feeds."""
    done = subprocess.run(["pdftotext", "-layout", document.path, "-"], capture_output=True, text=True, check=True)
    return done.stdout


def test_a_batch_for_one_unit_issues_for_nobody_else(final):
    assert issue(final, unit=final.finance.pk).done == 0
    assert not IssuedDocument.objects.exists()
    assert issue(final, unit=final.general.pk).done == 12
