"""通知: the list, opening one, putting them aside, and which of them are mailed."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.notices import actions, queries
from foundation.notices.forms import MailForm
from foundation.offers import clock

PAGE = 20


@login_required
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """The person's notices, newest first, 20 a page by keyset; ?show=unread leaves out what was read."""
    found = queries.notices_of(request.user)
    only_unread = request.GET.get("show") == "unread"
    if only_unread:
        found = found.filter(read_at=None)
    before = _number(request.GET.get("before", ""))
    page = list(found.filter(pk__lt=before)[: PAGE + 1] if before else found[: PAGE + 1])
    context = {
        "notices": page[:PAGE],
        "older": page[PAGE - 1].pk if len(page) > PAGE else None,
        "only_unread": only_unread,
        "is_first": before is None,
        "unread": queries.unread_count(request.user),
        "many": queries.MANY,
    }
    return render(request, "notices/list.html", context)


@login_required
@require_safe
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """On to what the notice is about; it is read now."""
    notice = get_object_or_404(queries.notices_of(request.user), pk=pk)
    actions.mark_read(notice=notice, now=clock.now())
    return redirect(notice.url)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Put aside everything that the page showed or that is older."""
    until = _number(request.POST.get("until", ""))
    if until:
        actions.mark_all_read(account=request.user, until=until, now=clock.now())
        messages.success(request, _("已全部标为已读。"))
    return redirect("notices:list")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Which kinds of notice the person wants by mail too; on the portal they always stand."""
    form = MailForm(request.POST or None, choices=queries.mail_choices(request.user))
    if request.method == "POST" and form.is_valid():
        actions.choose_mail(account=request.user, wanted=form.cleaned_data["wanted"])
        messages.success(request, _("已保存通知设置。"))
        return redirect("notices:preferences")
    return render(request, "notices/preferences.html", {"form": form, "mail_is_on": settings.ZHIXING_MAIL})


def _number(text: str) -> int | None:
    """An id from an address; None for anything else, also for one that no database could hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
