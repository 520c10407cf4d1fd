"""Discipline's pages: the purpose comes before every one that shows a row, and what cannot be done is said at once."""

import datetime as dt

import pytest
from django.urls import reverse

from assessment.discipline import actions
from assessment.discipline.enums import Action
from foundation.audit.models import Entry
from tests.assessment.test_discipline_records import NOW, TODAY, Story, closed

PAGES = ("void_record", "void_outcome", "close_case")


class Rows(Story):
    """Two of each: one whose purpose is given, and another."""

    def __init__(self):
        super().__init__()
        self.rows = {
            "void_record": [self.demerit(), self.demerit(code=Action.ADMONITION)],
            "void_outcome": [
                closed(self, Action.ADMIN_WARNING, opened=dt.date(2025, 3, day), on=dt.date(2025, 4, day))
                for day in (1, 2)
            ],
            "close_case": [self.case(), self.case(opened=dt.date(2026, 10, 9))],
        }
        self.secrets = {"void_record": "监决〔2026〕3号", "void_outcome": "政务警告", "close_case": "立〔2026〕8号"}

    def address(self, page, number=0):
        room = "discipline_admin" if page == "close_case" else "appraisals_admin"
        return reverse(f"{room}:{page}", args=[self.rows[page][number].pk])


@pytest.fixture
def story(db):
    return Rows()


def readings():
    """What the trail has of rows that were shown: which one, and why."""
    entries = Entry.objects.filter(event="discipline.opened").order_by("pk")
    return [(entry.target_id, entry.data["purpose"]) for entry in entries]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_acts_on_a_row_asks_for_the_purpose_of_that_row(story, client, page):
    client.force_login(story.officer)
    url, secret, key = story.address(page), story.secrets[page], str(story.rows[page][0].pk)
    asked = client.get(url).content.decode()
    assert "写明查看事由" in asked and secret not in asked
    for answer in ({"purpose": ""}, {"on": "2026-11-01", "document": "x", "reason": "x", "closed": "2026-11-01"}):
        asked = client.post(url, answer).content.decode()
        assert "写明查看事由" in asked and secret not in asked
    assert readings() == []
    back = client.post(url, {"purpose": "handling", "note": "复议12号"})
    assert back.url == url and readings() == []
    assert secret in client.get(url).content.decode()
    assert readings() == [(key, "办理案件或处分：复议12号")]
    assert secret not in client.get(story.address(page, 1)).content.decode()
    assert len(readings()) == 1
    assert "写明查看事由" not in client.post(url, {"seen": "stale"}).content.decode()
    assert readings() == [(key, "办理案件或处分：复议12号")] * 2  # the page with its errors shows the row again
    client.logout()
    client.force_login(story.officer)
    assert secret not in client.get(url).content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_purpose_given_on_the_page_of_the_row_is_not_asked_again(story, client, page):
    client.force_login(story.officer)
    row = story.rows[page][0]
    name = "record" if page == "void_record" else "case"
    client.post(reverse(f"discipline_admin:{name}", args=[row.pk]), {"purpose": "audit"})
    assert story.secrets[page] in client.get(story.address(page)).content.decode()
    assert readings() == [(str(row.pk), "检查核对记录")] * 2


def test_the_page_of_a_row_asks_at_every_opening(story, client):
    client.force_login(story.officer)
    url = reverse("discipline_admin:record", args=[story.rows["void_record"][0].pk])
    assert "政务记过" in client.post(url, {"purpose": "audit"}).content.decode()
    assert "政务记过" not in client.get(url).content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_to_everybody_else_the_pages_are_not_there_whatever_they_send(story, client, page):
    url = story.address(page)
    client.force_login(story.hr)
    assert {client.get(url).status_code, client.post(url, {"purpose": "audit"}).status_code} == {404}
    for account in (story.punished.account, story.head):
        client.force_login(account)
        assert story.secrets[page] not in client.post(url, {"purpose": "audit"}, follow=True).content.decode()
    assert readings() == []


def test_a_persons_cases_are_listed_only_after_the_first_step_about_that_person(story, client):
    client.force_login(story.officer)
    url = reverse("discipline_admin:add_record_of", args=[story.punished.pk])
    asked = client.get(url).content.decode()
    assert "先写明人员" in asked and "立〔2026〕8号" not in asked
    client.post(reverse("discipline_admin:add_record"), {"work_number": story.colleague.work_number})
    assert "立〔2026〕8号" not in client.get(url).content.decode()
    assert "立〔2026〕8号" not in client.post(url, {"code": "admonition"}).content.decode()
    assert readings() == []
    answer = client.post(url, {"work_number": "JL00001"})
    assert answer.url == url
    assert "立〔2026〕8号" in client.get(url).content.decode()
    assert {purpose for _pk, purpose in readings()} == {"登记处分处理"}
    assert len(readings()) == 4
    client.force_login(story.hr)
    assert client.get(url).status_code == 404


def test_what_cannot_be_done_any_more_is_said_before_anything_is_filled_in(story, client):
    client.force_login(story.officer)
    record, outcome, case = (story.rows[page][0] for page in PAGES)
    story.void(record)
    told = {"now": NOW, "today": TODAY, "actor": story.officer}
    actions.void_outcome(case=outcome, on=TODAY, document="复", reason="复审撤销", **told)
    actions.close_case(case=case, closed=TODAY, outcome="none", reference="结", **told)
    client.post(story.address("void_outcome"), {"purpose": "handling"})
    for page, name, row, sentence in (
        ("void_record", "record", record, "这条处分处理已经撤销。"),
        ("void_outcome", "case", outcome, "这件立案的结案结果已经撤销。"),
        ("close_case", "case", case, "这件立案已经结案，不能再改。"),
    ):
        answer = client.get(story.address(page), follow=True)
        assert answer.redirect_chain == [(reverse(f"discipline_admin:{name}", args=[row.pk]), 302)]
        assert sentence in answer.content.decode()
    assert readings() == []


def test_why_an_outcome_cannot_be_voided_is_told_after_the_purpose(story, client):
    client.force_login(story.officer)
    outcome = story.rows["void_outcome"][0]
    story.demerit(case=outcome, code=outcome.outcome, effective=outcome.closed)
    url = story.address("void_outcome")
    assert "已经登记为处分处理" not in client.get(url, follow=True).content.decode()
    assert "已经登记为处分处理" in client.post(url, {"purpose": "handling"}, follow=True).content.decode()
