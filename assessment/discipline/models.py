"""Investigations and decided actions, as the discipline office keeps them: written once, never deleted (rules.md B5).

A case is closed once, a record is voided once; the database refuses every other change (written_once.py). A closed
case's outcome is voided by a row of its own.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.discipline.enums import NO_SANCTION, OUTCOMES, Action
from foundation.people.models import Cadre


class DisciplineCase(models.Model):
    """立案审查调查. outcome: NO_SANCTION or the code of the action that it ended with; empty while it is open."""

    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="discipline_cases", verbose_name=_("干部"))
    opened = models.DateField(_("立案日期"))
    reference = models.CharField(_("立案文号"), max_length=100)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("登记时间"))
    closed = models.DateField(_("结案日期"), null=True)
    outcome = models.CharField(_("结案结果"), max_length=32, choices=OUTCOMES, blank=True)
    closing_reference = models.CharField(_("结案文号"), max_length=100, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("结案登记时间"), null=True)

    class Meta:
        verbose_name = _("立案")
        verbose_name_plural = _("立案")
        ordering = ["-opened", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed=None, outcome="", closing_reference="", closed_by=None, closed_at=None)
                | Q(
                    closed__gte=F("opened"),
                    outcome__in=[word for word, _label in OUTCOMES],
                    closed_by__isnull=False,
                    closed_at__isnull=False,
                ),
                name="discipline_case_closed",
            ),
            models.UniqueConstraint(
                fields=["cadre", "opened"], condition=Q(closed=None), name="discipline_case_open_once"
            ),
        ]

    def __str__(self) -> str:
        # the audit trail keeps this name: it does not say whom the case is about (B5-4)
        return _("立案第 %(number)s 号") % {"number": self.pk}

    @property
    def is_closed(self) -> bool:
        return self.closed is not None

    @property
    def voided_on(self) -> dt.date | None:
        """The day from which the outcome does not count any more."""
        voiding: OutcomeVoiding | None = getattr(self, "voiding", None)
        return None if voiding is None else voiding.voided_on

    @property
    def has_sanction(self) -> bool:
        """Whether it ended with an action that counts from the day of closing."""
        return self.outcome not in {"", NO_SANCTION}


class OutcomeVoiding(models.Model):
    """The new decision by which a closed case's outcome does not count any more (B5-2), where no record of the
    action stands that could be voided instead."""

    case = models.OneToOneField(
        DisciplineCase, on_delete=models.PROTECT, related_name="voiding", verbose_name=_("立案")
    )
    voided_on = models.DateField(_("撤销日期"))
    document = models.CharField(_("撤销决定文号"), max_length=100)
    reason = models.CharField(_("撤销原因"), max_length=500)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(_("撤销登记时间"))

    class Meta:
        verbose_name = _("结案结果撤销")
        verbose_name_plural = _("结案结果撤销")
        constraints = [
            models.CheckConstraint(condition=~Q(document="") & ~Q(reason=""), name="discipline_voiding_whole"),
        ]

    def __str__(self) -> str:
        return str(self.case)


class DisciplineRecord(models.Model):
    """An action of B4 or B4b as its decision says. voided_on: the day from which it does not count any more (B5-2)."""

    cadre = models.ForeignKey(
        Cadre, on_delete=models.PROTECT, related_name="discipline_records", verbose_name=_("干部")
    )
    code = models.CharField(_("处分或处理"), max_length=32, choices=Action.choices)
    effective = models.DateField(_("生效日期"))
    organ = models.CharField(_("决定机关"), max_length=100)
    document = models.CharField(_("决定文号"), max_length=100)
    basis = models.CharField(_("依据"), max_length=500)
    case = models.ForeignKey(
        DisciplineCase, on_delete=models.PROTECT, null=True, related_name="records", verbose_name=_("所属立案")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))
    voided_on = models.DateField(_("撤销日期"), null=True)
    voided_document = models.CharField(_("撤销决定文号"), max_length=100, blank=True)
    voided_reason = models.CharField(_("撤销原因"), max_length=500, blank=True)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(_("撤销登记时间"), null=True)

    class Meta:
        verbose_name = _("处分处理")
        verbose_name_plural = _("处分处理")
        ordering = ["-effective", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(code__in=Action.values), name="discipline_record_code"),
            models.CheckConstraint(
                condition=Q(voided_on=None, voided_document="", voided_reason="", voided_by=None, voided_at=None)
                | Q(voided_on__gte=F("effective"), voided_by__isnull=False, voided_at__isnull=False)
                & ~Q(voided_document="")
                & ~Q(voided_reason=""),
                name="discipline_record_voided",
            ),
            models.UniqueConstraint(
                fields=["cadre", "code", "effective"], condition=Q(voided_on=None), name="discipline_record_once"
            ),
        ]

    def __str__(self) -> str:
        return _("处分处理第 %(number)s 号") % {"number": self.pk}

    @property
    def is_voided(self) -> bool:
        return self.voided_on is not None
