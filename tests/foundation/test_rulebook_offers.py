"""The parameters on offer: one table, checked row by row."""

import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from foundation.offers.find import modules, parameters
from foundation.offers.types import ParameterKind
from foundation.rulebook.enums import Mark
from foundation.rulebook.rules import kept, loaded

OFFERS = [offer for module in modules("parameters") for offer in module.PARAMETERS]
RULE = re.compile(r"[A-H]\d?b?(-\d+)?(/\d+)?")
CODE = re.compile(r"[A-H]\d?b?(-\d+)?(/\d+)?\.[a-z0-9_]+")


def test_no_code_is_offered_twice():
    codes = [offer.code for offer in OFFERS]
    assert sorted(codes) == sorted(set(codes)) == sorted(parameters())


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.code)
def test_an_offer_is_whole(offer):
    assert CODE.fullmatch(offer.code) and RULE.fullmatch(offer.rule)
    assert offer.code.startswith(offer.rule.split("-")[0].split("/")[0])
    assert offer.mark in Mark.values
    assert not offer.citation or offer.mark == Mark.SURE  # rules.md L: print nothing that was not read
    assert str(offer.title)
    assert bool(offer.choices) == (offer.kind in {ParameterKind.CHOICE, ParameterKind.TABLE})
    assert (offer.total is None) or offer.kind == ParameterKind.TABLE
    if offer.kind in {ParameterKind.CHOICE, ParameterKind.YES_NO}:
        assert offer.low is offer.high is None
    else:
        assert offer.low is not None and offer.high is not None and offer.low <= offer.high
    assert loaded(offer, kept(offer, offer.default)) == loaded(offer, offer.default)  # within its own bounds


def test_what_rules_md_gives_no_number_for_is_not_set():
    unset = {code for code, offer in parameters().items() if offer.default is None}
    assert {"C1-7.online_hours", "D3.category_weights", "D4.option_points", "D5.quorum_percent"} <= unset
    assert {"A2.dimension_weights", "A6-3.filing_month", "E4.opinion_reply_working_days"} <= unset


def test_law_that_is_sure_is_a_bound():
    offers = parameters()
    for code, value in (
        ("A5.excellent_quota_percent", 21),
        ("A5.approved_quota_percent", 26),
        ("A6.public_notice_working_days", 4),
        ("D3.category_minimum", 2),
        ("H1.log_months", 5),
    ):
        with pytest.raises(ValueError, match="之间"):
            kept(offers[code], value)


def test_the_list_in_the_docs_is_the_one_that_is_printed():
    printed = io.StringIO()
    call_command("parameters", stdout=printed)
    assert printed.getvalue().count("\n| `") == len(OFFERS)
    assert "| `C1-7.online_hours` | C1-7 | 每年网络培训学时 | 未设定 | 0 至 500 | 未核实 | ✓ |  |" in printed.getvalue()
    page = Path(settings.ROOT) / "docs" / "parameters.md"
    if page.exists():
        assert page.read_text(encoding="utf-8") == printed.getvalue()
