"""The ledger: one source credits once, nothing is ever changed, and everybody sees their own."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.offers.types import Ref
from foundation.people.models import Cadre
from foundation.rulebook.models import Value
from learning.hours.enums import Delivery
from learning.hours.models import HourEntry
from learning.hours.queries import balance_of
from tests.factories.learning import credit
from tests.factories.people import AccountFactory, CadreFactory, office, section

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 24)


@pytest.fixture
def bureau():
    return section("综合保障处", office())


@pytest.fixture
def zhou(bureau):
    return CadreFactory(name="周立新", unit=bureau, rank="三级主任科员")


@pytest.fixture
def chen(bureau):
    return CadreFactory(name="陈静", unit=bureau, rank="四级调研员")


def test_one_source_credits_a_person_once(zhou, chen):
    first = credit(zhou)
    assert credit(zhou, "5") == first
    other = credit(chen)
    assert set(HourEntry.objects.values_list("pk", "cadre", "class_hours")) == {
        (first.pk, zhou.pk, Decimal("2")),
        (other.pk, chen.pk, Decimal("2")),
    }
    assert Entry.objects.filter(event="hours.credited").count() == 2


def test_the_database_decides_a_race(zhou):
    entry = credit(zhou)
    entry.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)


def test_only_a_reversal_may_be_negative(zhou):
    entry = credit(zhou)
    wrong = {f.attname: getattr(entry, f.attname) for f in HourEntry._meta.fields if f.name != "id"}
    with pytest.raises(IntegrityError), transaction.atomic():
        HourEntry.objects.create(**wrong | {"source_pk": 2, "class_hours": Decimal("-2")})
    HourEntry.objects.create(**wrong | {"class_hours": Decimal("-2"), "reverses_id": entry.pk})
    assert balance_of(zhou, 2026, DAY).online == 0


def test_the_database_refuses_to_change_or_delete_an_entry(zhou):
    credit(zhou)
    for attempt in (lambda: HourEntry.objects.update(class_hours=90), lambda: HourEntry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert HourEntry.objects.get().class_hours == 2


def test_online_hours_do_not_fill_the_requirement(zhou):
    credit(zhou, "60")
    credit(zhou, "30", delivery=Delivery.OFFJOB, source=Ref("tests.source", 2, "业务培训班"))
    credit(zhou, "8", delivery=Delivery.SELF_STUDY, source=Ref("tests.source", 3, "自学"))
    credit(zhou, "9", delivery=Delivery.OFFJOB, source=Ref("tests.source", 4, "去年"), ended_on=dt.date(2025, 12, 31))
    balance = balance_of(zhou, 2026, DAY)
    assert (balance.concentrated, balance.online, balance.other) == (30, 60, 8)
    assert (balance.missing, balance.is_behind, balance.online_owed) == (60, True, None)


def test_the_five_years_are_those_of_the_plan(chen):
    for number, year in enumerate((2022, 2023, 2026), start=1):
        credit(
            chen,
            "100",
            delivery=Delivery.OFFJOB,
            source=Ref("tests.source", number, "党校"),
            ended_on=dt.date(year, 6, 1),
        )
    balance = balance_of(chen, 2026, DAY)
    assert (balance.concentrated, balance.counted, balance.rolling, balance.missing) == (100, 200, 300, 350)


def test_the_organ_sets_its_own_online_hours(zhou):
    Value.objects.create(code="C1-7.online_hours", value=50, valid_from=dt.date(2026, 1, 1), citation="市委组织部通知")
    credit(zhou, "20")
    balance = balance_of(zhou, 2026, DAY)
    assert (balance.online_owed, balance.online_missing) == (50, 30)


@pytest.mark.parametrize(("category", "rank"), [("contract", ""), ("civil_servant", "")])
def test_nothing_is_claimed_where_the_regulation_does_not_say(client, zhou, category, rank):
    """Contract staff, and a leading member without a rank: the organ's number of online hours may not be theirs."""
    Value.objects.create(code="C1-7.online_hours", value=40, valid_from=dt.date(2026, 1, 1))
    Cadre.objects.filter(pk=zhou.pk).update(category=category, rank=rank)
    zhou.refresh_from_db()
    assert (balance_of(zhou, 2026, DAY).owed, balance_of(zhou, 2026, DAY).online_owed) == (None, None)
    client.force_login(zhou.account)
    body = client.get(reverse("hours:card")).content.decode()
    assert ("<progress" in body, "/ 40" in body, "要求需人工认定" in body, "要求未设定" in body) == (
        False,
        False,
        True,
        False,
    )


def test_the_ledger_shows_ones_own_rows_of_the_year(client, zhou, chen):
    credit(zhou, source=Ref("tests.source", 1, "公务用车管理"))
    credit(zhou, source=Ref("tests.source", 2, "旧课程"), ended_on=dt.date(2025, 3, 1))
    credit(chen, source=Ref("tests.source", 3, "陈静的课程"))
    client.force_login(zhou.account)
    assert [row.source_name for row in client.get("/hours/?year=2026").context["entries"]] == ["公务用车管理"]
    assert [row.source_name for row in client.get("/hours/?year=2025").context["entries"]] == ["旧课程"]
    assert client.get("/hours/?year=abc").status_code == 200


def test_somebody_outside_the_roster_is_told_why(client, zhou):
    credit(zhou)
    client.force_login(AccountFactory())
    for name in ("hours:ledger", "hours:card"):
        response = client.get(reverse(name))
        assert response.status_code == 403
        assert "花名册" in response.content.decode()


def test_a_visitor_signs_in_first(client):
    assert client.get("/hours/").url == "/accounts/login/?next=/hours/"


def test_the_ledger_asks_the_database_as_often_for_three_rows_as_for_one(client, zhou):
    client.force_login(zhou.account)
    asked = []
    for number in range(1, 4):
        credit(zhou, source=Ref("tests.source", number, f"课程{number}"))
        client.get("/hours/")
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get("/hours/").context["entries"]) == number
        asked.append(len(queries))
    assert asked[0] == asked[2]
