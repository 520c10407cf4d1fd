"""Issuing a cycle's documents: long work, for jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.appraisals.enums import Grade
from assessment.appraisals.kinds import HONOUR, NOTICE, document_data
from assessment.appraisals.models import AppraisalCycle
from assessment.appraisals.notice_kinds import RESULT_ISSUED
from foundation.documents.actions import issue, merge
from foundation.notices.actions import notify
from foundation.offers.types import Handler, Progress, Ref, Refused
from foundation.people.scope import fetch, visible

ISSUE = "appraisals.issue_documents"


def issue_documents(*, actor: Any, progress: Progress, cycle: int) -> str:
    """A result notice for everybody of a final cycle, an honour certificate for each 优秀; one merged file.

    Safe to run twice: a document that stands is not issued again. A name that no face can print stops its own paper
    and nobody else's; the message names it. Returns the merged file's path below PRIVATE_ROOT.
    Raises Refused when the result is not final (documents.md: nothing is issued for a result that is not final).
    """
    final = fetch(actor, AppraisalCycle, pk=cycle, action="manage")
    if not final.is_final:
        raise Refused("not_final", _("%(cycle)s 的结果还没有确认，不能签发文书。") % {"cycle": final})
    wanted = []
    for appraisal in final.appraisals.select_related("cadre", "cycle__unit"):
        wanted.append((NOTICE, appraisal, document_data(appraisal)))
        if appraisal.grade == Grade.EXCELLENT:
            wanted.append((HONOUR, appraisal, document_data(appraisal)))
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
    path = Path("results") / f"appraisal-{final.pk}.pdf"
    merge(issued, Path(settings.PRIVATE_ROOT) / path)
    summary = _("共 %(n)s 份") % {"n": len(issued)}
    if refused:
        summary += _("；未签发 %(n)s 份：%(who)s") % {"n": len(refused), "who": "；".join(refused)}
    progress(len(wanted), len(wanted), summary)
    return str(path)


HANDLERS = [
    Handler(
        kind=ISSUE,
        title=gettext_lazy("签发年度考核文书"),
        run=issue_documents,
        done_url=lambda cycle: reverse("appraisals_admin:cycle", args=[cycle]),
        may_read=lambda account, cycle: visible(account, AppraisalCycle, action="manage").filter(pk=cycle).exists(),
    )
]
