"""Who may do what with cycles and appraisals. A person sees their own once the result is final (queries.mine)."""

from assessment.appraisals.models import Appraisal, AppraisalCycle
from foundation.people.enums import Role
from foundation.people.policies import Policy

POLICIES = [
    Policy(
        model=AppraisalCycle,
        unit="unit",
        actions={
            "view": frozenset({Role.HR, Role.COMMITTEE_MEMBER}),
            "manage": frozenset({Role.HR}),
            "decide": frozenset({Role.COMMITTEE_MEMBER}),
        },
    ),
    Policy(
        model=Appraisal,
        unit="unit",
        actions={
            "view": frozenset({Role.HR, Role.COMMITTEE_MEMBER}),
            "review": frozenset({Role.SECTION_HEAD, Role.LEADER}),
            "decide": frozenset({Role.COMMITTEE_MEMBER}),
        },
    ),
]
