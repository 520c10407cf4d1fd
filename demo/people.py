"""Who works in the demo office, and what became of them: pure, seeded, the same at every load of the same day.

Plans only; demo/roster.py writes them down.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
import random
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from demo.conduct import Matter, assign, is_plain
from demo.office import PEOPLE, RECRUITS, SECTIONS, TASK_OFFICE, UNDER_WAY, Days, Person, Section, at_work
from foundation.people.enums import AssignmentKind, Category, Kinship, LeaveKind, Sex

SEED = 20260701
ONE_DAY = dt.timedelta(days=1)
RANKS = [
    "二级科员",
    "一级科员",
    "四级主任科员",
    "三级主任科员",
    "二级主任科员",
    "一级主任科员",
    "四级调研员",
    "三级调研员",
    "二级调研员",
    "一级调研员",
]
FIRST_RANK = {"大专": 0, "大学本科": 1, "研究生": 2}
STUDIED_TO = {"大专": 21, "大学本科": 22, "研究生": 25}  # age at the end of study
DEGREES = {"大学本科": "学士", "研究生": "硕士"}
NOT_CIVIL = {Category.INSTITUTION_STAFF, Category.SUPPORT_WORKER}
# units that no reorganisation touches: people move between them
STABLE = [
    "办公室",
    "人事处",
    "财务处",
    "资产管理处",
    "综合保障处",
    "会议服务处",
    "机关纪委",
    "离退休干部处",
]


@dataclass(frozen=True)
class Absence:
    kind: LeaveKind
    first: dt.date
    last: dt.date | None


@dataclass(frozen=True)
class Move:
    """A secondment, study, transfer in, or departure (first: the first day out; last: the last one before return)."""

    kind: AssignmentKind
    first: dt.date
    last: dt.date | None = None
    place: str = ""
    is_sent: bool = True


@dataclass
class Staff:
    """A person of the plan. states: what changed from a day on, the first of them whole; units by their name then."""

    work_number: str
    name: str
    sex: str
    ethnicity: str
    birth_month: dt.date
    first_work_month: dt.date
    section: str  # today's
    username: str = ""
    probation_from: dt.date | None = None
    probation_to: dt.date | None = None
    states: dict[dt.date, dict[str, Any]] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    remark: str = ""
    matter: Matter | None = None  # what discipline has on record

    @property
    def joined(self) -> dt.date:
        return min(self.states)

    @property
    def lasting(self) -> dict[str, Any]:
        """Cadre's fields that hold of every day."""
        names = ("work_number", "name", "sex", "ethnicity", "birth_month", "first_work_month")
        return {name: getattr(self, name) for name in (*names, "probation_from", "probation_to")}

    @property
    def now(self) -> dict[str, Any]:
        """The fields of the last state, whole."""
        whole: dict[str, Any] = {}
        for day in sorted(self.states):
            whole |= self.states[day]
        return whole

    @property
    def is_free(self) -> bool:
        """Whether nothing out of the usual has been planned for them yet."""
        return not (self.username or self.absences or self.moves or self.remark or self.probation_from or self.matter)


@cache
def words() -> dict[str, Any]:
    """demo/data/people.json: names, places, remarks."""
    return json.loads((Path(__file__).with_name("data") / "people.json").read_text(encoding="utf-8"))


def retires_on(birth: dt.date, sex: str, category: str) -> dt.date:
    """The first day out for somebody born in the month: after the age that holds for them, raised step by step since
    2025 (关于实施渐进式延迟法定退休年龄的决定, 2024): men 60 and women in cadre posts 55 by a month every four months,
    women in other posts 50 by a month every two, each to three (five) years more."""
    is_worker = category in {Category.SUPPORT_WORKER, Category.CONTRACT}
    age, pace, most = (60, 4, 36) if sex == Sex.MALE else (50, 2, 60) if is_worker else (55, 4, 36)
    reached = add_months(birth, age * 12)
    after = (reached.year - 2025) * 12 + reached.month - 1
    later = min(after // pace + 1, most) if after >= 0 else 0
    return add_months(reached, later + 1)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months on, or the month's last."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def everybody(today: dt.date) -> list[Staff]:
    """The whole plan: those who serve today, section by section, then those who have left."""
    plan = Plan(Days(today))
    plan.serving()
    plan.leavers()
    plan.rotations()
    plan.transfers()
    plan.away()
    plan.leaves()
    plan.remarks()
    plan.conduct()
    return plan.people


def relations(people: list[Staff], days: Days) -> list[tuple[Staff, Staff, Kinship]]:
    """Pairs that avoid each other: never in one section, and of fitting ages and names."""
    here = [one for one in people if one.is_free and one.joined <= days.founded]
    pairs: list[tuple[Staff, Staff, Kinship]] = []

    def take(kinship: Kinship, fits: Any) -> None:
        taken = {one.work_number for pair in pairs for one in pair[:2]}
        for first in here:
            for second in here:
                free = not {first.work_number, second.work_number} & taken and first.section != second.section
                if free and fits(first, second):
                    pairs.append((first, second, kinship))
                    return

    def years(first: Staff, second: Staff) -> int:
        return second.birth_month.year - first.birth_month.year

    take(Kinship.DIRECT_BLOOD, lambda a, b: a.sex == Sex.MALE and a.name[0] == b.name[0] and 23 <= years(a, b) <= 36)
    take(Kinship.SPOUSE, lambda a, b: a.sex == Sex.MALE and b.sex == Sex.FEMALE and years(a, b) in (0, 1, 2))
    take(Kinship.SPOUSE, lambda a, b: a.sex == Sex.MALE and b.sex == Sex.FEMALE and years(a, b) in (1, 2, 3))
    take(Kinship.COLLATERAL_BLOOD, lambda a, b: a.name[0] == b.name[0] and 2 <= years(a, b) <= 6)
    take(Kinship.IN_LAW, lambda a, b: a.sex == b.sex and a.name[0] != b.name[0] and abs(years(a, b)) <= 4)
    return pairs


class Plan:
    """Draws people and events in one fixed order from one seeded source."""

    def __init__(self, days: Days) -> None:
        self.days = days
        self.pick = random.Random(SEED)
        self.people: list[Staff] = []
        self.names = {person.name for person in PEOPLE}
        self.special = list(words()["special"])

    # who serves today

    def serving(self) -> None:
        for section in SECTIONS:
            named = [person for person in PEOPLE if person.section == section.name]
            for category, count in section.people.items():
                mine = [person for person in named if person.category == category]
                posts = self._posts(section, category, mine, count - len(mine))
                for person in mine:
                    self._join(section, category, person.post, person)
                new, newish = RECRUITS.get(section.name, (0, 0)) if category == Category.CIVIL_SERVANT else (0, 0)
                began = [None] * (len(posts) - new - newish) + [self._last_july()] * newish + [self._this_july()] * new
                for post, day in zip(posts, began, strict=True):
                    self._join(section, category, post, None, began=day)

    def _this_july(self) -> dt.date:
        """When this year's recruits began: at the latest this month."""
        july, month = dt.date(self.days.running, 7, 1), self.days.today.replace(day=1)
        return min(july, month)

    def _last_july(self) -> dt.date:
        return dt.date(self.days.finished, 7, 1)

    def _posts(self, section: Section, category: Category, named: list[Person], others: int) -> list[str]:
        """Leading posts that no named person holds, then the plain ones, for the others of a category."""
        wanted: list[str] = []
        if category == (Category.INSTITUTION_STAFF if section.institution else Category.CIVIL_SERVANT):
            wanted = [section.head, *[f"副{section.head}"] * section.deputies]
        for person in named:
            if person.post in wanted:
                wanted.remove(person.post)
        plain = {
            Category.CIVIL_SERVANT: [""],
            Category.INSTITUTION_STAFF: ["七级职员", "八级职员", "九级职员", "工程师", "助理工程师"],
            Category.SUPPORT_WORKER: ["技师", "高级工", "中级工"],
            Category.CONTRACT: words()["contract_posts"].get(section.name, []),
        }[category]
        return [*wanted, *(self.pick.choice(plain) for _ in range(others - len(wanted)))]

    def _join(
        self,
        section: Section,
        category: Category,
        post: str,
        person: Person | None,
        *,
        began: dt.date | None = None,
    ) -> None:
        """Add somebody who serves today. began: of a recruit, the first day at work."""
        days, pick = self.days, self.pick
        sex, name, ethnicity = self._name(person)
        low, high = (23, 26) if began else self._ages(section, post, person)
        education = self._education(category, post)
        birth = self._birth(low, high, sex, category)
        works_from = add_months(dt.date(birth.year, 7, 1), 12 * (STUDIED_TO[education] + pick.randint(0, 1)))
        if began is not None:
            education, works_from = "大学本科", began
        while works_from > days.settled and began is None:  # only recruits came this year
            works_from = add_months(works_from, -12)
        staff = Staff(
            work_number=f"D{len(self.people) + 1:05d}",
            name=name,
            sex=sex,
            ethnicity=ethnicity,
            birth_month=birth,
            first_work_month=works_from,
            section=section.name,
            username=person.username if person else "",
        )
        joined = max(days.founded, works_from)
        if category == Category.CIVIL_SERVANT and add_months(works_from, 12) > days.founded:
            staff.probation_from = works_from
            staff.probation_to = add_months(works_from, 12) - ONE_DAY
        staff.states[joined] = {
            "unit": self._unit_at(section, joined),
            "post": post,
            "rank": "",
            "post_since": None,
            "rank_since": None,
            "category": category,
            "is_leading_member": post in ("局长", "副局长"),
            "political_status": self._politics(section, post, category),
            "education": education,
            "degree": DEGREES.get(education, ""),
        }
        if category == Category.CIVIL_SERVANT and post not in ("局长", "副局长"):
            self._ranks(staff, education, post, person)
        if post.startswith("副") or post in ("处长", "主任", "书记", "局长"):
            self._appoint(staff, post)
        if section.name == TASK_OFFICE:
            self._gather(staff)
        self.people.append(staff)

    def _unit_at(self, section: Section, day: dt.date) -> str:
        """Where somebody of the section served on a day before the reorganisations, which move them later."""
        if section.name == "车辆服务中心":
            return self.pick.choice(("机关车队", "公务用车调度中心"))
        return section.was or section.name

    def _name(self, person: Person | None, sex: Sex | None = None) -> tuple[str, str, str]:
        """Sex, name and ethnicity of somebody new. sex: where it is settled already."""
        pick, pool = self.pick, words()
        if person is not None:
            woman = person.name in ("罗嘉怡", "林晓岚", "韩雪", "祁婉清", "沈静", "马丽华", "田小满", "邱思齐")
            return (Sex.FEMALE if woman else Sex.MALE), person.name, "汉族"
        if sex is None and self.special and len(self.people) % 21 == 20:
            special = self.special.pop(0)
            return special["sex"], special["name"], special["ethnicity"]
        sex = sex or pick.choice((Sex.MALE, Sex.MALE, Sex.FEMALE))
        ethnicity = pick.choice(pool["ethnicities"]) if pick.random() < 0.08 else "汉族"
        while True:
            surname = pick.choice(pool["compound"]) if pick.random() < 0.015 else pick.choice(pool["surnames"])
            given = pool["given"]["either"] if pick.random() < 0.14 else pool["given"][str(sex)]
            name = surname + pick.choice(given)
            if name not in self.names:
                self.names.add(name)
                return sex, name, ethnicity

    def _ages(self, section: Section, post: str, person: Person | None) -> tuple[int, int]:
        if section.name == "局领导":
            return 50, 57
        if post in ("处长", "主任", "书记"):
            return 42, 55
        if post.startswith("副"):
            return 36, 52
        if person is not None and person.rank == "四级主任科员":
            return 27, 30
        return (33, 44) if person is not None else (24, 59)

    def _birth(self, low: int, high: int, sex: str, category: str) -> dt.date:
        """A month of birth of somebody who still works for a while."""
        today, pick = self.days.today, self.pick
        while True:
            birth = dt.date(today.year - pick.randint(low, high), pick.randint(1, 12), 1)
            if retires_on(birth, sex, category) > today + 120 * ONE_DAY:
                return birth

    def _education(self, category: Category, post: str) -> str:
        if category in (Category.SUPPORT_WORKER, Category.CONTRACT):
            return "大专"
        if post in ("局长", "副局长"):
            return "研究生"
        return self.pick.choice(("大学本科", "大学本科", "大学本科", "研究生", "大专"))

    def _politics(self, section: Section, post: str, category: Category) -> str:
        if section.name in ("局领导", "机关纪委") or post in ("处长", "主任") or post.startswith("副"):
            return "中共党员"
        if category in (Category.SUPPORT_WORKER, Category.CONTRACT):
            return self.pick.choice(("群众", "群众", "中共党员", "共青团员"))
        return self.pick.choice(("中共党员",) * 6 + ("群众", "民革党员", "民盟盟员"))

    def _ranks(self, staff: Staff, education: str, post: str, person: Person | None) -> None:
        """Ranks back from today's, a step every two to four years, as far as our own history goes."""
        days, pick = self.days, self.pick
        free_from = add_months(staff.first_work_month, 12)  # the first rank comes with the end of probation
        if free_from > days.today:
            return
        first = FIRST_RANK[education]
        served = (days.today - free_from).days // 365
        level = min(first + served // 4, 9 if post in ("处长", "主任", "书记") else 7 if post else 6)
        if post in ("处长", "主任", "书记"):
            level = max(level, 8)
        elif post:
            level = max(level, 6)
        if person is not None:
            level = RANKS.index(person.rank)
        since = max(free_from, add_months(days.today.replace(day=1), -pick.randint(3, 40)))
        steps = [(free_from if level == first else since, level)]
        while since > days.founded and level > first:
            since = max(free_from, add_months(since, -pick.randint(24, 44)))
            level = first if since == free_from else level - 1
            steps.append((free_from if level == first else since, level))
        for day, step in reversed(steps):
            change = {"rank": RANKS[step], "rank_since": day}
            if day <= staff.joined:
                staff.states[staff.joined] |= change
            else:
                staff.states.setdefault(day, {}).update(change)

    def _appoint(self, staff: Staff, post: str) -> None:
        """Some came to their leading post within our history, from the one below it."""
        since = add_months(self.days.today.replace(day=1), -self.pick.randint(8, 70))
        first = staff.states[staff.joined]
        if since <= staff.joined or first["is_leading_member"]:
            first["post_since"] = min(since, staff.joined)
            return
        first["post"] = f"副{post}" if not post.startswith("副") and post != "书记" else ""
        if first["category"] == Category.INSTITUTION_STAFF and not first["post"]:
            first["post"] = "七级职员"
        staff.states.setdefault(since, {}).update(post=post, post_since=since)

    def _gather(self, staff: Staff) -> None:
        """The task office was put together from other sections; its leaders led elsewhere before, or not at all."""
        opened = self.days.task_office_opened
        first = staff.states[staff.joined]
        first["unit"] = self.pick.choice(("综合保障处", "公共机构节能处", "会议服务处", "财务处"))
        if first["unit"] == "公共机构节能处":
            first["unit"] = "节能管理处"
        post = staff.now["post"]
        for state in staff.states.values():
            state.pop("post_since", None)
            state.pop("post", None)
        first |= {"post": "副处长" if post == "主任" else "", "post_since": None}
        change = {"unit": TASK_OFFICE} | ({"post": post, "post_since": opened} if post else {})
        staff.states.setdefault(opened, {}).update(change)

    # who has left

    def leavers(self) -> None:
        """Thirteen before the day of settling, seven since; one of these from a unit whose appraisal is under way."""
        days = self.days
        kinds = [AssignmentKind.RETIRED] * 7 + [AssignmentKind.TRANSFER_OUT] * 3 + [AssignmentKind.RESIGNED] * 2
        kinds.append(AssignmentKind.DISMISSED)
        sections = ["离退休干部处", "会议服务处", "公共机构节能处"]
        before = [(sections[number % len(sections)], kind) for number, kind in enumerate(kinds)]
        span = (days.settled - days.founded).days
        for number, (section, kind) in enumerate(before):
            day = at_work(days.founded + dt.timedelta(days=span * (2 * number + 3) // (2 * len(before) + 6)))
            self._left(section, kind, day, Category.CIVIL_SERVANT)
        since = [
            ("会议服务处", AssignmentKind.RETIRED, Category.CIVIL_SERVANT, 0.2),
            ("离退休干部处", AssignmentKind.RETIRED, Category.CIVIL_SERVANT, 0.45),
            ("车辆服务中心", AssignmentKind.RETIRED, Category.SUPPORT_WORKER, 0.7),
            ("公共机构节能处", AssignmentKind.TRANSFER_OUT, Category.CIVIL_SERVANT, 0.35),
            ("综合保障处", AssignmentKind.DISMISSED, Category.CIVIL_SERVANT, 0.6),
            ("餐饮服务中心", AssignmentKind.RESIGNED, Category.CONTRACT, 0.5),
            ("物业管理处", AssignmentKind.RESIGNED, Category.CONTRACT, 0.85),
        ]
        for section, kind, category, share in since:
            self._left(section, kind, days.since_settled(share), category)

    def _left(self, section: str, kind: AssignmentKind, day: dt.date, category: Category) -> None:
        """Somebody who served since the founding and left about that day (retirement: on the first of a month)."""
        days, pick = self.days, self.pick
        unit = next((one for one in SECTIONS if one.name == section), None)
        sex, name, ethnicity = self._name(None, Sex.MALE if kind == AssignmentKind.RETIRED else None)
        birth = dt.date(days.today.year - pick.randint(30, 45), pick.randint(1, 12), 1)
        if kind == AssignmentKind.RETIRED:
            birth = next(
                born
                for back in range(59 * 12, 64 * 12)
                if retires_on(born := add_months(day.replace(day=1), -back), sex, category) <= day.replace(day=1)
            )
            day = retires_on(birth, sex, category)
        education = self._education(category, "")
        works_from = dt.date(birth.year + STUDIED_TO[education], 7, 1)
        # four years at least before the founding, so that a rank fits
        works_from = min(works_from, dt.date(days.founded.year - 4, 7, 1))
        served = days.founded.year - works_from.year
        rank = pick.choice(RANKS[6:8]) if kind == AssignmentKind.RETIRED else RANKS[min(2 + served // 5, 6)]
        staff = Staff(
            work_number=f"D{len(self.people) + 1:05d}",
            name=name,
            sex=sex,
            ethnicity=ethnicity,
            birth_month=birth,
            first_work_month=works_from,
            section=section,
        )
        then = self._unit_at(unit, days.founded) if unit else section
        posts = words()["contract_posts"].get(section, [""])
        staff.states[days.founded] = {
            "unit": then,
            "post": {Category.SUPPORT_WORKER: "高级工", Category.CONTRACT: posts[0]}.get(category, ""),
            "rank": rank if category == Category.CIVIL_SERVANT else "",
            "post_since": None,
            "rank_since": dt.date(days.founded.year - 1, 1, 1) if category == Category.CIVIL_SERVANT else None,
            "category": category,
            "is_leading_member": False,
            "political_status": "中共党员" if category == Category.CIVIL_SERVANT else "群众",
            "education": education,
            "degree": DEGREES.get(education, ""),
        }
        place = pick.choice(words()["places"]) if kind == AssignmentKind.TRANSFER_OUT else ""
        staff.moves.append(Move(kind, day, place=place))
        self.people.append(staff)

    # what happened to those who serve

    def _some(self, count: int, fits: Any) -> list[Staff]:
        """So many people to whom nothing has happened yet and whom the condition fits."""
        free = [one for one in self.people if one.is_free and fits(one)]
        return self.pick.sample(free, count)

    def rotations(self) -> None:
        """Two heads changed sections with each other."""
        day = dt.date(self.days.finished, 6, 1)
        first, second = (
            next(one for one in self.people if one.section == name and one.now["post"] == "处长")
            for name in ("财务处", "资产管理处")
        )
        for one, other in ((first, second), (second, first)):
            start = one.states[one.joined]
            start["unit"] = other.section
            one.states.setdefault(day, {}).update(unit=one.section)

    def transfers(self) -> None:
        """People who moved between sections, some of them this year, and people who came from elsewhere."""
        days = self.days
        plain = {Category.CIVIL_SERVANT}

        def fits(one: Staff) -> bool:
            now = one.now
            return (
                one.section in STABLE
                and now["category"] in plain
                and not now["post"]
                and one.joined == days.founded
                and len({state["unit"] for state in one.states.values() if "unit" in state}) == 1
            )

        movers = self._some(22, fits)
        for number, one in enumerate(movers):
            share = (number + 1) / (len(movers) + 1)
            day = at_work(days.founded + dt.timedelta(days=int((days.today - days.founded).days * share)))
            while day in one.states:
                day -= ONE_DAY
            start = one.states[one.joined]
            start["unit"] = self.pick.choice([name for name in STABLE if name != one.section])
            one.states.setdefault(day, {}).update(unit=one.section)
        for number, one in enumerate(self._some(9, lambda one: fits(one) and one not in movers)):
            share = (number + 1) / 10
            day = at_work(days.founded + dt.timedelta(days=int((days.settled - days.founded).days * share)))
            self._came(one, day)
        for one, share in zip(self._some(2, lambda one: fits(one) and one not in movers), (0.2, 0.6), strict=True):
            self._came(one, days.since_settled(share))

    def _came(self, one: Staff, day: dt.date) -> None:
        """Begin somebody's history here on a day: what was before it is folded into the first state."""
        first: dict[str, Any] = {}
        for past in sorted(past for past in one.states if past <= day):
            first |= one.states.pop(past)
        one.states[day] = first
        place = self.pick.choice(words()["places"])
        one.moves.append(Move(AssignmentKind.TRANSFER_IN, day, place=place, is_sent=False))

    def away(self) -> None:
        """Secondments with and without end, studies, and two who left and came back."""
        days, pick = self.days, self.pick
        kind = AssignmentKind.SECONDMENT
        spans = [  # none takes more than half of the finished year, which another unit would then have appraised (A7)
            (days.founded + 200 * ONE_DAY, days.founded + 564 * ONE_DAY, True),
            (dt.date(days.finished, 3, 1), dt.date(days.finished, 8, 15), True),
            (dt.date(days.finished, 9, 1), dt.date(days.finished + 2, 8, 31), True),
            (days.since_settled(0.1), None, True),
            (days.since_settled(0.3), add_months(days.since_settled(0.3), 24) - ONE_DAY, True),
            (days.since_settled(0.15), days.since_settled(0.75), False),
        ]
        civil = self._some(len(spans) + 5, lambda one: self._is_plain(one) and one.section not in UNDER_WAY)
        for one, (first, last, is_sent) in zip(civil, spans, strict=False):
            place = pick.choice(words()["secondment_places"] if is_sent else words()["places"])
            one.moves.append(Move(kind, first, last, place, is_sent))
        studies = [
            (dt.date(days.finished - 1, 3, 1), dt.date(days.finished - 1, 7, 15)),
            (dt.date(days.finished, 9, 1), dt.date(days.running, 6, 30)),
            (days.since_settled(0.8), days.since_settled(0.8) + 120 * ONE_DAY),
        ]
        for one, (first, last), place in zip(civil[len(spans) :], studies, words()["study_places"], strict=False):
            one.moves.append(Move(AssignmentKind.STUDY, first, last, place))
        out, back = dt.date(days.finished - 1, 5, 1), dt.date(days.finished, 8, 31)
        civil[-2].moves.append(Move(AssignmentKind.TRANSFER_OUT, out, back, words()["places"][0]))
        out, back = days.since_settled(0.25), days.since_settled(0.8)
        civil[-1].moves.append(Move(AssignmentKind.TRANSFER_OUT, out, back, words()["places"][3]))

    def _is_plain(self, one: Staff) -> bool:
        now = one.now
        return now["category"] == Category.CIVIL_SERVANT and not now["post"] and one.joined == self.days.founded

    def leaves(self) -> None:
        """Every kind of leave, three of them over half a year, one running without an end."""
        days = self.days
        year = days.finished

        def span(kind: LeaveKind, first: dt.date, length: int) -> Absence:
            return Absence(kind, first, first + (length - 1) * ONE_DAY)

        planned = [
            [span(LeaveKind.SICK, dt.date(year, 2, 10), 210)],
            [span(LeaveKind.SICK, dt.date(year, 1, 6), 120), span(LeaveKind.PERSONAL, dt.date(year, 6, 9), 70)],
            [Absence(LeaveKind.SICK, days.since_settled(0.12), None)],
            [span(LeaveKind.SICK, dt.date(year, 5, 12), 21)],
            [span(LeaveKind.SICK, dt.date(year - 1, 11, 4), 45)],
            [span(LeaveKind.SICK, days.since_settled(0.4), 14)],
            [span(LeaveKind.PERSONAL, dt.date(year, 3, 17), 5)],
            [span(LeaveKind.PERSONAL, days.since_settled(0.5), 4)],
            [span(LeaveKind.PERSONAL, days.since_settled(0.65), 3)],
            [span(LeaveKind.WORK_INJURY, dt.date(year, 7, 2), 90)],
            [span(LeaveKind.WORK_INJURY, days.since_settled(0.55), 30)],
        ]
        # over half a year: no grade. In the finished year none of the civil servants, whose cycle could not yet say so
        others = self._some(2, lambda one: self._is_here(one) and one.now["category"] in NOT_CIVIL)
        running = self._some(1, lambda one: self._is_plain(one) and one.section not in UNDER_WAY)
        ill = [*others, *running, *self._some(len(planned) - 3, self._is_here)]
        for one, absences in zip(ill, planned, strict=True):
            one.absences += absences
        mothers = self._some(5, lambda one: self._is_here(one) and self._is_young_woman(one))
        starts = [
            dt.date(year - 1, 8, 19),
            dt.date(year, 1, 13),
            dt.date(year, 4, 14),
            days.since_settled(0.05),
            days.since_settled(0.85),
        ]
        for one, first, length in zip(mothers, starts, (158, 188, 158, 173, 158), strict=True):
            one.absences.append(span(LeaveKind.MATERNITY, first, length))
        for one in self._some(90, self._is_here):
            one.absences.append(span(LeaveKind.ANNUAL, dt.date(year, 7, 1) + self.pick.randint(0, 60) * ONE_DAY, 5))
        for one in self._some(25, self._is_here):
            one.absences.append(span(LeaveKind.ANNUAL, days.since_settled(0.3 + self.pick.random() * 0.5), 5))

    def _is_here(self, one: Staff) -> bool:
        return one.joined == self.days.founded

    def _is_young_woman(self, one: Staff) -> bool:
        return one.sex == Sex.FEMALE and 27 <= self.days.today.year - one.birth_month.year <= 38

    def remarks(self) -> None:
        """Remarks of the old roster that tell of something without saying when: HR completes them."""
        fits = [
            lambda one: self._is_plain(one) and one.section == "办公室",
            lambda one: self._is_plain(one) and one.section == "资产管理处",
            self._is_plain,
            self._is_plain,
            lambda one: self._is_here(one) and self._is_young_woman(one),
            self._is_plain,
        ]
        for remark, fit in zip(words()["open_items"], fits, strict=True):
            [one] = self._some(1, fit)
            one.remark = remark

    # what discipline has on record, and who is away for most of the running year

    def conduct(self) -> None:
        """Somebody for each trouble of demo/conduct.py; one of the running cycles' people serves elsewhere."""
        assign(self.people, self.days, self._came)
        quiet = [one for one in self.people if one.section == "人事处" and one.matter is None and is_plain(one)]
        place = words()["secondment_places"][1]
        self.pick.choice(quiet).moves.append(
            Move(AssignmentKind.SECONDMENT, self.days.since_settled(0.05), None, place)
        )
