"""The demo office once it is loaded: its people sign in and find work, its history answers, its appraisals are true."""

import datetime as dt
import re
import zipfile

import pypdfium2
import pytest
from django.db import transaction
from django.db.models import Count, F, Q
from django.test import override_settings
from django.urls import reverse

from assessment.appraisals.enums import (
    FORM,
    HONOUR,
    NOTICE,
    Grade,
    ObjectionOutcome,
    SignedHow,
    Stage,
    Stance,
    Treatment,
)
from assessment.appraisals.models import Appraisal, AppraisalCycle, Determination, Objection, Opinion, SetApart
from assessment.appraisals.queries import affected, affected_of, aftermath, papers, standing
from assessment.appraisals.records import outlooks_of
from assessment.discipline.enums import NO_SANCTION, Action, Ceiling
from assessment.discipline.models import DisciplineCase, DisciplineRecord
from demo.load import load
from demo.office import FOUNDING, OFFICE, PASSWORD, PEOPLE, SECTIONS, SPLIT, TASK_OFFICE
from foundation.audit.models import Entry
from foundation.documents.models import Batch
from foundation.jobs.actions import run
from foundation.jobs.models import Job
from foundation.people.actions import command_account
from foundation.people.careers import refresh_people
from foundation.people.enums import AssignmentKind, Category, LeaveKind, UnitChange
from foundation.people.models import (
    Account,
    Assignment,
    Cadre,
    Leave,
    OpenItem,
    Relation,
    RoleGrant,
    Unit,
    UnitSuccession,
)
from foundation.people.queries import serving_on, standings_on, tree_on
from foundation.people.reorganise import refresh_units
from foundation.rulebook.enums import Event as RuleEvent
from learning.courses.models import Completion, CoursePage, LessonProgress
from learning.exams.models import Sitting
from learning.hours.enums import Delivery
from learning.hours.models import HourEntry
from learning.questions.models import Bank

# one worker: the load costs half a minute
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]
TODAY = dt.date(2026, 11, 24)
TWO_YEARS_AGO = dt.date(2024, 11, 24)


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup, django_db_blocker):
    """One load for all the stories of this file; each of them sees it as it was, for its own writes are rolled back."""
    plain = {
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    }
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(**plain):
            assert load(today=TODAY, actor=command_account())
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _that_day(at):
    at("2026-11-24 09:00")


def test_everybody_signs_in_and_the_desk_names_something_to_do(client):
    idle, stuck = set(), set()
    for person in PEOPLE:
        assert client.login(username=person.username, password=PASSWORD), person.username
        page = client.get(reverse("desk:home")).content.decode()
        if "没有待办事项" in page:
            idle.add(person.username)
            [leads] = re.findall(r'<div class="empty">.*?<a class="btn" href="([^"]+)"', page, re.DOTALL)
            if client.get(leads).status_code != 200:
                stuck.add((person.username, leads))
    assert (idle, stuck) == ({"system", "security"}, set())  # nothing failed; the review of rights has no interval set


@pytest.mark.parametrize(
    ("username", "expected"),
    [
        ("cadre", "必修课：机关事务管理条例学习"),
        ("head", "写年度考核评语、提出建议等次"),
        ("leader", "写年度考核评语、提出建议等次"),
        ("committee", "确定等次：综合保障处 2026 年度考核"),
        ("committee2", "确定等次：人事处 2026 年度考核"),
        ("hr", "等次已全部确定，可以公示：办公室 2026 年度考核"),
        ("hr", "公示期满，可以确认结果：机关纪委 2026 年度考核"),
        ("hr", "补全花名册备注里没有写明的日期"),
        ("contract", "优秀等次公示：财务处 2026 年度考核"),
        ("audit", "验证审计链"),
    ],
)
def test_each_role_finds_its_own_work(client, username, expected):
    client.login(username=username, password=PASSWORD)
    assert expected in client.get(reverse("desk:home"), {"all": ""}).content.decode()


def test_the_desk_shows_a_grade_only_once_it_stands(client):
    """The grade is decided, the public notice not held yet: last year's stands, this year's is nobody's to see."""
    decided = Appraisal.objects.filter(cycle__year=2026, cycle__stage=Stage.OPEN, cadre__appraisals__year=2025)
    one = decided.exclude(grade="").select_related("cadre__account").first()
    client.force_login(one.cadre.account)
    page = client.get(reverse("desk:home")).content.decode()
    results = page[page.index('id="h-results"') : page.index('id="h-notices"')]
    assert ("2025 年度考核" in results, "2026 年度考核" in results) == (True, False)


def test_a_public_notice_that_is_over_asks_nobody_to_read_it(client):
    client.login(username="contract", password=PASSWORD)
    assert "优秀等次公示：机关纪委" not in client.get(reverse("desk:home")).content.decode()


def test_the_sign_in_page_tells_what_each_can_do_only_where_the_demo_is_served(client, settings):
    settings.ZHIXING_DEMO = True
    page = client.get(reverse("account_login")).content.decode()
    assert all(f"<code>{person.username}</code>" in page and str(person.first) in page for person in PEOPLE)
    settings.ZHIXING_DEMO = False
    assert PASSWORD not in client.get(reverse("account_login")).content.decode()


def test_only_the_people_of_the_sign_in_page_have_a_password():
    named = {person.username for person in PEOPLE}
    others = Account.objects.exclude(username__in=named)
    assert others.count() > 100
    assert not any(account.has_usable_password() for account in others)


def test_317_people_serve_in_fourteen_sections_and_twenty_have_left():
    here = Cadre.objects.filter(left_on=None)
    assert dict(here.values_list("unit__name").annotate(Count("pk"))) == {
        section.name: sum(section.people.values()) for section in SECTIONS
    }
    assert here.count() == 317 and Cadre.objects.exclude(left_on=None).count() == 20
    assert set(here.values_list("category", flat=True)) == set(Category) - {Category.REFERENCE_MANAGED}
    recruit = here.filter(unit__name="综合保障处", probation_to__gte=dt.date(2026, 12, 31)).get()
    assert recruit.rank == "" and recruit.first_work_month == dt.date(2026, 7, 1)


def test_todays_columns_are_what_the_dated_record_says():
    assert refresh_people(Cadre.objects.values_list("pk", flat=True), today=TODAY) == 0
    assert refresh_units(today=TODAY) == 0


def test_two_years_ago_the_old_units_stood_and_everybody_served_in_one_of_them():
    then = {unit.name: unit for unit in tree_on(TWO_YEARS_AGO)}
    assert set(then) == {OFFICE, *FOUNDING}
    assert {unit.name for unit in tree_on(TODAY)} == {OFFICE, *(section.name for section in SECTIONS)}
    serving = serving_on(TWO_YEARS_AGO, units=[unit.pk for unit in then.values()])
    known = [one for one in standings_on(Cadre.objects.all(), TWO_YEARS_AGO) if one.in_service]
    assert {one.cadre.pk for one in known} == set(serving.values_list("pk", flat=True))
    assert serving_on(TWO_YEARS_AGO, units=[then[SPLIT].pk]).count() == 45 + 32 + 2  # two have left since
    assert not serving_on(TWO_YEARS_AGO, units=[Unit.objects.get(name=TASK_OFFICE).pk]).exists()


def test_one_merger_one_new_name_one_split():
    came = UnitSuccession.objects.values_list("predecessor__name", "successor__name", "kind")
    assert set(came) == {
        ("机关车队", "车辆服务中心", UnitChange.MERGED),
        ("公务用车调度中心", "车辆服务中心", UnitChange.MERGED),
        (SPLIT, "餐饮服务中心", UnitChange.SPLIT),
        (SPLIT, "物业管理处", UnitChange.SPLIT),
    }
    renamed = Unit.objects.get(name="公共机构节能处")
    assert list(renamed.periods.order_by("valid_from").values_list("name", "valid_from")) == [
        ("节能管理处", dt.date(2023, 1, 1)),
        ("公共机构节能处", dt.date(2025, 7, 1)),
    ]


def test_the_record_has_leaves_and_moves_of_every_kind():
    assert set(Leave.objects.values_list("kind", flat=True)) == set(LeaveKind)
    assert set(Assignment.objects.values_list("kind", flat=True)) == set(AssignmentKind)
    long_ones = [
        leave
        for leave in Leave.objects.filter(valid_to__isnull=False)
        if (leave.valid_to - leave.valid_from).days > 182
    ]
    assert {leave.kind for leave in long_ones} == {LeaveKind.SICK, LeaveKind.MATERNITY}
    assert Leave.objects.filter(kind=LeaveKind.SICK, valid_to=None).count() == 1
    assert Assignment.objects.filter(kind=AssignmentKind.SECONDMENT, valid_to=None).count() == 2
    back = Assignment.objects.filter(kind=AssignmentKind.TRANSFER_OUT, valid_to__isnull=False)
    assert back.count() == 2 and not back.exclude(cadre__left_on=None).exists()
    moved = Cadre.objects.annotate(units=Count("states__unit", distinct=True)).filter(units__gt=1, left_on=None)
    assert moved.filter(unit__name="人事处").exists() and moved.filter(unit__name=TASK_OFFICE).count() == 9
    assert Relation.objects.count() == 5 and OpenItem.objects.filter(completed_at=None).count() == 6
    assert not RoleGrant.objects.filter(account__cadre__left_on__isnull=False).exists()


def test_last_years_appraisal_is_finished_with_those_who_served_then():
    cycle = AppraisalCycle.objects.get(year=2025)
    counts = standing(cycle)
    assert cycle.unit.name == OFFICE and cycle.is_final and cycle.finalised_on == dt.date(2026, 2, 9)
    assert counts.decided == counts.people == cycle.base and counts.excellent == cycle.quota
    assert not cycle.appraisals.filter(
        Q(cadre__left_on__lte=cycle.opened_on) | Q(cadre__first_work_month__gt=cycle.opened_on)
    ).exists()
    # who left or came to another section since still stands as they were
    assert cycle.appraisals.filter(cadre__left_on__isnull=False).exists()
    assert cycle.appraisals.exclude(cadre__unit=F("unit")).exists()
    recruits = cycle.appraisals.filter(probation_to__gte=dt.date(2025, 12, 31))
    assert set(recruits.values_list("grade", flat=True)) == {Grade.NO_GRADE} and recruits.count() == 3


def test_this_years_appraisals_are_each_a_step_further():
    found = {cycle.unit.name: (cycle.stage, standing(cycle)) for cycle in AppraisalCycle.objects.filter(year=2026)}
    assert {name: stage for name, (stage, _counts) in found.items()} == {
        "综合保障处": Stage.OPEN,
        "人事处": Stage.OPEN,
        "办公室": Stage.OPEN,
        "财务处": Stage.PUBLIC_NOTICE,
        "机关纪委": Stage.PUBLIC_NOTICE,
        "资产管理处": Stage.FINAL,
    }
    shares = {name: (counts.reviewed, counts.decided, counts.people) for name, (_stage, counts) in found.items()}
    # of 人事处 one serves elsewhere, and nobody comments on another while a case is open
    assert shares["综合保障处"] == (11, 0, 28) and shares["人事处"] == (18, 10, 19) and shares["办公室"] == (24, 24, 24)
    assert not Appraisal.objects.filter(cycle__year=2026, cadre__left_on__isnull=False).exists()
    assert not AppraisalCycle.objects.filter(notice_to__lt=TODAY, stage=Stage.PUBLIC_NOTICE).exclude(
        unit__name="机关纪委"
    )


def test_nobody_judged_themselves_and_the_recruits_have_a_comment_only():
    judged = Appraisal.objects.exclude(reviewed_at=None)
    assert not judged.filter(Q(reviewed_by=F("cadre__account")) | Q(decided_by=F("cadre__account"))).exists()
    only = judged.filter(probation_to__gte=dt.date(2026, 12, 31), cycle__year=2026)
    assert only.exists() and set(only.values_list("proposed_grade", flat=True)) == {""}


def test_people_have_learnt_this_year_and_last():
    required, elective = CoursePage.objects.order_by("pk")
    assert (required.is_required, required.deadline) == (True, dt.date(2026, 12, 15)) and not elective.is_required
    assert {bank.name: bank.questions.count() for bank in Bank.objects.all()} == {
        "机关事务管理题库": 71,
        "公务员管理与监督题库": 74,
        "公开、保密与志愿服务题库": 47,
    }
    assert set(Sitting.objects.values_list("state", "is_passed")) == {("released", True), ("released", False)}
    hours = HourEntry.objects.values_list("ended_on__year", "delivery").distinct()
    assert set(hours) == {(year, kind) for year in (2025, 2026) for kind in (Delivery.OFFJOB, Delivery.ONLINE)}
    passed = Sitting.objects.filter(is_passed=True).values("cadre").distinct().count()
    assert Completion.objects.count() == passed
    cadre = Account.objects.get(username="cadre").cadre
    read = LessonProgress.objects.filter(cadre=cadre, course=required)
    assert read.count() == 1 and not Completion.objects.filter(enrolment__cadre=cadre, enrolment__course=required)


def test_what_was_entered_since_january_stands_in_the_audit_trail():
    events = set(Entry.objects.values_list("event", flat=True))
    assert {
        "unit.merged",
        "unit.renamed",
        "unit.split",
        "roster.imported",
        "cadre.added",
        "cadre.changed",
        "cadre.left",
        "cadre.returned",
        "leave.added",
        "assignment.added",
        "kinship.added",
        "appraisal.finalised",
        "course.completed",
        RuleEvent.VALUE_SET,
    } <= events


def ceilings_of(cycle):
    """Whom the records leave what of the year, today: {ceiling: {name}}, of conduct alone."""
    people = list(cycle.appraisals.select_related("cadre"))
    found = outlooks_of(people, as_of=TODAY)
    limited: dict[str, set[str]] = {}
    for one in people:
        if found[one.pk].has_conduct and found[one.pk].ceiling != Ceiling.NONE:
            limited.setdefault(found[one.pk].ceiling, set()).add(one.name)
    return limited


def test_discipline_has_every_kind_of_action_on_record():
    assert set(DisciplineRecord.objects.values_list("code", flat=True)) == set(Action) - {Action.INST_DISMISSAL}
    assert DisciplineRecord.objects.exclude(voided_on=None).count() == 1
    assert DisciplineCase.objects.filter(closed=None).count() == 1
    assert DisciplineCase.objects.filter(outcome=NO_SANCTION).count() == 1
    officer = Account.objects.get(username="discipline")
    assert set(DisciplineRecord.objects.values_list("recorded_by", flat=True)) == {officer.pk}
    assert {
        "discipline.case_opened",
        "discipline.case_closed",
        "discipline.record_added",
        "discipline.record_voided",
    } <= {*Entry.objects.filter(actor_name=str(officer)).values_list("event", flat=True)}
    # of the people on the sign-in page one has a warning, long past
    named = Q(cadre__account__username__in=[person.username for person in PEOPLE])
    [past] = DisciplineRecord.objects.filter(named)
    assert (past.code, past.cadre.account.username) == (Action.ADMIN_WARNING, "invigilator")
    assert past.effective.year == 2024 and not DisciplineCase.objects.filter(named).exists()


def test_posts_and_party_membership_follow_what_was_decided():
    for record in DisciplineRecord.objects.select_related("cadre"):
        if record.code in {Action.ORG_REMOVE, Action.ORG_DEMOTE, Action.ORG_RESIGN, Action.ADMIN_REMOVAL}:
            assert not record.cadre.post.startswith("副") and not record.cadre.is_leading_member, record
        if record.code == Action.PARTY_EXPULSION:
            assert record.cadre.political_status == "群众"
        elif record.code.startswith("party."):
            assert record.cadre.political_status == "中共党员", record


def test_every_ceiling_stands_on_somebody():
    last_year = ceilings_of(AppraisalCycle.objects.get(year=2025))
    assert {ceiling: len(names) for ceiling, names in last_year.items()} == {
        Ceiling.NOT_EXCELLENT: 5,
        Ceiling.NO_GRADE: 7,
        Ceiling.INCOMPETENT: 2,
    }
    this_year: dict[str, set[str]] = {}
    for cycle in AppraisalCycle.objects.filter(year=2026):
        for ceiling, names in ceilings_of(cycle).items():
            this_year.setdefault(ceiling, set()).update(names)
    assert set(this_year) == {Ceiling.NOT_EXCELLENT, Ceiling.NO_GRADE, Ceiling.INCOMPETENT, Ceiling.NO_RULE}
    apart = SetApart.objects.filter(cycle__year=2026).values_list("cycle__unit__name", "ceiling")
    assert set(apart) == {("综合保障处", Ceiling.NOT_APPRAISED), ("人事处", Ceiling.APPRAISED_ELSEWHERE)}
    uncommented = Appraisal.objects.get(cycle__year=2026, treatment=Treatment.NEITHER)
    assert uncommented.cadre.discipline_cases.get().closed is None and uncommented.comment == ""


def test_where_no_rule_spoke_the_organ_did_last_year_and_hr_is_asked_this_year(client):
    said = Determination.objects.get()
    assert (said.appraisal.year, said.ceiling, said.appraisal.grade) == (2025, Ceiling.NOT_EXCELLENT, Grade.COMPETENT)
    waiting = Appraisal.objects.get(cycle__year=2026, treatment=Treatment.UNDETERMINED)
    client.login(username="hr", password=PASSWORD)
    page = client.get(reverse("appraisals_admin:person", args=[waiting.pk])).content.decode()
    assert "按有关规定，本年度需要人工认定" in page and "登记人工认定" in page
    assert "事业单位警告" not in page  # HR reads what it leaves of the year, not what it was


def test_the_committee_reads_why_and_a_section_head_only_what_is_left(client):
    removed = DisciplineRecord.objects.filter(code=Action.PARTY_POST_REMOVAL, effective__year=2026)
    sanctioned = Appraisal.objects.get(cycle__year=2026, cadre__discipline_records__in=removed)
    assert sanctioned.cycle.unit.name == "综合保障处"
    client.login(username="committee", password=PASSWORD)
    page = client.get(reverse("appraisals:committee_cycle", args=[sanctioned.cycle_id])).content.decode()
    assert "撤销党内职务自2026-" in page and "查看已记录" in page
    client.login(username="head", password=PASSWORD)
    page = client.get(reverse("appraisals:review")).content.decode()
    assert sanctioned.name in page and "撤销党内职务" not in page


def test_only_the_discipline_officer_comes_to_the_register_and_gives_a_purpose_for_a_record(client):
    record = DisciplineRecord.objects.exclude(voided_on=None).get()
    address = reverse("discipline_admin:record", args=[record.pk])
    client.login(username="hr", password=PASSWORD)
    assert client.get(reverse("discipline_admin:index")).status_code == 404
    assert client.get(address).status_code == 404
    client.login(username="discipline", password=PASSWORD)
    assert record.cadre.name in client.get(reverse("discipline_admin:index"), {"q": record.cadre.name}).content.decode()
    assert record.document not in client.get(address).content.decode()
    assert record.document in client.post(address, {"purpose": "audit"}).content.decode()


def test_the_warning_long_past_is_read_by_its_own_person(client):
    client.login(username="invigilator", password=PASSWORD)
    assert "政务警告" in client.get(reverse("discipline:mine")).content.decode()
    client.login(username="cadre", password=PASSWORD)
    assert "政务警告" not in client.get(reverse("discipline:mine")).content.decode()


def test_last_years_papers_are_signed_and_filed_in_two_sections_and_left_to_hr_in_the_others():
    cycle = AppraisalCycle.objects.get(year=2025)
    here = cycle.appraisals.filter(unit_name__in=["办公室", "综合保障处"])
    counts = aftermath(cycle)
    assert counts.notified == counts.signed == counts.formed == counts.filed == here.count() > 40
    assert not here.filter(filed_on=None).exists()
    assert not papers(cycle.appraisals.exclude(unit_name__in=["办公室", "综合保障处"]).values("pk")).exists()
    honours = set(papers(here.values("pk"), kinds=[HONOUR]).values_list("source_pk", flat=True))
    assert honours == set(here.filter(grade=Grade.EXCELLENT).values_list("pk", flat=True)) != set()
    ways = set(Opinion.objects.values_list("how", "stance"))
    assert ways == {
        (SignedHow.SYSTEM, Stance.AGREE),
        (SignedHow.SYSTEM, Stance.DISAGREE),
        (SignedHow.PAPER, Stance.AGREE),
        (SignedHow.REFUSED, ""),
    }
    assert Opinion.objects.filter(how=SignedHow.SYSTEM).count() > here.count() / 2
    assert not Opinion.objects.filter(how=SignedHow.SYSTEM).exclude(recorded_by=F("appraisal__cadre__account")).exists()
    issued = papers(here.values("pk"))
    assert all(cycle.finalised_on < day < dt.date(2026, 6, 1) for day in issued.values_list("issued_on", flat=True))
    mine = Appraisal.objects.get(cadre__account__username="cadre", year=2025)
    assert {paper.kind for paper in papers([mine])} >= {NOTICE, FORM}


def test_an_objection_was_answered_and_one_result_was_corrected():
    objection = Objection.objects.get()
    assert (objection.outcome, objection.appraisal.grade) == (ObjectionOutcome.DISMISSED, Grade.EXCELLENT)
    assert objection.appraisal.cycle.notice_from <= objection.raised_on <= objection.answered_on < dt.date(2026, 2, 9)
    corrected = Appraisal.objects.get(corrected_on__isnull=False)
    assert corrected.cadre.discipline_cases.get().outcome == NO_SANCTION
    assert (corrected.treatment, corrected.grade, corrected.is_filed) == (Treatment.GRADED, Grade.COMPETENT, True)
    assert corrected.opinions.count() == 2 and corrected.opinions.filter(superseded_at=None).count() == 1
    [notice] = papers([corrected], kinds=[NOTICE])
    [before] = notice.supersedes.all()
    assert before.revoked_on < notice.issued_on and before.data["grade"] == Grade.NO_GRADE


def test_hrs_desk_is_a_short_list_and_names_the_year_that_a_voided_warning_bears_on(client):
    client.login(username="hr", password=PASSWORD)
    page = client.get(reverse("desk:home"), {"all": ""}).content.decode()
    for said in [
        "登记民主测评结果：综合保障处 2026 年度考核",
        "送达、签署意见和归档：市机关事务管理局 2025 年度考核",
        "送达、签署意见和归档：资产管理处 2026 年度考核",
        "有 1 人的考核年度受记录变化影响，请研究处理",
    ]:
        assert said in page
    assert len(client.get(reverse("desk:home")).context["nav"].todos) <= 8
    [bearing] = affected(Account.objects.get(username="hr"), TODAY)
    assert bearing.appraisal.cadre.discipline_records.get().voided_on is not None
    assert (bearing.appraisal.ceiling, bearing.now.ceiling) == (Ceiling.NOT_EXCELLENT, Ceiling.NONE)


def test_the_desk_shows_no_result_before_it_stands(client):
    """The head of 人事处 is decided on already; her desk still shows last year's grade."""
    decided = Appraisal.objects.get(cadre__account__username="hr", year=2026)
    decided.grade, decided.decided_at = Grade.EXCELLENT, decided.reviewed_at
    decided.save()
    client.login(username="hr", password=PASSWORD)
    results = client.get(reverse("desk:home")).context["results"]
    last = Appraisal.objects.get(cadre__account__username="hr", year=2025).get_grade_display()
    assert (results[0].title, results[0].words) == ("2025 年度考核", f"等次：{last}")


def job_of(client, cycle, **asked):
    """HR presses the button and the worker does the job."""
    client.login(username="hr", password=PASSWORD)
    answer = client.post(reverse("appraisals_admin:issue", args=[cycle.pk]), asked)
    job = Job.objects.latest("created_at")
    assert answer.url == reverse("jobs:progress", args=[job.pk])
    run(job.pk)
    job.refresh_from_db()
    assert job.state == "done" and job.done == job.total
    return job


def test_hr_gets_a_cycles_papers_as_one_file_or_as_a_zip_of_the_signed_ones(client):
    cycle = AppraisalCycle.objects.get(unit__name="资产管理处", year=2026)
    job = job_of(client, cycle, papers="notices", packing="zip")
    issued = {paper.serial: paper for paper in papers(cycle.appraisals.values("pk"))}
    assert len(issued) == job.total == 26 + 5
    with zipfile.ZipFile(job.result_path) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    titles = {NOTICE: "年度考核结果通知书", HONOUR: "考核优秀等次荣誉证书"}
    assert packed == {
        f"{one.holder_name}_{titles[one.kind]}_{serial}.pdf": one.path.read_bytes() for serial, one in issued.items()
    }
    notices = [name for name in packed if "通知书" in name]
    assert sorted(name.split("_")[0] for name in notices) == sorted(cycle.appraisals.values_list("name", flat=True))
    answer = client.get(reverse("jobs:result", args=[job.pk]))
    assert answer["Content-Disposition"].endswith('.zip"')
    # again, in one file: nobody gets a second paper
    merged = job_of(client, cycle, papers="notices", packing="merged")
    assert len(pypdfium2.PdfDocument(merged.result_path)) == 31
    assert set(papers(cycle.appraisals.values("pk")).values_list("serial", flat=True)) == set(issued)
    # the zip of last time still lies there for its job, and nobody else's hands reach it
    client.login(username="committee", password=PASSWORD)
    assert client.get(reverse("jobs:result", args=[job.pk])).status_code == 404


def test_registration_forms_of_one_unit_come_one_a_person_too(client):
    cycle = AppraisalCycle.objects.get(year=2025)
    unit = Unit.objects.get(name="办公室")
    here = cycle.appraisals.filter(unit=unit)
    job = job_of(client, cycle, papers="forms", packing="zip", unit=unit.pk)
    with zipfile.ZipFile(job.result_path) as archive:
        names = archive.namelist()
    # whose record was voided since waits until HR has looked into the year
    [changed] = affected_of(here.select_related("cycle", "cadre"), today=TODAY)
    assert f"{changed.appraisal.name}：有关记录有变化" in job.message
    ready = sorted(here.exclude(pk=changed.appraisal.pk).values_list("name", flat=True))
    assert sorted(name.split("_")[0] for name in names) == ready
    assert all("_公务员年度考核登记表_DJ" in name for name in names)
    merged = job_of(client, cycle, papers="forms", unit=unit.pk)
    assert len(pypdfium2.PdfDocument(merged.result_path)) == 2 * len(ready)


def test_hr_has_a_batch_of_certificates_to_issue(client):
    client.force_login(Account.objects.get(username="hr"))
    page = client.get(reverse("certificates_admin:batches")).content.decode()
    assert "节能宣传先进个人" in page
    assert Batch.objects.get().recipients.count() == 5
