"""Kinds of question and audit events of the banks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """题型: what the engine can draw and mark today."""

    SINGLE = "single", _("单选题")
    MULTIPLE = "multiple", _("多选题")
    TRUE_FALSE = "true_false", _("判断题")


class Event(TextChoices):
    BANK_CREATED = "bank.created", _("新建题库")
    BANK_RENAMED = "bank.renamed", _("题库改名")
    IMPORTED = "questions.imported", _("导入题目")
    ADDED = "question.added", _("新增题目")
    REVISED = "question.revised", _("修订题目")
    WITHDRAWN = "question.withdrawn", _("停用题目")
    RESTORED = "question.restored", _("恢复题目")
    EXPORTED = "questions.exported", _("导出题库")
