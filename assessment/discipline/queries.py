"""Reads of discipline. What rooms above learn of it is what the rules make of it (appraisals/records.py)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from assessment.discipline.enums import Action
from assessment.discipline.models import DisciplineCase, DisciplineRecord
from assessment.discipline.rules import Case, Finding
from foundation.people.enums import Role
from foundation.people.models import Cadre
from foundation.people.queries import kept_apart
from foundation.people.scope import role_units, visible


def records(user: Any, today: dt.date) -> QuerySet[DisciplineRecord]:
    """The records that the officer keeps, never their own nor a relative's (rules.md B5-5)."""
    kept = visible(user, DisciplineRecord, action="manage").exclude(cadre__in=kept_apart(user, today))
    return kept.select_related("cadre__unit")


def cases(user: Any, today: dt.date) -> QuerySet[DisciplineCase]:
    """The cases that the officer keeps, likewise."""
    kept = visible(user, DisciplineCase, action="manage").exclude(cadre__in=kept_apart(user, today))
    return kept.select_related("cadre__unit")


def people(user: Any, today: dt.date) -> QuerySet[Cadre]:
    """The people about whom the officer may write something down."""
    units = role_units(user, Role.DISCIPLINE_OFFICER)
    return Cadre.objects.filter(unit__in=units).exclude(pk__in=kept_apart(user, today)).select_related("unit")


def own_records(user: Any) -> QuerySet[DisciplineRecord]:
    """The user's own decisions, voided ones included; never a case (rules.md B5-4)."""
    return visible(user, DisciplineRecord, action="own")


def cases_of(cadres: Iterable[int]) -> dict[int, tuple[Case, ...]]:
    """The cases of people as plain values, by the person's key; one query."""
    found: dict[int, list[Case]] = {}
    rows = DisciplineCase.objects.filter(cadre__in=list(cadres)).select_related("voiding")
    for row in rows.order_by("opened", "pk"):
        case = Case(row.opened, row.closed, row.outcome or None, row.voided_on, row.pk)
        found.setdefault(row.cadre_id, []).append(case)
    return {cadre: tuple(rows) for cadre, rows in found.items()}


def findings_of(cadres: Iterable[int]) -> dict[int, tuple[Finding, ...]]:
    """The decided actions of people as plain values, by the person's key; one query."""
    found: dict[int, list[Finding]] = {}
    for row in DisciplineRecord.objects.filter(cadre__in=list(cadres)).order_by("effective", "pk"):
        finding = Finding(Action(row.code), row.effective, row.voided_on, case=row.case_id)
        found.setdefault(row.cadre_id, []).append(finding)
    return {cadre: tuple(rows) for cadre, rows in found.items()}
