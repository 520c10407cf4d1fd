"""What a signed-in person owes before they go on, looked at once a minute and at the first request of each day."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.offers import clock
from foundation.people import actions, second_factor
from foundation.people.account_actions import password_is_stale
from foundation.people.enums import Event
from foundation.people.sessions import HELD_UNTIL
from foundation.rulebook.queries import parameter

Respond = Callable[[HttpRequest], HttpResponse]
EVERY = 60  # seconds: idleness is measured to the minute, and a busy person writes their session once a minute
# session keys
LOOKED_AT, DAY, IDLE_UNTIL, OWES = "looked_at", "roles_of", "idle_until", "owes"
PASSWORD, FACTOR = "password", "factor"
# where somebody may go who owes something; the pages that look at the clock only are no activity
ALWAYS = ("account_logout", "desk:save_settings", "desk:settings", "people_signin:idle")
WHERE = {PASSWORD: "account_change_password", FACTOR: "people_signin:enrol"}
ON_THE_WAY = {
    PASSWORD: ("account_change_password",),
    FACTOR: ("account_change_password", "people_signin:enrol", "people_signin:enrol_picture"),
}


class SignInDuties:
    """In order: signed out when idle for too long; a first or stale password changed; a second factor where wanted.

    The Django groups that Wagtail asks follow today's roles here too: a role that ended at midnight is gone with the
    first request after it. Our own rooms ask scope.py each time and need no help.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = clock.now().timestamp()
        if now > (_ends_at(request) or now):
            return _idled_out(request)
        if not _is_a_pages_own(request):
            _look(request, now)
        owes = request.session.get(OWES)
        if owes and not _may_go_on(request, owes):
            return _sent_to(request, owes)
        return self.get_response(request)


def _is_a_pages_own(request: HttpRequest) -> bool:
    """Whether the page asks by itself, which is nobody's doing: our clock, and the presence of Wagtail's editor."""
    if request.path.startswith("/admin/editing-sessions/"):
        return True
    return request.method == "GET" and request.path == reverse("people_signin:idle")


def seconds_left(request: HttpRequest) -> int | None:
    """Until this session ends by itself; None for a visitor."""
    if not hasattr(request, "session"):  # an error page may come before there is one
        return None
    until = _ends_at(request)
    return max(0, int(until - clock.now().timestamp())) if until else None


def _ends_at(request: HttpRequest) -> float | None:
    """When the session ends by itself; None before it was first looked at."""
    until: float | None = request.session.get(IDLE_UNTIL)
    return max(until, request.session.get(HELD_UNTIL, 0)) if until else None


def look_again(request: HttpRequest) -> None:
    """What the person owes may just have changed: look at once, not at the next minute."""
    request.session.pop(LOOKED_AT, None)
    _look(request, clock.now().timestamp())


def _look(request: HttpRequest, now: float) -> None:
    session, today = request.session, clock.today()
    is_new_day = session.get(DAY) != today.isoformat()
    if not is_new_day and now - session.get(LOOKED_AT, 0) < EVERY:
        return
    account = request.user
    if is_new_day:
        actions.sync_groups(account=account)  # type: ignore[arg-type]  # authenticated, so an Account
        session[DAY] = today.isoformat()
    session[LOOKED_AT] = now
    idle: int = parameter("H1.idle_minutes", on=today)
    session[IDLE_UNTIL] = now + idle * 60
    session[OWES] = _owes(request)
    UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=clock.now())


def _owes(request: HttpRequest) -> str:
    account = request.user
    if account.must_change_password or password_is_stale(account, today=clock.today()):  # type: ignore[union-attr, arg-type]  # as above
        return PASSWORD
    return FACTOR if second_factor.is_due(account) else ""  # type: ignore[arg-type]  # as above


def _may_go_on(request: HttpRequest, owes: str) -> bool:
    return request.path in {reverse(name) for name in (*ALWAYS, *ON_THE_WAY[owes])}


def _sent_to(request: HttpRequest, owes: str) -> HttpResponse:
    sentence = {
        PASSWORD: _("请先修改密码，再继续使用。"),
        FACTOR: _("请先启用动态码，再继续使用。"),
    }[owes]
    if _is_program(request):
        return JsonResponse({"code": owes, "message": sentence}, status=403)
    return _led(request, reverse(WHERE[owes]))


def _idled_out(request: HttpRequest) -> HttpResponse:
    account, today = request.user, clock.today()
    with transaction.atomic():
        record(Event.IDLED_OUT, target=account, actor=None)  # type: ignore[arg-type]  # as above
    logout(request)
    sentence = _("你有 %(n)s 分钟没有操作，已自动退出。请重新登录。") % {"n": parameter("H1.idle_minutes", on=today)}
    messages.info(request, sentence)
    if _is_program(request):
        return JsonResponse({"code": "idle", "message": sentence}, status=401)
    if request.htmx:  # type: ignore[attr-defined]  # django-htmx's own seam
        back = request.htmx.current_url_abs_path or "/desk/"  # type: ignore[attr-defined]  # as above
    else:
        back = request.get_full_path() if request.method == "GET" else "/desk/"
    return _led(request, f"{reverse('account_login')}?{urlencode({'next': back})}")


def _led(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect of the whole page, also where only a part of it was asked for."""
    if request.htmx:  # type: ignore[attr-defined]  # as above
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _is_program(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
