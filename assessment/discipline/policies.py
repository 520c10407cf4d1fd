"""Who may see discipline: its officer, and the person their own decisions (rules.md B5-4). All else is 404: nobody
learns from an answer whether there is something (settled.md, Privacy of records)."""

from assessment.discipline.models import DisciplineCase, DisciplineRecord
from foundation.people.enums import Role
from foundation.people.policies import Policy

POLICIES = [
    Policy(
        model=DisciplineCase,
        unit="cadre__unit",
        actions={"manage": frozenset({Role.DISCIPLINE_OFFICER})},
        hidden=True,
    ),
    Policy(
        model=DisciplineRecord,
        unit="cadre__unit",
        own="cadre__account",
        own_actions=frozenset({"own"}),
        actions={"manage": frozenset({Role.DISCIPLINE_OFFICER})},
        hidden=True,
    ),
]
