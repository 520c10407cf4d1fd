"""Does the trail still say what it said when it was sealed? Reads all of it, a segment at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import DataError
from django.utils.translation import gettext as _

from foundation.audit import heads
from foundation.audit.models import Entry, Segment
from foundation.audit.queries import settled, unsealed
from foundation.audit.rules import GENESIS, link
from foundation.offers.types import Progress

MOST_TOLD = 20  # faults kept; one is enough to call the trail broken
_STEP = 20  # segments between two reports of progress
_LINES = 500  # of the heads file, looked up together
_UNREADABLE = (ValueError, TypeError, AttributeError, DataError)  # what Django's converters and the driver raise


@dataclass(frozen=True, order=True)
class Fault:
    """Where the trail does not fit, in the chain's order; position 0: the segment as a whole."""

    segment: int
    position: int
    entry: int
    what: str

    def __str__(self) -> str:
        return _("第 %(entry)s 号记录（第 %(segment)s 段）：%(what)s") % {
            "entry": self.entry,
            "segment": self.segment,
            "what": self.what,
        }


@dataclass(frozen=True)
class Verification:
    """What a verification found. faults: the first MOST_TOLD in the chain's order."""

    entries: int
    sealed: int
    faults: list[Fault]

    @property
    def first_broken(self) -> int | None:
        """The number of the first entry, in the chain's order, that does not fit."""
        return self.faults[0].entry if self.faults else None


def verify(*, progress: Progress) -> Verification:
    """Recompute every digest, compare every segment with its exported head, and look for entries behind the chain.

    Entries that merely wait for their seal are counted, not judged. Writes nothing.
    """
    walk = _Chain(progress)
    found: list[Fault] = []
    for faults in (walk.faults(), _heads(), _behind()):
        found = sorted([*found, *islice(faults, MOST_TOLD)])[:MOST_TOLD]
        for _rest in faults:
            pass  # walked to its end all the same: the count of sealed entries needs it
    return Verification(entries=Entry.objects.count(), sealed=walk.sealed, faults=found)


class _Chain:
    """One walk along the chain, which counts as it goes."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.sealed = 0

    def faults(self) -> Iterator[Fault]:
        """Segments that do not follow each other, entries that are gone or changed, heads that do not come out."""
        number, head = 0, GENESIS
        total = Segment.objects.count()
        for done, segment in enumerate(Segment.objects.order_by("number").iterator(), start=1):
            if segment.number != number + 1 or segment.previous_head != head:
                yield Fault(segment.number, 0, segment.first_entry, _("这一段没有接在前一段之后"))
            number, head = segment.number, segment.head
            yield from self._within(segment)
            if done % _STEP == 0 or done == total:
                self.progress(done, total)

    def _within(self, segment: Segment) -> Iterator[Fault]:
        seals = list(segment.seals.order_by("position"))
        entries = _entries([seal.entry_id for seal in seals])
        digest = segment.previous_head
        whole = True
        for position, seal in enumerate(seals, start=1):
            entry = entries.get(seal.entry_id)
            self.sealed += seal.entry_id in entries
            what = ""
            if seal.entry_id not in entries:
                what = _("记录已被删除")
            elif entry is None or seal.position != position or link(digest, entry.facts) != seal.digest:
                what = _("记录与封存时不一致")
            if what:
                whole = False
                yield Fault(segment.number, position, seal.entry_id, what)
            digest = seal.digest  # the stored one: what follows a changed entry is not to blame
        if whole and (len(seals) != segment.count or link(digest, segment.facts) != segment.head):
            yield Fault(segment.number, 0, segment.first_entry, _("这一段的链头与其内容不符"))


def _entries(numbers: list[int]) -> dict[int, Entry | None]:
    """The entries by number; None for one that cannot even be read.

    On SQLite a column of moments takes any text; PostgreSQL knows years that Python does not.
    """
    try:
        return {**Entry.objects.in_bulk(numbers)}
    except _UNREADABLE:
        return {number: entry for number in numbers for entry in _entry(number)}


def _entry(number: int) -> list[Entry | None]:
    try:
        return list(Entry.objects.filter(pk=number))
    except _UNREADABLE:
        return [None]


def _heads() -> Iterator[Fault]:
    """Segments that are not what was exported. Segments newer than the file's last line are about to be exported."""
    number = 0
    lines = heads.exported()
    while some := list(islice(lines, _LINES)):
        segments = Segment.objects.in_bulk([line.segment for line in some])
        for line in some:
            segment = segments.get(line.segment)
            if line.segment > number + 1:
                left_out = Segment.objects.filter(number=number + 1).first()
                entry = left_out.first_entry if left_out else line.first_entry
                yield Fault(number + 1, 0, entry, _("导出的链头文件里缺少这一段"))
            if segment is None:
                yield Fault(line.segment, 0, line.first_entry, _("导出过的这一段已不在数据库里"))
            elif segment.head != line.head:
                yield Fault(line.segment, 0, line.first_entry, _("这一段的链头与导出的不同，整段或整条链可能被改写"))
            number = max(number, line.segment)
    first = Segment.objects.order_by("number").first()
    if not number and first is not None:
        yield Fault(first.number, 0, first.first_entry, _("导出的链头文件不存在或是空的，无从核对"))


def _behind() -> Iterator[Fault]:
    """Entries without a seal where every honest entry has long had one."""
    last = Segment.objects.order_by("-number").first()
    if last is None:
        return
    strangers = unsealed().filter(pk__lte=settled()).order_by("pk").values_list("pk", flat=True)
    for position, number in enumerate(strangers.iterator(), start=1):
        yield Fault(last.number + 1, position, number, _("记录没有封条，却排在早已封存的记录之前，应是事后插入"))
