"""The access matrix: every address of ours × every kind of person."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from assessment.appraisals import participation
from assessment.appraisals.kinds import NOTICE, document_data
from assessment.appraisals.models import Appraisal
from assessment.appraisals.notice_kinds import RESULT_ISSUED
from assessment.discipline.actions import add_record, close_case, open_case
from foundation.documents.actions import issue
from foundation.documents.batches import add_recipients
from foundation.exchange import actions as exchange
from foundation.exchange import parcels
from foundation.jobs.enums import State
from foundation.jobs.models import Job
from foundation.notices.actions import notify
from foundation.offers import clock
from foundation.offers.find import file_screens, kept_lists
from foundation.offers.types import Ref
from foundation.people.careers import add_assignment, add_leave, relate
from foundation.people.enums import AssignmentKind, Kinship, LeaveKind, Role
from foundation.people.kinds import recipients
from foundation.people.models import OpenItem, RoleGrant
from foundation.rulebook.models import DayException, Value
from learning.courses.actions import start_quiz
from tests.access.matrix import CASES, PEOPLE, THIRD_PARTY, VISITOR
from tests.factories import learning
from tests.factories.content import material, portal
from tests.factories.documents import honour_batch
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

# namespaces of our models' viewsets: most of their views are Wagtail's own classes
OUR_VIEWSETS = (
    "banks:",
    "exams_admin:",
    "exam_chooser:",
    "appraisals_admin:",
    "discipline_admin:",
    "people_admin:",
    "certificates_admin:",
    "exchange_admin:",
)
OURS = ("assessment", "content", "desk", "foundation", "learning", "allauth")


def addresses(patterns, prefix="", namespace=""):
    """All addresses below: (path, full name, module of the view)."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, path, inner)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            yield path, f"{namespace}{pattern.name}", view.__module__


def elsewhere(path, module):
    """Whether the address is neither below a prefix of somebody else's nor a page of Wagtail's tree."""
    return not path.startswith(THIRD_PARTY) and not module.startswith("wagtail.")


def test_every_address_is_listed():
    listed = {case.name for case in CASES}
    unlisted = {
        (path, name)
        for path, name, module in addresses(get_resolver().url_patterns)
        if name not in listed and (module.startswith(OURS) or name.startswith(OUR_VIEWSETS) or elsewhere(path, module))
    }
    assert unlisted == set()


class Story:
    """Two sections of an office; one appraisal open, one in public notice; a job and a document of HR's."""

    def __init__(self, settings):
        bureau = office()
        general, finance = section("办公室", bureau), section("财务处", bureau)
        member = CadreFactory(unit=general, name="组员")
        colleague = CadreFactory(unit=general)
        head, other_head = CadreFactory(unit=general, post="主任"), CadreFactory(unit=finance, post="处长")
        director = CadreFactory(unit=bureau, is_leading_member=True)
        self.accounts = {
            "outsider": AccountFactory(),
            "member": member.account,
            "colleague": colleague.account,
            "head": grant(head.account, Role.SECTION_HEAD, general),
            "other_head": grant(other_head.account, Role.SECTION_HEAD, finance),
            "leader": grant(director.account, Role.LEADER, bureau),
            **{
                role: grant(AccountFactory(), code, bureau)
                for role, code in (
                    ("hr", Role.HR),
                    ("committee", Role.COMMITTEE_MEMBER),
                    ("editor", Role.EDITOR),
                    ("trainer", Role.TRAINER),
                    ("auditor", Role.AUDIT_ADMIN),
                    ("security", Role.SECURITY_ADMIN),
                    ("system", Role.SYSTEM_ADMIN),
                    ("discipline", Role.DISCIPLINE_OFFICER),
                )
            },
        }
        self.accounts["finance_hr"] = grant(AccountFactory(), Role.HR, finance)
        hr = self.accounts["hr"]
        now, today = clock.now(), clock.today()
        cycle = participation.open_cycle(year=today.year, unit=general, actor=hr, today=today)
        other = participation.open_cycle(year=today.year, unit=finance, actor=hr, today=today)
        other.stage, other.notice_from, other.notice_to = "public_notice", today, today + dt.timedelta(days=9)
        other.save()
        appraisal = Appraisal.objects.get(cadre=member)
        results = Path(settings.PRIVATE_ROOT)
        results.mkdir(exist_ok=True)
        (results / "out.pdf").write_bytes(b"%PDF")
        job = Job.objects.create(
            kind="appraisals.issue_documents", owner=hr, ids={"cycle": cycle.pk}, created_at=now, beat_at=now
        )
        done = Job.objects.create(
            kind=job.kind, owner=hr, ids=job.ids, created_at=now, beat_at=now, finished_at=now, state=State.DONE,
            result="out.pdf",
        )  # fmt: skip
        data = document_data(appraisal) | {"grade": "competent", "dated_on": today.isoformat()}
        document = issue(kind=NOTICE, holder=Ref.to(member), source=Ref.to(appraisal), data=data, actor=hr)
        today_on = {"today": today, "actor": hr}
        leave = add_leave(cadre=member, kind=LeaveKind.SICK, first=today, last=None, actor=hr)
        study = add_assignment(cadre=member, kind=AssignmentKind.STUDY, first=today, last=None, **today_on)
        relation = relate(cadre=member, other=colleague, kinship=Kinship.SPOUSE, on=today, actor=hr)
        sheet = "工号,姓名,性别,单位,人员类别\nM1,周七,女,办公室,公务员\n".encode()
        upload, _table = exchange.receive(
            kept=kept_lists()["roster"], name="roster.csv", chunks=[sheet], owner=hr, now=now
        )
        exchange.check(upload=upload, actor=hr)
        parcel = parcels.receive(
            importer=file_screens()["questions"],
            files=[SimpleUploadedFile("none.xlsx", b"no workbook")],
            arguments={"bank": "业务题库"},
            owner=self.accounts["trainer"],
        )
        batch = honour_batch(general, actor=hr)
        add_recipients(batch=batch, people=recipients([member], kind=batch.kind), actor=hr)
        written = {"now": now, "today": today, "actor": self.accounts["discipline"]}
        case = open_case(cadre=colleague, opened=today, reference="立〔2026〕1号", **written)
        ended = open_case(cadre=member, opened=today, reference="立〔2026〕2号", **written)
        close_case(case=ended, closed=today, outcome="admonition", reference="结〔2026〕2号", **written)
        record = add_record(
            cadre=colleague, code="admonition", effective=today, organ="机关党委", document="诫〔2026〕1号",
            basis="细则第十七条", case=None, **written,
        )  # fmt: skip
        portal()
        course = learning.course(material("canteen"), quiz=learning.exam())
        sitting = start_quiz(course=course, cadre=member, now=now, actor=member.account, return_url="/courses/")
        told = {"year": today.year}
        notify(to=member.account, kind=RESULT_ISSUED, context=told, dedupe="result")
        self.rows = {
            "nothing": 0,
            "account": AccountFactory().pk,
            "grant": RoleGrant.objects.get(account=self.accounts["editor"]).pk,
            "notice": member.account.notices.get(dedupe="result").pk,
            "item": OpenItem.objects.create(cadre=colleague, remark="挂职锻炼").pk,
            "parameter": "A7b/15.quota_percent",
            "value": Value.objects.create(
                code="D3.category_minimum", value=6, valid_from=today + dt.timedelta(days=9), citation="某文件"
            ).pk,
            "workday": DayException.objects.create(day=today, is_working=False, reason="本地放假").pk,
            "cadre": member.pk,
            "state": member.states.get().pk,
            "leave": leave.pk,
            "assignment": study.pk,
            "relation": relation.pk,
            "unit": general.pk,
            "list": "roster",
            "xlsx": "xlsx",
            "upload": upload.pk,
            "questions": "questions",
            "parcel": parcel.pk,
            "course": course.pk,
            "exam": course.quiz_id,
            "bank": course.quiz.bank_id,
            "question": course.quiz.bank.questions.order_by("pk").first().pk,
            "lesson": course.lessons.get().pk,
            "sitting": sitting.pk,
            "job": job.pk,
            "done_job": done.pk,
            "document": document.serial,
            "batch": batch.pk,
            "recipient": batch.recipients.get().pk,
            "kind": NOTICE,
            "appraisal": appraisal.pk,
            "heads_appraisal": Appraisal.objects.get(cadre=head).pk,
            "cycle": cycle.pk,
            "case": case.pk,
            "closed_case": ended.pk,
            "record": record.pk,
            "notice_cycle": other.pk,
        }


@pytest.fixture(scope="module")
def _built(django_db_setup, django_db_blocker, tmp_path_factory):
    """One story for all the cases; each of them sees it as it was, for its own writes are rolled back."""
    plain = {
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        "PRIVATE_ROOT": tmp_path_factory.mktemp("private"),
    }
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(**plain):
            built = Story(site), plain["PRIVATE_ROOT"]
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def story(_built, db, settings):
    built, settings.PRIVATE_ROOT = _built
    return built


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_who_gets_what(case, story, client):
    url = reverse(case.name, args=[story.rows[key] for key in case.args])
    answers = {}
    for who in (VISITOR, *PEOPLE):
        client.logout()
        if who != VISITOR:
            client.force_login(story.accounts[who])
        # a retry is allowed for an ended job only, a cancel for an open one
        if case.name == "jobs:retry":
            Job.objects.filter(pk=story.rows["job"]).update(state=State.FAILED, finished_at=clock.now())
        answers[who] = getattr(client, case.method)(url, case.data).status_code
    assert answers == {who: case.answer(who) for who in (VISITOR, *PEOPLE)}
