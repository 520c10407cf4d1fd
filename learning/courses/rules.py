"""What is left to do in a course, and from when on a page counts as read. Pure: no ORM, no clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

# Nobody has read a lesson when its page has just opened. How long reading takes is the organ's to say (parameter
# C3-7.reading_minutes); this only keeps lessons from being clicked away.
SHORTEST_READING = dt.timedelta(seconds=10)


@dataclass(frozen=True)
class QuizStanding:
    """A course's quiz and how the person stands in it. best: out of a hundred; None before the first result."""

    pass_percent: int
    best: float | None
    is_passed: bool


@dataclass(frozen=True)
class Item:
    """A line of the checklist: ✓ or ○, and a sentence with the current value."""

    is_done: bool
    sentence: str


def checklist(read: int, lessons: int, quiz: QuizStanding | None) -> list[Item]:
    """What completing the course asks for, with how far the person is."""
    items = [Item(read >= lessons, _("读完全部课时：已读 %(read)s，共 %(all)s") % {"read": read, "all": lessons})]
    if quiz is not None:
        values = {"best": f"{quiz.best:g}" if quiz.best is not None else "", "need": quiz.pass_percent}
        if quiz.best is None:
            sentence = _("章节测验：还没有成绩，需 %(need)s") % values
        elif quiz.is_passed:
            sentence = _("章节测验：最高 %(best)s，合格线 %(need)s") % values
        else:
            sentence = _("章节测验：最高 %(best)s，需 %(need)s") % values
        items.append(Item(quiz.is_passed, sentence))
    return items


def is_complete(items: list[Item]) -> bool:
    """Whether nothing is left."""
    return all(item.is_done for item in items)


def readable_at(opened_at: dt.datetime, minutes: float) -> dt.datetime:
    """From when on a lesson opened then may be marked as read. minutes: the organ's own, 0 where it has not set any."""
    return opened_at + max(dt.timedelta(minutes=minutes), SHORTEST_READING)
