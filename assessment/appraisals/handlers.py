"""Issuing a cycle's documents: long work, for jobs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.appraisals.enums import FORM, HONOUR, NOTICE, Grade
from assessment.appraisals.kinds import document_data, form_data
from assessment.appraisals.models import Appraisal, AppraisalCycle
from assessment.appraisals.notice_kinds import RESULT_ISSUED
from assessment.appraisals.queries import affected_of, opinions_in_force
from foundation.documents.actions import issue, merge, zipped
from foundation.documents.models import IssuedDocument
from foundation.notices.actions import notify
from foundation.offers import clock
from foundation.offers.types import Handler, Progress, Ref, Refused
from foundation.people.queries import kept_apart, states_on
from foundation.people.scope import fetch, visible

ISSUE = "appraisals.issue_documents"
FORMS = "appraisals.issue_forms"
MERGED, ZIP = "merged", "zip"  # how the papers of a job are packed

Wanted = Sequence[tuple[str, Appraisal]]


def issue_documents(
    *,
    actor: Any,
    progress: Progress,
    cycle: int,
    unit: int | None = None,
    person: int | None = None,
    packing: str = MERGED,
) -> str:
    """A result notice for everybody of a final cycle, an honour certificate for each 优秀.

    unit: only who stood in this unit when the cycle was opened; person: only this appraisal. packing: MERGED, one file
    for the printer, or ZIP, the signed files one by one. Safe to run twice: a document that stands is not issued
    again. A name that no face can print stops its own paper and nobody else's; the message names it. Returns the
    file's path below PRIVATE_ROOT. Raises Refused when the result is not final (documents.md: nothing is issued for a
    result that is not final).
    """
    final = _final(actor, cycle)
    wanted = []
    for appraisal in _people(final, unit, person):
        wanted.append((NOTICE, appraisal))
        if appraisal.grade == Grade.EXCELLENT:
            wanted.append((HONOUR, appraisal))
    return _issue_all(
        wanted, final, _path("appraisal", final, packing, unit=unit, person=person), actor=actor, progress=progress
    )


def issue_forms(
    *,
    actor: Any,
    progress: Progress,
    cycle: int,
    unit: int | None = None,
    person: int | None = None,
    packing: str = MERGED,
) -> str:
    """公务员年度考核登记表 of those whose opinion on the written notice stands; as issue_documents() otherwise.

    Raises Refused when there is nobody yet.
    """
    final = _final(actor, cycle)
    refuse_unsigned(final, unit, person)
    people = list(_people(final, unit, person))
    signed = set(opinions_in_force().filter(appraisal__in=people).values_list("appraisal", flat=True))
    wanted = [(FORM, one) for one in people if one.pk in signed]
    return _issue_all(
        wanted, final, _path("forms", final, packing, unit=unit, person=person), actor=actor, progress=progress
    )


def refuse_unsigned(final: AppraisalCycle, unit: int | None = None, person: int | None = None) -> None:
    """No registration form before an opinion (A10). Raises Refused where none of these people has one yet."""
    if not opinions_in_force().filter(appraisal__in=_people(final, unit, person)).exists():
        raise Refused("no_opinion", _("还没有人签署考核意见。签署或登记本人意见以后，才能制作登记表。"))


def _path(name: str, final: AppraisalCycle, packing: str, *, unit: int | None, person: int | None) -> Path:
    """Where the result lies, below PRIVATE_ROOT."""
    part = f"-p{person}" if person else f"-{unit}" if unit else ""
    return Path("results") / f"{name}-{final.pk}{part}.{'zip' if packing == ZIP else 'pdf'}"


def _final(actor: Any, cycle: int) -> AppraisalCycle:
    final = fetch(actor, AppraisalCycle, pk=cycle, action="manage")
    if not final.is_final:
        raise Refused("not_final", _("%(cycle)s 的结果还没有确认，不能签发文书。") % {"cycle": final})
    return final


def _people(final: AppraisalCycle, unit: int | None, person: int | None) -> Any:
    """Those whose result stands: a correction under way issues nothing."""
    people = final.appraisals.filter(reopened_on=None).select_related("cadre")
    if person is not None:
        return people.filter(pk=person)
    return people if unit is None else people.filter(unit=unit)


def _issue_all(wanted: Wanted, final: AppraisalCycle, path: Path, *, actor: Any, progress: Progress) -> str:
    """Issue one after another and pack what was issued as the path says; the refused ones are named at the end."""
    today = clock.today()
    changed = {row.appraisal.pk for row in affected_of([one for _kind, one in wanted], today=today)}
    apart = kept_apart(actor, today)
    issued, refused = [], []
    for done, (kind, one) in enumerate(wanted):
        progress(done, len(wanted), one.name)
        try:
            if one.pk in changed:
                # whom the officer avoids in office, they learn nothing of
                raise Refused("changed", _("暂不签发") if one.cadre_id in apart else _("有关记录有变化，请先处理"))
            issued.append(_issue_one(kind, one.pk, final, actor=actor))
        except Refused as refusal:
            refused.append(f"{one.name}：{refusal}")
    if refused and not issued:
        raise Refused("nothing_issued", "；".join(refused))
    gather = zipped if path.suffix == ".zip" else merge
    gather(issued, Path(settings.PRIVATE_ROOT) / path)
    summary = _("共 %(n)s 份") % {"n": len(issued)}
    if refused:
        summary += _("；未签发 %(n)s 份：%(who)s") % {"n": len(refused), "who": "；".join(refused)}
    progress(len(wanted), len(wanted), summary)
    return str(path)


def _issue_one(kind: str, pk: int, final: AppraisalCycle, *, actor: Any) -> IssuedDocument:
    """One paper of a result as it stands now: a correction waits for the lock, or is seen here. Raises Refused."""
    with transaction.atomic():
        AppraisalCycle.objects.select_for_update().get(pk=final.pk)
        related = ("cadre", "cycle__unit", "unit", "summary", "reviewed_by")
        one = final.appraisals.select_related(*related).filter(pk=pk).first()
        if one is None or not one.is_final or (kind == HONOUR and one.grade != Grade.EXCELLENT):
            raise Refused("not_final", _("结果正在更正"))
        data = _form(one) if kind == FORM else document_data(one)
        # the name of the snapshot: register and paper say the same
        holder = Ref("people.cadre", one.cadre_id, one.name, one.cadre.account_id)
        document = issue(kind=kind, holder=holder, source=Ref.to(one), data=data, actor=actor)
        if kind == NOTICE and document.holder_account is not None:
            told = {"year": final.year}
            notify(to=document.holder_account, kind=RESULT_ISSUED, context=told, dedupe=f"document:{document.serial}")
    return document


def _form(one: Appraisal) -> dict[str, Any]:
    opinion = opinions_in_force().filter(appraisal=one).first()
    if opinion is None:
        raise Refused("no_opinion", _("还没有签署考核意见"))
    return form_data(one, states_on(one.cycle.opened_on).filter(cadre=one.cadre).first(), opinion)


def _done_url(cycle: int, unit: int | None = None, person: int | None = None, packing: str = MERGED) -> str:
    if person is not None:
        return reverse("appraisals_admin:person", args=[person])
    return reverse("appraisals_admin:cycle", args=[cycle])


def _may_read(
    account: Any, cycle: int, unit: int | None = None, person: int | None = None, packing: str = MERGED
) -> bool:
    return visible(account, AppraisalCycle, action="manage").filter(pk=cycle).exists()


HANDLERS = [
    Handler(
        kind=ISSUE,
        title=gettext_lazy("签发年度考核文书"),
        run=issue_documents,
        done_url=_done_url,
        may_read=_may_read,
    ),
    Handler(
        kind=FORMS,
        title=gettext_lazy("制作年度考核登记表"),
        run=issue_forms,
        done_url=_done_url,
        may_read=_may_read,
    ),
]
