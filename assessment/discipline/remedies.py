"""Where somebody may turn, until when, and when the answer is due. Pure. The clocks are calendar days (A9-5).

Two roads that must not be mixed: 复核 and 申诉 against a personnel decision of the organ (公务员法 Arts 95, 96), 复审
and 复核 against a sanction by the supervisory organ (监察法 Art 56, as in rules.md B1). Execution goes on in both.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assessment.discipline.clocks import Deadline, within_days, within_months

REVIEW_DAYS = 30
APPEAL_AFTER_REVIEW_DAYS = 15
DIRECT_APPEAL_DAYS = 30
REVIEW_DECISION_DAYS = 30
APPEAL_DECISION_DAYS = 60
APPEAL_EXTENSION_DAYS = 30
REEXAMINATION_MONTHS = 1
REEXAMINATION_DECISION_MONTHS = 1
SECOND_REVIEW_MONTHS = 1
SECOND_REVIEW_DECISION_MONTHS = 2


@dataclass(frozen=True)
class Remedy:
    """name: identifier of the glossary. deadline: the last day to ask; None where the text was not read."""

    name: str
    rule: str
    deadline: Deadline | None
    zh: str
    en: str


def after_personnel_decision(known_on: dt.date) -> tuple[Remedy, Remedy]:
    """A sanction by the appointing organ, a demotion or 不称职: review, or a direct appeal (A9-1)."""
    review = within_days(known_on, REVIEW_DAYS)
    appeal = within_days(known_on, DIRECT_APPEAL_DAYS)
    return (
        Remedy(
            "review",
            "A9-1",
            review,
            f"{known_on}知道该人事处理，可在{review.last_day}前（含当日）向原处理机关申请复核。",
            f"Known on {known_on}: a review may be asked of the original organ until {review.last_day}.",
        ),
        Remedy(
            "appeal",
            "A9-1",
            appeal,
            f"{known_on}知道该人事处理，也可不经复核，在{appeal.last_day}前（含当日）直接提出申诉。",
            f"Known on {known_on}: an appeal without review may be made until {appeal.last_day}.",
        ),
    )


def after_review(received_on: dt.date) -> Remedy:
    """The appeal against the decision on a review (A9-1)."""
    appeal = within_days(received_on, APPEAL_AFTER_REVIEW_DAYS)
    return Remedy(
        "appeal",
        "A9-1",
        appeal,
        f"{received_on}接到复核决定，可在{appeal.last_day}前（含当日）向同级公务员主管部门或上一级机关提出申诉。",
        f"Decision on the review received on {received_on}: an appeal may be made until {appeal.last_day}.",
    )


def review_due(received_on: dt.date) -> Deadline:
    """When the original organ has to decide (A9-3)."""
    return within_days(received_on, REVIEW_DECISION_DAYS)


def appeal_due(accepted_on: dt.date, *, is_extended: bool = False) -> Deadline:
    """When the appeal has to be decided; 30 days more at most where the case is complicated (A9-3)."""
    return within_days(accepted_on, APPEAL_DECISION_DAYS + (APPEAL_EXTENSION_DAYS if is_extended else 0))


def after_administrative_sanction(received_on: dt.date) -> Remedy:
    """A sanction by the supervisory organ: re-examination by the same organ (B1)."""
    deadline = within_months(received_on, REEXAMINATION_MONTHS)
    return Remedy(
        "reexamination",
        "B1/56",
        deadline,
        f"{received_on}收到政务处分决定，可在{deadline.last_day}前（含当日）向作出决定的监察机关申请复审。",
        f"Sanction received on {received_on}: a re-examination may be asked of the same organ until "
        f"{deadline.last_day}.",
    )


def after_reexamination(received_on: dt.date) -> Remedy:
    """The review by the supervisory organ above (B1)."""
    deadline = within_months(received_on, SECOND_REVIEW_MONTHS)
    return Remedy(
        "review",
        "B1/56",
        deadline,
        f"{received_on}收到复审决定，可在{deadline.last_day}前（含当日）向上一级监察机关申请复核。",
        f"Decision on the re-examination received on {received_on}: a review may be asked of the organ above until "
        f"{deadline.last_day}.",
    )


def reexamination_due(received_on: dt.date) -> Deadline:
    """When the re-examination has to be decided (B1)."""
    return within_months(received_on, REEXAMINATION_DECISION_MONTHS)


def second_review_due(received_on: dt.date) -> Deadline:
    """When the supervisory organ above has to decide (B1)."""
    return within_months(received_on, SECOND_REVIEW_DECISION_MONTHS)
