"""The demo office as a plan: the same at every load, believable on any day, and never mixed into somebody's data."""

import datetime as dt
import json
import re
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from content import statutes
from demo.learning import drafts
from demo.load import DATA, load
from demo.office import FOUNDING, PASSWORD, PEOPLE, SECTIONS, Days
from demo.people import RANKS, everybody, relations, retires_on
from foundation.people.enums import ADMINISTRATORS, DEPARTURES, Category, Role
from foundation.people.models import Account, Cadre, Unit
from learning.questions.enums import Kind
from learning.questions.rules import faults
from tests.factories.people import office

TODAY = dt.date(2026, 11, 24)
DAYS = [TODAY, dt.date(2026, 3, 1), dt.date(2027, 1, 10), dt.date(2028, 2, 29)]


def gone(one, day):
    return any(move.kind in DEPARTURES and move.first <= day and move.last is None for move in one.moves)


@pytest.mark.django_db
def test_the_demo_never_comes_into_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert not Unit.objects.exists()


@pytest.mark.django_db
def test_an_office_that_was_started_empty_stays_its_own(settings, tmp_path, client):
    settings.DATA = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.ZHIXING_DEMO = True
    (tmp_path / ".empty").touch()
    call_command("prepare")
    assert not Unit.objects.exists()
    assert PASSWORD not in client.get(reverse("account_login")).content.decode()


@pytest.mark.django_db
def test_it_does_not_come_into_an_office_that_is_there():
    office("别的单位")
    assert not load(today=TODAY, actor=None)
    assert not Account.objects.exists() and not Cadre.objects.exists()


def test_the_same_people_come_at_every_load():
    first, second = everybody(TODAY), everybody(TODAY)
    assert first == second
    assert [one.work_number for one in first] == [f"D{number:05d}" for number in range(1, len(first) + 1)]
    assert len({one.name for one in first}) == len(first)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_on_any_day_the_office_is_whole_and_its_people_are_of_an_age(today):
    days, people = Days(today), everybody(today)
    here = [one for one in people if not gone(one, today)]
    assert Counter(one.section for one in here) == {section.name: sum(section.people.values()) for section in SECTIONS}
    assert len(here) == 317
    for one in people:
        studied = one.first_work_month.year - one.birth_month.year
        assert 20 <= studied <= 27, one
        assert max(one.states) <= today and one.joined >= max(days.founded, one.first_work_month), one
        assert all(day <= today for day in [one.first_work_month, *(move.first for move in one.moves)]), one
        if one in here:
            assert 22 <= today.year - one.birth_month.year <= 61, one
            assert retires_on(one.birth_month, one.sex, one.now["category"]) > today, one
    retired = [(one, move) for one in people for move in one.moves if move.kind == "retired"]
    assert len(retired) == 10
    for one, move in retired:
        assert move.first == retires_on(one.birth_month, one.sex, one.now["category"])
    assert len(relations(people, days)) == 5


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_ranks_belong_to_civil_servants_after_probation_and_never_fall(today):
    for one in everybody(today):
        if one.now["category"] != Category.CIVIL_SERVANT:
            assert not one.now["rank"], one
            continue
        held = [(day, one.states[day]["rank"]) for day in sorted(one.states) if one.states[day].get("rank")]
        levels = [RANKS.index(rank) for _day, rank in held]
        assert levels == sorted(levels), one
        if one.probation_to is not None and held:
            assert held[0][0] > one.probation_to, one
        if one.now["post"] == "处长":
            assert levels[-1] >= RANKS.index("二级调研员"), one


@pytest.mark.parametrize(
    ("birth", "sex", "category", "expected"),
    [
        ("1964-12-01", "male", Category.CIVIL_SERVANT, "2025-01-01"),  # the last month of the old age
        ("1965-01-01", "male", Category.CIVIL_SERVANT, "2025-03-01"),  # one month later, out from the month after
        ("1965-05-01", "male", Category.SUPPORT_WORKER, "2025-08-01"),
        ("1976-09-01", "male", Category.CIVIL_SERVANT, "2039-10-01"),  # 63 at most
        ("1970-01-01", "female", Category.CIVIL_SERVANT, "2025-03-01"),
        ("1981-09-01", "female", Category.INSTITUTION_STAFF, "2039-10-01"),  # 58 at most
        ("1975-03-01", "female", Category.SUPPORT_WORKER, "2025-06-01"),  # a month every two
        ("1984-11-01", "female", Category.CONTRACT, "2039-12-01"),  # 55 at most
    ],
)
def test_retirement_comes_step_by_step_later(birth, sex, category, expected):
    assert retires_on(dt.date.fromisoformat(birth), sex, category) == dt.date.fromisoformat(expected)


def test_every_role_has_an_account_and_the_three_administrators_no_place():
    assert {role for person in PEOPLE for role in person.roles} == set(Role)
    assert {person.username for person in PEOPLE if not person.section} == {"system", "security", "audit"}
    assert all(set(person.roles) <= ADMINISTRATORS for person in PEOPLE if not person.section)
    assert all(str(person.says) and str(person.first) for person in PEOPLE)


def articles():
    """The text of every article of the demo's materials by (statute, number)."""
    found = {}
    for path in (DATA / "materials").glob("*.md"):
        statute = statutes.parse(path.read_text(encoding="utf-8"))
        name = statute.title.removeprefix("中华人民共和国")
        for chapter in statute.chapters:
            for article in chapter.articles:
                found[name, article.number_zh] = "\n".join(article.paragraphs)
    return found


def test_every_question_quotes_the_article_that_makes_its_key_right():
    texts, questions = articles(), drafts()
    assert len(questions) >= 150 and len({draft.fingerprint for draft in questions}) == len(questions)
    assert len({draft.stem for draft in questions}) == len(questions)
    for draft in questions:
        name, number = re.fullmatch(r"(.+?)(第[^第]+条)", draft.source).groups()
        text = next(text for (title, article), text in texts.items() if title == name and article in number)
        quotes = re.findall("“([^”]+)”", draft.explanation)
        assert quotes and all(quote in text for quote in quotes), draft.stem
        assert faults(draft) == []


def test_keys_stand_in_every_position_and_no_kind_is_missing():
    questions = drafts()
    assert {draft.kind for draft in questions} == set(Kind)
    single = Counter(draft.key[0] for draft in questions if draft.kind == Kind.SINGLE)
    assert set(single) == set("ABCD") and min(single.values()) * 5 > single.total() / 2
    truth = Counter(draft.key[0] for draft in questions if draft.kind == Kind.TRUE_FALSE)
    assert 0.4 < truth["A"] / truth.total() < 0.6


def test_names_of_units_fit_what_became_of_them():
    assert len(FOUNDING) == len(set(FOUNDING)) == 13
    told = json.loads((DATA / "people.json").read_text(encoding="utf-8"))
    assert set("䶮喆堃㛃𬭎𠅤") <= set("".join(one["name"] for one in told["special"]))
    assert max(len(section.name) for section in SECTIONS) >= 20
