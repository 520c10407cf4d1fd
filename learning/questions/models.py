"""Question banks. A question's identity stays; its wording is a version that never changes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learning.questions.enums import Kind
from learning.questions.rules import SMALLEST_MARKS


class Bank(models.Model):
    """题库."""

    name = models.CharField(_("名称"), max_length=100, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("创建人")
    )
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("题库")
        verbose_name_plural = _("题库")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """The identity of a question in a bank. fingerprint: of its newest version; a bank holds it once. A withdrawn one
    is drawn no more; it stays, for papers hang on it, and an import does not bring it back."""

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="questions", verbose_name=_("题库"))
    fingerprint = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(_("停用时间"), null=True, editable=False)

    class Meta:
        verbose_name = _("题目")
        verbose_name_plural = _("题目")
        constraints = [models.UniqueConstraint(fields=["bank", "fingerprint"], name="questions_question_once")]

    def __str__(self) -> str:
        return f"{self.bank} {self.pk}"


class QuestionVersion(models.Model):
    """A question's wording, key and marks as they stood when somebody could be examined with them."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    kind = models.CharField(_("题型"), max_length=16, choices=Kind.choices)
    stem = models.TextField(_("题干"))
    options = models.JSONField(_("选项"), help_text="list of texts, the first is A")
    key = models.JSONField(_("正确答案"), help_text="sorted list of letters")
    marks = models.DecimalField(_("分值"), max_digits=5, decimal_places=2)
    explanation = models.TextField(_("解析"), blank=True)
    source = models.CharField(_("来源"), max_length=255, blank=True)
    topic = models.CharField(_("知识点"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("题目版本")
        verbose_name_plural = _("题目版本")
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="questions_version_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="questions_version_kind"),
            models.CheckConstraint(condition=Q(marks__gte=SMALLEST_MARKS), name="questions_version_marks"),
        ]

    def __str__(self) -> str:
        return self.stem[:60]
