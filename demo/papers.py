"""The papers of the demo's finished appraisal: issued by the jobs that HR has, signed by the people, filed; and a batch
of certificates that HR is about to issue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from assessment.appraisals import conclusion
from assessment.appraisals.enums import NOTICE, SignedHow, Stance, Treatment
from assessment.appraisals.handlers import issue_documents, issue_forms
from assessment.appraisals.models import Appraisal, AppraisalCycle
from assessment.appraisals.queries import papers
from assessment.appraisals.records import grounds_kept
from assessment.discipline.enums import Ceiling
from demo.office import OFFICE, Days, at_work, moment
from foundation.documents.batches import add_recipients, make_batch
from foundation.offers import clock
from foundation.offers.types import Ref
from foundation.people.kinds import HONOUR, recipients
from foundation.people.models import Account, Cadre, Unit

ONE_DAY = dt.timedelta(days=1)
OBJECTION = "本人下半年承担的专项任务没有在评语中反映，对结果保留意见，请组织核实。"


def _unseen(done: int, total: int, message: Any = "") -> None:
    """Progress that nobody watches."""


class Papers:
    """Notices, opinions, registration forms and filing of sections of a final cycle."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self.hr = accounts["hr"]

    def finish(self, cycle: AppraisalCycle, sections: Iterable[str], final: dt.date) -> None:
        """A notice the day after the result stood, an opinion within the week, forms and filing after two weeks."""
        issued = _next(final)
        signed, filed = _next(issued), at_work(issued + dt.timedelta(days=14))
        for unit in Unit.objects.filter(name__in=sections):
            told: dict[str, Any] = {"actor": self.hr, "progress": _unseen, "cycle": cycle.pk, "unit": unit.pk}
            with clock.set_to(moment(issued, 0)):
                issue_documents(**told)
            people = cycle.appraisals.filter(unit=unit, filed_on=None).select_related("cadre__account")
            for number, one in enumerate(people):
                self._sign(one, number, signed)
            with clock.set_to(moment(filed, 0)):
                issue_forms(**told)
            conclusion.file(appraisals=people, cycle=cycle, today=filed, actor=self.hr, also_disagreeing=True)

    def _sign(self, one: Appraisal, number: int, day: dt.date) -> None:
        """Most confirm in the system, every ninth on paper; who was sanctioned refuses, who was admonished objects."""
        now = moment(day, number)
        grounds = grounds_kept(one.grounds)
        is_refused = one.treatment == Treatment.COMMENT_ONLY and any(ground.is_conduct for ground in grounds)
        if is_refused or number % 9 == 4 or one.cadre.account is None:
            conclusion.record_opinion(
                appraisal=one,
                how=SignedHow.REFUSED if is_refused else SignedHow.PAPER,
                stance="" if is_refused else Stance.AGREE,
                text="",
                signed_on=day,
                witness="韩雪",
                now=now,
                today=day,
                actor=self.hr,
            )
            return
        objects = one.ceiling == Ceiling.NOT_EXCELLENT
        conclusion.sign(
            appraisal=one,
            stance=Stance.DISAGREE if objects else Stance.AGREE,
            text=OBJECTION if objects else "",
            seen=papers([one], kinds=[NOTICE]).get().serial,
            now=now,
            actor=one.cadre.account,
        )


def draft_honours(days: Days, hr: Account) -> None:
    """A batch of certificates that HR has written and not issued yet."""
    office = Unit.objects.get(name=OFFICE)
    batch = make_batch(
        kind=HONOUR,
        unit=Ref.to(office),
        actor=hr,
        title="荣誉证书",
        subtitle="节能宣传先进个人",
        honorific="同志",
        text="在{年度}年节能宣传活动中，您积极参与、成绩突出，被评为节能宣传先进个人。\n特发此证，以资鼓励。",
        signer=OFFICE,
        year=days.running,
        dated_on=days.today,
    )
    people = Cadre.objects.filter(unit__name="公共机构节能处", left_on=None).select_related("unit")[:5]
    add_recipients(batch=batch, people=recipients(people, kind=HONOUR), actor=hr)


def _next(day: dt.date) -> dt.date:
    """The working day after."""
    later = day + ONE_DAY
    while at_work(later) <= day:
        later += ONE_DAY
    return at_work(later)
