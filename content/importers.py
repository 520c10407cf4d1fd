"""bin/manage import materials: one text, or all texts of a folder."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content import statutes
from content.actions import import_material, plant_site
from content.enums import ColumnKind
from content.models import ColumnPage, StudyMaterialPage
from foundation.offers.types import FileScreen, Importer, Refused, Unreadable
from foundation.people.enums import Role
from foundation.people.models import Unit
from foundation.people.scope import has_role

LARGEST = 2 * 1024 * 1024
ENDINGS = {".md", ".txt"}
ENCODINGS = ("utf-8-sig", "gb18030")  # the second is what Chinese Windows saves


def run(
    path: Path, *, dry_run: bool, actor: Any, title: str | None = None, source: str | None = None
) -> tuple[dict[str, Any], bool]:
    """Import texts as study materials, all or none of them; the page's address is the file's name.

    Problems concern whole files: row 0, and the file as their column.
    """
    files = _files(path)
    if title and len(files) > 1:
        raise Unreadable(_("标题只能给一个文件，不能给整个文件夹。"))
    counts = {"new": 0, "changed": 0, "unchanged": 0, "bad": 0}
    problems: list[dict[str, Any]] = []
    taken: dict[str, str] = {}
    with transaction.atomic():
        plant_site(office=_office(), actor=actor)
        for file in files:
            slug = slugify(file.stem, allow_unicode=True)
            try:
                if slug in taken:
                    raise Refused("slug_taken", _("与 %(file)s 的网址相同，请改名。") % {"file": taken[slug]})
                taken[slug] = file.name
                text = _read(file)
                facts = {"title": title or file.stem, "slug": slug, "source": source or "", "actor": actor}
                outcome, page = _import(text, **facts)
                counts[outcome] += 1
                problems += _doubts(file, text, title)
                problems += _twins(file, page)
            except (Refused, Unreadable) as refusal:
                if isinstance(refusal, Unreadable) and file == path:
                    raise
                counts["bad"] += 1
                problems.append(_problem(file, str(refusal), "bad"))
        if counts["bad"] or dry_run:
            transaction.set_rollback(True)
    return {**counts, "problems": problems}, not counts["bad"]


def _import(text: str, *, slug: str, **facts: Any) -> tuple[str, StudyMaterialPage]:
    """Import one text; the answer is what became of it (new, changed or unchanged), and its page."""
    before = StudyMaterialPage.objects.filter(slug=slug).values_list("latest_revision", flat=True).first()
    page = import_material(text=text, slug=slug, **facts)
    if before is None:
        return "new", page
    return ("unchanged" if page.latest_revision_id == before else "changed"), page


def _doubts(file: Path, text: str, title: str | None) -> Iterator[dict[str, Any]]:
    """What a person should look at although the text was taken."""
    statute = statutes.parse(text)
    if not (statute.title or title):
        yield _problem(file, _("文中没有标题，以文件名为标题；要用别的标题，请在第一行写“# 标题”。"), "warning")
    if missing := statute.missing():
        numbers = "、".join(map(str, missing[:10]))
        yield _problem(file, _("条号不连续，缺第 %(numbers)s 条。") % {"numbers": numbers}, "warning")


def _twins(file: Path, page: StudyMaterialPage) -> Iterator[dict[str, Any]]:
    """Another page of the same title, most likely the same text under another file name."""
    for slug in StudyMaterialPage.objects.filter(title=page.title).exclude(pk=page.pk).values_list("slug", flat=True):
        words = {"title": page.title, "slug": slug}
        yield _problem(file, _("已有同名资料《%(title)s》（网址 %(slug)s），请核对。") % words, "warning")


def _problem(file: Path, what: str, level: str) -> dict[str, Any]:
    return {"row": 0, "column": file.name, "what": what, "level": level}


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise Unreadable(_("没有找到文件或文件夹：%(path)s") % {"path": path})
    files = sorted(file for file in path.iterdir() if file.is_file() and file.suffix.lower() in ENDINGS)
    if not files:
        raise Unreadable(_("文件夹里没有 .md 或 .txt 文件：%(path)s") % {"path": path})
    return files


def _read(file: Path) -> str:
    """The file's text. Raises Unreadable with a sentence where it is too large or no text."""
    try:
        if file.stat().st_size > LARGEST:
            raise Unreadable(_("文件超过 2 MB，不像一份学习资料。"))
        data = file.read_bytes()
    except OSError as error:
        raise Unreadable(_("文件打不开：%(reason)s") % {"reason": error.strerror}) from error
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(sign) == "Cc" and not sign.isspace() for sign in text):
            return text
    raise Unreadable(_("不是文本文件。Word 文档请另存为纯文本（UTF-8）再导入。"))


def _office() -> str:
    return Unit.objects.filter(depth=1).values_list("name", flat=True).first() or settings.ZHIXING_TITLE


def unreadable(sentence: str) -> dict[str, Any]:
    """The answer for what is no text."""
    problem = {"row": 0, "column": "", "what": sentence, "level": "bad"}
    return {"new": 0, "changed": 0, "unchanged": 0, "bad": 1, "problems": [problem]}


def _column_url(**_arguments: str) -> str:
    """Where editors find what was imported."""
    return reverse("wagtailadmin_explore", args=[ColumnPage.objects.get(kind=ColumnKind.MATERIALS).pk])


SCREEN = FileScreen(
    title=gettext_lazy("学习资料"),
    help=gettext_lazy(
        "法规、文件、文章的 Markdown 或纯文本（.md、.txt），一次最多 50 个，每个不超过 2 MB。第一行写标题；"
        "章、节、条自动识别，生成目录和每条的链接。文件名相同的是同一份资料，再导入就是更新。"
    ),
    may_use=lambda account: has_role(account, Role.EDITOR),
    endings=tuple(sorted(ENDINGS)),
    most=50,
    labels={"source": (gettext_lazy("来源"), gettext_lazy("制定机关或出处；不填则取文中写明的制定机关。"))},
    counts={
        "new": gettext_lazy("新增"),
        "changed": gettext_lazy("有变化"),
        "unchanged": gettext_lazy("没有变化"),
        "bad": gettext_lazy("有错误的文件"),
    },
    writes=lambda answer: answer["new"] + answer["changed"],
    done_url=_column_url,
)
IMPORTERS = [
    Importer(
        name="materials",
        help="study materials: a .md or .txt file, or a folder of them",
        run=run,
        unreadable=unreadable,
        arguments={
            "title": ("title of a text that names none", False),
            "source": ("where the text comes from; default: its issuer", False),
        },
        screen=SCREEN,
    )
]
