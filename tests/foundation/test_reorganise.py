"""Units are renamed, moved, merged, split and closed; last year's questions still get last year's answers."""

import datetime as dt

import pytest

from foundation.audit.models import Entry
from foundation.offers.types import Refused
from foundation.people import careers, reorganise
from foundation.people.enums import Role
from foundation.people.handlers import new_day
from foundation.people.models import CadreState, RoleGrant, Unit, UnitPeriod, UnitSuccession
from foundation.people.queries import serving_on, standing_on, subtree_on, tree_on
from foundation.people.reorganise import Part
from foundation.people.scope import has_role
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
LAST_YEAR = dt.date(2025, 12, 31)
REFORM = dt.date(2026, 5, 1)


@pytest.fixture
def bureau():
    return office()


@pytest.fixture
def hr(bureau):
    return grant(AccountFactory(name="沈静"), Role.HR, bureau)


def names_on(day):
    return [then.name for then in tree_on(day)]


def test_a_reform_merges_two_and_splits_one_and_last_year_still_answers_as_it_was(bureau, hr):
    cars, meals, assets = (section(name, bureau) for name in ("车辆处", "餐饮处", "资产处"))
    driver, cook = CadreFactory(unit=cars), CadreFactory(unit=meals)
    houses, land = CadreFactory(unit=assets), CadreFactory(unit=assets)

    service = reorganise.merge_units(units=[cars, meals], name="服务保障处", on=REFORM, today=TODAY, actor=hr)
    [house_unit, land_unit] = reorganise.split_unit(
        unit=assets,
        parts=[Part("房产处", [houses]), Part("土地处", [land])],
        closes=True,
        on=REFORM,
        today=TODAY,
        actor=hr,
    )

    assert names_on(LAST_YEAR) == ["市机关事务管理局", "车辆处", "餐饮处", "资产处"]
    assert names_on(REFORM - dt.timedelta(days=1)) == ["市机关事务管理局", "车辆处", "餐饮处", "资产处"]
    assert names_on(TODAY) == ["市机关事务管理局", "服务保障处", "房产处", "土地处"]
    assert set(serving_on(LAST_YEAR, units=[cars.pk])) == {driver}
    assert set(serving_on(LAST_YEAR, units=[assets.pk])) == {houses, land}
    assert set(serving_on(TODAY, units=[service.pk])) == {driver, cook}
    assert set(serving_on(TODAY, units=[house_unit.pk])) == {houses}
    assert set(serving_on(TODAY, units=[land_unit.pk])) == {land}
    assert not serving_on(TODAY, units=[cars.pk, meals.pk, assets.pk]).exists()
    assert standing_on(driver, LAST_YEAR).state.unit == cars
    driver.refresh_from_db()
    assert driver.unit == service
    assert set(Unit.objects.filter(is_open=True)) == {bureau, service, house_unit, land_unit}
    assert set(UnitSuccession.objects.values_list("predecessor__name", "successor__name", "kind")) == {
        ("车辆处", "服务保障处", "merged"),
        ("餐饮处", "服务保障处", "merged"),
        ("资产处", "房产处", "split"),
        ("资产处", "土地处", "split"),
    }


def test_a_merger_into_one_that_stands_keeps_it_and_ends_the_roles_over_the_other(bureau, hr):
    cars, meals = section("车辆处", bureau), section("餐饮处", bureau)
    cook = CadreFactory(unit=meals)
    head = grant(AccountFactory(), Role.SECTION_HEAD, meals)
    stays = grant(AccountFactory(), Role.SECTION_HEAD, cars)
    reorganise.merge_units(units=[cars, meals], name="", into=cars, on=REFORM, today=TODAY, actor=hr)
    assert names_on(TODAY) == ["市机关事务管理局", "车辆处"]
    cook.refresh_from_db()
    assert cook.unit == cars
    assert RoleGrant.objects.get(account=head).valid_to == REFORM - dt.timedelta(days=1)
    assert not has_role(head, Role.SECTION_HEAD)
    assert has_role(stays, Role.SECTION_HEAD)
    assert Entry.objects.get(event="unit.merged").data["units"] == [meals.pk]


def test_a_split_of_a_part_leaves_the_rest_where_it_was(bureau, hr):
    assets = section("资产处", bureau)
    stays, goes = CadreFactory(unit=assets), CadreFactory(unit=assets)
    [new] = reorganise.split_unit(
        unit=assets, parts=[Part("房产处", [goes])], closes=False, on=REFORM, today=TODAY, actor=hr
    )
    assert set(serving_on(TODAY, units=[assets.pk])) == {stays}
    assert set(serving_on(TODAY, units=[new.pk])) == {goes}


def test_who_left_before_the_reform_comes_back_to_a_unit_that_stands(bureau, hr):
    cars, meals = section("车辆处", bureau), section("餐饮处", bureau)
    driver = CadreFactory(unit=cars)
    careers.depart(cadre=driver, kind="resigned", first_day_out=dt.date(2026, 2, 1), today=TODAY, actor=hr)
    service = reorganise.merge_units(units=[cars, meals], name="服务处", on=REFORM, today=TODAY, actor=hr)
    careers.take_back(cadre=driver, on=dt.date(2026, 9, 1), changes={}, reason="录用", today=TODAY, actor=hr)
    driver.refresh_from_db()
    assert driver.unit == service


def test_a_change_planned_into_a_merged_unit_follows_it(bureau, hr):
    cars, meals, assets = (section(name, bureau) for name in ("车辆处", "餐饮处", "资产处"))
    somebody = CadreFactory(unit=assets)
    planned = dt.date(2027, 1, 1)
    careers.change_state(cadre=somebody, on=planned, changes={"unit": cars}, reason="轮岗", today=TODAY, actor=hr)
    service = reorganise.merge_units(units=[cars, meals], name="服务处", on=REFORM, today=TODAY, actor=hr)
    assert standing_on(somebody, planned).state.unit == service


def test_a_new_name_and_a_new_place_hold_from_their_day(bureau, hr):
    centre, cars = section("服务中心", bureau), section("车队", bureau)
    reorganise.rename_unit(unit=cars, name="车辆科", on=REFORM, today=TODAY, actor=hr)
    reorganise.move_unit(unit=cars, parent=centre, on=dt.date(2026, 6, 1), today=TODAY, actor=hr)
    cars.refresh_from_db()
    centre.refresh_from_db()
    assert (cars.name, cars.get_parent()) == ("车辆科", centre)
    assert subtree_on(centre, LAST_YEAR) == {centre.pk}
    assert subtree_on(centre, TODAY) == {centre.pk, cars.pk}
    assert names_on(LAST_YEAR) == ["市机关事务管理局", "服务中心", "车队"]
    assert [(then.name, then.depth) for then in tree_on(TODAY)][1:] == [("服务中心", 2), ("车辆科", 3)]


def test_a_reform_of_next_year_is_not_true_today(bureau, hr, at):
    cars, meals = section("车辆处", bureau), section("餐饮处", bureau)
    driver = CadreFactory(unit=cars)
    first = dt.date(2027, 1, 1)
    service = reorganise.merge_units(units=[cars, meals], name="服务处", on=first, today=TODAY, actor=hr)
    driver.refresh_from_db()
    assert (driver.unit, service.is_open, Unit.objects.get(pk=cars.pk).is_open) == (cars, False, True)
    at("2027-01-01 00:05")
    new_day(actor=None, progress=lambda *words: None)
    driver.refresh_from_db()
    service.refresh_from_db()
    assert (driver.unit, service.is_open, Unit.objects.get(pk=cars.pk).is_open) == (service, True, False)


def test_what_cannot_be_is_refused_and_nothing_is_written(bureau, hr):
    cars, meals = section("车辆处", bureau), section("餐饮处", bureau)
    CadreFactory(unit=cars)
    stranger = CadreFactory(unit=meals)
    known = {"on": REFORM, "today": TODAY, "actor": hr}
    tries = [
        ("namesake", lambda: reorganise.open_unit(name="车辆处", parent=bureau, **known)),
        ("name_missing", lambda: reorganise.open_unit(name=" ", parent=bureau, **known)),
        ("namesake", lambda: reorganise.rename_unit(unit=meals, name="车辆处", **known)),
        ("nothing_changed", lambda: reorganise.rename_unit(unit=meals, name="餐饮处", **known)),
        ("one_unit", lambda: reorganise.merge_units(units=[cars], name="新处", **known)),
        ("not_empty", lambda: reorganise.close_unit(unit=cars, **known)),
        ("has_children", lambda: reorganise.close_unit(unit=bureau, **known)),
        ("circle", lambda: reorganise.move_unit(unit=bureau, parent=cars, **known)),
        (
            "not_of_unit",
            lambda: reorganise.split_unit(unit=cars, parts=[Part("一", [stranger])], closes=False, **known),
        ),
        (
            "one_unit",
            lambda: reorganise.split_unit(unit=cars, parts=[Part("一", [])], closes=True, **known),
        ),
        (
            "left_over",
            lambda: reorganise.split_unit(unit=cars, parts=[Part("一", []), Part("二", [])], closes=True, **known),
        ),
    ]
    before = list(UnitPeriod.objects.values()), list(CadreState.objects.values())
    for code, attempt in tries:
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.code == code
    assert before == (list(UnitPeriod.objects.values()), list(CadreState.objects.values()))


def test_a_wrong_name_is_corrected_from_its_first_day(bureau, hr):
    cars = section("车俩处", bureau)
    with pytest.raises(Refused):
        reorganise.correct_unit_name(unit=cars, name="车辆处", reason="", today=TODAY, actor=hr)
    reorganise.correct_unit_name(unit=cars, name="车辆处", reason="登记时写错", today=TODAY, actor=hr)
    assert names_on(LAST_YEAR) == ["市机关事务管理局", "车辆处"]


def test_an_empty_unit_closes(bureau, hr):
    cars = section("车辆处", bureau)
    reorganise.close_unit(unit=cars, on=REFORM, today=TODAY, actor=hr)
    assert names_on(REFORM) == ["市机关事务管理局"]
    with pytest.raises(Refused) as refusal:
        CadreFactory.reset_sequence()
        somebody = CadreFactory(unit=bureau)
        careers.change_state(cadre=somebody, on=REFORM, changes={"unit": cars}, reason="", today=TODAY, actor=hr)
    assert refusal.value.code == "unit_not_standing"
