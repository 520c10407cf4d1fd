"""Exams, sittings and the log of answers: the one engine for quizzes, examinations and test-outs."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.people.models import Cadre
from learning.exams import rules
from learning.exams.enums import MARKED, OPEN, MultipleMarking, State
from learning.questions.models import Bank, QuestionVersion


class Exam(models.Model):
    """What is asked and by which rules. Each sitting draws its questions at random from the bank."""

    title = models.CharField(_("名称"), max_length=100)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="exams", verbose_name=_("题库"))
    question_count = models.PositiveSmallIntegerField(
        _("题量"),
        validators=[MinValueValidator(1), MaxValueValidator(200)],
        help_text=_("每次作答从题库随机抽取的题数。"),
    )
    minutes = models.PositiveSmallIntegerField(
        _("时长（分钟）"), validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    pass_percent = models.PositiveSmallIntegerField(
        _("合格线（百分制）"),
        default=60,
        validators=[MaxValueValidator(100)],
        help_text=_("得分占总分的百分比，达到即为合格。"),
    )
    max_attempts = models.PositiveSmallIntegerField(
        _("作答次数"), default=3, validators=[MinValueValidator(1)], help_text=_("每人最多可以作答几次。")
    )
    multiple_marking = models.CharField(
        _("多选题计分"), max_length=16, choices=MultipleMarking.choices, default=MultipleMarking.ALL_OR_NOTHING
    )
    grace_seconds = models.PositiveSmallIntegerField(
        _("宽限（秒）"),
        default=0,
        validators=[MaxValueValidator(600)],
        help_text=_("截止后这么多秒内送达的答案仍然计分；0 表示不宽限。"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("创建人")
    )

    class Meta:
        verbose_name = _("考试")
        verbose_name_plural = _("考试")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(multiple_marking__in=MultipleMarking.values), name="exams_exam_multiple_marking"
            ),
            models.CheckConstraint(
                condition=Q(question_count__gte=1, minutes__gte=1, max_attempts__gte=1), name="exams_exam_positive"
            ),
            models.CheckConstraint(condition=Q(pass_percent__lte=100), name="exams_exam_pass_percent"),
        ]

    def __str__(self) -> str:
        return self.title


class Sitting(models.Model):
    """One candidate's attempt, with its questions, their options' order, its deadline and its rules frozen.

    The source is what the attempt is for (a course's enrolment); it stands in a room above, so it is named by label
    and number. return_url: where the candidate goes after handing in. token: names the sitting in the browser's
    journal; unlike the number it is never given twice, not even after a restore.
    """

    exam = models.ForeignKey(Exam, on_delete=models.PROTECT, related_name="sittings")
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="sittings")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source_label = models.CharField(max_length=64)
    source_pk = models.BigIntegerField()
    source_name = models.CharField(max_length=255)
    return_url = models.CharField(max_length=200)
    number = models.PositiveSmallIntegerField(_("第几次"))
    state = models.CharField(_("状态"), max_length=16, choices=State.choices)
    epoch = models.PositiveIntegerField(default=0, help_text="how often the paper was opened; the newest page leads")
    started_at = models.DateTimeField(_("开始时间"), null=True)
    deadline = models.DateTimeField(_("截止时间"), null=True)
    submitted_at = models.DateTimeField(_("交卷时间"), null=True)
    score = models.DecimalField(_("得分"), max_digits=7, decimal_places=2, null=True)
    max_score = models.DecimalField(_("总分"), max_digits=7, decimal_places=2, null=True)
    pass_percent = models.PositiveSmallIntegerField(_("合格线"))
    multiple_marking = models.CharField(_("多选题计分"), max_length=16, choices=MultipleMarking.choices)
    grace_seconds = models.PositiveSmallIntegerField(_("宽限（秒）"))
    is_passed = models.BooleanField(_("合格"), null=True)
    receipt = models.CharField(_("回执"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("作答")
        verbose_name_plural = _("作答")
        indexes = [models.Index(fields=["state", "deadline"], name="exams_sitting_overdue")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="exams_sitting_state"),
            models.CheckConstraint(
                condition=Q(multiple_marking__in=MultipleMarking.values), name="exams_sitting_multiple_marking"
            ),
            models.UniqueConstraint(
                fields=["exam", "cadre", "source_label", "source_pk", "number"], name="exams_sitting_number"
            ),
            models.UniqueConstraint(
                fields=["exam", "cadre", "source_label", "source_pk"],
                condition=Q(state__in=OPEN),
                name="exams_sitting_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state=State.PREPARED) | Q(started_at__isnull=False, deadline__gt=F("started_at")),
                name="exams_sitting_started",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*OPEN, State.VOIDED]) | Q(submitted_at__isnull=False),
                name="exams_sitting_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=MARKED)
                | Q(score__gte=0, score__lte=F("max_score"), is_passed__isnull=False) & ~Q(receipt=""),
                name="exams_sitting_marked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam} {self.cadre}"

    @property
    def is_in_progress(self) -> bool:
        """Whether the candidate is answering."""
        return self.state == State.IN_PROGRESS

    @property
    def is_released(self) -> bool:
        """Whether the candidate may see the result."""
        return self.state == State.RELEASED

    @property
    def percent(self) -> float:
        """The score out of a hundred, rounded down to one place so that it never looks like a pass it is not."""
        assert self.score is not None and self.max_score
        return int(rules.percent(self.score, self.max_score) * 10) / 10

    @property
    def last_moment(self) -> dt.datetime:
        """Until when an answer counts."""
        return rules.last_moment(self._deadline, self.grace_seconds)

    def is_collecting(self, now: dt.datetime) -> bool:
        """Whether its time is up and it is about to be handed in (正在收卷): nobody answers any more."""
        return self.is_in_progress and now > self._deadline

    def is_overdue(self, now: dt.datetime) -> bool:
        """Whether the clock may hand it in: its time is up, and every answer that came in time has been stored."""
        return self.is_in_progress and now > self.last_moment + rules.COLLECT_AFTER

    def seconds_left(self, now: dt.datetime) -> float:
        """Seconds until the deadline; never negative."""
        return max(0.0, (self._deadline - now).total_seconds())

    @property
    def _deadline(self) -> dt.datetime:
        assert self.deadline is not None  # the database holds this for every started sitting
        return self.deadline


class SittingSlot(models.Model):
    """A numbered place of the paper. Answers are in the letters shown; option_order holds the bank's letters."""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT)
    option_order = models.JSONField()
    marks = models.DecimalField(max_digits=5, decimal_places=2)
    answer = models.JSONField(null=True, help_text="the letters that counted, once marked")
    awarded = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("考题")
        verbose_name_plural = _("考题")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "number"], name="exams_slot_once"),
            models.CheckConstraint(
                condition=Q(awarded=None) | Q(awarded__gte=0, awarded__lte=F("marks")), name="exams_slot_awarded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting} {self.number}"

    @property
    def shown_options(self) -> list[str]:
        """The options' texts in the order shown."""
        texts = dict(zip(rules.LETTERS, self.version.options, strict=False))
        return [texts[letter] for letter in self.option_order]

    @property
    def shown_key(self) -> tuple[str, ...]:
        """The key in the letters shown."""
        return rules.shown_key(self.version.key, self.option_order)


class Step(models.Model):
    """An answer as it came in, or (client_seq 0) as a page was opened with it.

    Autosave is history: nothing is overwritten, the newest of a slot counts.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="steps")
    epoch = models.PositiveIntegerField()
    slot = models.PositiveSmallIntegerField()
    client_seq = models.PositiveIntegerField()
    answer = models.JSONField()
    received_at = models.DateTimeField()  # of one carried over: when the answer first came in
    is_late = models.BooleanField(help_text="after the deadline or after handing in")

    class Meta:
        verbose_name = _("作答记录")
        verbose_name_plural = _("作答记录")
        constraints = [
            models.UniqueConstraint(fields=["sitting", "epoch", "slot", "client_seq"], name="exams_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.slot} {self.answer}"
