"""The pieces that editors compose a text of."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageBlock

from content.enums import Level
from content.numerals import NUMERAL, number

# no headings: a heading is a block of its own, seen by the table of contents; no document links: none are served
RICH_TEXT = ["bold", "ol", "ul", "hr", "link", "blockquote"]
ARTICLE_NUMBER = re.compile(f"第({NUMERAL})条(?:之({NUMERAL}))?")


class ArticleValue(blocks.StructValue):
    """An article as templates ask it."""

    @property
    def anchor(self) -> str:
        """第十二条 → art-12; 第一百二十条之一 → art-120-1."""
        match = ARTICLE_NUMBER.fullmatch(self["number"])
        if match is None:
            return ""
        return "-".join(["art", *(str(number(numeral)) for numeral in match.groups() if numeral)])

    @property
    def paragraphs(self) -> list[str]:
        """The article's paragraphs and items, each line one."""
        return [line.strip() for line in self["text"].splitlines() if line.strip()]


class HeadingBlock(blocks.StructBlock):
    level = blocks.ChoiceBlock(choices=Level.choices, default=Level.CHAPTER, label=_("层级"))
    number = blocks.CharBlock(
        required=False, max_length=20, label=_("序号"), help_text=_("如：第二章。没有序号可不填。")
    )
    title = blocks.CharBlock(max_length=100, label=_("标题"))

    class Meta:
        icon = "title"
        label = _("章节标题")
        label_format = "{number} {title}"


class ArticleBlock(blocks.StructBlock):
    number = blocks.CharBlock(
        max_length=30, label=_("条号"), help_text=_("用汉字写，如：第十二条。试题和课程按条号引用。")
    )
    text = blocks.TextBlock(rows=4, label=_("条文"), help_text=_("每款、每项另起一行。"))

    class Meta:
        icon = "list-ol"
        label = _("条文")
        label_format = "{number}"
        value_class = ArticleValue

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        if result["number"] and not ARTICLE_NUMBER.fullmatch(result["number"]):  # empty only in a draft
            raise blocks.StructBlockValidationError(
                block_errors={"number": ValidationError(_("条号写作第…条，用汉字数字，例如第十二条。"))}
            )
        return result


class ParagraphBlock(blocks.TextBlock):
    class Meta:
        icon = "pilcrow"
        label = _("段落")


class FormattedTextBlock(blocks.RichTextBlock):
    class Meta:
        icon = "doc-full"
        label = _("格式文本")


class PictureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("图片"))
    caption = blocks.CharBlock(required=False, max_length=200, label=_("图注"))

    class Meta:
        icon = "image"
        label = _("图片")


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(rows=3, label=_("引文"))
    attribution = blocks.CharBlock(required=False, max_length=100, label=_("出处"))

    class Meta:
        icon = "openquote"
        label = _("引用")


class TableBlock(TypedTableBlock):
    """A head, and rows of plain text."""

    text = blocks.CharBlock(required=False, label=_("文字列"))

    class Meta:
        label = _("表格")
        help_text = _("第一行是表头，每列写一个列名。表格标题写明这张表说的是什么。")


class MaterialBody(blocks.StreamBlock):
    heading = HeadingBlock()
    article = ArticleBlock()
    paragraph = ParagraphBlock()
    formatted_text = FormattedTextBlock(features=RICH_TEXT)
    picture = PictureBlock()
    table = TableBlock()

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        seen: set[str] = set()
        repeated = {}
        for position, block in enumerate(result):
            if block.block_type == "article" and block.value.anchor:
                if block.value.anchor in seen:
                    repeated[position] = ValidationError(_("条号重复：每条在正文里只出现一次。"))
                seen.add(block.value.anchor)
        if repeated:
            raise blocks.StreamBlockValidationError(block_errors=repeated)
        return result


class NewsBody(blocks.StreamBlock):
    formatted_text = FormattedTextBlock(features=RICH_TEXT)
    picture = PictureBlock()
    quote = QuoteBlock()
    table = TableBlock()
