"""HR's page of open items."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from foundation.offers import clock
from foundation.people import actions
from foundation.people.forms import CompleteItemForm
from foundation.people.models import OpenItem
from foundation.people.scope import fetch, require, visible


@login_required
def items(request: HttpRequest) -> HttpResponse:
    """待补全信息: what the roster's remarks leave open."""
    require(request.user, OpenItem, action="change")
    waiting = visible(request.user, OpenItem, action="change").filter(completed_at=None)
    return render(request, "people/items.html", {"items": waiting.select_related("cadre__unit")})


@login_required
def complete_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what HR found out about one item."""
    item = fetch(request.user, OpenItem, pk=pk, action="change")
    form = CompleteItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.complete_item(item=item, now=clock.now(), actor=request.user, **form.cleaned_data)
        messages.success(request, _("已补全：%(item)s") % {"item": item})
        return redirect("people:items")
    return render(request, "people/complete_item.html", {"item": item, "form": form})
