"""Working days: what is published, what HR sets against it, what is not settled yet."""

import datetime as dt

import chinese_calendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.offers.types import Refused
from foundation.people.enums import Role
from foundation.rulebook import actions
from foundation.rulebook.models import DayException
from foundation.rulebook.workdays import (
    LAST_PUBLISHED,
    PROVISIONAL_FROM,
    Deadline,
    add_calendar_days,
    add_working_days,
    is_published_working_day,
    is_working_day,
)
from tests.factories.people import AccountFactory, grant, office

ONE_DAY = dt.timedelta(days=1)


def days(first, last):
    return [first + number * ONE_DAY for number in range((last - first).days + 1)]


def test_two_published_calendars_agree():
    """`holidays` counts by it; `chinesecalendar` is kept by other people. They differ on one Saturday of 2005."""
    known = sorted({day.year for day in chinese_calendar.holidays})
    assert LAST_PUBLISHED in known
    differ = [
        day
        for day in days(dt.date(known[0], 1, 1), dt.date(LAST_PUBLISHED, 12, 31))
        if is_published_working_day(day) != chinese_calendar.is_workday(day)
    ]
    assert differ == [dt.date(2005, 12, 31)]


def test_the_next_years_notice_has_never_moved_a_day_before_the_provisional_ones():
    """Days of December that are not as their weekday says: from 29 December on."""
    moved = [
        day
        for year in range(2004, LAST_PUBLISHED + 1)
        for day in days(dt.date(year, 12, 1), dt.date(year, 12, 31))
        if is_published_working_day(day) != (day.weekday() < 5)
    ]
    assert moved and min((day.month, day.day) for day in moved) >= (PROVISIONAL_FROM.month, PROVISIONAL_FROM.day)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        (dt.date(2026, 11, 24), 5, dt.date(2026, 12, 1)),
        (dt.date(2025, 9, 28), 5, dt.date(2025, 10, 11)),  # a working Sunday, the long holiday, a working Saturday
        (dt.date(2026, 11, 27), 1, dt.date(2026, 11, 30)),  # over a weekend
        (dt.date(2026, 11, 24), 0, dt.date(2026, 11, 24)),
    ],
)
def test_the_last_of_so_many_working_days(start, count, last):
    assert add_working_days(start, count) == Deadline(last, is_provisional=False)


@pytest.mark.django_db
def test_a_deadline_among_days_that_no_notice_has_settled_is_provisional():
    eve = PROVISIONAL_FROM - ONE_DAY
    assert not add_working_days(eve - 10 * ONE_DAY, 3).is_provisional
    assert add_working_days(eve, 1).is_provisional
    assert add_working_days(dt.date(LAST_PUBLISHED + 1, 3, 1), 5).is_provisional


def test_a_clock_in_calendar_days_does_not_stop_for_a_holiday():
    assert add_calendar_days(dt.date(2025, 9, 1), 30) == dt.date(2025, 10, 1)


@pytest.mark.django_db
def test_hrs_exceptions_go_before_the_published_calendar():
    wednesday, saturday = dt.date(2026, 11, 25), dt.date(2026, 11, 28)
    actions.set_day(day=wednesday, is_working=False, reason="台风停工", actor=None)
    actions.set_day(day=saturday, is_working=True, reason="补班", actor=None)
    assert (is_working_day(wednesday), is_working_day(saturday)) == (False, True)
    assert add_working_days(dt.date(2026, 11, 24), 3).day == saturday
    with pytest.raises(Refused) as same:
        actions.set_day(day=dt.date(2026, 11, 29), is_working=False, reason="周日", actor=None)
    with pytest.raises(Refused) as twice:
        actions.set_day(day=wednesday, is_working=False, reason="又一次", actor=None)
    assert (same.value.code, twice.value.code) == ("same", "day_exists")


@pytest.mark.django_db
def test_hr_keeps_the_exceptions_and_it_is_written_down(client):
    bureau = office()
    hr = grant(AccountFactory(name="沈静"), Role.HR, bureau)
    client.force_login(hr)
    url = reverse("people:workdays")
    refused = client.post(url, {"day": "2026-11-29", "is_working": "no", "reason": "周日"}).content.decode()
    assert "有 1 处需要修改" in refused and "本来就是休息日" in refused
    client.post(url, {"day": "2026-11-25", "is_working": "no", "reason": "台风停工"})
    assert "台风停工" in client.get(url).content.decode()
    row = DayException.objects.get()
    assert client.post(reverse("people:remove_workday", args=[row.pk])).url == url
    assert client.post(reverse("people:remove_workday", args=[row.pk])).status_code == 404
    assert is_working_day(dt.date(2026, 11, 25))
    data = {"day": "2026-11-25", "is_working": False, "reason": "台风停工"}
    assert list(Entry.objects.filter(event__startswith="workday").order_by("pk").values_list("event", "data")) == [
        ("workday.set", data),
        ("workday.removed", data),
    ]
    client.force_login(grant(AccountFactory(), Role.LEADER, bureau))
    assert client.get(url).status_code == 403


@pytest.mark.django_db
def test_the_page_asks_the_same_however_many_days_there_are(client):
    client.force_login(grant(AccountFactory(), Role.HR, office()))
    client.get(reverse("people:workdays"))  # the first page of a session asks more
    asked = []
    for day in days(dt.date(2026, 11, 23), dt.date(2026, 11, 25)):
        DayException.objects.create(day=day, is_working=False, reason="停工")
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("people:workdays"))
        asked.append(len(queries))
    assert asked[0] == asked[2]
