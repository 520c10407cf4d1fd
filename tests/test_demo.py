"""The demo office: believable, whole, and never mixed into somebody's data."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from demo.load import load
from demo.office import PASSWORD, PEOPLE, SECTIONS
from foundation.people.models import Account, Cadre, Unit
from tests.factories.people import office

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)


def test_everybody_signs_in_and_the_desk_names_something_to_do(client):
    assert load(today=TODAY, actor=None)
    assert Unit.objects.filter(depth=2).count() == len(SECTIONS)
    idle = []
    for person in PEOPLE:
        assert client.login(username=person.username, password=PASSWORD), person.username
        # the audit administrator has a log to read, and no to-dos
        if person.section and "没有待办事项" in client.get(reverse("desk:home")).content.decode():
            idle.append(person.username)
    assert idle == []


def test_the_demo_never_comes_into_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert not Unit.objects.exists()


def test_an_office_that_was_started_empty_stays_its_own(settings, tmp_path, client):
    settings.DATA = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.ZHIXING_DEMO = True
    (tmp_path / ".empty").touch()
    call_command("prepare")
    assert not Unit.objects.exists()
    assert PASSWORD not in client.get(reverse("account_login")).content.decode()


def test_the_same_people_come_at_every_load():
    load(today=TODAY, actor=None)
    names = list(Cadre.objects.order_by("work_number").values_list("work_number", "name"))
    assert names[0][0] == "D00001" and len(set(names)) == len(names) == Cadre.objects.count()
    assert Cadre.objects.filter(probation_to__gte=dt.date(2026, 12, 31)).get().unit.name == "综合保障处"


def test_it_does_not_come_into_an_office_that_is_there():
    office("别的单位")
    assert not load(today=TODAY, actor=None)
    assert not Account.objects.exists() and not Cadre.objects.exists()
