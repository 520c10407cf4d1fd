"""Forms of the wizard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from foundation.exchange.queries import Heading, missing_columns
from foundation.exchange.reading import MOST_BYTES
from foundation.offers.lists import KeptList
from foundation.offers.types import FileScreen, Importer

LEFT_OUT = ""


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("文件"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": _("请选择一个文件。"),
            "empty": _("文件是空的，请选择另一个。"),
            "invalid": _("文件没有传上来，请再选一次。"),
            "missing": _("请选择一个文件。"),
        },
        help_text=format_lazy(
            _("Excel 工作簿（.xlsx）或 CSV，不超过 {most} MB。只是检查，确认之前不会写入任何内容。"),
            most=MOST_BYTES // 2**20,
        ),
    )


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; cleaned to a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list) else [data]
        if empty := [one.name for one in given if one and not one.size]:  # Django's own word names none of them
            raise forms.ValidationError(_("“%(names)s”是空的，请去掉或换一个文件。") % {"names": "”“".join(empty)})
        return [super(FilesField, self).clean(one, initial) for one in (given or [None])]


class ParcelForm(forms.Form):
    """Files for an importer, and its arguments in words."""

    sent = FilesField(
        label=_("文件"),
        error_messages={
            "required": _("请选择一个文件。"),
            "invalid": _("文件没有传上来，请再选一次。"),
            "missing": _("请选择一个文件。"),
        },
    )

    def __init__(self, *args: Any, screen: FileScreen, importer: Importer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.screen = screen
        self.fields["sent"].widget.attrs["accept"] = ",".join(screen.endings)
        self.fields["sent"].widget.attrs["multiple"] = screen.most > 1
        self.fields["sent"].help_text = screen.help
        for name, (label, help_text) in screen.labels.items():
            _help, required = importer.arguments[name]
            self.fields[name] = forms.CharField(label=label, help_text=help_text, max_length=100, required=required)
        self.known = {name: suggest() for name, suggest in screen.suggest.items()}

    def clean_sent(self) -> list[Any]:
        """No more than are taken at once."""
        files: list[Any] = self.cleaned_data["sent"]
        if len(files) > self.screen.most:
            raise forms.ValidationError(_("一次最多 %(most)s 个文件。") % {"most": self.screen.most})
        return files

    @property
    def arguments(self) -> dict[str, str]:
        """What was said, for the importer."""
        return {name: self.cleaned_data[name] for name in self.screen.labels}

    @property
    def questions(self) -> list[tuple[forms.BoundField, list[str]]]:
        """The fields after the files, each with the values that are known for it."""
        return [(self[name], self.known.get(name, [])) for name in self.screen.labels]


class HeadingsForm(forms.Form):
    """For each heading of the file the column that it is; a heading stands in a field named by its place."""

    def __init__(self, *args: Any, kept: KeptList, headings: Sequence[Heading], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        self.headings = headings
        self.titles = {column.name: column.headings[0] for column in kept.columns if not column.ignored}
        ignored = {column.name for column in kept.columns if column.ignored}
        for place, heading in enumerate(headings):
            self.fields[f"h{place}"] = forms.ChoiceField(
                label=heading.written,
                choices=[(LEFT_OUT, _("不导入")), *self.titles.items()],
                initial=LEFT_OUT if heading.column in ignored else heading.column,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Each column once, and the needed ones there."""
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for place, heading in enumerate(self.headings):
            column = cleaned.get(f"h{place}")
            if column and column in seen:
                words = {"column": self.titles[column], "other": seen[column]}
                self.add_error(f"h{place}", _("“%(column)s”已经对应“%(other)s”，一列只能对应一次。") % words)
            elif column:
                seen[column] = heading.written
        for missing in missing_columns(self.kept, seen):
            self.add_error(None, _("还没有哪一列对应“%(column)s”，这一列必须有。") % {"column": missing.headings[0]})
        return cleaned

    @property
    def rows(self) -> list[tuple[Heading, forms.BoundField]]:
        """Each heading with its field."""
        return [(heading, self[f"h{place}"]) for place, heading in enumerate(self.headings)]

    @property
    def chosen(self) -> dict[str, str]:
        """What was said of headings and differs from what is known, or was not known at all."""
        said = {heading.plain: self.cleaned_data[f"h{place}"] for place, heading in enumerate(self.headings)}
        ignored = {column.name for column in self.kept.columns if column.ignored}
        return {
            heading.plain: said[heading.plain]
            for heading in self.headings
            if heading.is_unknown or said[heading.plain] != (LEFT_OUT if heading.column in ignored else heading.column)
        }
