"""Banks, exams, sittings and class hours for tests."""

import datetime as dt
from decimal import Decimal

from foundation.offers.types import Ref
from learning.hours import actions as hours
from learning.hours.enums import Delivery, Kind


def credit(cadre, class_hours="2", *, delivery=Delivery.ONLINE, ended_on=dt.date(2026, 11, 24), source=None):
    """An entry of the ledger."""
    return hours.credit(
        cadre=cadre,
        class_hours=Decimal(class_hours),
        kind=Kind.IN_SERVICE,
        delivery=delivery,
        source=source or Ref("tests.source", 1, "公务用车管理"),
        evidence={"lessons": 2},
        rule_version="C1-8",
        ended_on=ended_on,
        actor=None,
    )
