"""What counts and what it is worth."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.exams.rules import CARRIED_OVER, Given, award, last_moment, newest, percent, receipt, shown_key

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
TWO = Decimal(2)


@pytest.mark.parametrize(
    ("answer", "key", "all_or_nothing", "part"),
    [
        ("A", "A", 2, 2),
        ("B", "A", 0, 0),
        ("", "A", 0, 0),
        ("AC", "AC", 2, 2),
        ("CA", "AC", 2, 2),
        ("A", "AC", 0, 1),
        ("ABC", "AC", 0, 0),
        ("AB", "AC", 0, 0),
        ("", "AC", 0, 0),
    ],
)
def test_marking(answer, key, all_or_nothing, part):
    assert award(answer, key, TWO, "all_or_nothing") == all_or_nothing
    assert award(answer, key, TWO, "part") == part


def test_half_a_mark_keeps_two_places():
    assert award("A", "AB", Decimal("0.25"), "part") == Decimal("0.12")


def test_the_key_in_the_letters_shown():
    assert shown_key(["A"], ["C", "A", "B"]) == ("B",)
    assert shown_key(["A", "C"], ["C", "B", "A"]) == ("A", "C")


def test_an_answer_counts_until_the_deadline_and_its_grace():
    def step(seconds):
        return Given(1, 1, seconds + 100, ("A",), NOON + dt.timedelta(seconds=seconds))

    steps = [step(-1), step(0), step(30), step(61)]
    assert newest(steps, until=last_moment(NOON, 0))[1].client_seq == 100
    assert newest(steps, until=last_moment(NOON, 60))[1].client_seq == 130


def test_the_receipt_is_of_exactly_these_answers():
    one = receipt(7, NOON, {2: ("A",), 1: ()})
    assert one == receipt(7, NOON.astimezone(dt.timezone(dt.timedelta(hours=8))), {1: (), 2: ("A",)})
    assert len({one, receipt(8, NOON, {1: (), 2: ("A",)}), receipt(7, NOON, {1: (), 2: ("B",)})}) == 3


def test_percent_is_not_rounded():
    assert percent(Decimal("59.99"), Decimal(100)) < 60


@pytest.mark.parametrize(
    ("steps", "counts"),
    [
        pytest.param([(1, 1, "A"), (2, CARRIED_OVER, "A"), (1, 2, "B")], "A", id="the older page clicks on"),
        pytest.param([(1, 1, "A"), (1, 2, "B"), (2, CARRIED_OVER, "B")], "B", id="it had changed it before"),
        pytest.param([(1, 1, "A")], "A", id="answered offline, and nothing stood on the newer page"),
        pytest.param([(1, 2, "B"), (1, 1, "A")], "B", id="two of them, the wrong way round"),
        pytest.param([(1, 1, "A"), (2, CARRIED_OVER, "A"), (2, 1, "C"), (1, 2, "B")], "C", id="the newer page answers"),
        pytest.param([(2, 1, ""), (1, 9, "B")], "", id="the newer page took it back"),
        pytest.param([(2, CARRIED_OVER, "A"), (3, CARRIED_OVER, "A"), (2, 1, "D")], "A", id="taken over twice"),
    ],
)
def test_what_counts_after_a_take_over(steps, counts):
    found = newest(
        Given(1, epoch, seq, tuple(answer), NOON + dt.timedelta(seconds=second))
        for second, (epoch, seq, answer) in enumerate(steps)
    )
    assert "".join(found[1].answer) == counts


letters = st.sets(st.sampled_from("ABCD")).map(lambda chosen: tuple(sorted(chosen)))
keys = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 20))  # slot, epoch, client_seq


@given(
    st.dictionaries(keys, letters, max_size=30).flatmap(lambda log: st.tuples(st.just(log), st.permutations(list(log))))
)
def test_any_order_of_arrival_gives_the_newest_answer(case):
    log, arrival = case
    steps = [
        Given(slot, epoch, seq, log[slot, epoch, seq], NOON + dt.timedelta(seconds=second))
        for second, (slot, epoch, seq) in enumerate(arrival)
    ]
    expected = {}
    for slot, epoch, seq in sorted(log):  # ascending: the last one of a slot stands
        expected[slot] = log[slot, epoch, seq]
    assert {slot: step.answer for slot, step in newest(steps).items()} == expected
    assert newest([*steps, *steps]) == newest(steps)
