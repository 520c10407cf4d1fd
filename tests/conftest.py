"""Fixtures of all tests. Each test run has its own data folder; nothing is shared with a served site."""

import datetime as dt
import os
import tempfile
import uuid
from dataclasses import replace

# before Django reads its settings
os.environ.setdefault("ZHIXING_DATA", tempfile.mkdtemp(prefix="zhixing-test-"))

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLiteWrapper
from django.utils import timezone

from foundation.offers import clock
from foundation.offers.find import parameters


@pytest.fixture(autouse=True)
def _plain_storage(tmp_path, settings):
    """Static files without a manifest; uploads and private files in a folder of the test's own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.AUDIT_HEADS = tmp_path / "heads.jsonl"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if "redis" in settings.CACHES["default"]["BACKEND"]:
        settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}
    else:
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        cache.clear()


@pytest.fixture(scope="session", autouse=True)
def shipped_second_factor():
    """The offices of the tests ask for no second factor, like the demo office; tests/foundation/test_second_factor.py
    sets the parameter itself."""
    offers = parameters()
    shipped = offers["H1.second_factor"]
    offers["H1.second_factor"] = replace(shipped, default="off")
    yield shipped
    offers["H1.second_factor"] = shipped


@pytest.fixture
def office_day():
    """The day on which most stories begin."""
    return dt.date(2026, 11, 24)


@pytest.fixture
def at(monkeypatch):
    """Sets the clock of the entrances: ``at("2027-01-01 00:05")`` in the office's time zone; it runs on from there."""

    def move(moment: str) -> None:
        wanted = dt.datetime.fromisoformat(moment).replace(tzinfo=timezone.get_default_timezone())
        monkeypatch.setattr(clock, "_OFFSET", wanted - timezone.now())

    return move


def pytest_configure():
    settings.STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of a folder that is not there


def pytest_report_header():
    return f"database: {settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[-1]}"


@pytest.fixture(scope="session", autouse=True)
def _flush_may_empty_append_only_tables():
    """SQLite flushes after a transactional test by DELETE, which append-only tables refuse: their triggers step aside
    for the flush and for nothing else. (PostgreSQL's TRUNCATE does not meet row triggers.)"""
    operations = SQLiteWrapper.ops_class
    flush = operations.execute_sql_flush

    def flush_without_triggers(self, sql_list):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger' AND name LIKE 'append_only_%'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        flush(self, sql_list)
        with self.connection.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)

    operations.execute_sql_flush = flush_without_triggers
    yield
    operations.execute_sql_flush = flush


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """With ZHIXING_STRICT a skipped test is a failed one: the machine lacks something that it must have."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("ZHIXING_STRICT") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which ZHIXING_STRICT forbids: {report.longrepr}"
