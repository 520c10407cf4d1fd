"""The wizard of the back office: upload, match headings, look at what would happen, confirm; and the exports."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from foundation.audit.record import record
from foundation.exchange import actions, imports, queries, writing
from foundation.exchange.enums import Event, State
from foundation.exchange.forms import HeadingsForm, UploadForm
from foundation.exchange.models import Upload
from foundation.exchange.parcel_views import denied, screens_of
from foundation.exchange.reading import read_sheets
from foundation.offers import clock
from foundation.offers.find import kept_lists
from foundation.offers.lists import Column, KeptList
from foundation.offers.types import Unreadable

ON_A_PAGE = 50
RECENT = 20
STEPS = (gettext_lazy("上传文件"), gettext_lazy("对应表头"), gettext_lazy("检查结果"), gettext_lazy("导入结果"))
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


class View(Protocol):
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def for_keepers(view: Callable[..., HttpResponseBase]) -> View:
    """A decorator: 403 for people who keep no list at all; 403 from within, too, where the one list is not theirs."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        mine = {name: kept for name, kept in kept_lists().items() if kept.may_use(request.user)}
        if not mine:
            return denied(request)
        try:
            return view(request, mine, *args, **kwargs)
        except NotYours:
            return denied(request)

    return inner


class NotYours(Exception):
    """The list is there, and not for this account."""


def _list(mine: dict[str, KeptList], name: str) -> KeptList:
    if name not in kept_lists():
        raise Http404
    if name not in mine:
        raise NotYours
    return mine[name]


def _upload(request: HttpRequest, mine: dict[str, KeptList], pk: UUID) -> Upload:
    """The person's own upload to a list that is theirs still."""
    upload = get_object_or_404(queries.uploads_of(request.user), pk=pk)
    _list(mine, upload.list_name)
    return upload


@require_GET
def index(request: HttpRequest) -> HttpResponseBase:
    """The lists, what was uploaded lately, and the imports of other files; 403 for people who have none of them."""
    mine = {name: kept for name, kept in kept_lists().items() if kept.may_use(request.user)}
    screens = screens_of(request.user)
    if not mine and not screens:
        return denied(request)
    recent = queries.uploads_of(request.user).filter(list_name__in=mine)[:RECENT]
    context = {"lists": mine.values(), "screens": screens, "recent": recent, "keep_days": actions.KEEP.days}
    return render(request, "exchange/admin/index.html", context)


@for_keepers
def receive(request: HttpRequest, mine: dict[str, KeptList], name: str) -> HttpResponse:
    """Step 1: a file."""
    kept = _list(mine, name)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload, table = actions.receive(
                kept=kept, name=file.name, chunks=file.chunks(), owner=request.user, now=clock.now()
            )
        except Unreadable as problem:
            form.add_error("file", str(problem))
        else:
            unknown = any(problem.level == "warning" and problem.column for problem in table.problems)
            missing = table.heading_row and queries.missing_columns(kept, table.headings)
            if unknown or missing:
                return redirect("exchange_admin:headings", upload.pk)
            return _check(request, upload)
    context = {"kept": kept, "form": form, "steps": STEPS, "step": 1}
    return render(request, "exchange/admin/receive.html", context, status=422 if form.errors else 200)


def _check(request: HttpRequest, upload: Upload) -> HttpResponse:
    job = actions.check(upload=upload, actor=request.user)
    return redirect("jobs:progress", job.pk) if job else redirect("exchange_admin:upload", upload.pk)


@for_keepers
def headings(request: HttpRequest, mine: dict[str, KeptList], pk: UUID) -> HttpResponse:
    """Step 2: which heading is which column."""
    upload = _upload(request, mine, pk)
    if not upload.is_open:
        return redirect("exchange_admin:upload", upload.pk)
    kept = upload.kept
    sheets = read_sheets(upload.path)
    table = imports.find_table(sheets, kept.columns, upload.chosen)
    found = queries.headings_of(sheets, table, upload.chosen)
    form = HeadingsForm(request.POST or None, kept=kept, headings=found)
    if request.method == "POST" and form.is_valid():
        actions.match_headings(upload=upload, chosen=form.chosen, actor=request.user)
        return _check(request, upload)
    context = {"kept": kept, "upload": upload, "form": form, "table": table, "steps": STEPS, "step": 2}
    return render(request, "exchange/admin/headings.html", context, status=422 if form.errors else 200)


@for_keepers
@require_GET
def upload_page(request: HttpRequest, mine: dict[str, KeptList], pk: UUID) -> HttpResponse:
    """Step 3, what would happen; or step 4, what has happened."""
    upload = _upload(request, mine, pk)
    report = queries.report_of(upload)
    sorts = queries.sorts_of(report.problems)
    wanted = request.GET.get("sort", "")
    problems = [problem for problem in report.problems if wanted in ("", queries.sort_of(problem))]
    is_done = upload.state == State.DONE
    context = {
        "kept": upload.kept,
        "upload": upload,
        "sorts": sorts,
        "wanted": wanted,
        "problems": Paginator(problems, ON_A_PAGE).get_page(request.GET.get("p")),
        "changes": Paginator(report.changes, ON_A_PAGE).get_page(request.GET.get("c")),
        "is_done": is_done,
        "list_url": upload.kept.url() if upload.kept.url else "",
        "steps": STEPS,
        "step": 4 if is_done else 3,
    }
    return render(request, "exchange/admin/upload.html", context)


@for_keepers
@require_POST
def check(request: HttpRequest, mine: dict[str, KeptList], pk: UUID) -> HttpResponse:
    """Check again: the data has changed, or the first check was cut off."""
    return _check(request, _upload(request, mine, pk))


@for_keepers
@require_POST
def confirm(request: HttpRequest, mine: dict[str, KeptList], pk: UUID) -> HttpResponse:
    """Start the import of what was seen."""
    upload = _upload(request, mine, pk)
    job = actions.confirm(upload=upload, fingerprint=request.POST.get("fingerprint", ""), actor=request.user)
    return redirect("jobs:progress", job.pk)


@for_keepers
@require_POST
def discard(request: HttpRequest, mine: dict[str, KeptList], pk: UUID) -> HttpResponse:
    """Give the file up."""
    actions.discard(upload=_upload(request, mine, pk), actor=request.user, now=clock.now())
    return redirect("exchange_admin:index")


@for_keepers
@require_GET
def marked(request: HttpRequest, mine: dict[str, KeptList], pk: UUID) -> FileResponse:
    """The uploaded file with its problems in red."""
    upload = _upload(request, mine, pk)
    if upload.is_swept or not upload.fingerprint:
        raise Http404
    sheets = read_sheets(upload.path)
    table = imports.find_table(sheets, upload.kept.columns, upload.chosen)
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    writing.write_marked(file, sheets=sheets, table=table, problems=queries.report_of(upload).problems)
    stem = upload.file_name.rsplit(".", 1)[0]
    return _download(file, _("%(name)s（标出问题）.xlsx") % {"name": stem})


@for_keepers
@require_GET
def changes(request: HttpRequest, mine: dict[str, KeptList], pk: UUID) -> FileResponse:
    """Who changes in which field, as a workbook."""
    upload = _upload(request, mine, pk)
    if upload.is_swept or not upload.fingerprint:
        raise Http404
    columns = (
        Column("row", (_("行"),), width=8),
        Column("who", (_("人员"),), width=24),
        Column("field", (_("项目"),), width=16),
        Column("before", (_("原来"),), width=30),
        Column("after", (_("改为"),), width=30),
    )
    found = queries.report_of(upload).changes
    rows = [{column.name: str(getattr(change, column.name)) for column in columns} for change in found]
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    writing.write_xlsx(file, title=_("变化"), columns=columns, rows=rows)
    return _download(file, _("%(name)s（变化）.xlsx") % {"name": upload.file_name.rsplit(".", 1)[0]})


@for_keepers
@require_GET
def export(request: HttpRequest, mine: dict[str, KeptList], name: str, kind: str) -> FileResponse:
    """A list as xlsx or csv, as far as the account keeps it."""
    kept = _list(mine, name)
    if kind not in TYPES:
        raise Http404
    person: Any = request.user
    out = kept.export(person)
    columns = [column for column in kept.columns if not column.ignored]
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    if kind == "xlsx":
        rows = writing.write_xlsx(file, title=str(kept.title), columns=columns, rows=out.rows, above=out.above)
    else:
        rows = writing.write_csv(file, columns=columns, rows=out.rows, above=out.above)
    with transaction.atomic():  # before it is handed out: what cannot be recorded does not leave
        record(Event.EXPORTED, target=person, actor=person, list=kept.name, kind=kind, rows=rows)
    return _download(file, f"{kept.title}-{clock.today():%Y%m%d}.{kind}")


def _download(file: Any, name: str) -> FileResponse:
    file.seek(0)
    kind = name.rsplit(".", 1)[1]
    response = FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[kind])
    response["Cache-Control"] = "private, no-store"
    return response
