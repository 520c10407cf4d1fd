"""Issuing, revoking, opening and joining of documents."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import itertools
import json
import os
import re
import secrets
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pikepdf
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.documents import rules, signing
from foundation.documents.enums import Event
from foundation.documents.models import LONGEST_REASON, IssuedDocument
from foundation.documents.paper import Paper, Proof
from foundation.offers import clock
from foundation.offers.find import kinds
from foundation.offers.types import Kind, Ref, Refused

MERGE_STEP = 250  # documents drawn into one part of a merged file
SWEEP_AFTER = 24 * 3600  # seconds; a row that is about to be written never takes as long
SWEEP_STEP = 500  # names asked for at once: SQLite takes a limited number
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')  # what no system takes in the name of a file


def issue(*, kind: str, holder: Ref, source: Ref, data: Mapping[str, Any], actor: Any) -> IssuedDocument:
    """Draw, sign and register a document; the one in force for the same kind, holder and source where there is one.

    data: plain JSON values (dates as ISO text, fractions as text), the facts that the paper says; no ID numbers. Other
    data for the same key change nothing: revoke() first, then issue() again supersedes. Whenever the process dies, or a
    caller's transaction is rolled back, no row stands without its file: the file lies complete under its name before
    the row is committed (a file without a row is out of everybody's reach), and one that got lost later is drawn again.
    Raises KeyError for a kind that no room offers, ValueError for one that is only printed, Refused where the paper
    cannot be drawn.
    """
    offer = kinds()[kind]
    if not offer.is_registered:
        raise ValueError(f"{kind} is printed, not issued")
    key: dict[str, Any] = {
        "kind": kind,
        "holder_label": holder.label,
        "holder_pk": holder.pk,
        "source_label": source.label,
        "source_pk": source.pk,
    }
    in_force = IssuedDocument.objects.filter(**key, revoked_at=None)
    document = in_force.first()
    if document is not None:
        return restore(document=document, actor=actor)

    moment = clock.now()
    day = timezone.localdate(moment)
    serial = rules.serial(offer.prefix, day.year, secrets.randbits(5 * rules.RANDOM_LENGTH))
    document = IssuedDocument(
        **key,
        serial=serial,
        holder_name=holder.name,
        holder_account_id=holder.account,
        data=json.loads(json.dumps(data)),  # drawn from what is stored, so that it can be drawn again
        file=f"documents/{day.year}/{serial[-2:]}/{serial}.pdf",
        issued_on=day,
        issued_by=actor,
        issued_at=moment,
    )
    pdf = _drawn(document)
    document.sha256 = hashlib.sha256(pdf).hexdigest()
    document.signed_by = signing.certificate_id()
    _put(document.path, pdf)
    try:
        with transaction.atomic():
            document.save(force_insert=True)
            IssuedDocument.objects.filter(**key, revoked_at__isnull=False, superseded_by=None).update(
                superseded_by=document
            )
            record(Event.ISSUED, target=document, actor=actor, kind=kind, source=source.label, source_pk=source.pk)
    except IntegrityError:
        document.path.unlink(missing_ok=True)
        first = in_force.first()
        if first is None:
            raise
        return first  # another worker was faster
    except Exception:
        document.path.unlink(missing_ok=True)
        raise
    return document


def restore(*, document: IssuedDocument, actor: Any) -> IssuedDocument:
    """The document with its file: drawn and signed again from the register where the file is lost or damaged."""
    if document.file_stands:
        return document
    pdf = _drawn(document)
    with transaction.atomic():
        locked = IssuedDocument.objects.select_for_update().get(pk=document.pk)
        if locked.file_stands:  # another worker was faster
            return locked
        lost, locked.sha256 = locked.sha256, hashlib.sha256(pdf).hexdigest()
        locked.signed_by = signing.certificate_id()
        locked.save(update_fields=["sha256", "signed_by"])
        record(Event.REDRAWN, target=locked, actor=actor, lost=lost, sha256=locked.sha256)
        _put(locked.path, pdf)
    return locked


def revoke(*, document: IssuedDocument, reason: str, actor: Any) -> IssuedDocument:
    """Take a document out of force, for good. Raises Refused without a reason, with one that is too long, or when it
    was revoked before."""
    if not reason.strip():
        raise Refused("reason_missing", _("请写明撤销原因。"))
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused("reason_long", _("撤销原因请写在 %(most)s 字以内。") % {"most": LONGEST_REASON})
    with transaction.atomic():
        locked = IssuedDocument.objects.select_for_update().get(pk=document.pk)
        if locked.is_revoked:
            raise Refused("already_revoked", _("这份文书已经撤销。"))
        locked.revoked_at = clock.now()
        locked.revoked_reason = reason.strip()
        locked.save(update_fields=["revoked_at", "revoked_reason"])
        record(Event.REVOKED, target=locked, actor=actor, reason=locked.revoked_reason)
    return locked


def reissue(*, document: IssuedDocument, reason: str, actor: Any) -> IssuedDocument:
    """Take a document out of force and issue it anew, with what the records say today where its kind can tell.

    Both or neither: where the new paper cannot be drawn, the old one stays in force. Raises Refused like revoke().
    """
    with transaction.atomic():
        locked = revoke(document=document, reason=reason, actor=actor)
        holder = Ref(locked.holder_label, locked.holder_pk, locked.holder_name, locked.holder_account_id)
        data: Mapping[str, Any] = locked.data
        anew = locked.offer.anew
        if anew is not None:
            holder, data = anew(locked.holder_pk, locked.source_pk)
        source = Ref(locked.source_label, locked.source_pk, "")
        return issue(kind=locked.kind, holder=holder, source=source, data=data, actor=actor)


def open_file(*, document: IssuedDocument, actor: Any) -> Path:
    """The file to hand to a reader; the reading is recorded."""
    document = restore(document=document, actor=actor)
    with transaction.atomic():
        record(Event.OPENED, target=document, actor=actor)
    return document.path


def merge(documents: Iterable[IssuedDocument], path: Path) -> Path:
    """One file for the printer with all documents, in their order, drawn from the register once more: unsigned. The
    originals stay signed.

    Documents may come from a generator, which then reports the job's progress. reportlab keeps all pages of a file in
    memory as they were drawn (50 KB each): they are drawn in parts of MERGE_STEP, which pikepdf joins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with (
        tempfile.TemporaryDirectory(prefix="merge-") as folder,
        contextlib.ExitStack() as parts,
        pikepdf.new() as whole,
    ):
        rest = iter(documents)
        while several := list(itertools.islice(rest, MERGE_STEP)):
            part = Path(folder) / f"{len(whole.pages)}.pdf"
            part.write_bytes(_drawn_together(several, title=path.stem))
            whole.pages.extend(parts.enter_context(pikepdf.open(part)).pages)
        if not whole.pages:
            raise Refused("nothing_issued", _("没有可以合并的文书。"))
        whole.save(draft)
    os.replace(draft, path)
    return path


def _drawn_together(documents: Sequence[IssuedDocument], *, title: str) -> bytes:
    first = documents[0]
    at = timezone.localtime(first.issued_at)
    paper = Paper(landscape=first.offer.landscape, title=title, at=at, proof=_proof(first))
    with translation.override(settings.LANGUAGE_CODE):
        for document in documents:
            if document is not first:
                paper.next_document(landscape=document.offer.landscape, proof=_proof(document))
            document.offer.draw(paper, _facts(document))
    return paper.finish()


def zipped(documents: Iterable[IssuedDocument], path: Path) -> Path:
    """One archive with the signed files themselves, each named after its holder, its kind and its serial.

    Documents may come from a generator, which then reports the job's progress. Raises Refused where there are none.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with zipfile.ZipFile(draft, "x", zipfile.ZIP_STORED) as archive:  # a PDF is compressed already
        for document in documents:
            with translation.override(settings.LANGUAGE_CODE):
                name = f"{document.holder_name}_{document.offer.title}"
            archive.write(document.path, f"{_UNSAFE.sub('_', name)}_{document.serial}.pdf")
        is_empty = not archive.namelist()
    if is_empty:
        draft.unlink()
        raise Refused("nothing_issued", _("没有可以打包的文书。"))
    os.replace(draft, path)
    return path


def sweep(*, now: float) -> int:
    """Delete files below documents/ that no row of the register names and that are older than a day: what a killed
    worker left. Returns how many.

    now: seconds of the machine's own clock, which also dates files; the house's clock may be set elsewhere.
    """
    folder = Path(settings.PRIVATE_ROOT) / "documents"
    strays = 0
    for shelf in sorted(folder.glob("*/*")):
        old = {f"documents/{path.relative_to(folder)}": path for path in shelf.iterdir() if _is_old(path, now)}
        names = list(old)
        for at in range(0, len(names), SWEEP_STEP):
            part = set(names[at : at + SWEEP_STEP])
            for name in part - set(IssuedDocument.objects.filter(file__in=part).values_list("file", flat=True)):
                old[name].unlink(missing_ok=True)
                strays += 1
    if strays:
        with transaction.atomic():
            record(Event.SWEPT, target=IssuedDocument(pk=0), actor=None, files=strays)
    return strays


def _is_old(path: Path, now: float) -> bool:
    try:
        return now - path.stat().st_mtime > SWEEP_AFTER
    except FileNotFoundError:  # a draft that has just become the file
        return False


def verify_url() -> str:
    """The verification page's address, as printed."""
    return f"{settings.BASE_URL}/verify/"


def code_text(document: IssuedDocument) -> str:
    """What the QR code says: the page with serial and hash, and the signed payload in the fragment."""
    fragment = signing.payload(
        serial=document.serial,
        kind=document.kind,
        holder=document.holder_name,
        issued_on=document.issued_on,
        facts_hash=document.facts_hash,
    )
    return f"{verify_url()}?s={document.serial}&h={document.facts_hash}#{fragment}"


def draw(offer: Kind, facts: Mapping[str, Any], *, at: dt.datetime, proof: Proof) -> bytes:
    """The unsigned file of a kind: what _drawn() signs, and what previews and the gallery show."""
    with translation.override(settings.LANGUAGE_CODE):  # papers are Chinese, whatever the screen speaks
        paper = Paper(landscape=offer.landscape, title=str(offer.title), at=timezone.localtime(at), proof=proof)
        offer.draw(paper, facts)
        return paper.finish()


def _proof(document: IssuedDocument) -> Proof:
    return Proof(
        serial=document.serial,
        check=rules.grouped(document.facts_hash),
        address=verify_url(),
        code=code_text(document),
    )


def _facts(document: IssuedDocument) -> dict[str, Any]:
    return {
        **document.data,
        "serial": document.serial,
        "holder": document.holder_name,
        "issued_on": document.issued_on,
    }


def _drawn(document: IssuedDocument) -> bytes:
    """The signed file of the document's facts."""
    offer = document.offer
    with translation.override(settings.LANGUAGE_CODE):
        title = str(offer.title)
    pdf = draw(offer, _facts(document), at=document.issued_at, proof=_proof(document))
    return signing.sign_pdf(pdf, at=timezone.localtime(document.issued_at), reason=title)


def _put(path: Path, data: bytes) -> None:
    """Write a file so that it is either not there or whole, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
