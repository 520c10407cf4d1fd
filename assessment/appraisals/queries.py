"""Reads of the annual appraisal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Manager, OuterRef, Q, QuerySet
from django.utils import timezone

from assessment.appraisals.enums import FORM, HONOUR, NOTICE, Grade, SignedHow, Stage, Treatment
from assessment.appraisals.models import Appraisal, AppraisalCycle, Opinion
from assessment.appraisals.records import Outlook, outlooks, outlooks_of
from assessment.appraisals.rules import headroom, takes_part
from assessment.discipline.enums import Ceiling
from assessment.discipline.models import DisciplineCase, DisciplineRecord
from foundation.audit.queries import first_at
from foundation.documents.enums import Event as Paper
from foundation.documents.models import IssuedDocument
from foundation.people.models import Account, Assignment, CadreState, Leave, Unit
from foundation.people.queries import kept_apart, states_on, subtree_on
from foundation.people.scope import visible


@dataclass(frozen=True)
class Standing:
    """A cycle in numbers. reviewed: those who have the review behind them, whoever gets no comment once the committee
    has decided; to_evaluate: holders of a section's post."""

    people: int
    summaries: int
    to_evaluate: int
    evaluated: int
    reviewed: int
    decided: int
    excellent: int
    quota: int

    @property
    def headroom(self) -> int:
        """How many more may be 优秀."""
        return headroom(quota=self.quota, excellent=self.excellent)

    @property
    def is_decided(self) -> bool:
        """Whether everybody's outcome stands."""
        return self.decided == self.people


def standing(cycle: AppraisalCycle) -> Standing:
    """The cycle's counts, in one query."""
    counts = cycle.appraisals.aggregate(
        people=Count("pk"),
        summaries=Count("pk", filter=Q(summary__submitted_at__isnull=False) | Q(summary__waived_at__isnull=False)),
        to_evaluate=Count("pk", filter=Q(holds_section_post=True)),
        evaluated=Count("pk", filter=Q(holds_section_post=True, evaluation__isnull=False)),
        reviewed=Count("pk", filter=~Q(reviewed_at=None) | ~Q(decided_at=None)),
        decided=Count("pk", filter=~Q(decided_at=None)),
        excellent=Count("pk", filter=Q(grade=Grade.EXCELLENT)),
    )
    return Standing(quota=cycle.quota, **counts)


@dataclass(frozen=True)
class Aftermath:
    """How far the papers of a final cycle are: notices, opinions, forms, files."""

    notified: int
    signed: int
    formed: int
    filed: int


def aftermath(cycle: AppraisalCycle) -> Aftermath:
    """The counts of a final cycle's papers; four queries."""
    people = cycle.appraisals.values("pk")
    return Aftermath(
        notified=papers(people, kinds=[NOTICE]).count(),
        signed=opinions_in_force().filter(appraisal__cycle=cycle).count(),
        formed=papers(people, kinds=[FORM]).count(),
        filed=cycle.appraisals.filter(filed_on__isnull=False).count(),
    )


def papers(
    appraisals: Iterable[Appraisal] | QuerySet[Any], *, kinds: Iterable[str] = (NOTICE, HONOUR, FORM)
) -> QuerySet[IssuedDocument]:
    """The documents in force that were issued for these appraisals."""
    sources = appraisals if isinstance(appraisals, QuerySet) else [one.pk for one in appraisals]
    return IssuedDocument.objects.filter(
        source_label="appraisals.appraisal", source_pk__in=sources, kind__in=list(kinds), revoked_at=None
    )


def opinions_in_force() -> QuerySet[Opinion]:
    """The opinions that stand: on a result as it is, and on a written notice that has not been revoked since."""
    notice = IssuedDocument.objects.filter(serial=OuterRef("notice_serial"), revoked_at=None)
    return Opinion.objects.filter(Exists(notice), superseded_at=None)


def reviewable(user: Any, today: dt.date) -> QuerySet[Appraisal]:
    """Appraisals of the user's people while they can be reviewed: of open cycles and of corrections. What the records
    say of a year afterwards is not the reviewer's to learn (rules.md B5-4). Never their own (nobody reads what is
    written about them before it is final) nor those of people whom they avoid in office."""
    in_time = Q(cycle__stage=Stage.OPEN) | Q(reopened_on__isnull=False, decided_at=None)
    people = visible(user, Appraisal, action="review").filter(in_time).exclude(cadre__in=kept_apart(user, today))
    return people.select_related("cycle__unit", "cadre", "summary", "evaluation")


def to_review(user: Any, today: dt.date) -> QuerySet[Appraisal]:
    """Those whom somebody comments on at all."""
    people = reviewable(user, today)
    return people.exclude(pk__in=uncommented(people, today))


def ready_to_review(user: Any, today: dt.date) -> QuerySet[Appraisal]:
    """Those whose comment can be written now: the steps before are done, and there is no comment yet (A6)."""
    summed = ~Q(summary__submitted_at=None) | ~Q(summary__waived_at=None)
    evaluated = Q(holds_section_post=False) | Q(evaluation__isnull=False)
    return to_review(user, today).filter(summed & evaluated, reviewed_at=None)


def uncommented(people: QuerySet[Appraisal], today: dt.date) -> frozenset[int]:
    """Those on whom nobody comments today, for a case is open (A7); whatever was so when their row was written."""
    is_open = Q(closed=None) | Q(closed__gt=today)
    investigated = people.filter(Exists(DisciplineCase.objects.filter(is_open, cadre=OuterRef("cadre"))))
    found = outlooks_of(investigated.select_related("cycle", "cadre"), as_of=today)
    return frozenset(key for key, outlook in found.items() if outlook.treatment == Treatment.NEITHER)


def people_of(cycle: AppraisalCycle, *, reader: Any, today: dt.date) -> list[Appraisal]:
    """Everybody of a cycle for committee and HR. ``is_veiled`` marks the reader and those whom they avoid in office:
    such a row says who it is about and nothing else (rules.md B5-5)."""
    apart = kept_apart(reader, today)
    people = list(cycle.appraisals.select_related("reviewed_by", "cadre", "summary", "evaluation"))
    for one in people:
        one.cycle = cycle
        one.is_veiled = one.cadre_id in apart  # type: ignore[attr-defined]  # for the page
    return people


def candidates(*, unit: Unit, year: int, today: dt.date) -> list[CadreState]:
    """Whose cycle the year's is in this unit, whether or not the rules appraise them: as who and where they stood on
    the year's last day, or stand today. Whoever is in a cycle of the year already, stays in that one."""
    day = min(today, dt.date(year, 12, 31))
    taken = Appraisal.objects.filter(year=year).values("cadre")
    states = states_on(day).filter(unit__in=subtree_on(unit, day)).exclude(cadre__in=taken)
    return [
        state
        for state in states.select_related("unit", "cadre").order_by("cadre")
        if takes_part(category=state.category, is_leading_member=state.is_leading_member)
    ]


def left_out(cycle: AppraisalCycle, today: dt.date) -> list[CadreState]:
    """Those whom the rules appraise in an open cycle by now, and who are not in it: they came later, or were set apart
    for what is not so any more."""
    states = candidates(unit=cycle.unit, year=cycle.year, today=today)
    if not states:
        return []
    found = outlooks([state.cadre for state in states], year=cycle.year, as_of=today, unit=cycle.unit_id)
    return [state for state in states if found[state.cadre_id].treatment is not None]


def appraised_elsewhere(cycle: AppraisalCycle) -> QuerySet[Appraisal]:
    """People who are in the cycle's unit now, but stand in another cycle of the same year."""
    return (
        Appraisal.objects.filter(year=cycle.year, cadre__unit__path__startswith=cycle.unit.path)
        .exclude(cycle=cycle)
        .select_related("cycle__unit")
    )


def mine(user: Any) -> QuerySet[Appraisal]:
    """The user's own appraisals, the latest year first. What others wrote shows once it is_final."""
    own = Appraisal.objects.filter(cadre__account=user.pk)
    return own.select_related("cycle__unit", "cadre", "summary").order_by("-year", "-pk")


def notices(user: Any, today: dt.date) -> QuerySet[AppraisalCycle]:
    """Cycles in public notice inside the organ that the user serves in (rules.md A6-5: never outside), those with a
    corrected result in notice included."""
    cadre = getattr(user, "cadre", None)
    if cadre is None or (cadre.left_on is not None and cadre.left_on <= today):
        return AppraisalCycle.objects.none()
    organ = cadre.unit.path[: cadre.unit.steplen]
    corrected = Appraisal.objects.filter(cycle=OuterRef("pk"), notice_from__isnull=False)
    return AppraisalCycle.objects.filter(
        Q(stage=Stage.PUBLIC_NOTICE) | Q(Exists(corrected)), unit__path__startswith=organ
    ).select_related("unit")


def in_notice(cycle: AppraisalCycle) -> QuerySet[Appraisal]:
    """Those whom a cycle's public notice names: 优秀 alone, and of a final cycle the corrected ones alone."""
    excellent = cycle.appraisals.filter(grade=Grade.EXCELLENT)
    return excellent if cycle.stage == Stage.PUBLIC_NOTICE else excellent.filter(notice_from__isnull=False)


def accounts_of_unit(unit: Unit, *, on: dt.date) -> Iterator[Account]:
    """Accounts of the people who serve in the unit or below it on a day."""
    serving = Q(cadre__left_on=None) | Q(cadre__left_on__gt=on)
    found = Account.objects.filter(serving, is_active=True, cadre__unit__path__startswith=unit.path)
    return found.iterator(chunk_size=500)


def known_on(appraisal: Appraisal, signed: Opinion | None, *, reader: Any) -> dt.date | None:
    """The day on which the reader came to know their own result (rules.md A9-1): the first opening of its written
    notice, one that was replaced included, or the signature. Who could not be reached knows nothing by that."""
    notices = IssuedDocument.objects.filter(
        source_label="appraisals.appraisal",
        source_pk=appraisal.pk,
        kind=NOTICE,
        issued_on__gte=appraisal.finalised_on or dt.date.min,
    )
    opened = first_at(event=Paper.OPENED, targets=notices, actor=reader)
    days = [timezone.localdate(opened)] if opened else []
    if signed is not None and signed.how != SignedHow.UNREACHABLE:
        days.append(signed.signed_on)
    return min(days, default=None)


@dataclass(frozen=True)
class Affected:
    """A decided year on which the records bear otherwise by now (rules.md B5-2). It decides nothing."""

    appraisal: Appraisal
    now: Outlook

    @property
    def before(self) -> str:
        return self._said(Ceiling(self.appraisal.ceiling), Treatment(self.appraisal.treatment))

    @property
    def after(self) -> str:
        return self._said(self.now.ceiling, self.now.treatment)

    def _said(self, ceiling: Ceiling, treatment: Treatment | None) -> str:
        """The ceiling; where that is the same, the way to take part (both may mean 不确定等次)."""
        is_same = treatment is not None and self.appraisal.ceiling == self.now.ceiling
        return str(treatment.label if is_same and treatment else ceiling.label)

    @property
    def reasons(self) -> list[str]:
        """Why, in the words that HR may read."""
        return self.now.restricted


def affected_of(people: Iterable[Appraisal], *, today: dt.date) -> list[Affected]:
    """Of people with their cycles and cadres the decided ones whose records leave something else by now; queries by the
    years concerned."""
    decided = [one for one in people if one.ceiling]
    found = outlooks_of(decided, as_of=today)
    return [Affected(one, found[one.pk]) for one in decided if found[one.pk].differs_from(one)]


def affected(user: Any, today: dt.date) -> list[Affected]:
    """Decided years of HR's people on which the records bear otherwise by now; queries by the years concerned.

    Concerned is whose year was limited, and on whom anything is on record that can limit it: no clock tells which of
    two transactions was seen first.
    """
    on_record: list[Manager[Any]] = [
        DisciplineRecord.objects,
        DisciplineCase.objects,
        Leave.objects,
        Assignment.objects,
    ]
    limited = ~Q(ceiling=Ceiling.NONE) | Q(cadre__probation_to__isnull=False) | Q(cadre__is_leading_member=True)
    for rows in on_record:
        limited |= Q(Exists(rows.filter(cadre=OuterRef("cadre"))))
    cycles = visible(user, AppraisalCycle, action="manage")
    decided = Appraisal.objects.filter(limited, cycle__in=cycles).exclude(ceiling="")
    touched = decided.exclude(cadre__in=kept_apart(user, today))
    people = touched.select_related("cycle__unit", "cadre").order_by("cycle", "work_number")
    return affected_of(people, today=today)
