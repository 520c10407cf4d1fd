"""How fast are papers drawn and signed, beside the same page in bare tuned reportlab? And 5,000 of them, with memory.

    bin/bench documents            ratios, one core
    bin/bench documents 5000       then so many signed singles and one merged file through the real job, with peak RSS

The floor draws the very same certificate by plain canvas calls: every string already cut into faces and placed, the
frame replayed as a form, the code made by segno; it signs with a bare pyHanko signer that keeps its key. So it does
what is left when layout, glyph ladder, register and audit are taken away. Both are measured by turns in one process,
in CPU seconds, the best of several rounds. Works in a data folder and SQLite database of its own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
SCRATCH = tempfile.TemporaryDirectory(prefix="zhixing-bench-")
os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "ZHIXING_DATA": SCRATCH.name, "DATABASE_URL": ""}

import django

django.setup()

import segno
from django.core.management import call_command
from django.utils import timezone
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from foundation.documents import actions, fonts, ornament, rules, signing
from foundation.documents.batches import add_recipients, close_batch, make_batch
from foundation.documents.models import IssuedDocument, Recipient
from foundation.documents.paper import CODE_SIZE, MM, Paper, Proof
from foundation.jobs.actions import run, start
from foundation.jobs.models import Job
from foundation.offers import clock
from foundation.offers.find import kinds
from foundation.offers.types import Ref
from foundation.people import actions as people
from foundation.people.enums import Role
from foundation.people.kinds import HONOUR
from foundation.people.models import Account, Cadre

EACH, ROUNDS = 60, 5
OFFER = kinds()[HONOUR]
AT = timezone.localtime(dt.datetime(2026, 12, 31, 1, tzinfo=dt.UTC))
NAMES = [
    f"{family}{given}" for family in "赵钱孙李周吴郑王冯陈" for given in ("建新", "晓岚", "国平", "丽华", "志远", "静")
]


def proof(number: int) -> Proof:
    """A proof as real ones are: 328 characters in the code."""
    serial = rules.serial("RZ", 2026, number * 7919)
    payload = signing.payload(serial=serial, kind=HONOUR, holder="周建新", issued_on=AT.date(), facts_hash="0" * 20)
    code = f"http://127.0.0.1:8000/verify/?s={serial}&h={'0' * 20}#{payload}"
    return Proof(serial=serial, check=rules.grouped("0" * 20), address="http://127.0.0.1:8000/verify/", code=code)


def facts(number: int) -> dict:
    """The sample's facts for another name."""
    return dict(OFFER.sample(name=NAMES[number % len(NAMES)], unit="江州市机关事务管理局"))


# ---- the floor


class Recorded(Paper):
    """Notes each string as it is drawn: face, place, size, spacing, colour. What the floor then draws is known."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.strings: list[tuple] = []
        self.shapes: list[tuple] = []

    def _draw(self, text, left, y, *, role, size, spacing, colour, whole=False):
        self.strings.append((fonts.runs(text, role, whole=whole), left, self._up(y), size, spacing, HexColor(colour)))
        super()._draw(text, left, y, role=role, size=size, spacing=spacing, colour=colour, whole=whole)

    def path(self, points, *, weight=0.3, colour="#1b1b1b", closed=False, dashes=()):
        self.shapes.append(([(x * MM, self._up(y)) for x, y in points], weight * MM, HexColor(colour)))
        super().path(points, weight=weight, colour=colour, closed=closed, dashes=dashes)


def recorded(number: int) -> Recorded:
    """The page's strings and lines, laid out beforehand."""
    paper = Recorded(landscape=True, title="荣誉证书", at=AT, proof=proof(number))
    OFFER.draw(paper, facts(number))
    paper.finish()
    return paper


def bare_page(canvas: Canvas, page: Recorded) -> None:
    """One certificate by plain canvas calls."""
    if not canvas.hasForm("frame"):
        canvas.beginForm("frame")
        canvas._code.extend(ornament.certificate_frame(page.width, page.height))
        canvas.endForm()
    canvas.doForm("frame")
    for points, weight, colour in page.shapes:
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(weight)
        canvas.line(*points[0], *points[1])
    for runs, left, y, size, spacing, colour in page.strings:
        text = canvas.beginText(left, y)
        text.setFillColor(colour)
        text.setCharSpace(spacing)
        for face, piece in runs:
            text.setFont(face, size)
            text.textOut(piece)
        canvas.drawText(text)
    bare_seal(canvas, page)
    bare_code(canvas, page)


def bare_seal(canvas: Canvas, page: Recorded) -> None:
    """A circle and ten turned characters, at the size and place of the real one."""
    office = "江州市机关事务管理局"
    canvas.saveState()
    canvas.setBlendMode("Multiply")
    canvas.translate(214 * MM, (page.height - 167) * MM)
    canvas.setStrokeColor(HexColor("#b3141d"))
    canvas.setFillColor(HexColor("#b3141d"))
    canvas.setLineWidth(3.5)
    canvas.circle(0, 0, 58, stroke=1, fill=0)
    for number, character in enumerate(office):
        canvas.saveState()
        canvas.rotate(-22.9 * (number - 4.5))
        canvas.translate(0, 36)
        canvas.scale(0.86, 1)
        canvas.setFont("Song-Bold", 18.5)
        canvas.drawCentredString(0, 0, character)
        canvas.restoreState()
    canvas.restoreState()


def bare_code(canvas: Canvas, page: Recorded) -> None:
    """The code, row by row, runs of dark modules as rectangles of one path."""
    rows = [bytes(row) for row in segno.make(page.proof.code, error="m", boost_error=False, micro=False, mask=3).matrix]
    module = CODE_SIZE * MM / len(rows)
    top = (page.height - 150.5) * MM
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        column = 0
        while column < len(row):
            dark = column
            while dark < len(row) and row[dark]:
                dark += 1
            if dark > column:
                path.rect(40 * MM + column * module, top - (number + 1) * module, (dark - column) * module, module)
            column = dark + 1
    canvas.setFillColor(HexColor("#000000"))
    canvas.drawPath(path, stroke=0, fill=1)


def bare_canvas(file: io.BytesIO, page: Recorded) -> Canvas:
    """A tuned canvas."""
    return Canvas(file, pagesize=(page.width * MM, page.height * MM), invariant=1, initialFontName="Song-Regular")


def bare_single(page: Recorded) -> bytes:
    """One file with one page."""
    file = io.BytesIO()
    canvas = bare_canvas(file, page)
    bare_page(canvas, page)
    canvas.save()
    return file.getvalue()


META = signers.PdfSignatureMetadata(
    field_name="Signature", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, certify=True
)


def bare_sign(pdf: bytes) -> bytes:
    """pyHanko with a signer that keeps its key."""
    signer = signers.PdfSigner(META, signer=signing._signer())
    return signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=8192).getvalue()


# ---- the four scenes


def floor_signed(pages: list[Recorded]) -> int:
    """Separate signed files, bare."""
    return sum(len(bare_sign(bare_single(page))) for page in pages)


def ours_signed(pages: list[Recorded]) -> int:
    """Separate signed files as issue() makes them, without register and disk: payload, layout, ladder, signature."""
    total = 0
    for number in range(len(pages)):
        pdf = actions.draw(OFFER, facts(number), at=AT, proof=proof(number))
        total += len(signing.sign_pdf(pdf, at=AT, reason="荣誉证书"))
    return total


def floor_merged(pages: list[Recorded]) -> int:
    """One file of many pages, bare."""
    file = io.BytesIO()
    canvas = bare_canvas(file, pages[0])
    for number, page in enumerate(pages):
        if number:
            canvas.showPage()
        bare_page(canvas, page)
    canvas.save()
    return len(file.getvalue())


def ours_merged(pages: list[Recorded]) -> int:
    """One file of many pages as merge() makes it."""
    paper = Paper(landscape=True, title="合并", at=AT, proof=proof(0))
    for number in range(len(pages)):
        if number:
            paper.next_document(landscape=True, proof=proof(number))
        OFFER.draw(paper, facts(number))
    return len(paper.finish())


def ratios() -> None:
    """By turns, the best round of each."""
    pages = [recorded(number) for number in range(EACH)]
    scenes = {
        "signed singles, floor": floor_signed,
        "signed singles, ours": ours_signed,
        "one merged file, floor": floor_merged,
        "one merged file, ours": ours_merged,
    }
    best: dict[str, tuple[float, int]] = {}
    for _round in range(ROUNDS):
        for title, scene in scenes.items():
            start_at = time.process_time()
            size = scene(pages)
            took = time.process_time() - start_at
            best[title] = min(best.get(title, (took, size)), (took, size))
    print(f"{EACH} certificates, the best of {ROUNDS} rounds by turns, CPU of one core\n")
    print(f"{'':<26}{'ms each':>9}{'a second':>10}{'KB each':>9}{'× floor':>9}")
    for number, (title, (took, size)) in enumerate(best.items()):
        floor = list(best.values())[number - number % 2][0]
        ratio = f"{took / floor:9.2f}" if number % 2 else ""
        print(f"{title:<26}{1000 * took / EACH:9.1f}{EACH / took:10.0f}{size / EACH / 1024:9.1f}{ratio}")


def thousands(count: int) -> None:
    """A real batch through the real job, register, audit and disk included."""
    call_command("migrate", verbosity=0)
    today = clock.today()
    office = people.create_unit(name="江州市机关事务管理局", parent=None, on=today, actor=None)
    officer = Account.objects.create_user("hr", None, name="人事")
    people.grant_role(account=officer, role=Role.HR, unit=office, valid_from=today, actor=None)
    sample = OFFER.sample(name="周建新", unit=office.name)
    batch = make_batch(
        kind=HONOUR, unit=Ref.to(office), actor=officer, title=sample["title"], subtitle=sample["subtitle"],
        honorific="同志", text="\n".join(sample["paragraphs"]), signer=office.name, year=2026, dated_on=today,
    )  # fmt: skip
    cadres = Cadre.objects.bulk_create(
        Cadre(work_number=f"B{n:05}", name=NAMES[n % len(NAMES)], unit=office, sex="female",
              category="civil_servant", as_of=today) for n in range(count)
    )  # fmt: skip
    known = {"unit": office.name, "post": ""}
    add_recipients(
        batch=batch, actor=officer,
        people=[Recipient(holder_label="people.cadre", holder_pk=one.pk, holder_name=one.name, facts=known)
                for one in cadres],
    )  # fmt: skip
    close_batch(batch=batch, actor=officer)
    job = start("people.issue_batch", actor=officer, batch=batch.pk, packing="merged")
    wall, cpu = time.perf_counter(), time.process_time()
    run(job.pk)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    job = Job.objects.get()
    rows = list(IssuedDocument.objects.all())
    whole = sum(hashlib.sha256(row.path.read_bytes()).hexdigest() == row.sha256 for row in rows)
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{count} through the job ({job.state}): {len(rows)} rows, {whole} files whole")
    print(f"  {wall:.0f} s by the clock, {cpu:.0f} s of CPU: {count / wall:.0f} a second, merged file included")
    assert job.result_path is not None
    print(f"  merged file {job.result_path.stat().st_size / 2**20:.1f} MiB; peak memory of the process {rss:.0f} MiB")


def main() -> None:
    fonts.unpack_all()
    for face in fonts.FACES.values():
        fonts.font(face)
    ratios()
    if sys.argv[1:]:
        thousands(int(sys.argv[1]))


main()
