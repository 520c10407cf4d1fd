"""Documents of the annual appraisal (rules.md A8): there is no national "appraisal certificate".

The result notice is the written notice of A6; the honour certificate is a local honour for 优秀.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from assessment.appraisals.enums import FORM, HONOUR, NOTICE, Grade, SignedHow, Stance, Treatment
from assessment.appraisals.models import Appraisal, AppraisalCycle, Opinion
from assessment.appraisals.queries import opinions_in_force
from assessment.appraisals.records import grounds_kept, on_paper
from foundation.documents.forms_layout import Box, registration_form
from foundation.documents.layouts import honour_certificate, notice
from foundation.documents.paper import Paper
from foundation.offers.types import Kind, Ref, Refused
from foundation.people.models import CadreState
from foundation.people.queries import states_on
from foundation.people.scope import visible


def document_data(appraisal: Appraisal) -> dict[str, Any]:
    """What notice and certificate are drawn from: plain values, the grade by its code."""
    return {
        "year": appraisal.year,
        "name": appraisal.name,
        "unit": appraisal.unit_name,
        "title": appraisal.title,
        "grade": appraisal.grade,
        "treatment": appraisal.treatment,
        "organ": appraisal.unit.get_root().name,
        "dated_on": appraisal.finalised_on.isoformat() if appraisal.finalised_on else "",
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
    return Q(source_pk__in=Appraisal.everybody.filter(cycle__in=visible(account, AppraisalCycle, action="manage")))


def _final(source: int) -> Appraisal:
    """The appraisal whose result stands. Raises Refused where it is not final any more."""
    related = ("cadre", "cycle__unit", "unit", "summary", "reviewed_by")
    appraisal = Appraisal.objects.select_related(*related).get(pk=source)
    if not appraisal.is_final:
        raise Refused("not_final", _now("%(cycle)s 的结果还没有确认，不能签发文书。") % {"cycle": appraisal.cycle})
    return appraisal


def anew(holder: int, source: int) -> tuple[Ref, dict[str, Any]]:
    """The paper as the appraisal's record says today; the name is the roster's, which may have been corrected."""
    appraisal = _final(source)
    return Ref.to(appraisal.cadre), {**document_data(appraisal), "name": appraisal.cadre.name}


def form_anew(holder: int, source: int) -> tuple[Ref, dict[str, Any]]:
    """The registration form as the records say today. Raises Refused while no opinion stands."""
    appraisal = _final(source)
    opinion = opinions_in_force().filter(appraisal=appraisal).first()
    if opinion is None:
        raise Refused("no_opinion", _now("%(name)s 还没有签署考核意见，不能制作登记表。") % {"name": appraisal.name})
    state = states_on(appraisal.cycle.opened_on).filter(cadre=appraisal.cadre).first()
    return Ref.to(appraisal.cadre), {**form_data(appraisal, state, opinion), "name": appraisal.cadre.name}


def _sample(grade: Grade) -> Callable[..., dict[str, Any]]:
    def data(*, name: str, unit: str) -> dict[str, Any]:
        return {
            "year": 2026,
            "name": name,
            "unit": unit,
            "title": "主任科员",
            "grade": grade,
            "treatment": Treatment.GRADED,
            "organ": unit,
            "dated_on": "2026-12-31",
        }

    return data


def _form_sample(*, name: str, unit: str) -> dict[str, Any]:
    return _sample(Grade.COMPETENT)(name=name, unit=unit) | {
        "sex": "女",
        "birth": "1985.03",
        "political_status": "中共党员",
        "post_since": "2020.06",
        "duties": "综合协调、文稿起草",
        "training": "2026年4月参加党校脱产培训一周",
        "summary": "一年来，认真履行岗位职责，完成年度目标任务。",
        "no_summary": "",
        "summary_on": "2026-12-05",
        "comment": "政治素质好，业务熟练，工作踏实，作风严谨，廉洁自律。",
        "proposed": Grade.COMPETENT,
        "reviewer": name,
        "reviewed_on": "2026-12-10",
        "opinion_how": SignedHow.SYSTEM,
        "opinion_stance": Stance.AGREE,
        "opinion_text": "",
        "opinion_on": "2026-12-31",
        "opinion_witness": "",
        "grounds": [],
    }


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
    if facts.get("treatment") == Treatment.NEITHER:
        outcome = f"经研究，您参加{facts['year']}年度考核，不写评语、不确定等次。"
    elif facts["grade"] == Grade.NO_GRADE:
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


def form_data(appraisal: Appraisal, state: CadreState | None, opinion: Opinion) -> dict[str, Any]:
    """What the registration form is drawn from (rules.md A10). state: of the person when the cycle was opened.

    Of discipline it says what HR may read: the restriction, not the decision.
    """
    cadre = appraisal.cadre
    summary = getattr(appraisal, "summary", None)
    since = (state.post_since or state.rank_since) if state else (cadre.post_since or cadre.rank_since)
    is_uncommented = appraisal.treatment == Treatment.NEITHER
    grounds = on_paper(grounds_kept(appraisal.grounds), is_uncommented=is_uncommented)
    with translation.override("zh-hans"):
        sex = str(cadre.get_sex_display())
    return document_data(appraisal) | {
        "sex": sex,
        "birth": f"{cadre.birth_month:%Y.%m}" if cadre.birth_month else "",
        "political_status": state.political_status if state else cadre.political_status,
        "post_since": f"{since:%Y.%m}" if since else "",
        "duties": summary.duties if summary else "",
        "training": summary.training if summary else "",
        "summary": summary.text if summary and summary.is_submitted else "",
        "no_summary": summary.waived_reason if summary else "",
        "summary_on": _day(summary.submitted_at) if summary else "",
        "comment": appraisal.comment,
        "proposed": appraisal.proposed_grade,
        "reviewer": str(appraisal.reviewed_by) if appraisal.reviewed_by_id else "",
        "reviewed_on": _day(appraisal.reviewed_at),
        "opinion_how": opinion.how,
        "opinion_stance": opinion.stance,
        "opinion_text": opinion.text,
        "opinion_on": opinion.signed_on.isoformat(),
        "opinion_witness": opinion.witness,
        "grounds": grounds if appraisal.grade == Grade.NO_GRADE else [],
    }


def _day(moment: dt.datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""


def _dated(day: str) -> str:
    """2026年12月9日."""
    on = dt.date.fromisoformat(day)
    return f"{on.year}年{on.month}月{on.day}日"


def draw_form(paper: Paper, facts: Mapping[str, Any]) -> None:
    """公务员年度考核登记表, both sides of A4 (rules.md A10), and further pages for texts that are longer."""
    with translation.override("zh-hans"):
        proposed = str(Grade(facts["proposed"]).label) if facts["proposed"] else ""
        grade = str(Grade(facts["grade"]).label)
    if facts["treatment"] == Treatment.NEITHER:
        outcome = "经研究，不写评语、不确定等次。"
    elif facts["grade"] == Grade.NO_GRADE:
        outcome = "经研究，只写评语，不确定等次。"
    else:
        outcome = f"经研究，确定为{grade}等次。"
    review = facts["comment"] + (f"\n建议等次：{proposed}。" if proposed else "")
    witness = f"见证人：{facts['opinion_witness']}"
    how = {
        SignedHow.SYSTEM: f"签名：{facts['name']}（系统内确认）",
        SignedHow.PAPER: f"签名：{facts['name']}（纸质签名，{witness}）",
        SignedHow.REFUSED: f"本人拒绝签署（{witness}）",
        SignedHow.UNREACHABLE: f"无法送达本人（{witness}）",
    }[SignedHow(facts["opinion_how"])]
    stance = {"": "", Stance.AGREE: "同意。", Stance.DISAGREE: "有异议。"}[facts["opinion_stance"]]
    summary = facts["summary"] or (f"没有个人总结：{facts['no_summary']}" if facts["no_summary"] else "")
    registration_form(
        paper,
        title="公务员年度考核登记表",
        subtitle=f"（{facts['year']}年度）",
        rows=[
            [("姓名", facts["name"]), ("性别", facts["sex"])],
            [("出生年月", facts["birth"]), ("政治面貌", facts["political_status"])],
            [("单位及职务职级", f"{facts['unit']} {facts['title']}".strip()), ("任现职时间", facts["post_since"])],
            [("从事或分管工作", facts["duties"])],
            [("脱产培训情况", facts["training"])],
        ],
        front=Box(
            ["个", "人", "总", "结"],
            summary,
            signed=f"签名：{facts['name']}（系统内提交）" if facts["summary"] else "",
            dated=_dated(facts["summary_on"]) if facts["summary"] else "",
        ),
        back=[
            Box(
                ["主管领导评语", "和考核等次", "建　　议"],
                review,
                72,
                signed=f"签名：{facts['reviewer']}（系统内确认）" if facts["reviewer"] else "",
                dated=_dated(facts["reviewed_on"]) if facts["reviewer"] else "",
            ),
            Box(
                ["机关负责人", "或考核委员会", "意　　见"],
                outcome,
                50,
                signed=facts["organ"],
                dated=_dated(facts["dated_on"]),
                seal=facts["organ"],
            ),
            Box(
                ["本 人 意 见"],
                f"{stance}{facts['opinion_text']}",
                44,
                signed=how,
                dated=_dated(facts["opinion_on"]),
            ),
            Box(["未确定等次或", "不参加考核", "情况说明"], "\n".join(facts["grounds"]), 38),
        ],
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
    Kind(
        code=FORM,
        title=_("公务员年度考核登记表"),
        prefix="DJ",
        draw=draw_form,
        public_facts=_facts,
        sample=_form_sample,
        may_read=may_read,
        keeps=keeps,
        anew=form_anew,
    ),
]
