"""Notices: told once, read in one's own language, mailed to who wants it; nobody reads another's."""

import datetime as dt
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import translation

from assessment.appraisals.notice_kinds import PUBLIC_NOTICE, RESULT_ISSUED
from foundation.jobs import actions as jobs
from foundation.jobs.enums import State
from foundation.jobs.models import Job
from foundation.notices.actions import SEND_MAIL, choose_mail, notify
from foundation.notices.enums import Mail
from foundation.notices.models import Notice
from foundation.notices.queries import unread_count
from foundation.offers.find import notice_kinds
from foundation.people import actions as people
from foundation.people.enums import Role
from foundation.people.models import RoleGrant
from tests.factories.people import AccountFactory, office

pytestmark = pytest.mark.django_db


def tell(account, dedupe="result", kind=RESULT_ISSUED, **context):
    notify(to=account, kind=kind, context={"year": 2026, **context}, dedupe=dedupe)


def run_mail():
    """The worker comes."""
    job = Job.objects.filter(kind=SEND_MAIL, state="queued").latest("created_at")
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


@pytest.fixture
def postman(settings):
    """A mail server is configured; pytest-django keeps what is sent."""
    settings.ZHIXING_MAIL = True


@pytest.fixture
def reader():
    return AccountFactory(name="周立新", email="zhou@example.gov.cn")


def test_the_same_is_told_once_and_to_everybody_named(reader):
    colleague = AccountFactory()
    gone = AccountFactory(is_active=False)
    for _time in range(2):
        tell([reader, colleague, gone])
    tell(reader, dedupe="another")
    told = set(Notice.objects.values_list("account", "dedupe"))
    assert told == {(reader.pk, "result"), (colleague.pk, "result"), (reader.pk, "another")}


def test_a_kind_that_no_room_offers_is_a_mistake_of_ours(reader):
    with pytest.raises(KeyError):
        tell(reader, kind="nowhere.nothing")


def test_an_act_that_is_taken_back_has_told_nobody(reader):
    class Oops(Exception):
        pass

    with pytest.raises(Oops), transaction.atomic():
        tell(reader)
        raise Oops
    assert Notice.objects.count() == 0


def test_the_sentence_is_in_the_language_of_who_reads_it(reader):
    tell(reader, kind=PUBLIC_NOTICE, unit="财务处", until="2026-12-08")
    with translation.override("zh-hans"):
        assert Notice.objects.get().text == "财务处 2026 年度考核优秀等次开始公示，到2026年12月8日为止。"
    with translation.override("en"):
        assert "8 Dec 2026" in Notice.objects.get().text


def test_the_pip_the_list_and_what_reading_changes(client, reader):
    client.force_login(reader)
    tell(reader)
    page = client.get("/notices/").content.decode()
    assert "通知，1 条未读" in page
    assert "你的 2026 年度考核结果通知书已签发，请查阅。" in page
    opened = client.get(f"/notices/{Notice.objects.get().pk}/")
    assert opened.headers["Location"] == "/documents/"
    first = Notice.objects.get().read_at
    client.get(f"/notices/{Notice.objects.get().pk}/")
    assert (first is not None, Notice.objects.get().read_at) == (True, first)
    page = client.get("/notices/").content.decode()
    assert ("条未读" in page, "已签发" in page) == (False, True)
    assert "没有未读通知" in client.get("/notices/?show=unread").content.decode()


def test_what_came_while_the_page_was_open_stays_unread(client, reader):
    client.force_login(reader)
    tell(reader)
    shown = client.get("/notices/").context["notices"][0].pk
    tell(reader, dedupe="later")
    client.post("/notices/read/", {"until": shown})
    assert list(Notice.objects.filter(read_at=None).values_list("dedupe", flat=True)) == ["later"]


@pytest.mark.parametrize("until", ["", "abc", "-1", "9" * 30])
def test_nonsense_puts_nothing_aside(client, reader, until):
    client.force_login(reader)
    tell(reader)
    assert client.post("/notices/read/", {"until": until}).status_code == 302
    assert client.get("/notices/", {"before": until}).status_code == 200
    assert unread_count(reader) == 1


def test_nobody_reads_or_puts_aside_anothers(client, reader):
    stranger = AccountFactory()
    tell(reader)
    client.force_login(stranger)
    pk = Notice.objects.get().pk
    assert client.get(f"/notices/{pk}/").status_code == 404
    client.post("/notices/read/", {"until": pk})
    assert (unread_count(reader), unread_count(stranger)) == (1, 0)
    assert "已签发" not in client.get("/notices/").content.decode()


def test_pages_go_on_by_key_and_cost_the_same(client, reader, django_assert_num_queries):
    client.force_login(reader)
    client.get("/notices/")  # the first page of a session asks more
    tell(reader, dedupe="0")
    with django_assert_num_queries(16) as one:
        client.get("/notices/")
    for n in range(1, 21):
        tell(reader, dedupe=str(n))
    with django_assert_num_queries(len(one)):
        first = client.get("/notices/")
    second = client.get("/notices/", {"before": first.context["older"]})
    assert [one.dedupe for one in first.context["notices"]] == [str(n) for n in range(20, 0, -1)]
    assert ([one.dedupe for one in second.context["notices"]], second.context["older"]) == (["0"], None)


def test_a_notice_of_a_room_that_is_gone_is_passed_over(client, reader):
    tell(reader)
    Notice.objects.update(kind="gone.kind")
    client.force_login(reader)
    assert "还没有通知" in client.get("/notices/").content.decode()
    assert unread_count(reader) == 0


def test_mail_goes_to_who_has_an_address_and_wants_it(postman, reader):
    silent = AccountFactory(email="quiet@example.gov.cn")
    choose_mail(account=silent, wanted=[])
    english = AccountFactory(email="en@example.gov.cn", language="en")
    tell([reader, silent, AccountFactory()])
    tell([english, silent], dedupe="role", kind="people.role_granted", role="hr", unit="市局", day="2026-11-24")
    run_mail()
    assert [one.to for one in mail.outbox] == [["zhou@example.gov.cn"], ["en@example.gov.cn"]]
    assert mail.outbox[0].subject == "知行：年度考核结果通知书"
    first = Notice.objects.get(account=reader, dedupe="result")
    assert f"/notices/{first.pk}/" in mail.outbox[0].body
    assert "24 Nov 2026" in mail.outbox[1].body
    assert not Notice.objects.filter(mail=Mail.DUE).exists()
    jobs.run(jobs.start(SEND_MAIL, actor=None).pk)
    assert len(mail.outbox) == 2


def test_a_mail_server_that_is_away_stops_nothing(postman, reader, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1  # nobody listens there
    tell(reader)
    assert run_mail().state == State.DONE  # not a failed job every quarter of an hour while the server is away
    assert (Notice.objects.get().mail, unread_count(reader)) == (Mail.DUE, 1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    jobs.run(jobs.start(SEND_MAIL, actor=None).pk)
    assert (Notice.objects.get().mail, len(mail.outbox)) == (Mail.SENT, 1)


class Choosy(EmailBackend):
    """A mail server that knows no zhou."""

    def send_messages(self, messages):
        if messages[0].to[0].startswith("zhou"):
            raise SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such user")})
        return super().send_messages(messages)


def test_an_address_that_is_refused_does_not_hold_up_the_others(postman, reader, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Choosy"
    tell([reader, AccountFactory(email="li@example.gov.cn")])
    run_mail()
    assert [one.to for one in mail.outbox] == [["li@example.gov.cn"]]
    assert (Notice.objects.get(account=reader).mail, unread_count(reader)) == (Mail.NONE, 1)


def test_without_a_mail_server_nothing_waits_for_one(reader, client):
    tell(reader)
    assert (Notice.objects.get().mail, Job.objects.count()) == (Mail.NONE, 0)
    client.force_login(reader)
    assert "没有配置邮件服务器" in client.get("/notices/preferences/").content.decode()


def test_the_person_chooses_what_is_mailed(client, reader, postman):
    client.force_login(reader)
    page = client.get("/notices/preferences/")
    shown = set(page.context["form"]["wanted"].initial)
    assert shown == {code for code, kind in notice_kinds().items() if kind.by_email}
    client.post("/notices/preferences/", {"wanted": ["jobs.ended"]})
    assert client.get("/notices/preferences/").context["form"]["wanted"].initial == ["jobs.ended"]
    assert client.post("/notices/preferences/", {"wanted": ["nothing.such"]}).context["form"].errors
    tell(reader)
    assert Notice.objects.get().mail == Mail.NONE


def test_who_gets_or_loses_a_role_is_told(reader):
    bureau = office()
    grant = people.grant_role(
        account=reader, role=Role.HR, unit=bureau, valid_from=dt.date(2026, 11, 24), actor=AccountFactory()
    )
    people.end_role(grant=grant, last_day=dt.date(2026, 12, 31), actor=AccountFactory())
    assert {str(one) for one in Notice.objects.all()} == {
        "你自2026年11月24日起担任“人事”，范围：市机关事务管理局。",
        "你的“人事”角色到2026年12月31日为止，范围：市机关事务管理局。",
    }
    assert set(Notice.objects.values_list("account", flat=True)) == {reader.pk}
    assert RoleGrant.objects.get().valid_to == dt.date(2026, 12, 31)


def test_the_owner_of_a_job_is_told_how_it_ended(reader):
    job = jobs.start("audit.verify", actor=reader)
    jobs.run(job.pk)
    jobs.run(job.pk)
    (notice,) = Notice.objects.all()
    assert (notice.account, notice.url) == (reader, f"/jobs/{job.pk}/")
    jobs.run(jobs.start("people.new_day", actor=None).pk)
    assert Notice.objects.count() == 1  # the system's own work is nobody's news
