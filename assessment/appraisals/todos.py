"""What the annual appraisal asks of people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.appraisals.enums import Grade, Stage
from assessment.appraisals.models import Appraisal, AppraisalCycle, Objection
from assessment.appraisals.queries import (
    affected,
    in_notice,
    mine,
    notices,
    opinions_in_force,
    ready_to_review,
    to_review,
    uncommented,
)
from assessment.appraisals.timeline import years
from foundation.offers.types import Todo
from foundation.people.queries import kept_apart
from foundation.people.scope import may, visible


def due(user: Any, today: dt.date) -> Iterator[Todo]:
    """One's own summary and opinion, reviews to write, grades to decide, HR's next steps, notices to read."""
    yield from _own(user, today)
    if ready := ready_to_review(user, today).count():
        people = to_review(user, today).aggregate(all=Count("pk"), done=Count("pk", filter=~Q(reviewed_at=None)))
        yield Todo(
            title=_("写年度考核评语、提出建议等次"),
            url=reverse("appraisals:review"),
            action=_("去评鉴"),
            icon="pencil",
            facts=(ngettext("%(n)s 人可以评鉴", "%(n)s 人可以评鉴", ready) % {"n": ready},),
            progress=(people["done"], people["all"]),
        )
    open_now = Q(stage=Stage.OPEN) | Q(Exists(_corrections()))
    apart = kept_apart(user, today)
    for cycle in _with_counts(visible(user, AppraisalCycle, action="decide").filter(open_now), today, apart):
        if cycle.ready > cycle.decided:
            yield Todo(
                title=_("确定等次：%(cycle)s") % {"cycle": cycle},
                url=reverse("appraisals:committee_cycle", args=[cycle.pk]),
                action=_("去确定"),
                icon="users",
                progress=(cycle.decided, cycle.people),
            )
    if may(user, AppraisalCycle, action="manage"):
        yield from _of_hr(user, today)
    for cycle in notices(user, today):
        is_first = cycle.stage == Stage.PUBLIC_NOTICE
        last_day = cycle.notice_to if is_first else in_notice(cycle).aggregate(last=Max("notice_to"))["last"]
        if last_day is not None and last_day < today:
            continue  # whoever had something to object had the time
        yield Todo(
            title=_("优秀等次公示：%(cycle)s") % {"cycle": cycle},
            url=reverse("appraisals:notice", args=[cycle.pk]),
            action=_("查看公示"),
            icon="speakerphone",
            due=last_day,
        )


def _own(user: Any, today: dt.date) -> Iterator[Todo]:
    """What the person owes to the own years that are not filed yet."""
    own = mine(user).filter(Q(cycle__stage=Stage.OPEN) | Q(cycle__stage=Stage.FINAL, filed_on=None))
    for year in years(list(own), today=today):
        if year.due is not None:
            label, url = year.due
            yield Todo(
                title=_("%(year)s 年度考核：%(what)s") % {"year": year.appraisal.year, "what": label},
                url=url,
                action=label,
                icon="pencil",
            )


def _of_hr(user: Any, today: dt.date) -> Iterator[Todo]:
    """The officer's next step of each cycle that is not finished, and years on which records bear otherwise by now."""
    managed = visible(user, AppraisalCycle, action="manage").exclude(stage=Stage.FINAL)
    for cycle in _with_counts(managed, today, kept_apart(user, today)):
        url = reverse("appraisals_admin:cycle", args=[cycle.pk])
        if cycle.is_open and cycle.missing:
            yield Todo(
                title=_("登记民主测评结果：%(cycle)s") % {"cycle": cycle},
                url=f"{url}?step=evaluation",
                action=_("去登记"),
                progress=(cycle.posts - cycle.missing, cycle.posts),
            )
        if cycle.unanswered:
            yield Todo(title=_("办结公示异议：%(cycle)s") % {"cycle": cycle}, url=url, action=_("去办结"))
        elif cycle.is_open and cycle.decided == cycle.people:
            yield Todo(title=_("等次已全部确定，可以公示：%(cycle)s") % {"cycle": cycle}, url=url, action=_("去公示"))
        elif cycle.is_notice_over(today):
            yield Todo(title=_("公示期满，可以确认结果：%(cycle)s") % {"cycle": cycle}, url=url, action=_("去确认"))
    yield from _of_corrections(user, today)
    signed = Exists(opinions_in_force().filter(appraisal=OuterRef("pk")))
    to_file = Appraisal.objects.filter(
        cycle__in=visible(user, AppraisalCycle, action="manage"),
        cycle__stage=Stage.FINAL,
        filed_on=None,
        reopened_on=None,
    )
    counted = to_file.values("cycle", "cycle__year", "cycle__unit__name").order_by("cycle")
    for row in counted.annotate(people=Count("pk"), signed=Count("pk", filter=signed)):
        name = _("%(unit)s %(year)s 年度考核") % {"unit": row["cycle__unit__name"], "year": row["cycle__year"]}
        yield Todo(
            title=_("送达、签署意见和归档：%(cycle)s") % {"cycle": name},
            url=reverse("appraisals_admin:cycle", args=[row["cycle"]]),
            action=_("去办理"),
            icon="certificate",
            progress=(row["signed"], row["people"]),
        )
    if bearing := affected(user, today):
        yield Todo(
            title=_("有 %(n)s 人的考核年度受记录变化影响，请研究处理") % {"n": len(bearing)},
            url=reverse("appraisals_admin:cycles"),
            action=_("去查看"),
            icon="alert-triangle",
        )


def _of_corrections(user: Any, today: dt.date) -> Iterator[Todo]:
    """Corrected results that wait for their public notice, or to be completed."""
    decided = Appraisal.objects.filter(
        cycle__in=visible(user, AppraisalCycle, action="manage"), reopened_on__isnull=False, decided_at__isnull=False
    )
    for one in decided.exclude(cadre__in=kept_apart(user, today)):
        url = reverse("appraisals_admin:person", args=[one.pk])
        if one.grade == Grade.EXCELLENT and one.notice_from is None:
            yield Todo(title=_("公示更正结果：%(name)s") % {"name": one.name}, url=url, action=_("去公示"))
        elif one.grade != Grade.EXCELLENT or one.is_notice_over(today):
            yield Todo(title=_("确认更正结果：%(name)s") % {"name": one.name}, url=url, action=_("去确认"))


def _corrections() -> Any:
    return Appraisal.objects.filter(cycle=OuterRef("pk"), reopened_on__isnull=False, decided_at=None)


def _with_counts(cycles: Any, today: dt.date, apart: Collection[int]) -> Any:
    """ready: those on whom the committee can decide. missing: holders of a section's post without an evaluation.
    unanswered: whether an objection waits; apart: to whom one is none of the reader's business."""
    here = Q(appraisals__apart_on=None, appraisals__isnull=False)
    uncommented_ones = uncommented(Appraisal.objects.filter(cycle__in=cycles), today)
    ready = here & (~Q(appraisals__reviewed_at=None) | Q(appraisals__in=uncommented_ones))
    posts = here & Q(appraisals__holds_section_post=True)
    unanswered = Objection.objects.filter(cycle=OuterRef("pk"), outcome="").exclude(appraisal__cadre__in=apart)
    return cycles.select_related("unit").annotate(
        people=Count("appraisals", filter=here),
        ready=Count("appraisals", filter=ready),
        decided=Count("appraisals", filter=here & ~Q(appraisals__decided_at=None)),
        posts=Count("appraisals", filter=posts),
        missing=Count("appraisals", filter=posts & Q(appraisals__evaluation=None)),
        unanswered=Exists(unanswered),
    )
