"""The public notice of 优秀 and the confirmation of the results after it (rules.md A6-5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment.appraisals.enums import Event, Stage
from assessment.appraisals.guards import refuse_upheld
from assessment.appraisals.models import AppraisalCycle
from assessment.appraisals.notice_kinds import PUBLIC_NOTICE
from assessment.appraisals.parameters import NOTICE_DAYS
from assessment.appraisals.queries import accounts_of_unit, left_out, standing
from assessment.appraisals.records import outlooks_of
from foundation.audit.record import record
from foundation.notices.actions import notify
from foundation.offers.types import Refused
from foundation.people.queries import kept_apart
from foundation.rulebook.queries import parameter
from foundation.rulebook.workdays import add_working_days


def start_notice(*, cycle: AppraisalCycle, actor: Any, today: dt.date) -> AppraisalCycle:
    """Begin the public notice of 优秀 inside the organ, for at least five working days (rules.md A6-5).

    The first day counted is the day after the notice goes up. Raises Refused while somebody is undecided, or left out
    whom the rules appraise here.
    """
    with transaction.atomic():
        fresh = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
        if not fresh.is_open:
            raise Refused("not_open", _("%(cycle)s 不在确定等次阶段。") % {"cycle": fresh})
        counts = standing(fresh)
        if not counts.is_decided:
            left = counts.people - counts.decided
            raise Refused("undecided", _("还有 %(n)s 人没有确定等次，不能公示。") % {"n": left})
        if counts.excellent > counts.quota:
            raise Refused(
                "quota_short",
                _("优秀 %(n)s 人，超过名额 %(quota)s 人，不能公示（规则 A5）。")
                % {"n": counts.excellent, "quota": counts.quota},
            )
        _refuse_changed(fresh, actor, today)
        refuse_upheld(fresh)
        if missing := left_out(fresh, today):
            apart = kept_apart(actor, today)
            names = "、".join([state.cadre.name for state in missing if state.cadre_id not in apart][:5])
            raise Refused(
                "left_out",
                _("%(names)s应当参加本次考核，还没有列入，不能公示。") % {"names": names or _("有人员")},
            )
        fresh.stage = Stage.PUBLIC_NOTICE
        fresh.notice_from = today
        fresh.notice_to = notice_end(today, unit=fresh.unit_id)
        fresh.save(update_fields=["stage", "notice_from", "notice_to"])
        until = fresh.notice_to.isoformat()
        record(Event.NOTICE_STARTED, target=fresh, actor=actor, until=until)
        told = {"unit": fresh.unit.name, "year": fresh.year, "until": until}
        readers = accounts_of_unit(fresh.unit, on=today)
        notify(to=readers, kind=PUBLIC_NOTICE, context=told, dedupe=f"{PUBLIC_NOTICE}:{fresh.pk}:{today}")
    return fresh


def notice_end(began: dt.date, *, unit: int) -> dt.date:
    """The last day of a public notice, as far as holidays are published (A6-5)."""
    return add_working_days(began, parameter(NOTICE_DAYS, on=began, unit=unit)).day


def _refuse_changed(cycle: AppraisalCycle, actor: Any, today: dt.date) -> None:
    """Decisions stand on the records of their day; where these say something else by now, they are made again. Nobody
    is told the names of those whom they avoid in office."""
    people = list(cycle.appraisals.select_related("cadre"))
    found = outlooks_of(people, as_of=today)
    changed = [one for one in people if found[one.pk].differs_from(one)]
    if changed:
        apart = kept_apart(actor, today)
        names = "、".join([one.name for one in changed if one.cadre_id not in apart][:5])
        raise Refused(
            "changed",
            _("确定等次以后，%(names)s的有关记录有变化，应当先重新确定，再公示。") % {"names": names or _("有人员")},
        )


def withdraw_notice(*, cycle: AppraisalCycle, reason: str, now: dt.datetime, actor: Any) -> AppraisalCycle:
    """Take the public notice back: grades may be decided anew, and a new notice runs its full time.

    Raises Refused without a reason, outside the notice, and for whom an objection concerns.
    """
    if not reason:
        raise Refused("no_reason", _("请写明撤回公示的原因。"))
    with transaction.atomic():
        fresh = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
        if fresh.stage != Stage.PUBLIC_NOTICE:
            raise Refused("not_in_notice", _("%(cycle)s 不在公示中。") % {"cycle": fresh})
        _refuse_concerned(fresh, actor, timezone.localdate(now))
        fresh.stage = Stage.OPEN
        fresh.notice_from = fresh.notice_to = None
        fresh.save(update_fields=["stage", "notice_from", "notice_to"])
        record(Event.NOTICE_WITHDRAWN, target=fresh, actor=actor, reason=reason)
    return fresh


def finalise(*, cycle: AppraisalCycle, actor: Any, today: dt.date) -> AppraisalCycle:
    """Confirm the results after the public notice; only then may documents be issued.

    Raises Refused before the last day of the notice has passed, while an objection stands, and where a decision does
    not fit the records any more.
    """
    with transaction.atomic():
        fresh = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
        if fresh.notice_from is None or fresh.notice_to is None:
            raise Refused("not_in_notice", _("%(cycle)s 不在公示中。") % {"cycle": fresh})
        # counted again: the year's holidays may have been published since the notice went up
        until = max(fresh.notice_to, notice_end(fresh.notice_from, unit=fresh.unit_id))
        if fresh.stage != Stage.PUBLIC_NOTICE or today <= until:
            raise Refused(
                "notice_running", _("公示期到%(day)s为止，期满后才能确认结果。") % {"day": date_format(until)}
            )
        _refuse_concerned(fresh, actor, today)
        if fresh.objections.filter(outcome="").exists():
            raise Refused("objection", _("有公示异议还没有核实、办结，不能确认结果。"))
        refuse_upheld(fresh)
        _refuse_changed(fresh, actor, today)
        fresh.stage = Stage.FINAL
        fresh.finalised_on = today
        fresh.save(update_fields=["stage", "finalised_on"])
        record(Event.FINALISED, target=fresh, actor=actor)
    return fresh


def _refuse_concerned(cycle: AppraisalCycle, actor: Any, today: dt.date) -> None:
    """Nobody withdraws or confirms where an objection concerns themself, or whom they avoid in office."""
    if cycle.objections.filter(appraisal__cadre__in=kept_apart(actor, today)).exists():
        raise Refused("avoidance", _("公示所涉人员与你有回避关系，请由其他人事人员办理。"))
