"""Documents of the annual appraisal (rules.md A8): there is no national "appraisal certificate".

The result notice is the written notice of A6; the honour certificate is a local honour for 优秀.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from assessment.appraisals.enums import Grade
from assessment.appraisals.models import Appraisal, AppraisalCycle
from foundation.documents.layouts import honour_certificate, notice
from foundation.documents.paper import Paper
from foundation.offers.types import Kind, Ref, Refused
from foundation.people.scope import visible

NOTICE = "appraisals.result_notice"
HONOUR = "appraisals.honour_certificate"


def document_data(appraisal: Appraisal) -> dict[str, Any]:
    """What both documents are drawn from: plain values, the grade by its code."""
    return {
        "year": appraisal.year,
        "name": appraisal.name,
        "unit": appraisal.unit_name,
        "title": appraisal.title,
        "grade": appraisal.grade,
        "organ": appraisal.unit.get_root().name,
        "dated_on": appraisal.cycle.finalised_on.isoformat() if appraisal.cycle.finalised_on else "",
    }


def _facts(data: Mapping[str, Any]) -> list[tuple[Any, str]]:
    return [
        (_("考核年度"), str(data["year"])),
        (_("签发单位"), data["organ"]),
        (_("等次"), str(Grade(data["grade"]).label)),
    ]


def may_read(account: Any, appraisal: int) -> bool:
    """Whether HR manages the cycle that the paper came from today; its holder reads it anyway."""
    cycles = visible(account, AppraisalCycle, action="manage")
    return cycles.filter(appraisals=appraisal).exists()


def keeps(account: Any) -> Q:
    """The register's rows of the cycles that HR manages today."""
    return Q(source_pk__in=Appraisal.objects.filter(cycle__in=visible(account, AppraisalCycle, action="manage")))


def anew(holder: int, source: int) -> tuple[Ref, dict[str, Any]]:
    """The paper as the appraisal's record says today; the name is the roster's, which may have been corrected.

    Raises Refused where the result is not final any more.
    """
    appraisal = Appraisal.objects.select_related("cadre", "cycle", "unit").get(pk=source)
    if not appraisal.cycle.is_final:
        raise Refused("not_final", _now("%(cycle)s 的结果还没有确认，不能签发文书。") % {"cycle": appraisal.cycle})
    return Ref.to(appraisal.cadre), {**document_data(appraisal), "name": appraisal.cadre.name}


def _sample(grade: Grade) -> Callable[..., dict[str, Any]]:
    def data(*, name: str, unit: str) -> dict[str, Any]:
        return {
            "year": 2026,
            "name": name,
            "unit": unit,
            "title": "主任科员",
            "grade": grade,
            "organ": unit,
            "dated_on": "2026-12-31",
        }

    return data


def draw_honour(paper: Paper, facts: Mapping[str, Any]) -> None:
    """The honour certificate of 优秀, A4 landscape."""
    honour_certificate(
        paper,
        title="荣誉证书",
        subtitle="年度考核优秀等次",
        holder=facts["name"],
        honorific="同志",
        paragraphs=[
            f"在{facts['year']}年度考核中，您坚持稳中求进、履职尽责，德、能、勤、绩、廉表现突出，"
            "经考核委员会研究并公示，被确定为优秀等次。",
            "特发此证，以资鼓励。",
        ],
        signer=facts["organ"],
        dated_on=dt.date.fromisoformat(facts["dated_on"]),
        notes=[],
    )


def draw_notice(paper: Paper, facts: Mapping[str, Any]) -> None:
    """年度考核结果通知书, A4 portrait."""
    if facts["grade"] == Grade.NO_GRADE:
        outcome = f"经研究，您参加{facts['year']}年度考核，只写评语，不确定等次。"
    else:
        with translation.override("zh-hans"):  # paper is Chinese whoever's browser asked for it
            grade = str(Grade(facts["grade"]).label)
        outcome = f"经研究，您{facts['year']}年度考核结果确定为{grade}等次。"
    notice(
        paper,
        title="年度考核结果通知书",
        number=facts["serial"],
        addressee=f"{facts['unit']} {facts['name']} 同志",
        paragraphs=[
            f"根据公务员考核有关规定，{facts['organ']}组织开展了{facts['year']}年度考核。{outcome}",
            "请您阅后签署意见。",
        ],
        signer=facts["organ"],
        dated_on=dt.date.fromisoformat(facts["dated_on"]),
        receipt="我已收到本通知书。对考核结果的意见：",
    )


KINDS = [
    Kind(
        code=NOTICE,
        title=_("年度考核结果通知书"),
        prefix="TZ",
        draw=draw_notice,
        public_facts=_facts,
        sample=_sample(Grade.COMPETENT),
        may_read=may_read,
        keeps=keeps,
        anew=anew,
    ),
    Kind(
        code=HONOUR,
        title=_("考核优秀等次荣誉证书"),
        prefix="RY",
        draw=draw_honour,
        public_facts=_facts,
        sample=_sample(Grade.EXCELLENT),
        landscape=True,
        may_read=may_read,
        keeps=keeps,
        anew=anew,
    ),
]
