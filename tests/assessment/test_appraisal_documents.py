"""The papers of a final cycle: issued by the job, once, with the right words for each."""

import datetime as dt
import shutil
import subprocess

import pytest

from assessment.appraisals import actions
from assessment.appraisals.enums import Grade
from assessment.appraisals.handlers import ISSUE, issue_documents
from foundation.documents.models import IssuedDocument
from foundation.jobs import actions as jobs
from foundation.jobs.enums import State
from tests.assessment.test_appraisals import TODAY, Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def final():
    story = Story()
    story.open()
    story.review_all()
    story.decide_all()
    actions.start_notice(cycle=story.cycle, actor=story.hr, today=TODAY)
    story.cycle = actions.finalise(cycle=story.cycle, actor=story.hr, today=dt.date(2026, 12, 9))
    return story


def issue(story):
    job = jobs.start(ISSUE, actor=story.hr, cycle=story.cycle.pk)
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
