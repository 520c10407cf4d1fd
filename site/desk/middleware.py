"""The person's language, and the answers to "the rules say no" and "only by a button"."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from desk import errors
from foundation.offers.types import Refused

Respond = Callable[[HttpRequest], HttpResponse]
_CODES = {code for code, _name in settings.LANGUAGES}


class PersonalLanguage:
    """Language is the person's setting, Chinese by default, whatever the browser asks for: kept on the account, and in
    a cookie for visitors."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            wanted = request.user.language
        else:
            wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(wanted if wanted in _CODES else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response


class ButtonsOnly:
    """What only a button sends to answers people who open it with a page of words instead of an empty one: a session
    that ended under the button leads there after signing in."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET" or response.content:
            return response
        page = errors.not_by_hand(request)
        page["Allow"] = response["Allow"]
        return page


class RefusalsToMessages:
    """Refused becomes a message on the page the person came from, or 409 for programs and first-hand pages."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"code": exception.code, "message": str(exception.message)}, status=409)
        back = request.headers.get("Referer", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(back, {request.get_host()}):
            messages.error(request, str(exception.message))
            return redirect(back)
        return render(request, "errors/refused.html", {"message": exception.message}, status=409)
