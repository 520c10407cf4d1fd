"""The canonical bytes of an entry are the same whichever database they come back from."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from foundation.audit.rules import GENESIS, canonical, link

NOON = dt.datetime(2026, 11, 24, 4, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("facts", "same"),
    [
        ({"data": {"b": 1, "a": [2, {"d": 3, "c": 4}]}}, {"data": {"a": [2, {"c": 4, "d": 3}], "b": 1}}),
        ({"at": NOON}, {"at": dt.datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))}),
        ({"n": 1e16}, {"n": 10_000_000_000_000_000}),
        ({"n": -0.0}, {"n": 0}),
    ],
)
def test_what_means_the_same_reads_the_same(facts, same):
    assert canonical(facts) == canonical(same)


@pytest.mark.parametrize(
    ("facts", "other"),
    [
        ({"at": NOON}, {"at": NOON + dt.timedelta(microseconds=1)}),
        ({"n": 1}, {"n": "1"}),
        ({"n": 1}, {"n": True}),
        ({"n": None}, {"n": ""}),
        ({"a": "b", "c": "d"}, {"a": 'b","c":"d'}),
        ({"list": [1, 2]}, {"list": [2, 1]}),
    ],
)
def test_what_differs_reads_differently(facts, other):
    assert canonical(facts) != canonical(other)


def test_the_bytes_are_fixed_for_good():
    """A change here would break every chain that was ever sealed."""
    facts = {"at": NOON, "data": {"姓名": "周立新\ud800", "分": 0.1}, "actor_id": None}
    expected = '{"actor_id":null,"at":"2026-11-24T04:00:00.000000+00:00","data":{"分":0.1,"姓名":"周立新\ud800"}}'
    assert canonical(facts) == expected.encode("utf-8", "surrogatepass")
    assert link(GENESIS, {"a": 1}) == "fc6cee09194dd2578bd7664604fcb72a539066fd34544cea0009c43eb6cdc289"
