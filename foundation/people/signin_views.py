"""登录与安全: the person's own second factor and sessions."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.offers.types import Refused
from foundation.people import second_factor
from foundation.people.middleware import look_again, seconds_left
from foundation.people.models import Account
from foundation.people.sessions import end_sessions, places
from foundation.people.signin_forms import EnrolForm, WithPasswordForm

SECRET = "second_factor_secret"  # session key: of the app that is being added


def _me(request: HttpRequest) -> Account:
    """Whoever is signed in; every view here asks for that first."""
    return cast(Account, request.user)


@login_required
@require_safe
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """What the person has to sign in with, and where they are signed in."""
    account = _me(request)
    return render(
        request,
        "people/security.html",
        {
            "factor": second_factor.standing(account),
            "places": places(account, session_key=request.session.session_key),
        },
    )


@login_required
@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Add the app: scan, type its code and the password; then the recovery codes, once."""
    account = _me(request)
    if second_factor.standing(account).is_on:
        return redirect("people_signin:security")
    if request.method == "GET" or SECRET not in request.session:
        # kept while the page is open twice or reloaded: the app may have scanned it already
        request.session.setdefault(SECRET, second_factor.seal(second_factor.new_secret()))
    secret = second_factor.unseal(request.session[SECRET])
    form = EnrolForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.add(
                account=account,
                secret=secret,
                code=form.cleaned_data["code"],
                session_key=request.session.session_key,
            )
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[SECRET]
            look_again(request)
            return render(request, "people/recovery_codes.html", {"codes": codes, "is_new": True})
    grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    context = {"form": form, "secret": grouped, "is_forced": second_factor.is_due(account)}
    return render(request, "people/enrol.html", context)


@login_required
@never_cache
@require_safe
def enrol_picture(request: HttpRequest) -> HttpResponse:
    """The QR code of the app that is being added: a picture of its own, for pages hold no inline data."""
    if SECRET not in request.session:
        raise Http404
    address = second_factor.app_address(_me(request), second_factor.unseal(request.session[SECRET]))
    return HttpResponse(second_factor.picture(address), content_type="image/png")


@login_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once; the earlier ones are void."""
    form = WithPasswordForm(request.POST or None, account=_me(request))
    if request.method == "POST" and form.is_valid():
        codes = second_factor.renew_codes(account=_me(request))
        return render(request, "people/recovery_codes.html", {"codes": codes, "is_new": False})
    return render(request, "people/renew_codes.html", {"form": form})


@login_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def remove_factor(request: HttpRequest) -> HttpResponse:
    """Turn one-time codes off, for instance to move to another phone."""
    form = WithPasswordForm(request.POST or None, account=_me(request))
    if request.method == "POST" and form.is_valid():
        second_factor.remove(account=_me(request))
        look_again(request)
        messages.success(request, _("已停用动态码。"))
        return redirect("people_signin:security")
    return render(request, "people/remove_factor.html", {"form": form})


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the person's own sessions; this one is ended by signing out."""
    ended = end_sessions(
        account=_me(request),
        actor=request.user,
        only=pk,
        but=request.session.session_key,
    )
    if not ended:
        raise Http404
    messages.success(request, _("已退出那台设备上的登录。"))
    return redirect("people_signin:security")


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of the person's sessions but this one."""
    ended = end_sessions(
        account=_me(request),
        actor=request.user,
        but=request.session.session_key,
    )
    messages.success(
        request,
        ngettext("已退出其他设备上的 %(n)s 个登录。", "已退出其他设备上的 %(n)s 个登录。", ended) % {"n": ended},
    )
    return redirect("people_signin:security")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def idle(request: HttpRequest) -> HttpResponse:
    """Seconds until this session ends by itself. A GET only looks; a POST says that somebody is there."""
    if request.method == "POST":
        look_again(request)
    return JsonResponse({"left": seconds_left(request)})
