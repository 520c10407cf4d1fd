"""What discipline has on record about the demo's people, as a plan: whom it concerns is drawn from one seed.

Every kind of action that the rules know stands on somebody (but for one: dismissal from an institution), so that each
ceiling is to be seen in last year's appraisal or in this year's. None of them has an account that signs in, but for one
whose warning is long past.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assessment.discipline.enums import Action
from demo.office import OFFICE, Days, at_work
from foundation.people.enums import AssignmentKind, Category, LeaveKind

if TYPE_CHECKING:
    from demo.people import Staff

SEED = 20260704
COMMITTEE = "机关纪委"
ABOVE = "市纪委监委派驻纪检监察组"
PARTY_GROUP = f"中共{OFFICE}党组"
MEMBER = "中共党员"
CROWDED = {"机关纪委", "综合保障处"}  # the officers themselves, and a section that has its share by name
DEPRIVED = {Action.ADMIN_REMOVAL, Action.ORG_REMOVE, Action.ORG_DEMOTE, Action.ORG_RESIGN}  # of the post


@dataclass(frozen=True)
class Trouble:
    """What became of somebody of a section ("": of any but the CROWDED ones).

    codes: decided on one day; none: a case that brought nothing.
    year: counted from the running one. share: how far into it; of the running one, into the part before its appraisals
    were opened, and closed and voided are such shares too. who: a key of _WHO, or a user name.
    """

    section: str
    who: str
    year: int
    share: float
    codes: tuple[Action, ...] = ()
    has_case: bool = False
    closed: float | None = None
    voided: float | None = None


TROUBLES = [
    # long past: the periods have ended or the years they bear on have
    Trouble("", "member", -3, 0.6, (Action.PARTY_WARNING,)),
    Trouble("", "plain", -2, 0.4, (Action.ADMIN_DEMERIT,), has_case=True),
    Trouble("会议服务处", "invigilator", -2, 0.3, (Action.ADMIN_WARNING,)),
    Trouble("", "deputy", -2, 0.55, (Action.ORG_DEMOTE,)),
    # they reach into this year
    Trouble("", "member", -2, 0.3, (Action.PARTY_PROBATION_2Y,), has_case=True),
    Trouble("财务处", "member", -2, 0.7, (Action.PARTY_EXPULSION,), has_case=True),
    Trouble("人事处", "plain", -1, 0.35, (Action.ADMIN_MAJOR_DEMERIT,), has_case=True),
    Trouble("综合保障处", "plain", -1, 0.7, (Action.ADMIN_DOWNGRADE,), has_case=True),
    Trouble("", "deputy", -1, 0.45, (Action.ADMIN_REMOVAL, Action.PARTY_PROBATION_1Y), has_case=True),
    # last year's
    Trouble("财务处", "plain", -1, 0.35, (Action.ADMIN_WARNING,)),
    Trouble("资产管理处", "member", -1, 0.5, (Action.PARTY_WARNING,)),
    Trouble("办公室", "plain", -1, 0.8, (Action.ADMONITION,)),
    Trouble("", "deputy", -1, 0.55, (Action.ORG_ADJUST,)),
    Trouble("", "plain", -1, 0.4, (Action.ADMIN_DEMERIT,), has_case=True),
    Trouble("资产管理处", "member", -1, 0.6, (Action.PARTY_SERIOUS_WARNING,)),
    Trouble("", "deputy", -1, 0.65, (Action.ORG_REMOVE,)),
    Trouble("", "member", -1, 0.5, (Action.PARTY_POST_REMOVAL,)),
    Trouble("", "newcomer", -1, 0, (Action.INST_DEMERIT,)),
    Trouble("", "plain", -1, 0.65, (Action.ADMIN_WARNING,), voided=0.8),
    Trouble("办公室", "plain", -1, 0.85, has_case=True, closed=0.4),
    Trouble("车辆服务中心", "institution", -1, 0.4, (Action.INST_WARNING,)),
    Trouble("物业管理处", "institution", -1, 0.6, (Action.INST_POST_DOWNGRADE,), has_case=True),
    Trouble("", "institution's deputy", -1, 0.75, (Action.ORG_RESIGN,)),
    # this year's
    Trouble("办公室", "plain", 0, 0.5, (Action.ADMONITION,)),
    Trouble("财务处", "plain", 0, 0.6, (Action.ADMIN_WARNING,)),
    Trouble("资产管理处", "plain", 0, 0.4, (Action.ADMIN_DEMERIT,), has_case=True),
    Trouble("人事处", "plain", 0, 0.8, has_case=True),
    Trouble("综合保障处", "member", 0, 0.7, (Action.PARTY_POST_REMOVAL,), has_case=True),
    Trouble("综合保障处", "came this year", 0, 0.2, (Action.INST_WARNING,)),
    Trouble("综合保障处", "dismissed", 0, 0, (Action.ADMIN_DISMISSAL,), has_case=True),
]


@dataclass(frozen=True)
class Matter:
    """One trouble with its days. effective: None where nothing was decided."""

    codes: tuple[Action, ...]
    organ: str
    effective: dt.date | None
    opened: dt.date | None
    closed: dt.date | None
    voided: dt.date | None


def assign(people: list[Staff], days: Days, arrive: Callable[[Staff, dt.date], None]) -> None:
    """Give every trouble to somebody to whom nothing else has happened, with what follows for post and Party.
    arrive: begins somebody's history on a day."""
    pick = random.Random(SEED)

    def somebody(trouble: Trouble) -> Staff:
        fits = _who(trouble.who, days)
        left_out = set() if trouble.who == "newcomer" else CROWDED  # few came last year
        free = [one for one in people if one.matter is None and fits(one)]
        if trouble.section:
            return pick.choice([one for one in free if one.section == trouble.section])
        return pick.choice([one for one in free if one.section not in left_out])

    for trouble in TROUBLES:
        day = days.of_year(trouble.year, trouble.share)
        one = somebody(trouble)
        organ = _organ(trouble)
        if trouble.who == "came this year":
            arrive(one, days.of_year(0, 0.5))
            organ = one.moves[-1].place
        elif trouble.who == "newcomer":
            day, organ = at_work(one.joined - dt.timedelta(days=40)), one.moves[-1].place
        elif trouble.who == "dismissed":
            day = one.moves[-1].first
        one.matter = _matter(trouble, day, organ, days)
        _follow(one, trouble.codes, day)


def _matter(trouble: Trouble, day: dt.date, organ: str, days: Days) -> Matter:
    """The trouble with its days: a case is opened a quarter before the decision, in the running year half way to it."""
    opened = closed = None
    if trouble.has_case and not trouble.codes:
        opened = day
        closed = None if trouble.closed is None else days.of_year(0, trouble.closed)
    elif trouble.has_case:
        earlier = (day - days.settled) / 2 if trouble.year == 0 else dt.timedelta(days=90)
        opened, closed = at_work(day - earlier), day
    return Matter(
        codes=trouble.codes,
        organ=organ,
        effective=day if trouble.codes else None,
        opened=opened,
        closed=closed,
        voided=None if trouble.voided is None else days.of_year(0, trouble.voided),
    )


def _organ(trouble: Trouble) -> str:
    if trouble.codes and trouble.codes[0].startswith("org."):
        return PARTY_GROUP
    if trouble.codes and trouble.codes[0].startswith("inst."):
        return OFFICE
    return ABOVE if trouble.has_case else COMMITTEE


def _follow(one: Staff, codes: tuple[Action, ...], day: dt.date) -> None:
    """What the roster says of it from that day on."""
    if DEPRIVED & set(codes):
        _always_in_post(one)
        post = "七级职员" if one.now["category"] == Category.INSTITUTION_STAFF else ""
        one.states.setdefault(day, {}).update(post=post, post_since=None)
    if Action.PARTY_EXPULSION in codes:
        one.states.setdefault(day, {}).update(political_status="群众")


def _always_in_post(one: Staff) -> None:
    """Who loses a post came to it before our history begins."""
    post = one.now["post"]
    for on in list(one.states):
        one.states[on] = {name: value for name, value in one.states[on].items() if name not in ("post", "post_since")}
        if not one.states[on]:
            del one.states[on]
    one.states[one.joined] |= {"post": post, "post_since": one.joined}


def _who(who: str, days: Days) -> Callable[[Staff], bool]:
    """The condition behind a word of the list."""
    conditions: dict[str, Callable[[Staff], bool]] = {
        "plain": is_plain,
        "came this year": is_plain,
        "member": lambda one: is_plain(one) and one.now["political_status"] == MEMBER,
        "deputy": lambda one: _is_deputy(one, Category.CIVIL_SERVANT),
        "institution": lambda one: _is_institutions(one) and not one.now["post"].startswith("副"),
        "institution's deputy": lambda one: _is_deputy(one, Category.INSTITUTION_STAFF),
        "newcomer": lambda one: _is_newcomer(one, days),
        "dismissed": lambda one: _moves(one) == [AssignmentKind.DISMISSED] and one.moves[0].first > days.settled,
    }
    return conditions.get(who, lambda one: one.username == who)


def _moves(one: Staff) -> list[AssignmentKind]:
    return [move.kind for move in one.moves]


def _is_deputy(one: Staff, category: Category) -> bool:
    now = one.now
    return (
        _is_quiet(one) and now["category"] == category and now["post"].startswith("副") and not now["is_leading_member"]
    )


def _is_institutions(one: Staff) -> bool:
    return _is_quiet(one) and one.now["category"] == Category.INSTITUTION_STAFF


def _is_newcomer(one: Staff, days: Days) -> bool:
    """Whether they came from elsewhere in the course of the finished year."""
    is_alone = _moves(one) == [AssignmentKind.TRANSFER_IN] and not one.username and not one.remark
    return is_alone and dt.date(days.finished, 3, 1) <= one.joined < days.settled


def _is_quiet(one: Staff) -> bool:
    """Whether nothing but an annual leave is planned for them, and they have always served in one unit."""
    is_alone = not (one.username or one.moves or one.remark or one.probation_from)
    units = {state["unit"] for state in one.states.values() if "unit" in state}
    return is_alone and len(units) == 1 and all(absence.kind == LeaveKind.ANNUAL for absence in one.absences)


def is_plain(one: Staff) -> bool:
    """Whether they are a quiet civil servant without a leading post."""
    now = one.now
    return _is_quiet(one) and now["category"] == Category.CIVIL_SERVANT and not now["post"]
