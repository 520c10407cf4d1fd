"""Reading sittings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db.models import QuerySet

from foundation.offers.types import Ref
from foundation.people.models import Cadre
from learning.exams import rules
from learning.exams.enums import State
from learning.exams.models import Exam, Sitting, SittingSlot
from learning.questions.enums import Kind
from learning.questions.rules import LETTERS


@dataclass(frozen=True)
class Option:
    letter: str
    text: str
    is_chosen: bool
    is_right: bool


@dataclass(frozen=True)
class Question:
    """A question as the candidate sees it.

    epoch and client_seq: of the answer that stands, 0 where there is none. origin: epoch and number under which a page
    sent it, however many have carried it over since.
    """

    slot: SittingSlot
    kind: Kind
    options: list[Option]
    epoch: int = 0
    client_seq: int = 0
    origin: tuple[int, int] = (0, 0)

    @property
    def is_answered(self) -> bool:
        return any(option.is_chosen for option in self.options)

    @property
    def is_right(self) -> bool:
        """Whether all its marks were awarded."""
        return self.slot.awarded == self.slot.marks

    @property
    def chosen(self) -> str:
        return "".join(option.letter for option in self.options if option.is_chosen)

    @property
    def key(self) -> str:
        return "".join(option.letter for option in self.options if option.is_right)


@dataclass(frozen=True)
class Part:
    """Neighbouring questions of a kind, for the answer sheet. marks: of each; None where they differ."""

    kind: Kind
    questions: list[Question]
    marks: Decimal | None

    @property
    def range(self) -> str:
        """The numbers of its questions: 1–20, or 21."""
        first, last = self.questions[0].slot.number, self.questions[-1].slot.number
        return f"{first}–{last}" if first < last else str(first)


def given(sitting: Sitting) -> list[rules.Given]:
    """All answers that came in."""
    rows = sitting.steps.values_list("slot", "epoch", "client_seq", "answer", "received_at")
    return [rules.Given(slot, epoch, seq, tuple(answer), at) for slot, epoch, seq, answer, at in rows]


def answers_of_other_pages(sitting: Sitting, epoch: int) -> list[rules.Given]:
    """The newest answers that came from other pages than the one of this epoch.

    A phone that was offline may deliver when another page leads already: what fills a gap of that page it has to show,
    and what differs from its own it has to tell of, for that does not count.
    """
    return list(rules.newest(step for step in given(sitting) if step.epoch != epoch).values())


def paper(sitting: Sitting) -> list[Question]:
    """The questions of an open sitting with the newest answers. Holds no key: Option.is_right is always False."""
    steps = given(sitting)
    held = rules.newest(steps)
    sent = rules.newest(
        step for step in steps if step.client_seq != rules.CARRIED_OVER and step.answer == held[step.slot].answer
    )
    questions = []
    for slot in sitting.slots.select_related("version"):
        step = held.get(slot.number)
        first = sent.get(slot.number)
        chosen = step.answer if step else ()
        questions.append(
            Question(
                slot=slot,
                kind=Kind(slot.version.kind),
                options=_options(slot, chosen, ()),
                epoch=step.epoch if step else 0,
                client_seq=step.client_seq if step else 0,
                origin=(first.epoch, first.client_seq) if first else (0, 0),
            )
        )
    return questions


def review(sitting: Sitting) -> list[Question]:
    """The questions of a marked sitting with the answers that counted and the key."""
    return [
        Question(slot=slot, kind=Kind(slot.version.kind), options=_options(slot, slot.answer or [], slot.shown_key))
        for slot in sitting.slots.select_related("version")
    ]


def _options(slot: SittingSlot, chosen: Sequence[str], key: Sequence[str]) -> list[Option]:
    return [
        Option(letter, text, letter in chosen, letter in key)
        for letter, text in zip(LETTERS, slot.shown_options, strict=False)
    ]


def parts(questions: list[Question]) -> list[Part]:
    """The paper by kinds."""
    found = []
    for kind, group in groupby(questions, key=lambda question: question.kind):
        members = list(group)
        marks = {question.slot.marks for question in members}
        found.append(Part(kind, members, marks.pop() if len(marks) == 1 else None))
    return found


def attempts(exam: Exam, cadre: Cadre, source: Ref) -> QuerySet[Sitting]:
    """A person's sittings of an exam for a source, newest first."""
    return Sitting.objects.filter(exam=exam, cadre=cadre, source_label=source.label, source_pk=source.pk).order_by(
        "-number"
    )


def uncounted(sitting: Sitting) -> list[int]:
    """Slots of a marked sitting whose newest answer came too late to count."""
    last = rules.newest(given(sitting))
    return [
        slot.number
        for slot in sitting.slots.all()
        if slot.number in last and list(last[slot.number].answer) != slot.answer
    ]


def released(cadre: Cadre) -> QuerySet[Sitting]:
    """The person's marked papers whose result may be seen, the newest first."""
    return Sitting.objects.filter(cadre=cadre, state=State.RELEASED).select_related("exam").order_by("-submitted_at")
