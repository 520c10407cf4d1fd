"""The checklist of a course, in sentences with the current value."""

import datetime as dt

import pytest

from learning.courses.rules import SHORTEST_READING, QuizStanding, checklist, is_complete, readable_at


@pytest.mark.parametrize(
    ("read", "quiz", "done", "last"),
    [
        (1, None, False, "读完全部课时：已读 1，共 2"),
        (2, None, True, "读完全部课时：已读 2，共 2"),
        (2, QuizStanding(80, None, False), False, "章节测验：还没有成绩，需 80"),
        (2, QuizStanding(80, 72, False), False, "章节测验：最高 72，需 80"),
        (2, QuizStanding(80, 87.5, True), True, "章节测验：最高 87.5，合格线 80"),
        (1, QuizStanding(80, 100, True), False, "章节测验：最高 100，合格线 80"),
    ],
)
def test_what_is_left(read, quiz, done, last):
    items = checklist(read, 2, quiz)
    assert (is_complete(items), items[-1].sentence) == (done, last)


def test_the_shortest_reading_time():
    opened = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
    assert readable_at(opened, 0) == opened + SHORTEST_READING == opened + dt.timedelta(seconds=10)
    assert readable_at(opened, 1.5) == opened + dt.timedelta(seconds=90)
