"""The desk, the person's page and settings."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST
from wagtail.admin.views.account import AccountView, BaseSettingsPanel

from desk.cards import desk_cards
from desk.context import SIZES, THEMES, preferences
from foundation.offers import clock
from foundation.people.account_actions import save_preferences
from foundation.people.enums import BACK_OFFICE
from foundation.people.scope import MissingRole

YEAR = 365 * 24 * 3600


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """我的工作台: what is due comes first."""
    context = {"now": localtime(clock.now()), "today": clock.today(), "all_todos": "all" in request.GET}
    return render(request, "desk/home.html", {**context, **desk_cards(request.user)})


@login_required
def refresh(request: HttpRequest) -> HttpResponse:
    """The desk's to-dos and every count on an open page, for somebody who comes back to it."""
    return render(request, "desk/_refresh.html", {"today": clock.today(), "all_todos": "all" in request.GET})


@login_required
def home_card(request: HttpRequest) -> HttpResponse:
    """The portal home's fragment: the first two things that are due."""
    return render(request, "desk/_home_card.html", {"today": clock.today()})


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """The phone's 「我的」: the side navigation as a page."""
    return render(request, "desk/me.html")


def admin_door(request: HttpRequest) -> HttpResponse:
    """Where Wagtail's admin sends people whom it does not let in: visitors sign in, members are told that it is not
    for them (sending those to the sign-in page, which sends them back, would go on for ever)."""
    if request.user.is_authenticated:
        raise MissingRole(*BACK_OFFICE)
    return redirect_to_login(request.GET.get("next", "/admin/"), "account_login")


class AdminAccount(AccountView):
    """Wagtail's page of one's own account without what is kept elsewhere: the name stands in the roster, language on
    the account's settings; pictures of people are shown nowhere."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        return [panel for panel in super().get_panels() if panel.name in ("notifications", "theme")]


def settings_page(request: HttpRequest) -> HttpResponse:
    """Language, theme and type size; open to visitors too."""
    return render(request, "desk/settings.html")


@require_POST
def save_settings(request: HttpRequest) -> HttpResponse:
    """Keep the choices: on the account, which takes them to every device, or in a visitor's cookies. The server writes
    them into the page, so nothing flashes and no script is needed."""
    back = request.POST.get("next", "")
    response = HttpResponseRedirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/")
    theme, size = preferences(request)
    language = translation.get_language()
    chosen = {
        "theme": _one_of(request.POST.get("theme"), THEMES, theme),
        "size": _one_of(request.POST.get("size"), SIZES, size),
        settings.LANGUAGE_COOKIE_NAME: _one_of(
            request.POST.get("language"), [code for code, _name in settings.LANGUAGES], language or ""
        ),
    }
    # in cookies as well: the sign-in page looks as it did
    for cookie, value in chosen.items():
        response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", httponly=True)
    if request.user.is_authenticated:
        save_preferences(
            account=request.user,
            language=chosen[settings.LANGUAGE_COOKIE_NAME],
            theme=chosen["theme"],
            text_size=chosen["size"],
        )
    return response


def _one_of(value: str | None, allowed: Sequence[str], otherwise: str) -> str:
    return value if value is not None and value in allowed else otherwise
