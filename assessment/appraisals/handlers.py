"""Issuing a cycle's documents: long work, for jobs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.appraisals.enums import FORM, HONOUR, NOTICE, Grade
from assessment.appraisals.kinds import document_data, form_data
from assessment.appraisals.models import Appraisal, AppraisalCycle, Opinion
from assessment.appraisals.notice_kinds import RESULT_ISSUED
from assessment.appraisals.queries import papers
from foundation.documents.actions import issue, merge, zipped
from foundation.notices.actions import notify
from foundation.offers.types import Handler, Progress, Ref, Refused
from foundation.people.queries import states_on
from foundation.people.scope import fetch, visible

ISSUE = "appraisals.issue_documents"
FORMS = "appraisals.issue_forms"
MERGED, ZIP = "merged", "zip"  # how the papers of a job are packed

Wanted = Sequence[tuple[str, Appraisal, dict[str, Any]]]


def issue_documents(
    *, actor: Any, progress: Progress, cycle: int, unit: int | None = None, packing: str = MERGED
) -> str:
    """A result notice for everybody of a final cycle, an honour certificate for each 优秀.

    unit: only who stood in this unit when the cycle was opened. packing: MERGED, one file for the printer, or ZIP, the
    signed files one by one. Safe to run twice: a document that stands is not issued again. A name that no face can
    print stops its own paper and nobody else's; the message names it. Returns the file's path below PRIVATE_ROOT.
    Raises Refused when the result is not final (documents.md: nothing is issued for a result that is not final).
    """
    final = _final(actor, cycle)
    wanted = []
    for appraisal in _people(final, unit):
        wanted.append((NOTICE, appraisal, document_data(appraisal)))
        if appraisal.grade == Grade.EXCELLENT:
            wanted.append((HONOUR, appraisal, document_data(appraisal)))
    return _issue_all(wanted, final, _path("appraisal", final, unit, packing), actor=actor, progress=progress)


def issue_forms(*, actor: Any, progress: Progress, cycle: int, unit: int | None = None, packing: str = MERGED) -> str:
    """公务员年度考核登记表 of those whose opinion on the written notice stands; as issue_documents() otherwise.

    Raises Refused when there is nobody yet.
    """
    final = _final(actor, cycle)
    people = list(_people(final, unit).select_related("cadre", "cycle__unit", "unit", "summary", "reviewed_by"))
    opinions = {one.appraisal_id: one for one in Opinion.objects.filter(appraisal__in=people, superseded_at=None)}
    notified = set(papers(people, kinds=[NOTICE]).values_list("source_pk", flat=True))
    ready = [one for one in people if one.pk in opinions and one.pk in notified]
    if not ready:
        raise Refused("no_opinion", _("还没有人签署考核意见。签署或登记本人意见以后，才能制作登记表。"))
    cadres = [one.cadre_id for one in ready]
    states = {state.cadre_id: state for state in states_on(final.opened_on).filter(cadre__in=cadres)}
    wanted = [(FORM, one, form_data(one, states.get(one.cadre_id), opinions[one.pk])) for one in ready]
    return _issue_all(wanted, final, _path("forms", final, unit, packing), actor=actor, progress=progress)


def _path(name: str, final: AppraisalCycle, unit: int | None, packing: str) -> Path:
    """Where the result lies, below PRIVATE_ROOT."""
    part = f"-{unit}" if unit else ""
    return Path("results") / f"{name}-{final.pk}{part}.{'zip' if packing == ZIP else 'pdf'}"


def _final(actor: Any, cycle: int) -> AppraisalCycle:
    final = fetch(actor, AppraisalCycle, pk=cycle, action="manage")
    if not final.is_final:
        raise Refused("not_final", _("%(cycle)s 的结果还没有确认，不能签发文书。") % {"cycle": final})
    return final


def _people(final: AppraisalCycle, unit: int | None) -> Any:
    """Those whose result stands: a correction under way issues nothing."""
    people = final.appraisals.filter(reopened_on=None).select_related("cadre", "cycle__unit", "unit")
    return people if unit is None else people.filter(unit=unit)


def _issue_all(wanted: Wanted, final: AppraisalCycle, path: Path, *, actor: Any, progress: Progress) -> str:
    """Issue one after another and pack what was issued as the path says; the refused ones are named at the end."""
    issued, refused = [], []
    for done, (kind, appraisal, data) in enumerate(wanted):
        progress(done, len(wanted), appraisal.name)
        # the name of the snapshot: register and paper say the same
        holder = Ref("people.cadre", appraisal.cadre_id, appraisal.name, appraisal.cadre.account_id)
        try:
            document = issue(kind=kind, holder=holder, source=Ref.to(appraisal), data=data, actor=actor)
            issued.append(document)
            if kind == NOTICE and document.holder_account is not None:
                told = {"year": final.year}
                notify(
                    to=document.holder_account, kind=RESULT_ISSUED, context=told, dedupe=f"document:{document.serial}"
                )
        except Refused as refusal:
            refused.append(f"{appraisal.name}：{refusal}")
    gather = zipped if path.suffix == ".zip" else merge
    gather(issued, Path(settings.PRIVATE_ROOT) / path)
    summary = _("共 %(n)s 份") % {"n": len(issued)}
    if refused:
        summary += _("；未签发 %(n)s 份：%(who)s") % {"n": len(refused), "who": "；".join(refused)}
    progress(len(wanted), len(wanted), summary)
    return str(path)


def _done_url(cycle: int, unit: int | None = None, packing: str = MERGED) -> str:
    return reverse("appraisals_admin:cycle", args=[cycle])


def _may_read(account: Any, cycle: int, unit: int | None = None, packing: str = MERGED) -> bool:
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
