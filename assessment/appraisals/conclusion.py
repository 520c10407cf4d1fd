"""Writes after the decision: objections, the person's opinion, filing, corrections (rules.md A6 step 5, A9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment.appraisals.enums import FORM, NOTICE, Event, Grade, SignedHow, Stage, Stance, Treatment
from assessment.appraisals.guards import locked, refuse_relatives, refuse_upheld
from assessment.appraisals.models import Appraisal, AppraisalCycle, Correction, Objection, Opinion
from assessment.appraisals.notice_kinds import CORRECTED, CORRECTION_OPENED, PUBLIC_NOTICE
from assessment.appraisals.participation import close_correction
from assessment.appraisals.publicity import notice_end
from assessment.appraisals.queries import accounts_of_unit, affected_of, opinions_in_force, papers
from assessment.appraisals.records import outlooks_of
from foundation.audit.record import record
from foundation.documents.actions import revoke
from foundation.documents.models import IssuedDocument
from foundation.notices.actions import notify
from foundation.offers.types import Refused


def record_objection(
    *, appraisal: Appraisal, raised_by: str, raised_on: dt.date, text: str, today: dt.date, actor: Any
) -> Objection:
    """Write down who objected to what in a running public notice. Raises Refused outside of its days, for somebody who
    is not in it (优秀 alone is published), and for what is written down already."""
    with transaction.atomic():
        fresh = locked(appraisal)
        cycle = fresh.cycle
        refuse_relatives(fresh, actor, today)
        since = fresh.notice_from or cycle.notice_from
        in_notice = cycle.stage == Stage.PUBLIC_NOTICE or fresh.notice_from is not None
        if not in_notice or since is None or fresh.grade != Grade.EXCELLENT:
            raise Refused("not_in_notice", _("%(name)s 不在公示中。") % {"name": fresh.name})
        if not since <= raised_on <= today:
            raise Refused("raised_on", _("反映日期应在公示开始以后、今天以前（含当天）。"))
        said = {"appraisal": fresh, "raised_by": raised_by, "raised_on": raised_on, "text": text}
        if Objection.objects.filter(**said).exists():
            raise Refused("recorded", _("这条公示异议已经登记。"))
        objection = Objection.objects.create(cycle=cycle, recorded_by=actor, **said)
        record(Event.OBJECTED, target=fresh, actor=actor, by=raised_by, on=raised_on.isoformat(), text=text)
    return objection


def answer_objection(*, objection: Objection, outcome: str, answer: str, today: dt.date, actor: Any) -> Objection:
    """Write down what came of an objection. Raises Refused for one that is answered already."""
    with transaction.atomic():
        AppraisalCycle.objects.select_for_update().get(pk=objection.cycle_id)
        fresh = Objection.objects.select_related("appraisal").get(pk=objection.pk)
        refuse_relatives(fresh.appraisal, actor, today)
        if fresh.outcome:
            raise Refused("answered", _("这条异议已经办结。"))
        fresh.outcome, fresh.answer, fresh.answered_on, fresh.answered_by = outcome, answer, today, actor
        fresh.save(update_fields=["outcome", "answer", "answered_on", "answered_by"])
        record(Event.OBJECTION_ANSWERED, target=fresh.appraisal, actor=actor, outcome=outcome, answer=answer)
    return fresh


def sign(*, appraisal: Appraisal, stance: str, text: str, seen: str, now: dt.datetime, actor: Any) -> Opinion:
    """本人意见 by the person in the system (系统内确认); the password is the view's business.

    seen: the serial of the notice that the page showed. Raises Refused for somebody else's result, before the written
    notice, a second time, for an objection without words, and for a page that shows an older notice.
    """
    with transaction.atomic():
        fresh, notice = _notified(appraisal)
        if fresh.cadre.account_id != actor.pk:
            raise Refused("not_own", _("考核意见由本人签署。"))
        if notice.serial != seen:
            raise Refused("stale", _("通知书已经换发，请刷新后看最新的通知书再签署。"))
        return _opinion(
            fresh,
            notice,
            how=SignedHow.SYSTEM,
            stance=stance,
            text=text,
            signed_on=timezone.localdate(now),
            now=now,
            actor=actor,
        )


def record_opinion(
    *,
    appraisal: Appraisal,
    how: str,
    stance: str,
    text: str,
    signed_on: dt.date,
    witness: str,
    now: dt.datetime,
    today: dt.date,
    actor: Any,
) -> Opinion:
    """本人意见 as HR notes it: signed on paper, refused, or the person could not be reached; with a witness.

    Raises Refused as sign() does, and for a day ahead.
    """
    with transaction.atomic():
        fresh, notice = _notified(appraisal)
        refuse_relatives(fresh, actor, today)
        if not notice.issued_on <= signed_on <= today:
            raise Refused("signed_on", _("日期应在通知书签发以后、今天以前（含当天）。"))
        if not witness.strip():
            raise Refused("no_witness", _("请写明见证人。"))
        if witness.strip() == actor.name:
            raise Refused("own_witness", _("见证人应当是登记人以外的人。"))
        if how != SignedHow.PAPER and stance:
            raise Refused("stance", _("拒绝签署或者无法送达的，没有本人意见，请不要选择同意或者有异议。"))
        if how == SignedHow.PAPER and not stance:
            raise Refused("no_stance", _("请选择本人意见：同意或者有异议。"))
        return _opinion(
            fresh,
            notice,
            how=how,
            stance=stance,
            text=text,
            signed_on=signed_on,
            witness=witness,
            now=now,
            actor=actor,
        )


def _notified(appraisal: Appraisal) -> tuple[Appraisal, IssuedDocument]:
    """The appraisal, locked, with its written notice. Raises Refused where there is none, or an opinion stands."""
    fresh = locked(appraisal)
    notice = papers([fresh], kinds=[NOTICE]).first()
    if not fresh.is_final or notice is None:
        raise Refused("no_notice", _("%(name)s 的考核结果通知书还没有签发。") % {"name": fresh.name})
    if opinions_in_force().filter(appraisal=fresh).exists():
        raise Refused("signed", _("%(name)s 的考核意见已经签署或登记。") % {"name": fresh.name})
    return fresh, notice


def _opinion(
    appraisal: Appraisal,
    notice: IssuedDocument,
    *,
    how: str,
    stance: str,
    text: str,
    signed_on: dt.date,
    witness: str = "",
    now: dt.datetime,
    actor: Any,
) -> Opinion:
    if stance == Stance.DISAGREE and not text.strip():
        raise Refused("no_text", _("有异议的，请写明意见。"))
    appraisal.opinions.filter(superseded_at=None).update(superseded_at=now)  # one on a notice revoked since
    opinion = Opinion.objects.create(
        appraisal=appraisal,
        how=how,
        stance=stance,
        text=text.strip(),
        signed_on=signed_on,
        witness=witness.strip(),
        notice_serial=notice.serial,
        notice_hash=notice.sha256,
        recorded_by=actor,
        recorded_at=now,
    )
    record(Event.SIGNED, target=appraisal, actor=actor, how=how, stance=stance, notice=notice.serial)
    return opinion


def file(
    *,
    appraisals: Iterable[Appraisal],
    cycle: AppraisalCycle,
    today: dt.date,
    actor: Any,
    also_disagreeing: bool = False,
) -> int:
    """归档: of the given people of a final cycle those whose notice, opinion and form (A10) stand; returns how many.

    A year on which the records bear otherwise by now waits until it is corrected or kept. also_disagreeing: who wrote
    有异议 too; such a year is not filed among many, but looked at. Raises Refused when there is nobody to file.
    """
    with transaction.atomic():
        fresh = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
        opinions = opinions_in_force()
        if not also_disagreeing:
            opinions = opinions.exclude(stance=Stance.DISAGREE)
        people = list(
            fresh.appraisals.select_related("cadre")
            .filter(pk__in=[one.pk for one in appraisals])
            .filter(
                filed_on=None,
                reopened_on=None,
                pk__in=opinions.values("appraisal"),
            )
        )
        changed = {row.appraisal.pk for row in affected_of(people, today=today)}
        formed = set(papers(people, kinds=[FORM]).values_list("source_pk", flat=True))
        ready = [one for one in people if fresh.is_final and one.pk in formed and one.pk not in changed]
        if not ready:
            raise Refused(
                "nothing_to_file",
                _(
                    "没有可以归档的：通知书签发、本人意见签署、登记表制作、记录变化处理以后，才能归档；有异议的，逐人归档。"
                ),
            )
        for one in ready:
            one.filed_on, one.filed_by = today, actor
            record(Event.FILED, target=one, actor=actor, on=today.isoformat())
        Appraisal.objects.bulk_update(ready, ["filed_on", "filed_by"], batch_size=200)
    return len(ready)


def reopen(*, appraisal: Appraisal, reason: str, now: dt.datetime, today: dt.date, actor: Any) -> Appraisal:
    """更正: a final result is decided anew, with a reason. Its papers are revoked, its opinion is superseded, and the
    person's row is open for review and decision within the same quota.

    Raises Refused without a reason, before the result is final, and for one that is open already.
    """
    if not reason.strip():
        raise Refused("no_reason", _("请写明更正的原因和依据。"))
    with transaction.atomic():
        fresh = locked(appraisal)
        refuse_relatives(fresh, actor, today)
        if not fresh.is_final or fresh.decided_by is None or fresh.decided_at is None:
            raise Refused("not_final", _("%(name)s 的结果还没有确认，或者正在更正。") % {"name": fresh.name})
        for paper in papers([fresh]):
            revoke(document=paper, reason=reason, actor=actor)
        fresh.opinions.filter(superseded_at=None).update(superseded_at=now)
        Correction.objects.create(
            appraisal=fresh,
            grade=fresh.grade,
            ceiling=fresh.ceiling,
            grounds=fresh.grounds,
            decided_by=fresh.decided_by,
            decided_at=fresh.decided_at,
            filed_on=fresh.filed_on,
            reason=reason.strip(),
            opened_by=actor,
            opened_on=today,
        )
        before = {"grade": fresh.grade, "filed": fresh.is_filed}
        fresh.forget_decision()
        found = outlooks_of([fresh], as_of=today)[fresh.pk]
        if found.treatment is not None and found.treatment != Treatment.UNDETERMINED:
            fresh.take_treatment(found.treatment)
        fresh.filed_on = fresh.filed_by = None
        fresh.reopened_on, fresh.reopened_reason = today, reason.strip()
        fresh.save()
        record(Event.REOPENED, target=fresh, actor=actor, reason=reason, **before)
        _tell(fresh, CORRECTION_OPENED, today)
    return fresh


def publicise_correction(*, appraisal: Appraisal, today: dt.date, actor: Any) -> Appraisal:
    """A corrected 优秀 is publicised inside the organ like any other, for the same days (A6-5). Raises Refused."""
    with transaction.atomic():
        fresh = _correcting(appraisal, actor, today)
        if fresh.grade != Grade.EXCELLENT:
            raise Refused("not_excellent", _("只公示优秀等次。"))
        if fresh.notice_from is not None:
            raise Refused("in_notice", _("%(name)s 的更正结果已经在公示。") % {"name": fresh.name})
        refuse_upheld(fresh)
        fresh.notice_from, fresh.notice_to = today, notice_end(today, unit=fresh.cycle.unit_id)
        fresh.save(update_fields=["notice_from", "notice_to"])
        until = fresh.notice_to.isoformat()
        record(Event.CORRECTION_NOTICED, target=fresh, actor=actor, until=until)
        told = {"unit": fresh.cycle.unit.name, "year": fresh.year, "until": until}
        readers = accounts_of_unit(fresh.cycle.unit, on=today)
        notify(
            to=readers, kind=PUBLIC_NOTICE, context=told, dedupe=f"{PUBLIC_NOTICE}:{fresh.cycle_id}:{fresh.pk}:{today}"
        )
    return fresh


def complete_correction(*, appraisal: Appraisal, today: dt.date, actor: Any) -> Appraisal:
    """The corrected result stands. Raises Refused before it is decided, before a corrected 优秀 has been publicised for
    its full time, and while an objection stands."""
    with transaction.atomic():
        fresh = _correcting(appraisal, actor, today)
        if fresh.grade == Grade.EXCELLENT:
            if fresh.notice_from is None or fresh.notice_to is None:
                raise Refused("not_publicised", _("更正为优秀的，应当先公示（规则 A6-5）。"))
            until = max(fresh.notice_to, notice_end(fresh.notice_from, unit=fresh.cycle.unit_id))
            if today <= until:
                raise Refused(
                    "notice_running", _("公示期到%(day)s为止，期满后才能确认结果。") % {"day": date_format(until)}
                )
            if fresh.objections.filter(outcome="").exists():
                raise Refused("objection", _("有公示异议还没有核实、办结，不能确认结果。"))
            refuse_upheld(fresh)
        if outlooks_of([fresh], as_of=today)[fresh.pk].differs_from(fresh):
            raise Refused("changed", _("%(name)s 的有关记录又有变化，应当重新确定。") % {"name": fresh.name})
        close_correction(fresh, today=today, actor=actor)
        fresh.reopened_on, fresh.reopened_reason = None, ""
        fresh.notice_from = fresh.notice_to = None
        fresh.corrected_on = today
        fresh.save()
        record(Event.CORRECTED, target=fresh, actor=actor, grade=fresh.grade)
        _tell(fresh, CORRECTED, today)
    return fresh


def _tell(appraisal: Appraisal, kind: str, today: dt.date) -> None:
    """The person learns that their result is being corrected, and that it is; the grade stands on the paper only."""
    if appraisal.cadre.account is not None:
        told = {"year": appraisal.year}
        notify(to=appraisal.cadre.account, kind=kind, context=told, dedupe=f"{kind}:{appraisal.pk}:{today}")


def withdraw_correction_notice(*, appraisal: Appraisal, reason: str, today: dt.date, actor: Any) -> Appraisal:
    """Take the public notice of a corrected result back, so that it can be decided anew. Raises Refused."""
    if not reason.strip():
        raise Refused("no_reason", _("请写明撤回公示的原因。"))
    with transaction.atomic():
        fresh = _correcting(appraisal, actor, today)
        if fresh.notice_from is None:
            raise Refused("not_in_notice", _("%(name)s 不在公示中。") % {"name": fresh.name})
        fresh.notice_from = fresh.notice_to = None
        fresh.save(update_fields=["notice_from", "notice_to"])
        record(Event.NOTICE_WITHDRAWN, target=fresh, actor=actor, reason=reason)
    return fresh


def _correcting(appraisal: Appraisal, actor: Any, today: dt.date) -> Appraisal:
    """The appraisal under correction, decided, its cycle's row locked. Raises Refused."""
    fresh = locked(appraisal)
    refuse_relatives(fresh, actor, today)
    if fresh.reopened_on is None:
        raise Refused("not_reopened", _("%(name)s 没有正在进行的更正。") % {"name": fresh.name})
    if not fresh.is_decided:
        raise Refused("undecided", _("%(name)s 还没有重新确定等次。") % {"name": fresh.name})
    return fresh
