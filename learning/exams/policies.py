"""A sitting is its candidate's own. Officers' views come with their issue."""

from foundation.people.policies import Policy
from learning.exams.models import Sitting

POLICIES = [
    Policy(
        model=Sitting,
        unit="cadre__unit",
        own="cadre__account",
        own_actions=frozenset({"view", "sit"}),
        actions={},
    ),
]
