"""First passwords on paper: whose they are, who may print them, and that they lie nowhere."""

import datetime as dt
import shutil
import subprocess

import pytest
from django.conf import settings
from django.contrib.auth import authenticate

from foundation.audit.models import Entry
from foundation.jobs import actions as jobs
from foundation.jobs.models import Job
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people import slips
from foundation.people.actions import renew_first_password
from foundation.people.enums import Role
from foundation.people.models import Account
from foundation.people.password_rules import classes, first_password
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

SLIPS = "/admin/certificates/slips/"


class House:
    """A section with somebody new, somebody who signs in daily, its head, one whose account is off, and an officer of
    the whole office; another section beside it."""

    def __init__(self):
        self.bureau = office()
        self.general, self.finance = section("办公室", self.bureau), section("财务处", self.bureau)
        self.hr = grant(AccountFactory(name="沈静"), Role.HR, self.bureau)
        self.generals_hr = grant(AccountFactory(name="办公室人事"), Role.HR, self.general)
        self.new = self.person("新来", self.general)
        self.daily = self.person("老李", self.general, last_login=clock.now())
        self.head = self.person("处长", self.general)
        grant(self.head.account, Role.SECTION_HEAD, self.general)
        self.off = self.person("停用", self.general, is_active=False)
        CadreFactory(unit=self.general, name="无账号", account=None)
        self.other = self.person("外处", self.finance)

    def person(self, name, unit, **account):
        cadre = CadreFactory(unit=unit, name=name)
        Account.objects.filter(pk=cadre.account_id).update(**account)
        cadre.account.refresh_from_db()
        cadre.account.set_password("old-password")
        cadre.account.save()
        return cadre


@pytest.fixture
def house(db):
    return House()


def signs_in(cadre, password="old-password"):
    return authenticate(username=cadre.account.username, password=password) is not None


def printed(client, unit, **fields):
    """Press the button and let the worker do the job."""
    response = client.post(SLIPS, {"unit": unit.pk, "confirmed": "1", **fields})
    assert response.status_code == 302, response.content.decode()
    job = Job.objects.latest("created_at")
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def fetch(client, job):
    return client.post(f"/jobs/{job.pk}/result/")


def result_url(job):
    return f"/jobs/{job.pk}/result/"


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed here")
def test_a_new_person_signs_in_with_the_slip_and_with_nothing_else(client, house):
    client.force_login(house.hr)
    looked = client.post(SLIPS, {"unit": house.general.pk})
    assert [cadre.name for cadre in looked.context["people"]] == ["新来"] and signs_in(house.new)
    job = printed(client, house.general)
    pdf = fetch(client, job).content
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    text = done.stdout.decode()
    password = next(word for word in text.split() if word.count("-") == 3)
    assert "新来" in text and house.new.account.username in text and "老李" not in text
    assert signs_in(house.new, password) and not signs_in(house.new)
    assert all(signs_in(cadre) for cadre in (house.daily, house.head, house.other))
    assert password not in str(list(Entry.objects.values_list("data", "target_name")))
    entry = Entry.objects.get(event="account.password_reset")
    assert (entry.actor_name, entry.target_name) == ("沈静", "新来")


def test_the_file_is_sealed_on_disk_handed_out_once_and_gone(client, house):
    client.force_login(house.hr)
    job = printed(client, house.general)
    path = job.result_path
    assert b"%PDF" not in path.read_bytes() and slips.unseal_file(path).startswith(b"%PDF")
    assert client.get(result_url(job)).status_code == 302 and path.exists()  # looking at the address takes nothing
    client.force_login(house.generals_hr)
    assert fetch(client, job).status_code == 404 and path.exists()
    client.force_login(house.hr)
    answer = fetch(client, job)
    assert answer.content.startswith(b"%PDF") and answer["Cache-Control"] == "private, no-store"
    assert not path.exists() and fetch(client, job).status_code == 404
    job.refresh_from_db()
    assert (job.result, job.message) == ("", "结果文件已经下载，系统不再保存。")
    assert Entry.objects.filter(event="job.result_taken").count() == 1
    assert not [path for path in settings.PRIVATE_ROOT.rglob("*") if path.is_file()]


def test_two_who_press_at_once_get_one_file(client, house):
    client.force_login(house.hr)
    job = printed(client, house.general)
    stale = Job.objects.get(pk=job.pk)
    fetch(client, job)
    with pytest.raises(Refused) as refusal:
        jobs.take_result(job=stale, actor=house.hr)
    assert refusal.value.code == "taken"


def test_what_nobody_fetched_within_a_day_is_deleted(client, house):
    client.force_login(house.hr)
    job = printed(client, house.general)
    client.force_login(house.generals_hr)
    fresh = printed(client, house.general)
    path, other = job.result_path, fresh.result_path
    Job.objects.filter(pk=job.pk).update(finished_at=clock.now() - dt.timedelta(hours=25))
    jobs.sweep()
    assert (path.exists(), other.exists()) == (False, True)
    job.refresh_from_db()
    assert job.result == "" and "超过一天没有下载" in job.message


def test_pressed_twice_it_leads_to_the_one_job_until_its_file_is_fetched(client, house):
    client.force_login(house.hr)
    job = printed(client, house.general)
    before = Account.objects.get(pk=house.new.account_id).password
    again = client.post(SLIPS, {"unit": house.bureau.pk, "confirmed": "1"})
    assert again["Location"] == f"/jobs/{job.pk}/" and Job.objects.count() == 1
    assert Account.objects.get(pk=house.new.account_id).password == before
    fetch(client, job)
    assert printed(client, house.general).pk != job.pk


def test_those_who_have_signed_in_get_one_only_when_asked_for(client, house):
    client.force_login(house.hr)
    job = printed(client, house.general, used_too="on")
    assert job.message == "共 2 条" and not signs_in(house.daily)
    assert signs_in(house.head)


def test_an_officer_prints_for_their_own_section_only(client, house):
    client.force_login(house.generals_hr)
    refused = client.post(SLIPS, {"unit": house.finance.pk, "confirmed": "1"})
    assert refused.status_code == 200 and refused.context["form"].errors
    job = jobs.start("people.print_slips", actor=house.generals_hr, unit=house.finance.pk, used_too=False)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and signs_in(house.other)
    assert printed(client, house.general).state == "done"


@pytest.mark.parametrize(("who", "code"), [("head", "holds_role"), ("off", "account_off"), ("self", "own_account")])
def test_the_rule_itself_refuses(house, who, code):
    account = house.hr if who == "self" else getattr(house, who).account
    with pytest.raises(Refused) as refusal:
        renew_first_password(account=account, actor=house.hr)
    assert refusal.value.code == code
    assert not Entry.objects.filter(event="account.password_reset").exists()


def test_a_name_that_cannot_be_printed_keeps_its_password(client, house):
    house.new.name = "王\ue123"
    house.new.save()
    second = house.person("同事", house.general)
    client.force_login(house.hr)
    job = printed(client, house.general)
    assert job.message.startswith("共 1 条；没有打印 1 人：王")
    assert signs_in(house.new) and not signs_in(second)


def test_nobody_to_print_for_is_a_sentence(client, house):
    client.force_login(house.hr)
    Account.objects.filter(pk=house.other.account_id).update(last_login=clock.now())
    page = client.post(SLIPS, {"unit": house.finance.pk}).content.decode()
    assert "没有可以打印的人" in page
    assert "没有可以打印密码条的人" in printed(client, house.finance).message


def test_passwords_are_long_and_have_no_letters_that_look_alike():
    made = {first_password(length=8) for _n in range(200)}
    assert len(made) == 200
    for password in made:
        assert [len(group) for group in password.split("-")] == [4, 4, 4, 4]
        assert not set(password) & set("0Oo1IilL2Zz5Ss6b8B9gquvUVCcKkPpWwXx")
        assert classes(password) == 4
