"""账号与授权: the security administrator's screens. Accounts hang on no unit: who keeps them keeps all of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people import account_actions, account_queries, actions, second_factor
from foundation.people.account_forms import EndForm, FilterForm, GrantForm, OpenForm, ReasonForm
from foundation.people.enums import Role
from foundation.people.models import Account, RoleGrant, Unit
from foundation.people.scope import MissingRole, has_role
from foundation.people.sessions import end_sessions, places

View = Callable[..., HttpResponse]
PAGE = 20
MOST = 10_000  # rows that pages are numbered for (settled.md, Lists)


def _for_security_administrator(view: View) -> View:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_role(request.user, Role.SECURITY_ADMIN):
            raise MissingRole(Role.SECURITY_ADMIN)
        return view(request, *args, **kwargs)

    return login_required(inner)


def _account(pk: int) -> Account:
    return get_object_or_404(account_queries.people(), pk=pk)


@_for_security_administrator
@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    """All accounts, 20 a page; more than 10,000 must be narrowed first."""
    today = clock.today()
    form = FilterForm(request.GET, units=account_queries.units_of_accounts(on=today))
    found, page = 0, _page(request.GET.get("page", ""))
    rows: list[Account] = []
    if form.is_valid():
        accounts = account_queries.accounts(on=today, **form.cleaned_data)
        found = accounts.order_by()[: MOST + 1].count()
        if found <= MOST:
            rows = list(accounts[(page - 1) * PAGE : page * PAGE])
    return render(
        request,
        "people/accounts.html",
        {
            "form": form,
            "accounts": rows,
            "found": found,
            "is_too_many": found > MOST,
            "page": page,
            "earlier": page - 1 if page > 1 else None,
            "later": page + 1 if found <= MOST and page * PAGE < found else None,
            "pages": max(1, -(-found // PAGE)),
        },
    )


def _page(typed: str) -> int:
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1


@_for_security_administrator
@never_cache
@require_http_methods(["GET", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    """A new account; its first password is shown once."""
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["work_number"]
        password = actions.new_first_password()
        try:
            account = actions.open_account(
                username=form.cleaned_data["username"],
                name=person.name if person else form.cleaned_data["name"].strip(),
                password=password,
                cadre=person,
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error("username", str(refusal))
        else:
            return _first_password(request, account, password, is_new=True)
    return render(request, "people/open_account.html", {"form": form})


def _first_password(request: HttpRequest, account: Account, password: str, *, is_new: bool) -> HttpResponse:
    """The one page that shows it. It is the answer to the form itself: a redirect would have to keep it somewhere."""
    return render(request, "people/first_password.html", {"account": account, "password": password, "is_new": is_new})


@_for_security_administrator
@require_safe
def account_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its state, roles, second factor and sessions, and what may be done."""
    return _page_of(request, _account(pk))


def _page_of(request: HttpRequest, account: Account, *, grant: GrantForm | None = None) -> HttpResponse:
    today = clock.today()
    lines = [
        {"grant": row, "is_over": row.valid_to is not None and row.valid_to < today, "is_ahead": today < row.valid_from}
        for row in account_queries.grants_of(account)
    ]
    lines.sort(key=lambda line: bool(line["is_over"]))  # what is over comes last
    return render(
        request,
        "people/account.html",
        {
            "account": account,
            "person": getattr(account, "cadre", None),
            "lines": lines,
            "has_roles": any(not line["is_over"] for line in lines),
            "taken_back": account_queries.taken_back(account),
            "factor": second_factor.standing(account),
            "places": places(account),
            "form": grant or GrantForm(today=today),
            "is_own": account == request.user,
        },
    )


@_for_security_administrator
@require_POST
def grant_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the account a role."""
    account = _account(pk)
    form = GrantForm(request.POST, today=clock.today())
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.grant_role(
                account=account,
                role=Role(data["role"]),
                unit=data["unit"],
                valid_from=data["valid_from"],
                valid_to=data["valid_to"],
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("已授予%(name)s角色：%(role)s") % {"name": account.name, "role": Role(data["role"]).label}
            )
            return redirect("people:account", pk)
    return _page_of(request, account, grant=form)


@_for_security_administrator
@require_http_methods(["GET", "POST"])
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a role end with a day."""
    grant = get_object_or_404(RoleGrant.objects.select_related("account", "unit"), pk=pk)
    today = clock.today()
    form = EndForm(request.POST or None, ends_already=grant.valid_to, today=today)
    if request.method == "POST" and form.is_valid():
        last_day = form.cleaned_data["last_day"]
        if grant.valid_to is not None and grant.valid_to < today:
            raise Refused("over", _("这项授权已经结束。"))
        if grant.account == request.user and grant.role == Role.SECURITY_ADMIN and not _has_other(grant, last_day):
            raise Refused("last", _("这是最后一位安全管理员，请先授权给另一个人，再由他结束这一项。"))
        actions.end_role(grant=grant, last_day=last_day, actor=request.user)
        messages.success(request, _("已结束授权：%(grant)s") % {"grant": grant})
        return redirect("people:account", grant.account_id)
    return render(request, "people/end_role.html", {"grant": grant, "form": form})


def _has_other(grant: RoleGrant, last_day: Any) -> bool:
    after = RoleGrant.objects.filter(role=grant.role, account__is_active=True).exclude(account=grant.account)
    return after.exclude(valid_to__lte=last_day).exists()


@_for_security_administrator
@require_http_methods(["GET", "POST"])
def switch_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch an account off, which a GET asks about first, or on."""
    account = _account(pk)
    if account == request.user:
        raise Refused("own", _("不能停用自己的账号。"))
    if request.method == "GET" and account.is_active:
        context = {"account": account, "person": getattr(account, "cadre", None)}
        return render(request, "people/switch_off.html", context)
    is_active = request.method == "POST" and "on" in request.POST
    if request.method == "POST" and actions.switch_account(account=account, is_active=is_active, actor=request.user):
        sentence = _("已启用账号：%(name)s") if is_active else _("已停用账号，登录已全部退出：%(name)s")
        messages.success(request, sentence % {"name": account.name})
    else:
        sentence = _("账号本来就在启用中：%(name)s") if is_active else _("账号已经停用：%(name)s")
        messages.info(request, sentence % {"name": account.name})
    return redirect("people:account", pk)


@_for_security_administrator
@never_cache
@require_http_methods(["GET", "POST"])
def renew_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new first password, asked about first and shown once; the answer reloaded does not set yet another."""
    account = _account(pk)
    if account == request.user:
        raise Refused("own", _("不能给自己重置密码，请自己修改密码。"))
    seen = request.POST.get("seen", "")
    if seen.isascii() and seen.isdigit() and len(seen) < 19:
        password = actions.renew_first_password(account=account, actor=request.user, seen=int(seen))
        return _first_password(request, account, password, is_new=False)
    context = {"account": account, "person": getattr(account, "cadre", None), "seen": actions.passwords_before(account)}
    return render(request, "people/renew_password.html", context)


@_for_security_administrator
@require_POST
def end_account_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """End all sessions of an account; the administrator's own goes on where it is theirs."""
    account = _account(pk)
    keep = request.session.session_key if account == request.user else None
    ended = end_sessions(account=account, actor=request.user, but=keep)
    messages.success(request, _("已退出 %(n)s 个登录。") % {"n": ended})
    return redirect("people:account", pk)


@_for_security_administrator
@require_http_methods(["GET", "POST"])
def reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the second factor away at the counter, with a reason."""
    account = _account(pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if account == request.user:
            raise Refused("own", _("不能在柜台重置自己的动态码，请在“登录与安全”页停用。"))
        second_factor.reset(account=account, reason=form.cleaned_data["reason"], actor=request.user)
        messages.success(request, _("已重置动态码：%(name)s") % {"name": account.name})
        return redirect("people:account", pk)
    return render(request, "people/reset_factor.html", {"account": account, "form": form})


@_for_security_administrator
@require_http_methods(["GET", "POST"])
def rights(request: HttpRequest) -> HttpResponse:
    """权限复核: who holds what today; a review that was made is noted in the audit trail."""
    today = clock.today()
    if request.method == "POST":
        office = Unit.objects.filter(depth=1).first()
        if office is None:
            raise Http404
        held = account_queries.holders(on=today)
        account_actions.review_rights(
            office=office,
            accounts=held.order_by().values("account").distinct().count(),
            grants=held.count(),
            actor=request.user,
        )
        messages.success(request, _("已记录本次权限复核。"))
        return redirect("people:rights")
    role = request.GET.get("role", "")
    shown = account_queries.holders(on=today)
    if role in Role.values:
        shown = shown.filter(role=role)
    rows = list(shown[: MOST + 1])
    review = account_queries.review(today=today)
    counts = account_queries.counts(on=today)
    return render(
        request,
        "people/rights.html",
        {
            "rows": rows[:MOST],
            "is_cut": len(rows) > MOST,
            "roles": [{"code": one.value, "label": one.label, "n": counts.get(one, 0)} for one in Role],
            "role": role,
            "review": review,
            "is_due": review.is_due(today),
        },
    )
