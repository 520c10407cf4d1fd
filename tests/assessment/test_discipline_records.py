"""Discipline: written once, seen by its officer and the person, noted when opened; others see the restriction."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from assessment.appraisals.records import outlooks
from assessment.discipline import actions
from assessment.discipline.enums import NO_SANCTION, Action
from assessment.discipline.models import DisciplineCase, DisciplineRecord, OutcomeVoiding
from assessment.discipline.queries import cases_of, findings_of
from assessment.discipline.rules import standing
from foundation.audit.models import Entry
from foundation.offers.types import Refused
from foundation.people.careers import relate
from foundation.people.enums import Kinship, Role
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
DEMERIT_DAY = dt.date(2026, 5, 20)


class Story:
    """An office with a discipline officer, HR, a head, and two people of whom one was punished."""

    def __init__(self):
        self.office = office()
        self.general, self.finance = section("办公室", self.office), section("财务处", self.office)
        self.punished = CadreFactory(unit=self.general, name="被处分", work_number="JL00001")
        self.colleague = CadreFactory(unit=self.general, name="同事")
        self.officer_cadre = CadreFactory(unit=self.office, name="纪检")
        self.officer = grant(self.officer_cadre.account, Role.DISCIPLINE_OFFICER, self.office)
        self.finance_officer = grant(AccountFactory(), Role.DISCIPLINE_OFFICER, self.finance)
        self.hr = grant(AccountFactory(name="人事"), Role.HR, self.office)
        self.head = grant(CadreFactory(unit=self.general).account, Role.SECTION_HEAD, self.general)

    def demerit(self, cadre=None, **changes):
        known = {
            "code": Action.ADMIN_DEMERIT,
            "effective": DEMERIT_DAY,
            "organ": "市监察委员会",
            "document": "监决〔2026〕3号",
            "basis": "政务处分法第三十九条",
            "case": None,
        } | changes
        return actions.add_record(cadre=cadre or self.punished, now=NOW, today=TODAY, actor=self.officer, **known)

    def case(self, cadre=None, opened=dt.date(2026, 10, 8)):
        return actions.open_case(
            cadre=cadre or self.punished,
            opened=opened,
            reference="立〔2026〕8号",
            now=NOW,
            today=TODAY,
            actor=self.officer,
        )

    def void(self, record, **changes):
        known = {"on": TODAY, "document": "监决〔2026〕9号", "reason": "复审撤销"} | changes
        return actions.void_record(target=record, now=NOW, today=TODAY, actor=self.officer, **known)

    def ceiling(self, year=2026):
        found = outlooks([self.punished], year=year, as_of=TODAY, unit=self.office.pk)
        return found[self.punished.pk].ceiling


@pytest.fixture
def story(db):
    return Story()


def test_a_record_bears_on_its_year_and_a_voided_one_does_not(story):
    record = story.demerit()
    assert (story.ceiling(), story.ceiling(2027)) == ("no_grade", "none")
    story.void(record)
    assert story.ceiling() == "none"
    assert DisciplineRecord.objects.get().voided_document == "监决〔2026〕9号"
    with pytest.raises(Refused) as refused:
        story.void(record)
    assert refused.value.code == "voided"


def test_a_case_is_closed_once_and_its_outcome_counts(story):
    case = story.case()
    assert story.ceiling() == "no_grade"
    closing = {"closed": TODAY, "reference": "结〔2026〕8号", "now": NOW, "today": TODAY, "actor": story.officer}
    with pytest.raises(Refused) as refused:
        actions.close_case(case=case, outcome=NO_SANCTION, **(closing | {"closed": dt.date(2026, 10, 7)}))
    assert refused.value.code == "order"
    actions.close_case(case=case, outcome=Action.ADMIN_WARNING, **closing)
    assert story.ceiling() == "not_excellent"
    with pytest.raises(Refused) as refused:
        actions.close_case(case=case, outcome=NO_SANCTION, **closing)
    assert refused.value.code == "case_closed"


def closed(story, outcome, *, opened=dt.date(2025, 10, 8), on=dt.date(2025, 12, 20)):
    case = story.case(opened=opened)
    return actions.close_case(
        case=case, closed=on, outcome=outcome, reference="结", now=NOW, today=TODAY, actor=story.officer
    )


def test_what_a_case_brought_counts_once_from_the_day_of_its_decision(story):
    """A case is closed some days after the decision that it led to: two dates, one sanction."""
    case = closed(story, Action.ADMIN_DEMERIT)
    assert [story.ceiling(year) for year in (2025, 2026)] == ["no_grade", "none"]
    record = story.demerit(case=case, effective=dt.date(2026, 1, 5))
    assert [story.ceiling(year) for year in (2025, 2026)] == ["none", "no_grade"]
    [finding] = standing_on(story, TODAY)
    assert finding.effective == dt.date(2026, 1, 5)
    assert [finding.effective for finding in standing_on(story, dt.date(2026, 1, 4))] == [case.closed]
    story.void(record)
    assert [story.ceiling(year) for year in (2025, 2026)] == ["none", "none"]


def standing_on(story, day):
    person = story.punished.pk
    return standing(findings_of([person]).get(person, ()), cases_of([person])[person], day)


def test_a_year_left_open_by_a_case_looks_at_the_decision_that_came_of_it(story):
    case = closed(story, Action.ADMIN_WARNING, on=dt.date(2026, 2, 1))
    story.demerit(case=case, code=Action.ADMIN_WARNING, effective=dt.date(2026, 1, 28))
    assert [story.ceiling(year) for year in (2025, 2026)] == ["not_excellent", "not_excellent"]
    story.demerit(case=case, code=Action.ADMONITION, effective=dt.date(2026, 1, 28))
    assert story.ceiling(2025) == "not_excellent"
    story.demerit(case=case, effective=dt.date(2026, 1, 28))
    assert story.ceiling(2025) == "no_grade"


def test_another_action_on_the_same_case_takes_nothing_from_its_outcome(story):
    case = closed(story, Action.ADMIN_DEMERIT)
    story.demerit(case=case, code=Action.ADMONITION, effective=case.closed)
    assert story.ceiling(2025) == "no_grade"


def test_an_outcome_without_a_record_is_voided_itself(story, client):
    case = closed(story, Action.ADMIN_DEMERIT)
    decision = {"on": "2026-03-01", "document": "复〔2026〕1号", "reason": "复审撤销"}
    url = reverse("appraisals_admin:void_outcome", args=[case.pk])
    client.force_login(story.hr)
    assert client.get(url).status_code == 404
    client.force_login(story.officer)
    client.post(url, {"purpose": "handling"})
    assert "政务记过" in client.get(url).content.decode()
    post_seen(client, url, decision)
    assert [story.ceiling(2025), OutcomeVoiding.objects.get().document] == ["none", "复〔2026〕1号"]
    opened = client.post(reverse("discipline_admin:case", args=[case.pk]), {"purpose": "audit"}).content.decode()
    assert "复〔2026〕1号" in opened and url not in opened
    with pytest.raises(Refused) as refused:
        actions.void_outcome(case=case, on=TODAY, document="x", reason="x", now=NOW, today=TODAY, actor=story.officer)
    assert refused.value.code == "voided"
    with pytest.raises(DatabaseError), transaction.atomic():
        OutcomeVoiding.objects.update(reason="x")


def test_a_recorded_outcome_is_voided_by_its_record_alone(story):
    case = closed(story, Action.ADMIN_DEMERIT)
    story.demerit(case=case, effective=dt.date(2026, 1, 5))
    with pytest.raises(Refused) as refused:
        actions.void_outcome(case=case, on=TODAY, document="x", reason="x", now=NOW, today=TODAY, actor=story.officer)
    assert refused.value.code == "recorded"


def post_seen(client, url, data):
    """Send a form as the page showed it."""
    page = client.get(url).content.decode()
    return client.post(url, data | {"seen": page.split('name="seen" value="')[1].split('"')[0]})


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM discipline_disciplinerecord",
        "UPDATE discipline_disciplinerecord SET code = 'admin.warning'",
        "UPDATE discipline_disciplinerecord SET effective = '2026-05-21'",
        "UPDATE discipline_disciplinerecord SET recorded_by_id = 1, document = 'x'",
        "DELETE FROM discipline_disciplinecase",
        "UPDATE discipline_disciplinecase SET opened = '2026-10-09'",
    ],
)
def test_the_database_itself_refuses_to_rewrite(story, statement):
    story.demerit()
    story.case()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (DisciplineRecord.objects.count(), DisciplineCase.objects.count()) == (1, 1)


def test_what_was_voided_or_closed_stays_so(story):
    record = story.demerit()
    story.void(record)
    with pytest.raises(DatabaseError), transaction.atomic():
        DisciplineRecord.objects.update(voided_on=None, voided_document="", voided_reason="", voided_by=None)
    assert DisciplineRecord.objects.get().is_voided


def test_a_record_is_written_down_once_never_ahead_and_never_on_somebody_elses_case(story):
    story.demerit()
    for changes, code in (
        ({}, "recorded"),
        ({"effective": dt.date(2026, 11, 25)}, "future"),
        ({"case": story.case(story.colleague)}, "other_case"),
    ):
        with pytest.raises(Refused) as refused:
            story.demerit(**changes)
        assert refused.value.code == code
    assert DisciplineRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("first_month", "bound", "named"),
    [
        (dt.date(2009, 7, 1), dt.date(2009, 7, 1), "2009.07"),
        (dt.date(2009, 7, 15), dt.date(2009, 7, 1), "2009.07"),
        (None, dt.date(1949, 10, 1), "1949年10月1日"),
    ],
)
def test_a_day_implausibly_long_past_is_refused_with_its_bound(story, client, first_month, bound, named):
    story.punished.first_work_month = first_month
    story.punished.save(update_fields=["first_work_month"])
    before = bound - dt.timedelta(days=1)
    for write in (lambda: story.case(opened=before), lambda: story.demerit(effective=before)):
        with pytest.raises(Refused) as refused:
            write()
        assert refused.value.code == "too_early" and named in str(refused.value)
    client.force_login(story.officer)
    asked = {"work_number": "JL00001", "opened": before.isoformat(), "reference": "立〔2026〕8号"}
    assert named in post_seen(client, reverse("discipline_admin:open_case"), asked).content.decode()
    client.post(reverse("discipline_admin:add_record"), {"work_number": "JL00001"})
    url = reverse("discipline_admin:add_record_of", args=[story.punished.pk])
    asked = {
        "code": "admonition",
        "effective": before.isoformat(),
        "organ": "机关党委",
        "document": "诫",
        "basis": "细则",
    }
    assert named in post_seen(client, url, asked).content.decode()
    assert not DisciplineCase.objects.exists() and not DisciplineRecord.objects.exists()
    assert story.case(opened=bound).opened == story.demerit(effective=bound).effective == bound


def test_nobody_keeps_the_own_records_nor_a_relatives(story, client):
    relate(
        cadre=story.officer_cadre,
        other=story.punished,
        kinship=Kinship.SPOUSE,
        on=dt.date(2020, 1, 1),
        actor=story.hr,
    )
    for cadre in (story.officer_cadre, story.punished):
        with pytest.raises(Refused) as refused:
            story.demerit(cadre)
        assert refused.value.code == "avoidance"
    other = grant(AccountFactory(), Role.DISCIPLINE_OFFICER, story.office)
    story.officer, related = other, story.officer
    record = story.demerit()
    client.force_login(related)
    assert client.get(reverse("discipline_admin:record", args=[record.pk])).status_code == 404
    client.force_login(other)
    assert client.get(reverse("discipline_admin:record", args=[record.pk])).status_code == 200


def test_every_opening_asks_why_and_is_noted(story, client):
    record, case = story.demerit(), story.case()
    client.force_login(story.officer)
    listing = client.get(reverse("discipline_admin:index")).content.decode()
    assert "被处分" in listing and "查看将被记录" in listing and "政务记过" not in listing
    for name, row, secret in (("record", record, "政务记过"), ("case", case, "立〔2026〕8号")):
        url = reverse(f"discipline_admin:{name}", args=[row.pk])
        asked = client.get(url).content.decode()
        assert "查看事由" in asked and secret not in asked
        assert secret not in client.post(url, {"purpose": ""}).content.decode()
        assert secret in client.post(url, {"purpose": "opinion", "note": "组函12号"}).content.decode()
        entry = Entry.objects.filter(event="discipline.opened").latest("pk")
        assert (entry.target_id, entry.data["purpose"]) == (str(row.pk), "出具党风廉政意见：组函12号")
    assert Entry.objects.filter(event="discipline.opened").count() == 2


def test_to_everybody_else_it_is_not_there(story, client):
    record, case = story.demerit(), story.case()
    addresses = [
        reverse("discipline_admin:index"),
        reverse("discipline_admin:add_record"),
        reverse("discipline_admin:open_case"),
        reverse("discipline_admin:record", args=[record.pk]),
        reverse("discipline_admin:add_record_of", args=[story.punished.pk]),
        reverse("discipline_admin:case", args=[case.pk]),
        reverse("discipline_admin:close_case", args=[case.pk]),
        reverse("appraisals_admin:void_record", args=[record.pk]),
    ]
    client.force_login(story.hr)
    assert {client.get(url).status_code for url in addresses} == {404}
    client.force_login(story.finance_officer)
    assert [client.get(url).status_code for url in addresses] == [200, 200, 200, 404, 404, 404, 404, 404]
    assert "被处分" not in client.get(addresses[0]).content.decode()


def test_the_person_reads_the_own_decisions_and_no_case(story, client):
    record = story.demerit()
    story.demerit(story.colleague, code=Action.ADMONITION)
    story.case()
    client.force_login(story.punished.account)
    page = client.get(reverse("discipline:mine")).content.decode()
    assert "政务记过" in page and "诫勉" not in page and "立案" not in page and "立〔2026〕8号" not in page
    story.void(record)
    assert "已撤销" in client.get(reverse("discipline:mine")).content.decode()
    client.force_login(story.hr)
    assert "政务记过" not in client.get(reverse("discipline:mine")).content.decode()


def test_the_officer_adds_and_closes_through_the_pages(story, client):
    client.force_login(story.officer)
    asked = {"work_number": "JL00001", "opened": "2026-10-08", "reference": "立〔2026〕8号"}
    url = reverse("discipline_admin:open_case")
    page = client.get(url).content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    client.post(url, asked | {"seen": seen, "work_number": "nobody"})
    assert not DisciplineCase.objects.exists()
    client.post(url, asked | {"seen": seen})
    case = DisciplineCase.objects.get(cadre=story.punished)
    url = reverse("discipline_admin:close_case", args=[case.pk])
    client.post(url, {"purpose": "handling"})
    seen = client.get(url).content.decode().split('name="seen" value="')[1].split('"')[0]
    client.post(url, {"seen": seen, "closed": "2026-11-01", "outcome": "none", "reference": "结〔2026〕8号"})
    case.refresh_from_db()
    assert (case.closed, case.outcome) == (dt.date(2026, 11, 1), "none")
    first = client.post(reverse("discipline_admin:add_record"), {"work_number": "JL00001"})
    url = reverse("discipline_admin:add_record_of", args=[story.punished.pk])
    assert first.url == url
    seen = client.get(url).content.decode().split('name="seen" value="')[1].split('"')[0]
    record = {
        "code": "admonition",
        "effective": "2026-11-02",
        "organ": "机关党委",
        "document": "诫〔2026〕1号",
        "basis": "细则第十七条",
        "case": case.pk,
        "seen": seen,
    }
    client.post(url, record)
    assert DisciplineRecord.objects.get(cadre=story.punished).case == case


def test_no_form_lists_cases_of_people_whom_nobody_asked_about(story, client):
    """The cases to choose from are the named person's, and each showing is noted with its purpose."""
    own, other = story.case(), story.case(story.colleague, opened=dt.date(2026, 10, 9))
    client.force_login(story.officer)
    page = client.get(reverse("discipline_admin:add_record")).content.decode()
    assert "立〔2026〕8号" not in page and "同事" not in page
    assert not Entry.objects.filter(event="discipline.opened").exists()
    page = client.post(reverse("discipline_admin:add_record"), {"work_number": "JL00001"}, follow=True).content.decode()
    assert f'value="{own.pk}"' in page and f'value="{other.pk}"' not in page
    client.post(reverse("discipline_admin:close_case", args=[other.pk]), {"purpose": "handling"}, follow=True)
    opened = Entry.objects.filter(event="discipline.opened").order_by("pk")
    assert [(entry.target_id, entry.data["purpose"]) for entry in opened] == [
        (str(own.pk), "登记处分处理"),
        (str(other.pk), "办理案件或处分"),
    ]


def test_the_audit_trail_does_not_say_whom_a_case_is_about(story, client):
    case, record = story.case(), story.demerit()
    auditor = grant(AccountFactory(), Role.AUDIT_ADMIN, story.office)
    client.force_login(story.officer)
    client.get(reverse("discipline_admin:index"))
    names = set(Entry.objects.filter(event__startswith="discipline.").values_list("target_name", flat=True))
    assert names == {f"立案第 {case.pk} 号", f"处分处理第 {record.pk} 号"}
    client.force_login(auditor)
    page = client.get(reverse("people:audit_log"), {"event": "discipline.case_opened"}).content.decode()
    assert names & {name for name in names if name in page} and "被处分" not in page
