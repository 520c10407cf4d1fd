"""Values of parameters: set from a day on, followed, never rewritten."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.offers.find import parameters
from foundation.offers.types import Parameter, ParameterKind, Refused
from foundation.people.enums import Role
from foundation.people.models import Unit
from foundation.people.parameters_views import MEANINGS
from foundation.rulebook import actions
from foundation.rulebook.enums import Mark
from foundation.rulebook.models import Value
from foundation.rulebook.queries import history, organ_values, parameter
from foundation.rulebook.rules import kept, loaded, shown
from tests.factories.people import AccountFactory, grant, office, section

TODAY = dt.date(2026, 11, 24)
ONLINE, K, QUOTA = "C1-7.online_hours", "D3.category_minimum", "A5.excellent_quota_percent"


def put(code, value, day, *, unit=None, to=None, citation="某组发〔2026〕3号", today=TODAY):
    return actions.set_value(
        code=code, value=value, unit=unit, valid_from=day, valid_to=to, citation=citation, today=today, actor=None
    )


def offer(kind, default=None, **fields):
    return Parameter("X.x", "某数", default=default, citation="", mark="local", kind=kind, rule="X", **fields)


WEIGHTS = offer(ParameterKind.TABLE, low=0, high=100, choices={"a": "甲", "b": "乙"}, total=100)


@pytest.mark.parametrize(
    ("one", "written", "stored", "read", "said"),
    [
        (offer(ParameterKind.INTEGER, low=1, high=9), "5", 5, 5, "5"),
        (offer(ParameterKind.INTEGER, low=1, high=9), None, None, None, "未设定"),
        (offer(ParameterKind.DECIMAL, low=1, high=9), Decimal("7.50"), "7.5", Decimal("7.5"), "7.5"),
        (offer(ParameterKind.PERCENT, low=0, high=100), 20, "20", Decimal(20), "20%"),
        (offer(ParameterKind.YES_NO), False, False, False, "否"),
        (offer(ParameterKind.CHOICE, choices={"floor": "只舍不入"}), "floor", "floor", "floor", "只舍不入"),
        (WEIGHTS, {"a": 60, "b": "40.0"}, {"a": "60", "b": "40"}, {"a": 60, "b": 40}, "甲 60 · 乙 40"),
    ],
)
def test_how_a_value_is_kept_read_and_said(one, written, stored, read, said):
    assert kept(one, written) == stored
    assert loaded(one, stored) == read
    assert shown(one, read) == said


@pytest.mark.parametrize(
    ("one", "written", "sentence"),
    [
        (offer(ParameterKind.INTEGER, default=1, low=1, high=9), None, "请填写取值"),
        (offer(ParameterKind.INTEGER, low=1, high=9), "2.5", "整数"),
        (offer(ParameterKind.INTEGER, low=1, high=9), True, "数字"),
        (offer(ParameterKind.INTEGER, low=1, high=9), "十", "数字"),
        (offer(ParameterKind.INTEGER, low=1, high=9), "NaN", "数字"),
        (offer(ParameterKind.DECIMAL, low=1, high=9), "10", "1 至 9"),
        (offer(ParameterKind.DECIMAL, low=1, high=9), "1.1234567", "6 位"),
        (offer(ParameterKind.YES_NO), "yes", "“是”或“否”"),
        (offer(ParameterKind.CHOICE, choices={"floor": "只舍不入"}), "up", "只舍不入"),
        (WEIGHTS, {"a": 100}, "每一项"),
        (WEIGHTS, {"a": 60, "b": 50}, "应为 100，现在是 110"),
        (WEIGHTS, 100, "每一项"),
    ],
)
def test_what_may_not_be_written_is_refused_with_a_sentence(one, written, sentence):
    with pytest.raises(ValueError, match=sentence):
        kept(one, written)


@pytest.mark.django_db
def test_without_a_value_the_default_holds_and_a_units_own_goes_before_the_organs():
    assert parameter(QUOTA, on=TODAY) == Decimal(20)
    assert parameter(ONLINE, on=TODAY) is None
    put(QUOTA, 18, TODAY)
    put(QUOTA, 15, TODAY, unit=7)
    assert [parameter(QUOTA, on=TODAY, unit=unit) for unit in (None, 7, 8)] == [18, 15, 18]
    assert parameter(QUOTA, on=TODAY - dt.timedelta(days=1), unit=7) == 20
    assert {code: value.value for code, value in organ_values(on=TODAY).items()} == {QUOTA: "18"}
    with pytest.raises(KeyError):
        parameter("A5.no_such", on=TODAY)


@pytest.mark.django_db
def test_one_query_a_parameter(django_assert_num_queries):
    for number in range(3):
        put(ONLINE, 40 + number, TODAY + dt.timedelta(days=number))
    with django_assert_num_queries(1):
        assert parameter(ONLINE, on=TODAY + dt.timedelta(days=1), unit=7) == 41


@pytest.mark.django_db
def test_a_new_value_ends_the_one_before_and_leaves_the_past_as_it_was():
    put(ONLINE, 40, dt.date(2026, 1, 1))  # nothing was recorded for those days: the true date may be given
    put(ONLINE, 50, dt.date(2027, 1, 1))
    assert list(history(ONLINE, units=[]).values_list("value", "valid_from", "valid_to")) == [
        ("50", dt.date(2027, 1, 1), None),
        ("40", dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    ]
    assert [parameter(ONLINE, on=dt.date(year, 12, 31)) for year in (2025, 2026, 2027)] == [None, 40, 50]
    put(ONLINE, 45, dt.date(2026, 12, 1), to=dt.date(2027, 6, 30))  # between the two
    assert [
        parameter(ONLINE, on=day) for day in (dt.date(2026, 11, 30), dt.date(2026, 12, 1), dt.date(2027, 1, 1))
    ] == [
        40,
        45,
        50,
    ]


@pytest.mark.django_db
def test_history_is_not_rewritten():
    put(ONLINE, 40, dt.date(2026, 1, 1))
    for day in (dt.date(2025, 6, 1), dt.date(2026, 1, 1), dt.date(2026, 11, 23)):
        with pytest.raises(Refused) as refused:
            put(ONLINE, 60, day)
        assert refused.value.code in {"history", "same_day"}
    put(ONLINE, 60, TODAY)
    assert [parameter(ONLINE, on=TODAY - dt.timedelta(days=days)) for days in (1, 0)] == [40, 60]


@pytest.mark.django_db
def test_after_an_end_the_default_holds_again_and_the_gap_may_be_filled():
    put(ONLINE, 40, dt.date(2026, 1, 1), to=dt.date(2026, 3, 31))
    assert parameter(ONLINE, on=TODAY) is None
    put(ONLINE, 42, dt.date(2026, 4, 1))
    assert [parameter(ONLINE, on=dt.date(2026, month, 1)) for month in (3, 4, 11)] == [40, 42, 42]


@pytest.mark.django_db
def test_a_value_that_has_not_begun_is_withdrawn_and_the_one_before_holds_on():
    put(K, 6, dt.date(2026, 1, 1), to=dt.date(2028, 12, 31))
    later = put(K, 8, dt.date(2027, 1, 1))
    actions.withdraw_value(value=later, today=TODAY, actor=None)
    assert parameter(K, on=dt.date(2028, 12, 31)) == 6
    assert parameter(K, on=dt.date(2029, 1, 1)) == 5
    assert [value.is_withdrawn for value in history(K, units=[])] == [True, False]
    put(K, 7, dt.date(2027, 1, 1))  # the day is free again
    begun = Value.objects.get(value=6)
    for value, code in ((later, "withdrawn"), (begun, "begun")):
        with pytest.raises(Refused) as refused:
            actions.withdraw_value(value=value, today=TODAY, actor=None)
        assert refused.value.code == code


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "value", "citation", "to", "refused"),
    [
        (K, 2, "某文件", None, "bad_value"),
        (K, 6, " ", None, "no_citation"),
        (K, 6, "某文件", dt.date(2026, 11, 1), "bad_period"),
        (K, None, "某文件", None, "bad_value"),
    ],
)
def test_what_set_value_refuses(code, value, citation, to, refused):
    with pytest.raises(Refused) as refusal:
        put(code, value, TODAY, citation=citation, to=to)
    assert refusal.value.code == refused
    assert not Value.objects.exists()


@pytest.mark.django_db
def test_the_default_may_be_set_without_a_citation_and_a_number_taken_back_to_not_set():
    put(K, 5, TODAY, citation="")
    put(ONLINE, 40, TODAY)
    put(ONLINE, None, dt.date(2027, 1, 1), citation="")
    assert parameter(ONLINE, on=dt.date(2027, 1, 1)) is None


@pytest.mark.django_db
def test_it_is_written_down_who_set_and_withdrew_what():
    hr = AccountFactory(name="沈静")
    row = actions.set_value(
        code=K,
        value=6,
        unit=None,
        valid_from=dt.date(2027, 1, 1),
        valid_to=None,
        citation="某文件",
        today=TODAY,
        actor=hr,
    )
    actions.withdraw_value(value=row, today=TODAY, actor=hr)
    assert list(Entry.objects.order_by("pk").values_list("event", "actor_name", "target_name", "data__value")) == [
        ("parameter.set", "沈静", f"{K} = 6", 6),
        ("parameter.withdrawn", "沈静", f"{K} = 6", 6),
    ]


@pytest.mark.django_db
def test_the_database_itself_keeps_what_a_value_said():
    row = put(K, 6, TODAY)
    for change in ({"value": 9}, {"citation": "别的"}, {"valid_from": dt.date(2020, 1, 1)}, {"code": ONLINE}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Value.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Value.objects.filter(pk=row.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Value.objects.create(code=K, value=7, valid_from=TODAY)
    assert Value.objects.get().value == 6


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_set_the_same_parameter_at_once_queue():
    said = []

    def officer(number):
        try:
            put(K, number, TODAY)
            said.append("set")
        except Refused as refusal:
            said.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=officer, args=[6 + number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["same_day", "same_day", "same_day", "set"]
    assert Value.objects.count() == 1


# ---- the screens


@pytest.fixture
def bureau(db):
    return office()


@pytest.fixture
def hr(bureau):
    return grant(AccountFactory(name="沈静"), Role.HR, bureau)


def page_of(code):
    return reverse("people:parameter", args=[code])


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """The screens' clock: the outside that may be faked."""
    monkeypatch.setattr("foundation.offers.clock.today", lambda: TODAY)


def test_hr_reads_the_list_and_sets_a_value_with_its_citation(client, hr, bureau):
    client.force_login(hr)
    text = client.get(reverse("people:parameters"), {"q": "网络培训学时"}).content.decode()
    assert "每年网络培训学时" in text and "未设定" in text and "未核实" in text and "民主测评" not in text
    refused = client.post(page_of(ONLINE), {"value": "50", "valid_from": "2026-11-24", "unit": ""}).content.decode()
    assert "有 1 处需要修改" in refused and "要写明依据" in refused and 'value="50"' in refused
    written = {"value": "50", "valid_from": "2026-11-24", "unit": "", "citation": "某组发〔2026〕3号"}
    assert client.post(page_of(ONLINE), written).url == page_of(ONLINE)
    text = client.get(page_of(ONLINE)).content.decode()
    assert "某组发〔2026〕3号" in text and "现行" in text and "自 2026年11月24日 起" in text
    assert parameter(ONLINE, on=TODAY) == 50


def test_a_table_is_written_row_by_row_and_must_add_up(client, hr):
    client.force_login(hr)
    code = "D3.category_weights"
    written = {"row_a": "40", "row_b": "30", "row_c": "20", "valid_from": "2026-11-24", "citation": "某文件"}
    assert "应为 100，现在是 90" in client.post(page_of(code), written).content.decode()
    client.post(page_of(code), written | {"row_c": "30"})
    assert parameter(code, on=TODAY) == {"a": 40, "b": 30, "c": 30}


@pytest.mark.parametrize(
    ("code", "written", "read"),
    [
        ("A5.rounding", "half_up", "half_up"),
        ("D5.uniform_ballot_invalid", "yes", True),
        ("C1.hours_per_day", "8", Decimal(8)),
        ("A7b/15.quota_percent", "12.5", Decimal("12.5")),
    ],
)
def test_every_kind_has_its_field(client, hr, code, written, read):
    client.force_login(hr)
    client.post(page_of(code), {"value": written, "valid_from": "2026-11-24", "citation": "某文件"})
    assert parameter(code, on=TODAY) == read


def test_hr_of_a_section_sets_its_own_value_and_neither_the_organs_nor_anothers(client, bureau):
    finance, other = section("财务处", bureau), section("资产管理处", bureau)
    client.force_login(grant(AccountFactory(), Role.HR, finance))
    written = {"value": "6", "valid_from": "2026-12-01", "citation": "某文件"}
    for unit in ("", bureau.pk, other.pk):
        assert "需要修改" in client.post(page_of(K), written | {"unit": unit}).content.decode()
    assert not Value.objects.exists()
    client.post(page_of(K), written | {"unit": finance.pk})
    assert [(value.unit_id, value.value) for value in Value.objects.all()] == [(finance.pk, 6)]
    organs = put(K, 7, dt.date(2026, 12, 1))
    anothers = put(K, 8, dt.date(2026, 12, 1), unit=other.pk, citation="别处的文件")
    assert "别处的文件" not in client.get(page_of(K)).content.decode()
    for value in (organs, anothers):
        assert client.post(reverse("people:withdraw_value", args=[value.pk])).status_code == 404
    assert client.get(reverse("people:workdays")).status_code == 403


def test_a_closed_unit_is_not_offered(client, hr, bureau):
    standing, closed = section("财务处", bureau), section("旧处", bureau)
    Unit.objects.filter(pk=closed.pk).update(is_open=False)
    client.force_login(hr)
    form = client.get(page_of(K)).context["form"]
    assert list(form.fields["unit"].queryset) == [bureau, standing]
    written = {"value": "6", "valid_from": "2026-12-01", "citation": "某文件", "unit": closed.pk}
    assert "需要修改" in client.post(page_of(K), written).content.decode()


def test_the_list_says_what_its_marks_and_numbers_mean(client, hr):
    client.force_login(hr)
    text = client.get(reverse("people:parameters")).content.decode()
    legend = text.split('id="h-legend"')[1].split("</section>")[0]
    for mark in Mark:
        assert f"{mark.label}</span> {MEANINGS[mark]}" in legend
    assert "A 年度考核" in legend and "C 教育培训" in legend and "规则编号" in legend
    assert "h-legend" not in client.get(reverse("people:parameters"), {"q": "没有这样的"}).content.decode()


def test_a_value_is_withdrawn_on_its_page(client, hr):
    value = put(K, 7, dt.date(2026, 12, 1))
    client.force_login(hr)
    url = reverse("people:withdraw_value", args=[value.pk])
    assert url in client.get(page_of(K)).content.decode()
    assert client.post(url).url == page_of(K)
    text = client.get(page_of(K)).content.decode()
    assert "已撤回" in text and url not in text


def test_sign_in_is_the_security_administrators(client, bureau, hr):
    security = grant(AccountFactory(), Role.SECURITY_ADMIN, bureau)
    code, written = "H1.lockout_tries", {"value": "4", "valid_from": "2026-11-24", "citation": "某规定"}
    client.force_login(hr)
    assert "由安全管理员设定" in client.get(page_of(code)).content.decode()
    assert client.post(page_of(code), written).status_code == 403
    client.force_login(security)
    assert client.post(page_of(K), written).status_code == 403
    client.post(page_of(code), written)
    assert parameter(code, on=TODAY) == 4


def test_nobody_else_reads_them_and_an_unknown_code_is_not_there(client, bureau, hr):
    for account in (AccountFactory(), grant(AccountFactory(), Role.LEADER, bureau)):
        client.force_login(account)
        assert client.get(reverse("people:parameters")).status_code == 403
        assert client.get(page_of(K)).status_code == 403
    client.force_login(hr)
    assert client.get(page_of("A5.no_such")).status_code == 404


def test_the_pages_ask_the_same_however_much_there_is(client, hr, bureau):
    client.force_login(hr)
    client.get(reverse("people:parameters"))  # the first page of a session asks more
    asked = []
    for number in range(3):
        put(K, 6 + number, TODAY + dt.timedelta(days=number), unit=section(f"处{number}", bureau).pk)
        put(sorted(parameters())[number], parameters()[sorted(parameters())[number]].default, TODAY, citation="甲")
        counts = []
        for url in (reverse("people:parameters"), page_of(K)):
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
        asked.append(counts)
    assert asked[0] == asked[2]
