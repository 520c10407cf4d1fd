"""The exam room: lobby, paper, saving, handing in, result. Each sitting is its candidate's own; others get 404.

Lobby and start belong to the room that has somebody examined (courses): it calls ``lobby`` with its own addresses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people.scope import fetch
from foundation.people.sessions import hold
from learning.exams import actions, queries
from learning.exams.forms import BadRequest, SubmitForm, read_batch, read_paper
from learning.exams.models import Exam, Sitting


def _own(request: HttpRequest, pk: int, action: str, now: dt.datetime) -> Sitting:
    """The person's sitting; one whose time is up is handed in first, should the worker be down."""
    sitting = fetch(request.user, Sitting, pk=pk, action=action)
    return actions.submit_if_overdue(sitting=sitting, now=now)


def lobby(
    request: HttpRequest, *, exam: Exam, attempts: Sequence[Sitting], start_url: str, back_url: str, back_title: str
) -> HttpResponse:
    """候考: the facts, and the one button. attempts: the person's own for this source, newest first."""
    now = clock.now()
    held = next((sitting for sitting in attempts if sitting.is_in_progress), None)
    return render(
        request,
        "exams/lobby.html",
        {
            "exam": exam,
            "attempts": [sitting for sitting in attempts if sitting.is_released],
            "held": held,
            "is_collecting": held is not None and held.is_collecting(now),
            "minutes_left": int(held.seconds_left(now) // 60) if held else 0,
            "attempts_left": exam.max_attempts - len(attempts),
            "start_url": start_url,
            "back_url": back_url,
            "back_title": back_title,
        },
    )


@login_required
@never_cache
@require_GET
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """考场: all questions at once, without keys. Opening it makes this page the one that leads.

    Between the deadline and the hand-in (正在收卷) it takes no answers; exam.js then only sends what an earlier page
    could not, and hands in.
    """
    sitting = _own(request, pk, "sit", clock.now())
    if sitting.is_in_progress:
        sitting = actions.open_paper(sitting=sitting, actor=request.user)
    if not sitting.is_in_progress:
        return redirect(sitting.return_url)
    hold(request, until=sitting.last_moment)
    questions = queries.paper(sitting)
    now = clock.now()
    return render(
        request,
        "exams/room.html",
        {
            "sitting": sitting,
            "is_collecting": sitting.is_collecting(now),
            "questions": questions,
            "parts": queries.parts(questions),
            "answered": sum(question.is_answered for question in questions),
            "seconds_left": f"{sitting.seconds_left(now):.3f}",
            "words": _words(sitting),
        },
    )


def _words(sitting: Sitting) -> dict[str, str]:
    """The sentences of exam.js."""
    handed_in = _("{n} 题在截止或交卷之后送达，已留存，不计分。")
    if sitting.grace_seconds:
        handed_in = _("{n} 题在截止或交卷之后送达，已留存；只有宽限时间内、交卷之前送达的计分。")
    return {
        "late": _("{n} 题逾时送达"),
        "handed_in": handed_in,
        "refused": _("有 {n} 题的答案与试卷不符，没有保存，请刷新本页核对。"),
        "filled": _("另一页面送来了第 {list} 题的答案，已填入本页，请核对。"),
        "overruled": _("另一页面后来改过第 {list} 题，改动已留存，没有采用，以本页为准；要改请在本页改选。"),
        "list": _("、"),
        "saving": _("正在保存…"),
        "saved": _("已保存"),
        "unsent": _("{n} 题待上传"),
        "back": _("网络已恢复，{n} 题已上传。"),
        "answered": _("已答"),
        "unanswered": _("未答"),
        "flagged": _("已标记"),
        "flag": _("标记"),
        "cell": _("第 {n} 题，{state}"),
        "separator": _("，"),
        "sheet": _("已答 {n} / {total}"),
        "left": _("剩余时间 {minutes} 分 {seconds} 秒"),
        "minutes_left": _("还剩 {n} 分钟"),
        "time_to_check": _("离到时还有 {n} 分钟，你可以继续检查。"),
        "seconds_left": _("还剩 {n} 秒"),
        "open": _("还有 {n} 题未作答，未答题按 0 分计。"),
        "back_to": _("返回第 {n} 题（首个未答）"),
        "check": _("返回检查"),
        "waiting": _("还有 {n} 题待上传，正在等待网络，上传后自动交卷。请勿关闭页面。"),
        "submitting": _("正在交卷…"),
        "time_up": _("时间到，正在交卷…"),
        "keys_on": _("打开快捷键"),
        "keys_off": _("关闭快捷键"),
    }


@login_required
@never_cache
@require_POST
def save(request: HttpRequest, pk: int) -> JsonResponse:
    """Save a batch of answers; an empty one asks for the time. 409 taken_over: kept, but another page leads now.

    saved, late, refused: keys; the late ones are saved too, the refused ones will never fit and must not come again.
    """
    received_at = clock.now()  # before any waiting for a lock: an answer that is here in time is in time
    sitting = _own(request, pk, "sit", received_at)
    try:
        batch = read_batch(request.body)
    except BadRequest:
        return JsonResponse({"code": "bad_request", "message": _("请求的内容不完整。")}, status=400)
    saved = actions.save_answers(sitting=sitting, answers=batch.answers, now=received_at)
    sitting, now = saved.sitting, clock.now()
    answer: dict[str, Any] = {
        "saved": saved.kept,
        "late": saved.late,
        "refused": saved.refused,
        "server_now": timezone.localtime(now).isoformat(),
        "remaining_seconds": sitting.seconds_left(now),
        "state": sitting.state,
        "others": [
            {"epoch": step.epoch, "slot": step.slot, "seq": step.client_seq, "answer": step.answer}
            for step in queries.answers_of_other_pages(sitting, batch.epoch)
        ],
    }
    if sitting.is_in_progress and batch.epoch < sitting.epoch:
        answer |= {"code": "taken_over", "message": _("已在另一页面或设备继续作答，本页只读。")}
        return JsonResponse(answer, status=409)
    return JsonResponse(answer)


@login_required
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """交卷. Pages without script send all their answers with it: they are kept whatever has become of the sitting."""
    now = clock.now()
    sitting = _own(request, pk, "sit", now)
    form = SubmitForm(request.POST)
    if form.is_valid():
        epoch = form.cleaned_data["epoch"]
        if form.cleaned_data["whole"]:
            answers = read_paper(request.POST, queries.paper(sitting))
            saved = actions.save_form(sitting=sitting, epoch=epoch, answers=answers, now=now)
            if saved.refused:
                raise Refused(
                    "no_such_slot",
                    _("有 %(n)s 题的答案与试卷不符，没有保存，请回到考场核对。") % {"n": len(saved.refused)},
                )
            sitting = saved.sitting
        if sitting.is_in_progress and epoch < sitting.epoch:
            raise Refused("taken_over", _taken_over(sitting, now))
        sitting = actions.submit_sitting(sitting=sitting, now=now, actor=request.user)
        _tell_what_counted(request, sitting)
    return redirect(sitting.return_url)  # from there an open sitting can be gone on with


def _taken_over(sitting: Sitting, now: dt.datetime) -> str:
    if sitting.is_collecting(now):
        return _("已在另一页面或设备继续作答，正在收卷。本页的答案在截止之后送达，已留存。")
    return _("已在另一页面或设备继续作答，请在那里交卷。本页的答案已留存，那一页上已有的答案以那一页为准。")


def _tell_what_counted(request: HttpRequest, sitting: Sitting) -> None:
    """Say so where answers came after the deadline, or after another page had handed in."""
    late = queries.uncounted(sitting) if sitting.is_released else []
    if late:
        messages.warning(
            request,
            _("有 %(n)s 题的答案在截止或交卷之后送达，已留存备查，没有计分；计分的是 %(time)s 以前送达的答案。")
            % {"n": len(late), "time": f"{timezone.localtime(sitting.submitted_at):%H:%M:%S}"},
        )


@login_required
@never_cache
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The result of any of one's own sittings."""
    sitting = _own(request, pk, "view", clock.now())
    if not sitting.is_released:
        return redirect("exams:room", pk=sitting.pk)
    return show_result(request, sitting, back_url=sitting.return_url)


def show_result(request: HttpRequest, sitting: Sitting, *, back_url: str, retry_url: str = "") -> HttpResponse:
    """成绩与回顾 of a released sitting. retry_url: where another attempt begins, if one is left."""
    questions = queries.review(sitting)
    missed = [question for question in questions if not question.is_right]
    unanswered = sum(not question.is_answered for question in missed)
    partly = sum(bool(question.slot.awarded) for question in missed)
    only_wrong = request.GET.get("only") == "wrong"
    return render(
        request,
        "exams/result.html",
        {
            "sitting": sitting,
            "questions": missed if only_wrong else questions,
            "question_count": len(questions),
            "missed_count": len(missed),
            "wrong_count": len(missed) - unanswered - partly,
            "partly_count": partly,
            "unanswered_count": unanswered,
            "only_wrong": only_wrong,
            "back_url": back_url,
            "retry_url": retry_url,
        },
    )
