"""Pages that go up and come down by themselves: at their minute, once, and on record."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone

from content.handlers import PUBLISH_SCHEDULED
from foundation.audit.models import Entry
from foundation.jobs import actions as jobs
from foundation.jobs.enums import State
from foundation.offers.find import handlers
from tests.factories.content import news, portal
from tests.factories.people import AccountFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def home():
    return portal()


@pytest.fixture
def later(monkeypatch):
    """Two hours on, for Wagtail too, which has its own clock."""

    def move():
        moment = timezone.now() + 2 * HOUR
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return move


def knock():
    """The minute's work, as beat starts it."""
    job = jobs.start(PUBLISH_SCHEDULED, actor=None)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == State.DONE


def told(event):
    return list(Entry.objects.filter(event=event).values_list("target_label", "target_name", "actor_name", "data"))


def test_beat_knocks_every_minute():
    schedule = [one for one in settings.CELERY_BEAT_SCHEDULE.values() if one.get("args") == [PUBLISH_SCHEDULED]]
    assert [(one["task"], one["schedule"]) for one in schedule] == [("jobs.start_by_beat", 60.0)]
    assert PUBLISH_SCHEDULED in handlers()


def test_a_timed_page_is_up_from_its_minute_on(client, later):
    editor = AccountFactory(name="林晓岚")
    page = news("明早发布的消息", live=False)
    page.go_live_at = timezone.now() + HOUR
    page.save_revision(user=editor).publish(user=editor, skip_permission_checks=True)
    knock()
    assert client.get(page.url).status_code == 404
    assert not [entry for entry in told("content.page_published") if entry[1] == page.title]
    later()
    for _times in range(2):
        knock()
        assert client.get(page.url).status_code == 200
    assert [entry for entry in told("content.page_published") if entry[1] == page.title] == [
        ("content.newspage", "明早发布的消息", "林晓岚", {"timed": True})
    ]


def test_an_expired_page_is_taken_down(client, later):
    page, other = news("报名通知"), news("一直有效的消息")
    page.expire_at = timezone.now() + HOUR
    page.save_revision().publish()
    knock()
    assert client.get(page.url).status_code == 200
    later()
    for _times in range(2):
        knock()
        assert (client.get(page.url).status_code, client.get(other.url).status_code) == (404, 200)
    assert told("content.page_unpublished") == [("content.newspage", "报名通知", "", {"timed": True})]
