"""A person's own years as lines of time (ui/spec.md 7.12): what happened, and what is due from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.appraisals.enums import FORM, HONOUR, NOTICE
from assessment.appraisals.models import Appraisal, Opinion
from assessment.appraisals.queries import opinions_in_force, papers
from foundation.documents.models import IssuedDocument


@dataclass(frozen=True)
class Moment:
    """One thing on the line. url: where it can be read."""

    on: dt.date
    title: str
    detail: str = ""
    url: str = ""
    icon: str = "circle-check"


@dataclass(frozen=True)
class Year:
    """due: what the person has to do now, as (label, address); moments: the newest first."""

    appraisal: Appraisal
    due: tuple[str, str] | None
    moments: list[Moment]


def years(appraisals: list[Appraisal], *, today: dt.date) -> list[Year]:
    """The lines of time of a person's appraisals; a constant number of queries."""
    issued: dict[int, list[IssuedDocument]] = {}
    for paper in papers(appraisals):
        issued.setdefault(paper.source_pk, []).append(paper)
    standing = opinions_in_force().filter(appraisal__in=appraisals)
    opinions: dict[int, Opinion] = {one.appraisal_id: one for one in standing}
    return [_year(one, issued.get(one.pk, []), opinions.get(one.pk), today) for one in appraisals]


def _year(one: Appraisal, issued: Iterable[IssuedDocument], opinion: Opinion | None, today: dt.date) -> Year:
    summary = getattr(one, "summary", None)
    kinds = {paper.kind: paper for paper in issued}
    moments = [Moment(one.cycle.opened_on, _("年度考核已启动"), one.unit_name, icon="calendar-event")]
    if summary is not None and summary.submitted_at is not None:
        on = timezone.localdate(summary.submitted_at)
        moments.append(Moment(on, _("个人总结已提交"), url=reverse("appraisals:summary", args=[one.pk]), icon="pencil"))
    if one.cycle.notice_from is not None:
        moments.append(Moment(one.cycle.notice_from, _("优秀等次公示"), icon="speakerphone"))
    if one.is_final and one.finalised_on is not None:
        detail = one.comment
        moments.append(Moment(one.finalised_on, _("结果确定：%(grade)s") % {"grade": one.get_grade_display()}, detail))
    if NOTICE in kinds and one.is_final:
        url = reverse("appraisals:opinion", args=[one.pk])
        moments.append(Moment(kinds[NOTICE].issued_on, _("考核结果通知书已签发"), url=url, icon="certificate"))
    for kind, title in ((HONOUR, _("荣誉证书已签发")), (FORM, _("年度考核登记表已制作"))):
        if kind in kinds:
            url = reverse("documents:file", args=[kinds[kind].serial])
            moments.append(Moment(kinds[kind].issued_on, title, url=url, icon="certificate"))
    if opinion is not None:
        detail = " ".join(
            part for part in (opinion.get_how_display(), opinion.get_stance_display(), opinion.text) if part
        )
        url = reverse("appraisals:opinion", args=[one.pk])
        moments.append(Moment(opinion.signed_on, _("已签署本人意见"), detail, url, "pencil"))
    if one.filed_on is not None:
        moments.append(Moment(one.filed_on, _("已归档"), icon="lock"))
    if one.reopened_on is not None:
        moments.append(Moment(one.reopened_on, _("结果正在更正"), icon="history"))
    moments.reverse()
    moments.sort(key=lambda moment: moment.on, reverse=True)
    due = None
    if one.is_open and not (one.is_reviewed or one.is_decided) and not (summary and summary.is_done):
        due = (_("写个人总结"), reverse("appraisals:summary", args=[one.pk]))
    elif one.is_final and NOTICE in kinds and opinion is None:
        due = (_("签署考核意见"), reverse("appraisals:opinion", args=[one.pk]))
    return Year(one, due, moments)
