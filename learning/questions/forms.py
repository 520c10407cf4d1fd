"""A question written by hand, read and checked as the import reads one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learning.questions.enums import Kind
from learning.questions.models import QuestionVersion
from learning.questions.rules import LETTERS, LONGEST_STEM, SMALLEST_MARKS, Draft
from learning.questions.sheets import OPTIONS, read_question


class QuestionForm(forms.Form):
    """draft: the question, once the form is valid."""

    draft: Draft

    kind = forms.ChoiceField(label=_("题型"), choices=Kind.choices)
    stem = forms.CharField(label=_("题干"), max_length=LONGEST_STEM, widget=forms.Textarea(attrs={"rows": 4}))
    options = forms.CharField(
        label=_("选项"),
        help_text=_("每行一个，第一行是 A。判断题不填时，选项是“正确”和“错误”。"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    key = forms.CharField(label=_("正确答案"), help_text=_("选项字母，如 A；多选题连写，如 ABD。"), max_length=20)
    marks = forms.DecimalField(label=_("分值"), initial=1, min_value=SMALLEST_MARKS, max_value=100, decimal_places=2)
    topic = forms.CharField(label=_("知识点"), required=False, max_length=100)
    source = forms.CharField(
        label=_("来源"), help_text=_("写到条，如“机关事务管理条例第十条”。"), required=False, max_length=255
    )
    explanation = forms.CharField(label=_("解析"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    @staticmethod
    def written(version: QuestionVersion) -> dict[str, Any]:
        """A version as the fields have it; a line break within an option becomes a space, as one is no new option."""
        return {
            "kind": version.kind,
            "stem": version.stem,
            "options": "\n".join(" ".join(option.split()) for option in version.options),
            "key": "".join(version.key),
            "marks": f"{version.marks.normalize():f}",
            "topic": version.topic,
            "source": version.source,
            "explanation": version.explanation,
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        lines = [line.strip() for line in data["options"].strip().splitlines()]
        if len(lines) > len(OPTIONS):
            self.add_error("options", _("选项最多 %(most)s 个。") % {"most": len(LETTERS)})
            return data
        cells = {
            **dict(zip(OPTIONS, lines, strict=False)),
            **{name: data[name] for name in ("stem", "key", "topic", "source", "explanation")},
            "kind": data["kind"],
            "marks": str(data["marks"]),
        }
        self.draft, problems = read_question(cells)
        for problem in problems:
            self.add_error(None, problem)
        return data
