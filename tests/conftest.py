"""Fixtures of all tests. Each test run has its own data folder; nothing is shared with a served site."""

import datetime as dt
import os
import tempfile

# before Django reads its settings
os.environ.setdefault("ZHIXING_DATA", tempfile.mkdtemp(prefix="zhixing-test-"))

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _plain_storage(tmp_path, settings):
    """Static files without a manifest; uploads and private files in a folder of the test's own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture
def office_day():
    """The day on which most stories begin."""
    return dt.date(2026, 11, 24)


def pytest_report_header():
    return f"database: {settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[-1]}"
