"""The demo's discipline records, written down by its officer on the days on which things happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from assessment.discipline import actions
from assessment.discipline.enums import NO_SANCTION, Family
from assessment.discipline.models import DisciplineCase, DisciplineRecord
from assessment.discipline.rules import EFFECTS
from demo.conduct import Matter
from demo.office import moment
from demo.people import Staff
from foundation.people.models import Account, Cadre

BASIS = {
    Family.ADMINISTRATIVE: "《中华人民共和国公职人员政务处分法》第七条、第八条",
    Family.PARTY: "《中国共产党纪律处分条例》第八条",
    Family.INSTITUTION: "《事业单位工作人员处分规定》第四条、第五条",
    Family.ORGANISATIONAL: "《中国共产党组织处理规定（试行）》第三条",
    Family.ADMONITION: "《关于组织人事部门对领导干部进行提醒、函询和诫勉的实施细则》",
}


def keep_records(people: Iterable[Staff], *, after: dt.date, until: dt.date) -> None:
    """Write down what happened after a day and until another one, in the order of the days."""
    officer = Account.objects.get(username="discipline")
    matters = [(number, one.work_number, one.matter) for number, one in enumerate(people, 1) if one.matter is not None]
    cadres = Cadre.objects.select_related("unit").in_bulk(
        [number for _n, number, _m in matters], field_name="work_number"
    )
    steps = [(day, number, what, who, matter) for number, who, matter in matters for day, what in _steps(matter)]
    for day, number, what, who, matter in sorted(steps, key=lambda step: step[:3]):
        if after < day <= until:
            told = {"now": moment(day, number % 60), "today": day, "actor": officer}
            _STEPS[what](cadres[who], matter, number, day, told)


def _steps(matter: Matter) -> Iterator[tuple[dt.date, int]]:
    """The days of a matter with the place of each in _STEPS."""
    for what, day in enumerate((matter.opened, matter.closed, matter.effective, matter.voided)):
        if day is not None:
            yield day, what


def _open(cadre: Cadre, matter: Matter, number: int, day: dt.date, told: dict[str, Any]) -> None:
    actions.open_case(cadre=cadre, opened=day, reference=f"机纪立〔{day.year}〕{number}号", **told)


def _close(cadre: Cadre, matter: Matter, number: int, day: dt.date, told: dict[str, Any]) -> None:
    case = DisciplineCase.objects.select_related("cadre").get(cadre=cadre, closed=None)
    outcome = matter.codes[0] if matter.codes else NO_SANCTION
    actions.close_case(case=case, closed=day, outcome=outcome, reference=f"机纪结〔{day.year}〕{number}号", **told)


def _decide(cadre: Cadre, matter: Matter, number: int, day: dt.date, told: dict[str, Any]) -> None:
    for code in matter.codes:
        family = EFFECTS[code].family
        actions.add_record(
            cadre=cadre,
            code=code,
            effective=day,
            organ=matter.organ,
            document=f"{_MARK[family]}〔{day.year}〕{number}号",
            basis=BASIS[family],
            case=DisciplineCase.objects.filter(cadre=cadre).first(),
            **told,
        )


def _void(cadre: Cadre, matter: Matter, number: int, day: dt.date, told: dict[str, Any]) -> None:
    record = DisciplineRecord.objects.select_related("cadre").get(cadre=cadre)
    reason = "本人申请复核，经复查原认定的事实不清，决定撤销处分，恢复名誉"
    actions.void_record(target=record, on=day, document=f"机纪复〔{day.year}〕{number}号", reason=reason, **told)


_STEPS = (_open, _close, _decide, _void)
_MARK = {
    Family.ADMINISTRATIVE: "政处",
    Family.PARTY: "党处",
    Family.INSTITUTION: "事处",
    Family.ORGANISATIONAL: "组处",
    Family.ADMONITION: "诫勉",
}
