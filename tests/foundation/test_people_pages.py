"""HR's pages about people and units: what an officer does there, and what never happens by accident."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.appraisals.participation import open_cycle
from foundation.offers import clock
from foundation.people import careers
from foundation.people.enums import AssignmentKind, Category, Kinship, LeaveKind, Role
from foundation.people.models import Assignment, Cadre, Leave, Relation, Unit
from foundation.people.queries import standing_on, tree_on
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 6, 1)


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
    return CadreFactory(name="李敏", work_number="A001", unit=finance, rank="二级主任科员")


@pytest.fixture
def hr(bureau, client):
    account = grant(AccountFactory(name="沈静"), Role.HR, bureau)
    client.force_login(account)
    return account


def to(name, *args):
    return reverse(f"people_admin:{name}", args=args)


def send(client, url, **data):
    """What a browser sends: the form as the page shows it, with what the officer typed into it."""
    page = client.get(url)
    form = page.context["form"]
    sent = {"seen": page.context["seen"]}
    for bound in form:
        value = bound.value()
        if value is True:
            value = "on"
        if value not in (None, False):
            sent[bound.html_name] = value.isoformat() if isinstance(value, dt.date) else value
    return client.post(url, sent | data)


def test_a_promotion_is_recorded_by_typing_only_what_is_new(hr, li, client):
    response = send(
        client, to("change_state", li.pk), on="2026-06-01", rank="一级主任科员", reason="市人社〔2026〕12号"
    )
    assert response.status_code == 302
    li.refresh_from_db()
    assert li.rank == "一级主任科员"
    page = client.get(to("cadre", li.pk) + "?on=2026-05-31").content.decode()
    assert "二级主任科员" in page
    assert "2026年5月31日 的情况" in page


def test_the_second_of_two_clicks_changes_nothing_and_says_so(hr, li, client):
    data = {"on": "2026-06-01", "rank": "一级主任科员"}
    assert send(client, to("change_state", li.pk), **data).status_code == 302
    again = send(client, to("change_state", li.pk), **data | {"rank": "四级调研员"})
    assert again.status_code == 200
    assert "已经登记过变动" in again.content.decode()
    assert li.states.count() == 2


def test_a_page_that_was_opened_before_somebody_else_changed_the_record_does_nothing(hr, li, client):
    url = to("correct_cadre", li.pk)
    stale = client.get(url).context["seen"]
    careers.correct_person(cadre=li, changes={"ethnicity": "回族"}, reason="户口簿", actor=hr)
    li.refresh_from_db()
    form = {"work_number": "A001", "name": "李旻", "sex": "female", "ethnicity": "", "reason": "身份证"}
    response = client.post(url, form | {"seen": stale})
    assert "这条记录已被修改" in response.content.decode()
    li.refresh_from_db()
    assert (li.name, li.ethnicity) == ("李敏", "回族")


def test_a_correction_touches_what_was_typed_and_needs_a_reason(hr, li, client):
    url = to("correct_cadre", li.pk)
    assert "请" in send(client, url, name="李旻").content.decode()
    li.refresh_from_db()
    assert li.name == "李敏"
    assert send(client, url, name="李旻", birth_month="1985.03", reason="户口簿").status_code == 302
    li.refresh_from_db()
    assert (li.name, li.birth_month, li.account_id is not None) == ("李旻", dt.date(1985, 3, 1), True)


@pytest.mark.parametrize(
    "wrong",
    [
        ("birth_month", "1985.1", "分不清是 1 月还是 10 月"),
        ("birth_month", "八五年", "不是年月"),
        ("birth_month", "2099-01", "在今天之后"),
        ("name", "\ue000明", "自造字 U+E000"),
        ("name", "𰻝𰻝", "不在文书字库里"),
        ("probation_to", "2026-01-01", "试用期要同时写明起止日期"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_what_was_typed_stays(hr, li, client, wrong):
    field, typed, sentence = wrong
    page = send(client, to("correct_cadre", li.pk), reason="材料", **{field: typed}).content.decode()
    assert sentence in page
    assert typed in page


def test_somebody_new_comes_with_a_first_state(hr, finance, client):
    response = send(
        client,
        to("new_cadre"),
        work_number="N001",
        name="喆堃",
        sex="male",
        unit=str(finance.pk),
        on="2026-06-01",
        category="civil_servant",
        rank="四级主任科员",
    )
    assert response.status_code == 302
    new = Cadre.objects.get(work_number="N001")
    assert standing_on(new, DAY).in_service
    assert (new.unit, new.rank, new.category) == (finance, "四级主任科员", Category.CIVIL_SERVANT)


def test_leave_study_relation_departure_and_return_on_one_page(hr, li, client, assets):
    other = CadreFactory(unit=assets, work_number="B002", name="王强")
    send(client, to("add_leave", li.pk), kind="sick", valid_from="2026-03-01", valid_to="2026-03-20")
    send(client, to("add_assignment", li.pk), kind="study", valid_from="2026-04-01", place="市委党校")
    send(client, to("add_relation", li.pk), other="B002", kinship="spouse", on="2026-01-01")
    send(client, to("depart", li.pk), kind="transfer_out", first_day_out="2026-08-01", place="市财政局")
    assert client.get(to("cadre", li.pk)).context["has_left"]
    send(client, to("take_back", li.pk), on="2026-10-01", unit=str(assets.pk))
    page = client.get(to("cadre", li.pk))
    assert {event.what for event in page.context["events"]} == {"state", "leave", "assignment", "relation"}
    text = page.content.decode()
    for words in ("病假", "派出学习培训", "市委党校", "王强", "夫妻", "调出", "市财政局", "资产管理处"):
        assert words in text
    li.refresh_from_db()
    assert (li.unit, li.left_on) == (assets, None)
    assert Leave.objects.get().valid_to == dt.date(2026, 3, 20)
    send(client, to("correct_leave", Leave.objects.get().pk), valid_to="2026-03-25", reason="销假单")
    assert Leave.objects.get().valid_to == dt.date(2026, 3, 25)
    send(client, to("remove_leave", Leave.objects.get().pk), reason="登错了人")
    assert not Leave.objects.exists()
    study = Assignment.objects.get(kind=AssignmentKind.STUDY)
    send(client, to("correct_assignment", study.pk), valid_to="2026-06-30", reason="结业证")
    study.refresh_from_db()
    assert study.valid_to == dt.date(2026, 6, 30)
    send(client, to("remove_assignment", study.pk), reason="登错了人")
    assert not Assignment.objects.filter(kind=AssignmentKind.STUDY).exists()
    send(client, to("end_relation", other.pk, Relation.objects.get().pk), last_day="2026-05-31", reason="离婚")
    assert Relation.objects.get().valid_to == dt.date(2026, 5, 31)


def test_the_list_is_filtered_and_knows_who_left(hr, li, assets, client):
    wang = CadreFactory(name="王强", unit=assets, category=Category.INSTITUTION_STAFF)
    gone = CadreFactory(name="赵走", unit=assets)
    careers.depart(cadre=gone, kind=AssignmentKind.RETIRED, first_day_out=DAY, today=DAY, actor=hr)

    def names(**query):
        return {one.cadre.name for one in client.get(to("cadres"), query).context["standings"]}

    assert names() == {"李敏", "王强"}
    assert names(standing="left") == {"赵走"}
    assert names(standing="all", unit=assets.pk) == {"王强", "赵走"}
    assert names(q="A00") == {"李敏"}
    assert names(q="强") == {"王强"}
    assert names(category="institution_staff") == {"王强"}
    assert names(category="'; drop", unit="x", standing="?", p="zzz") == {"李敏", "王强"}
    assert wang in Cadre.objects.all()


def test_a_leave_of_today_stands_beside_the_name(hr, li, client):
    today = clock.today()
    careers.add_leave(cadre=li, kind=LeaveKind.ANNUAL, first=today, last=today, actor=hr)
    assert "年休假" in client.get(to("cadres")).content.decode()


def test_three_hundred_people_cost_as_many_queries_as_one(hr, finance, client):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(to("cadres"))
        return len(caught)

    CadreFactory(unit=finance)
    client.get(to("cadres"))  # the first page of a session asks more
    one = queries()
    many = [CadreFactory.build(unit=finance, account=None) for _number in range(300)]
    careers.take_roster(cadres=Cadre.objects.bulk_create(many), on=DAY)
    assert Cadre.objects.count() == 301
    # the second page is there: its count and its rows
    assert queries() == one


def test_units_are_merged_and_split_in_the_browser_and_the_old_tree_can_be_asked(hr, bureau, client):
    cars, meals, assets = (section(name, bureau) for name in ("车辆处", "餐饮处", "资产处"))
    driver, houses, land = CadreFactory(unit=cars), CadreFactory(unit=assets), CadreFactory(unit=assets)
    send(client, to("merge_units"), units=[cars.pk, meals.pk], name="服务保障处", on="2026-05-01")
    send(
        client,
        to("split_unit", assets.pk),
        closes="on",
        on="2026-05-01",
        name_1="房产处",
        name_2="土地处",
        **{f"to_{houses.pk}": "1", f"to_{land.pk}": "2"},
    )
    last_year = client.get(to("units") + "?on=2025-12-31")
    assert [row["unit"].name for row in last_year.context["rows"]] == [
        "市机关事务管理局",
        "车辆处",
        "餐饮处",
        "资产处",
    ]
    assert [row["people"] for row in last_year.context["rows"]] == [0, 1, 0, 2]
    now = client.get(to("units"))
    assert [(row["unit"].name, row["people"]) for row in now.context["rows"]] == [
        ("市机关事务管理局", 0),
        ("服务保障处", 1),
        ("房产处", 1),
        ("土地处", 1),
    ]
    old = client.get(to("unit", cars.pk) + "?on=2025-12-31")
    assert set(old.context["people"]) == {driver}
    assert "今天不存续" in old.content.decode()


def test_a_unit_is_opened_renamed_moved_corrected_and_closed(hr, bureau, client):
    send(client, to("open_unit"), parent=str(bureau.pk), name="档案科", on="2026-01-01")
    unit = Unit.objects.get(name="档案科")
    centre = section("服务中心", bureau)
    send(client, to("correct_unit", unit.pk), name="档案馆", reason="写错")
    send(client, to("rename_unit", unit.pk), name="档案处", on="2026-03-01")
    send(client, to("move_unit", unit.pk), parent=str(centre.pk), on="2026-04-01")
    unit.refresh_from_db()
    assert (unit.name, unit.get_parent()) == ("档案处", centre)
    send(client, to("close_unit", unit.pk), on="2026-05-01")
    assert [then.name for then in tree_on(dt.date(2026, 2, 1)) if then.pk == unit.pk] == ["档案馆"]
    assert not Unit.objects.get(pk=unit.pk).is_open


def test_a_split_names_what_is_missing(hr, bureau, client):
    assets = section("资产处", bureau)
    somebody = CadreFactory(unit=assets)
    page = send(
        client, to("split_unit", assets.pk), on="2026-05-01", name_1="房产处", **{f"to_{somebody.pk}": "3"}
    ).content.decode()
    assert "这个新单位还没有名称" in page
    assert Unit.objects.filter(name="房产处").count() == 0


def test_hr_of_one_section_moves_nobody_to_another_and_relates_no_stranger(li, finance, assets, client):
    mine = grant(AccountFactory(), Role.HR, finance)
    stranger = CadreFactory(unit=assets, work_number="B002")
    client.force_login(mine)
    page = send(client, to("change_state", li.pk), on="2026-06-01", unit=str(assets.pk))
    assert page.status_code == 200
    li.refresh_from_db()
    assert li.unit == finance
    page = send(client, to("add_relation", li.pk), other="B002", kinship=Kinship.SPOUSE, on="2026-01-01")
    assert "花名册上没有工号 B002" in page.content.decode()
    assert client.get(to("cadre", stranger.pk)).status_code == 404
    assert client.get(to("unit", assets.pk)).status_code == 404
    assert {row["unit"].name for row in client.get(to("units")).context["rows"]} == {"财务处"}


def test_twenty_heads_and_twenty_officers_see_exactly_their_subtree_in_lists_choosers_and_exports(bureau, client):
    sections = [section(f"第{number}处", bureau) for number in range(20)]
    for one in sections:
        inner = section(f"{one.name}一科", one)
        CadreFactory(unit=one, name=f"{one.name}甲")
        CadreFactory(unit=inner, name=f"{one.name}乙")
    open_cycle(year=2026, unit=bureau, actor=grant(AccountFactory(), Role.HR, bureau), today=dt.date(2026, 12, 1))
    assert Cadre.objects.count() == 40
    for one in sections:
        people, units = {f"{one.name}甲", f"{one.name}乙"}, {one.name, f"{one.name}一科"}
        client.force_login(grant(AccountFactory(), Role.HR, one))
        page = client.get(to("cadres")).context
        assert {standing.cadre.name for standing in page["standings"]} == people
        assert {unit.name for unit in page["units"]} == units
        assert {row["unit"].name for row in client.get(to("units")).context["rows"]} == units
        response = client.get(reverse("exchange_admin:export", args=["roster", "csv"]))
        text = (b"".join(response) if response.streaming else response.content).decode("utf-8-sig")
        assert {cell for cell in re.findall(r"第\d+处[甲乙]", text)} == people
        client.force_login(grant(AccountFactory(), Role.SECTION_HEAD, one))
        assert {person.name for person in client.get(reverse("appraisals:review")).context["people"]} == people
