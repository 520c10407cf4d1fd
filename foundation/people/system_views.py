"""运行状况: the system administrator's page. How the machine does, never what people do with it."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import shutil
import smtplib
from dataclasses import dataclass
from typing import Any

import django
import wagtail
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache, caches
from django.core.mail import send_mail
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from foundation.audit.record import record
from foundation.jobs.queries import broker_fault, work
from foundation.offers import clock
from foundation.people.enums import Event, Role
from foundation.people.scope import MissingRole, has_role

log = logging.getLogger(__name__)
FAILURES_OF = dt.timedelta(days=7)
LITTLE = 1 << 30  # bytes free below which the page warns


class MailForm(forms.Form):
    to = forms.EmailField(label=gettext_lazy("收件地址"))


@dataclass(frozen=True)
class Line:
    """One thing that is as it should be, or not."""

    title: Any
    says: Any
    is_well: bool


def _check(request: HttpRequest) -> None:
    if not has_role(request.user, Role.SYSTEM_ADMIN):
        raise MissingRole(Role.SYSTEM_ADMIN)


@login_required
@require_safe
def system(request: HttpRequest) -> HttpResponse:
    """Versions, what the site leans on, long work, disk."""
    _check(request)
    return _page(request, MailForm())


@login_required
@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """Send one mail, and say what the mail server said."""
    _check(request)
    form = MailForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    address = form.cleaned_data["to"]
    try:
        send_mail(
            _("%(title)s的测试邮件") % {"title": settings.ZHIXING_TITLE},
            _("收到这封邮件说明邮件服务正常。"),
            None,
            [address],
        )
    except (OSError, smtplib.SMTPException) as fault:
        log.warning("test mail failed: %s", fault)
        form.add_error(
            "to",
            _("没有发出：%(why)s。请检查邮件服务器 %(host)s 的设置。")
            % {"why": fault, "host": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"},
        )
        return _page(request, form)
    with transaction.atomic():
        record(Event.MAIL_TESTED, target=request.user, actor=request.user)  # type: ignore[arg-type]  # login_required
    messages.success(request, _("已交给邮件服务器：%(address)s") % {"address": address})
    return redirect("people:system")


def _page(request: HttpRequest, form: MailForm) -> HttpResponse:
    now = clock.now()
    state = work(now=now, since=now - FAILURES_OF)
    lines = [_database(), _cache(), _broker(), _disk()]
    lines.append(
        Line(
            _("后台进程（任务与定时）"),
            _("最近一次心跳 %(at)s") % {"at": localtime(state.heartbeat).strftime("%H:%M:%S")}
            if state.heartbeat
            else _("没有心跳，请检查 worker 和 beat 进程"),
            state.is_alive,
        )
    )
    context = {
        "lines": lines,
        "work": state,
        "form": form,
        "versions": {"知行 Zhixing": settings.VERSION, "Django": django.__version__, "Wagtail": wagtail.__version__},
        "now": now,
    }
    return render(request, "people/system.html", context)


def _database() -> Line:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        [version] = cursor.fetchone()
    return Line(_("数据库"), f"{connection.display_name} {version}", True)


def _cache() -> Line:
    name = type(caches["default"]).__name__
    token = secrets.token_hex(8)
    try:
        cache.set("system.probe", token, timeout=60)
        is_well = cache.get("system.probe") == token
    except Exception as fault:  # noqa: BLE001  each kind of cache has errors of its own, and the page must say so
        log.warning("cache probe failed: %s", fault)
        is_well = False
    return Line(_("缓存"), name if is_well else _("%(name)s 没有应答，登录限制不起作用") % {"name": name}, is_well)


def _broker() -> Line:
    kind = settings.CELERY_BROKER_URL.split(":", 1)[0]
    fault = broker_fault()
    return Line(
        _("任务队列"), _("%(kind)s 连不上：%(why)s") % {"kind": kind, "why": fault} if fault else kind, not fault
    )


def _disk() -> Line:
    disk = shutil.disk_usage(settings.DATA)
    said = _("剩余 %(free)s GB，共 %(total)s GB") % {
        "free": f"{disk.free / (1 << 30):.1f}",
        "total": f"{disk.total / (1 << 30):.1f}",
    }
    return Line(_("数据目录所在磁盘"), said, disk.free > LITTLE)
