"""From what is on record about people to what it leaves of their year: people's and discipline's rows in, the rules'
plain values out.

Whoever stands above discipline learns of it only here, and HR and section heads only what it leaves of the year, never
what it was (rules.md B5-4).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessment.appraisals.eligibility import PRECEDENCE, comment_due, explain
from assessment.appraisals.enums import Absence, CommentDue, Grade, Move, Treatment
from assessment.appraisals.facts import Assignment, Facts, Leave, Parameters
from assessment.appraisals.models import Appraisal, Determination
from assessment.appraisals.place import reasons_of_place
from assessment.appraisals.rules import allowed_grades, treatment_of
from assessment.discipline import reasons
from assessment.discipline import rules as discipline
from assessment.discipline.enums import Ceiling
from assessment.discipline.queries import cases_of, findings_of
from foundation.people import models as people
from foundation.people.enums import Category
from foundation.people.models import Cadre
from foundation.people.queries import states_on
from foundation.rulebook.queries import parameters_of_units


@dataclass(frozen=True)
class Ground:
    """One reason why a year is limited, as it is kept with a decision. is_conduct: it comes from discipline."""

    rule: str
    zh: str
    en: str
    ceiling: str
    is_conduct: bool

    @property
    def bears(self) -> bool:
        """Whether a decision on the year needs it: of discipline, what limits the year and nothing else (B5-4)."""
        return not self.is_conduct or self.ceiling != Ceiling.NONE

    @property
    def sentence(self) -> str:
        """In the reader's language, with its rule."""
        if (get_language() or "zh").startswith("zh"):
            return f"{self.zh.rstrip('。')}（规则 {self.rule}）"
        return f"{self.en.rstrip('.')} (rule {self.rule})"


@dataclass(frozen=True)
class Outlook:
    """What the records leave of a person's year on a day, the heaviest ground first."""

    ceiling: Ceiling
    comment: CommentDue
    provisional: bool
    grounds: tuple[Ground, ...]

    @property
    def treatment(self) -> Treatment | None:
        """How the person takes part; None where it is not this unit that appraises."""
        return treatment_of(self.ceiling, self.comment)

    def differs_from(self, appraisal: Appraisal) -> bool:
        """Whether a decision was made on another ceiling, or another way to take part, than this one."""
        return (self.ceiling, self.treatment) != (appraisal.ceiling, appraisal.treatment)

    @property
    def grades(self) -> list[Grade]:
        """What may be proposed or decided."""
        return allowed_grades(self.ceiling)

    @property
    def unruled(self) -> list[str]:
        """The grounds on which no rule speaks, in a fixed order: what a determination is made on."""
        return sorted(ground.zh for ground in self.grounds if ground.ceiling == Ceiling.NO_RULE)

    @property
    def has_conduct(self) -> bool:
        """Whether showing the full grounds discloses discipline."""
        return any(ground.is_conduct and ground.bears for ground in self.grounds)

    @property
    def full(self) -> list[str]:
        """Every ground that bears on the year, for the deciding committee; whoever shows it notes the reading."""
        return [ground.sentence for ground in self.grounds if ground.bears]

    @property
    def restricted(self) -> list[str]:
        """For section heads and HR: leave, probation and place in full, of discipline only what it leaves."""
        return restricted(self.grounds, is_uncommented=self.comment == CommentDue.NONE)

    def kept(self) -> list[dict[str, Any]]:
        """The grounds as they are stored with a decision."""
        return [
            {
                "rule": ground.rule,
                "zh": ground.zh,
                "en": ground.en,
                "ceiling": ground.ceiling,
                "is_conduct": ground.is_conduct,
            }
            for ground in self.grounds
            if ground.bears
        ]


def on_paper(grounds: tuple[Ground, ...], *, is_uncommented: bool) -> list[str]:
    """The grounds as the registration form explains a missing grade: Chinese, without the ids of our own rule book."""
    place = [ground.zh for ground in grounds if not ground.is_conduct and ground.ceiling == Ceiling.NO_GRADE]
    if any(ground.is_conduct and ground.ceiling == Ceiling.NO_GRADE for ground in grounds):
        place.insert(
            0, "按有关规定，不写评语、不确定等次。" if is_uncommented else "按有关规定，只写评语、不确定等次。"
        )
    return place


def restricted(grounds: Iterable[Ground], *, is_uncommented: bool) -> list[str]:
    """The grounds in the words that section heads and HR may read: of discipline one sentence, the heaviest."""
    conduct = Ceiling.NONE
    said = []
    for ground in grounds:
        if not ground.is_conduct:
            said.append(ground.sentence)
        elif PRECEDENCE.index(Ceiling(ground.ceiling)) > PRECEDENCE.index(conduct):
            conduct = Ceiling(ground.ceiling)
    sentence = {
        Ceiling.NONE: "",
        Ceiling.NOT_EXCELLENT: _("按有关规定，本年度不得确定为优秀（规则 B4）"),
        Ceiling.NO_GRADE: _("按有关规定，本年度只写评语、不确定等次（规则 B4）"),
        Ceiling.INCOMPETENT: _("按有关规定，本年度应确定为不称职（规则 B4）"),
        Ceiling.NO_RULE: _("按有关规定，本年度需要人工认定（规则 A1-3）"),
        Ceiling.APPRAISED_ELSEWHERE: "",
        Ceiling.NOT_APPRAISED: _("按有关规定，不参加本年度考核（规则 B4）"),
    }[conduct]
    if conduct == Ceiling.NO_GRADE and is_uncommented:
        sentence = _("按有关规定，本年度不写评语、不确定等次（规则 B4）")
    return [*([sentence] if sentence else []), *said]


def grounds_kept(rows: Iterable[dict[str, Any]]) -> tuple[Ground, ...]:
    """The grounds stored with a decision."""
    return tuple(Ground(**row) for row in rows)


NUMBERS = {
    "admonition_months": "B3.admonition_months",
    "adjustment_months": "B3.post_adjustment_months",
    "organisational_months": "B3.post_relief_no_higher_post_months",
    "regraded_may_be_excellent": "B4.regraded_may_be_excellent",
    "administrative_binds_institution": "B4b.admin_by_analogy",
}
HALF_YEAR = "A7.half_year_days"


def parameters_on(day: dt.date, units: Iterable[int]) -> dict[int, Parameters]:
    """The numbers of the rules as the rule book has them on a day, by unit, whose own values go before the organ's."""
    known = parameters_of_units([HALF_YEAR, *NUMBERS.values()], on=day, units=set(units))
    return {
        unit: Parameters(
            half_year_days=values[HALF_YEAR],
            discipline=discipline.Parameters(**{name: values[code] for name, code in NUMBERS.items()}),
        )
        for unit, values in known.items()
    }


def facts_of(years: Iterable[tuple[Cadre, int]], *, as_of: dt.date) -> dict[tuple[int, int], Facts]:
    """What is on record about people for a year each, by their key and the year; as many queries as there are different
    years, and four.

    Category and leading membership are those of the year's last day, or of as_of where that is earlier.
    """
    wanted = list(years)
    keys = {cadre.pk for cadre, _year in wanted}
    states = {
        (state.cadre_id, year): state
        for year in {year for _cadre, year in wanted}
        for state in states_on(min(as_of, dt.date(year, 12, 31))).filter(
            cadre__in={cadre.pk for cadre, its in wanted if its == year}
        )
    }
    leaves: dict[int, list[Leave]] = {}
    for leave in people.Leave.objects.filter(cadre__in=keys, valid_from__lte=as_of).order_by("valid_from", "pk"):
        leaves.setdefault(leave.cadre_id, []).append(Leave(Absence(leave.kind), leave.valid_from, leave.valid_to))
    moves: dict[int, list[Assignment]] = {}
    for move in people.Assignment.objects.filter(cadre__in=keys, valid_from__lte=as_of).order_by("valid_from", "pk"):
        moved = Assignment(Move(move.kind), move.valid_from, move.valid_to, move.is_sent)
        moves.setdefault(move.cadre_id, []).append(moved)
    cases, findings = cases_of(keys), findings_of(keys)
    found = {}
    for cadre, year in wanted:
        state = states.get((cadre.pk, year))
        joined, is_first_job = _joined(cadre, dt.date(year, 12, 31))
        found[cadre.pk, year] = Facts(
            year=year,
            as_of=as_of,
            category=Category(state.category if state else cadre.category),
            leading_member=state.is_leading_member if state else cadre.is_leading_member,
            joined=joined,
            first_job=is_first_job,
            probation_until=cadre.probation_to,
            leaves=tuple(leaves.get(cadre.pk, ())),
            assignments=tuple(moves.get(cadre.pk, ())),
            cases=cases.get(cadre.pk, ()),
            actions=findings.get(cadre.pk, ()),
        )
    return found


def _joined(cadre: Cadre, last_day: dt.date) -> tuple[dt.date | None, bool]:
    """The day of joining, where the roster tells it, and whether it is a first job: the first day of probation; without
    one, a first month of work that lies after the year. Transfers in are assignments."""
    first_month = cadre.first_work_month
    if cadre.probation_from is not None:
        return cadre.probation_from, first_month is None or first_month >= cadre.probation_from.replace(day=1)
    if first_month is not None and first_month > last_day:
        return first_month, True
    return None, False


def outlook(facts: Facts, parameters: Parameters) -> Outlook:
    """What the facts leave of the year."""
    explanation = explain(facts, parameters)
    place = set(reasons_of_place(facts, parameters))
    return Outlook(
        ceiling=explanation.ceiling,
        comment=explanation.comment,
        provisional=explanation.provisional,
        grounds=tuple(
            Ground(reason.rule, reason.zh, reason.en, reason.ceiling.value, reason not in place)
            for reason in explanation.reasons
        ),
    )


def outlooks(cadres: Iterable[Cadre], *, year: int, as_of: dt.date, unit: int) -> dict[int, Outlook]:
    """What the records leave of a year, by the person's key; a constant number of queries."""
    numbers = parameters_on(as_of, [unit])[unit]
    facts = facts_of([(cadre, year) for cadre in cadres], as_of=as_of)
    return {key: outlook(found, numbers) for (key, _year), found in facts.items()}


def outlooks_of(appraisals: Iterable[Appraisal], *, as_of: dt.date) -> dict[int, Outlook]:
    """What the records and the organ's determinations leave of people's years, by the appraisal's key. Queries by the
    years concerned, however many people and cycles they are. The appraisals come with their cycles and cadres."""
    everybody = list(appraisals)
    if not everybody:
        return {}
    numbers = parameters_on(as_of, [one.cycle.unit_id for one in everybody])
    facts = facts_of([(one.cadre, one.cycle.year) for one in everybody], as_of=as_of)
    known = {row.appraisal_id: row for row in Determination.objects.filter(appraisal__in=everybody)}
    found = {}
    for one in everybody:
        left = outlook(facts[one.cadre_id, one.cycle.year], numbers[one.cycle.unit_id])
        found[one.pk] = determined(left, known[one.pk], one.cycle.year) if one.pk in known else left
    return found


def determined(found: Outlook, by: Determination, year: int) -> Outlook:
    """The outlook where no rule speaks, after the organ has determined what the year can bring (settled.md).

    It stands in the place of the grounds that it was made on, and of no others; beside it the rules still speak, and
    the heaviest governs (B4).
    """
    if found.ceiling != Ceiling.NO_RULE or found.unruled != by.covers:
        return found
    ceiling = Ceiling(by.ceiling)
    said = Ground(
        "A1-3",
        f"{by.organ}于{by.determined_on}以{by.document}认定：{reasons.CIVIL.of_year(ceiling, year)}。",
        f"Determined by {by.organ} on {by.determined_on}, {by.document}: {reasons.of_year(ceiling, year)}.",
        by.ceiling,
        False,
    )
    told = [replace(one, ceiling=by.ceiling) if one.ceiling == Ceiling.NO_RULE else one for one in found.grounds]
    grounds = sorted([said, *told], key=lambda one: -PRECEDENCE.index(Ceiling(one.ceiling)))
    heaviest = Ceiling(grounds[0].ceiling)
    # an outlook is provisional while a case of the year is open
    return replace(found, ceiling=heaviest, comment=comment_due(heaviest, found.provisional), grounds=tuple(grounds))


@dataclass(frozen=True)
class Without:
    """What a year could bring with and without one decided action."""

    year: int
    before: Ceiling
    after: Ceiling

    @property
    def differs(self) -> bool:
        return self.before != self.after


def without(cadre: Cadre, *, code: str, effective: dt.date, years: Iterable[int], as_of: dt.date) -> list[Without]:
    """The ceilings of a person's years with a decided action, or a case's outcome, and with it voided (B5-2)."""
    parameters = parameters_on(as_of, [cadre.unit_id])[cadre.unit_id]
    found = []
    for (_key, year), facts in facts_of([(cadre, year) for year in years], as_of=as_of).items():
        voided = tuple(
            replace(one, voided=as_of) if (one.code, one.effective) == (code, effective) else one
            for one in facts.actions
        )
        cases = tuple(
            replace(one, voided=as_of) if (one.outcome, one.closed) == (code, effective) else one for one in facts.cases
        )
        after = explain(replace(facts, actions=voided, cases=cases), parameters).ceiling
        found.append(Without(year, explain(facts, parameters).ceiling, after))
    return found
