"""What the exam room's pages send."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from learning.exams.actions import Answer
from learning.exams.queries import Question
from learning.questions.enums import Kind

MOST_ANSWERS = 500
LARGEST = 2**31 - 1


class BadRequest(Exception):
    """The body is not what exam.js sends."""


@dataclass(frozen=True)
class Batch:
    """Answers from a page. epoch: of the page that speaks; its answers may also be older ones from the journal."""

    epoch: int
    answers: list[Answer]


def read_batch(body: bytes) -> Batch:
    """The JSON body of a save: ``{"epoch": 2, "steps": [{"epoch", "slot", "seq", "answer": ["A"]}]}``.

    Raises BadRequest for anything else.
    """
    try:
        data = json.loads(body)
        epoch = _number(data["epoch"])
        steps = data["steps"]
        if not isinstance(steps, list) or len(steps) > MOST_ANSWERS:
            raise BadRequest
        return Batch(epoch, [_answer(step) for step in steps])
    except (ValueError, KeyError, TypeError) as error:
        raise BadRequest from error


def _answer(step: dict[str, object]) -> Answer:
    letters = step["answer"]
    if not isinstance(letters, list) or not all(isinstance(letter, str) for letter in letters):
        raise BadRequest
    return Answer(
        epoch=_number(step["epoch"]),
        slot=_number(step["slot"]),
        client_seq=_number(step["seq"]),
        letters=tuple(sorted(set(letters))),
    )


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LARGEST:
        raise BadRequest
    return value


def read_paper(data: QueryDict, questions: Iterable[Question]) -> dict[int, tuple[str, ...]]:
    """The answers of the long form by slot. A form cannot take a radio button back, so an unanswered one is none."""
    answers = {}
    for question in questions:
        letters = tuple(sorted(set(data.getlist(f"q{question.slot.number}"))))
        if letters or question.kind == Kind.MULTIPLE:
            answers[question.slot.number] = letters
    return answers


class SubmitForm(forms.Form):
    """Handing in. whole: the page ran no script, so its fields are the paper."""

    epoch = forms.IntegerField(min_value=1, max_value=LARGEST)
    whole = forms.BooleanField(required=False)
