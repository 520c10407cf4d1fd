"""Who sees class hours: their owner, and those who answer for the unit."""

from foundation.people.enums import Role
from foundation.people.policies import Policy
from learning.hours.models import HourEntry

POLICIES = [
    Policy(
        model=HourEntry,
        unit="cadre__unit",
        own="cadre__account",
        own_actions=frozenset({"view"}),
        actions={"view": frozenset({Role.HR, Role.SECTION_HEAD, Role.LIAISON, Role.LEADER})},
    ),
]
