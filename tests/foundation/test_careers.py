"""A person's record: changes from a day on, corrections, leaving and returning, asked about any day."""

import datetime as dt

import pytest

from foundation.audit.models import Entry
from foundation.offers.types import Refused
from foundation.people import careers
from foundation.people.enums import AssignmentKind, Category, Kinship, LeaveKind, Role, Sex
from foundation.people.handlers import new_day
from foundation.people.models import Assignment, Cadre, CadreState, Leave, Relation, RoleGrant
from foundation.people.queries import avoided_by, serving_on, standing_on, standings_on
from foundation.people.scope import has_role
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
JAN, MAR, JUN = dt.date(2026, 1, 1), dt.date(2026, 3, 1), dt.date(2026, 6, 1)


@pytest.fixture
def bureau():
    return office()


@pytest.fixture
def finance(bureau):
    return section("财务处", bureau)


@pytest.fixture
def assets(bureau):
    return section("资产管理处", bureau)


@pytest.fixture
def li(finance):
    return CadreFactory(name="李敏", unit=finance, rank="二级主任科员", as_of=JAN)


@pytest.fixture
def hr(bureau):
    return grant(AccountFactory(name="沈静"), Role.HR, bureau)


def change(cadre, on, actor, **changes):
    return careers.change_state(cadre=cadre, on=on, changes=changes, reason="干部任免", today=TODAY, actor=actor)


def test_a_change_holds_from_its_day_and_the_day_before_still_answers_as_it_was(li, assets, hr):
    change(li, JUN, hr, unit=assets, rank="一级主任科员")
    li.refresh_from_db()
    assert (li.unit, li.rank) == (assets, "一级主任科员")
    before = standing_on(li, JUN - dt.timedelta(days=1)).state
    assert before is not None
    assert (before.unit.name, before.rank) == ("财务处", "二级主任科员")
    entry = Entry.objects.get(event="cadre.changed")
    assert entry.data["before"] == {"unit": "财务处", "rank": "二级主任科员"}
    assert entry.data["after"] == {"unit": "资产管理处", "rank": "一级主任科员"}


def test_before_the_first_record_nothing_is_known(li):
    standing = standing_on(li, JAN - dt.timedelta(days=1))
    assert standing.state is None
    assert not standing.in_service


def test_a_change_of_the_past_reaches_the_later_states_that_only_carried_the_old_value(li, hr, assets):
    change(li, JUN, hr, rank="一级主任科员")
    change(li, MAR, hr, unit=assets, rank="三级主任科员")
    assert list(li.states.values_list("valid_from", "unit__name", "rank")) == [
        (JAN, "财务处", "二级主任科员"),
        (MAR, "资产管理处", "三级主任科员"),
        (JUN, "资产管理处", "一级主任科员"),  # its own rank, the carried unit
    ]


def test_a_correction_is_no_change_and_mends_what_was_carried_along(li, hr):
    change(li, JUN, hr, post="副处长")
    first = li.states.first()
    careers.correct_state(state=first, changes={"education": "研究生"}, reason="学历认证报告", today=TODAY, actor=hr)
    assert list(li.states.values_list("valid_from", "education", "post")) == [
        (JAN, "研究生", ""),
        (JUN, "研究生", "副处长"),
    ]
    li.refresh_from_db()
    assert li.education == "研究生"
    assert Entry.objects.get(event="cadre.corrected").data["reason"] == "学历认证报告"


def test_a_correction_of_the_day_may_not_pass_another_change(li, hr):
    change(li, MAR, hr, post="副处长")
    change(li, JUN, hr, post="处长")
    [_first, deputy, _head] = li.states.all()
    with pytest.raises(Refused) as refusal:
        careers.correct_state(
            state=deputy, changes={"valid_from": dt.date(2026, 7, 1)}, reason="任免文件", today=TODAY, actor=hr
        )
    assert refusal.value.code == "order"
    careers.correct_state(
        state=deputy, changes={"valid_from": dt.date(2026, 4, 1)}, reason="任免文件", today=TODAY, actor=hr
    )
    assert standing_on(li, dt.date(2026, 3, 31)).state.post == ""
    assert standing_on(li, dt.date(2026, 4, 1)).state.post == "副处长"


def test_a_change_that_never_happened_is_taken_back(li, hr):
    change(li, MAR, hr, post="副处长")
    change(li, JUN, hr, rank="一级主任科员")
    careers.remove_state(state=li.states.get(valid_from=MAR), reason="文件作废", today=TODAY, actor=hr)
    assert list(li.states.values_list("valid_from", "post", "rank")) == [
        (JAN, "", "二级主任科员"),
        (JUN, "", "一级主任科员"),
    ]
    with pytest.raises(Refused) as refusal:
        careers.remove_state(state=li.states.first(), reason="误登", today=TODAY, actor=hr)
    assert refusal.value.code == "first_state"


@pytest.mark.parametrize(
    ("day", "changes", "code"),
    [
        (JAN - dt.timedelta(days=1), {"post": "处长"}, "unknown_then"),
        (JAN, {"post": "处长"}, "changed_then"),
        (MAR, {"rank": "二级主任科员"}, "nothing_changed"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_nothing_is_written(li, hr, day, changes, code):
    with pytest.raises(Refused) as refusal:
        change(li, day, hr, **changes)
    assert refusal.value.code == code
    assert li.states.count() == 1


def test_what_is_planned_for_tomorrow_is_not_true_today_and_is_tomorrow(li, assets, hr, at):
    tomorrow = TODAY + dt.timedelta(days=1)
    change(li, tomorrow, hr, unit=assets)
    li.refresh_from_db()
    assert li.unit.name == "财务处"
    at(f"{tomorrow} 00:05")
    new_day(actor=None, progress=lambda *words: None)
    li.refresh_from_db()
    assert li.unit == assets


def test_who_leaves_is_out_of_service_and_loses_the_roles_with_that_day(li, finance, hr):
    grant(li.account, Role.SECTION_HEAD, finance)
    careers.depart(
        cadre=li,
        kind=AssignmentKind.TRANSFER_OUT,
        first_day_out=dt.date(2026, 11, 1),
        place="市财政局",
        close_account=True,
        today=TODAY,
        actor=hr,
    )
    li.refresh_from_db()
    assert li.left_on == dt.date(2026, 11, 1)
    assert standing_on(li, dt.date(2026, 10, 31)).in_service
    assert not standing_on(li, dt.date(2026, 11, 1)).in_service
    assert RoleGrant.objects.get(account=li.account).valid_to == dt.date(2026, 10, 31)
    li.account.refresh_from_db()
    assert not li.account.is_active
    assert not has_role(li.account, Role.SECTION_HEAD)
    with pytest.raises(Refused) as refusal:
        careers.depart(cadre=li, kind=AssignmentKind.RETIRED, first_day_out=TODAY, today=TODAY, actor=hr)
    assert refusal.value.code == "left_already"


def test_a_return_ends_the_departure_and_history_knows_both(li, assets, hr):
    careers.depart(cadre=li, kind=AssignmentKind.RESIGNED, first_day_out=MAR, today=TODAY, actor=hr)
    careers.take_back(cadre=li, on=JUN, changes={"unit": assets}, reason="重新录用", today=TODAY, actor=hr)
    li.refresh_from_db()
    assert (li.left_on, li.unit) == (None, assets)
    days = [MAR - dt.timedelta(days=1), MAR, JUN - dt.timedelta(days=1), JUN]
    assert [standing_on(li, day).in_service for day in days] == [True, False, False, True]
    with pytest.raises(Refused) as refusal:
        careers.take_back(cadre=li, on=TODAY, changes={}, reason="", today=TODAY, actor=hr)
    assert refusal.value.code == "not_left"


def test_leaves_of_one_kind_do_not_overlap_and_those_of_two_kinds_may(li, hr):
    careers.add_leave(cadre=li, kind=LeaveKind.SICK, first=MAR, last=dt.date(2026, 3, 31), actor=hr)
    with pytest.raises(Refused) as refusal:
        careers.add_leave(cadre=li, kind=LeaveKind.SICK, first=dt.date(2026, 3, 31), last=None, actor=hr)
    assert refusal.value.code == "overlap"
    careers.add_leave(cadre=li, kind=LeaveKind.ANNUAL, first=dt.date(2026, 3, 31), last=None, actor=hr)
    assert {leave.kind for leave in standing_on(li, dt.date(2026, 3, 31)).leaves} == {"sick", "annual"}
    assert [leave.kind for leave in standing_on(li, dt.date(2026, 4, 1)).leaves] == ["annual"]


def test_a_wrong_leave_is_corrected_or_removed_and_the_trail_keeps_it(li, hr):
    leave = careers.add_leave(cadre=li, kind=LeaveKind.SICK, first=MAR, last=None, actor=hr)
    with pytest.raises(Refused) as refusal:
        careers.correct_leave(leave=leave, changes={"valid_to": JAN}, reason="销假单", actor=hr)
    assert refusal.value.code == "order"
    careers.correct_leave(leave=leave, changes={"valid_to": JUN}, reason="销假单", actor=hr)
    assert Leave.objects.get().valid_to == JUN
    with pytest.raises(Refused):
        careers.remove_leave(leave=leave, reason="  ", actor=hr)
    careers.remove_leave(leave=leave, reason="登错了人", actor=hr)
    assert not Leave.objects.exists()
    assert Entry.objects.get(event="leave.removed").data["valid_to"] == "2026-06-01"


def test_a_departure_goes_through_its_own_door(li, hr):
    with pytest.raises(Refused) as refusal:
        careers.add_assignment(cadre=li, kind=AssignmentKind.RETIRED, first=JUN, last=None, today=TODAY, actor=hr)
    assert refusal.value.code == "use_depart"
    assert not Assignment.objects.exists()


def test_a_departure_noted_by_mistake_is_removed_and_the_person_serves_again(li, hr):
    departure = careers.depart(cadre=li, kind=AssignmentKind.RETIRED, first_day_out=JUN, today=TODAY, actor=hr)
    careers.remove_assignment(assignment=departure, reason="登错了人", today=TODAY, actor=hr)
    li.refresh_from_db()
    assert li.left_on is None
    assert standing_on(li, TODAY).in_service


def test_an_avoidance_relation_stands_once_and_both_ways(li, finance, hr):
    wang = CadreFactory(name="王强", unit=finance)
    other = CadreFactory(name="赵敏", unit=finance)
    relation = careers.relate(cadre=wang, other=li, kinship=Kinship.SPOUSE, on=JAN, actor=hr)
    assert (avoided_by(li, TODAY), avoided_by(wang, TODAY), avoided_by(other, TODAY)) == (
        {wang.pk},
        {li.pk},
        frozenset(),
    )
    with pytest.raises(Refused):
        careers.relate(cadre=li, other=wang, kinship=Kinship.OTHER, on=JUN, actor=hr)
    with pytest.raises(Refused):
        careers.relate(cadre=li, other=li, kinship=Kinship.OTHER, on=JUN, actor=hr)
    careers.unrelate(relation=relation, last_day=JUN, reason="离婚", actor=hr)
    assert (avoided_by(li, JUN), avoided_by(li, JUN + dt.timedelta(days=1))) == ({wang.pk}, frozenset())
    assert Relation.objects.count() == 1


def test_someone_new_is_in_service_from_their_day_on(finance, hr):
    fields = {
        "work_number": "N1",
        "name": "𬱖䶮",
        "sex": Sex.MALE,
        "category": Category.CIVIL_SERVANT,
        "unit": finance,
        "post": "",
    }
    new = careers.add_cadre(fields=fields, on=JUN, today=TODAY, actor=hr)
    assert set(serving_on(JUN, units=[finance.pk])) == {new}
    assert not serving_on(JUN - dt.timedelta(days=1), units=[finance.pk]).exists()
    with pytest.raises(Refused) as refusal:
        careers.add_cadre(fields=fields, on=JUN, today=TODAY, actor=hr)
    assert refusal.value.code == "work_number_taken"
    assert Cadre.objects.filter(work_number="N1").count() == 1


def test_a_person_is_corrected_and_the_trail_does_not_tell_the_telephone(li, hr):
    careers.correct_person(cadre=li, changes={"name": "李旻", "phone": "13800000000"}, reason="户口簿", actor=hr)
    li.refresh_from_db()
    assert (li.name, li.phone) == ("李旻", "13800000000")
    entry = Entry.objects.get(event="cadre.corrected")
    assert entry.data["before"] == {"name": "李敏", "phone": "…"}
    assert "13800000000" not in str(entry.data)


def test_a_roster_of_a_later_day_writes_states_for_those_who_changed_alone(li, finance, assets):
    wang = CadreFactory(name="王强", unit=finance, as_of=JAN)
    li.unit = assets
    li.save()
    careers.take_roster(cadres=[li, wang], on=JUN)
    assert list(CadreState.objects.values_list("cadre", "valid_from", "unit")) == [
        (li.pk, JAN, finance.pk),
        (li.pk, JUN, assets.pk),
        (wang.pk, JAN, finance.pk),
    ]
    li.unit = finance
    li.save()
    careers.take_roster(cadres=[li], on=JUN)  # the same day again: mended, not doubled
    assert li.states.get(valid_from=JUN).unit == finance


def test_three_hundred_people_cost_as_many_queries_as_one(finance, hr, django_assert_num_queries):
    people = [CadreFactory(unit=finance, account=None) for _number in range(30)]
    with django_assert_num_queries(3):
        standings_on(people[:1], TODAY)
    with django_assert_num_queries(3):
        assert len(standings_on(people, TODAY)) == 30
