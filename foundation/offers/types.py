"""The plain types that rooms exchange. No models, no database: anything may import them.

A room *offers* by file name; foundation/offers/find.py finds the offers by autodiscovery:

=============== ============================== =======================================
file            name in it                     type
=============== ============================== =======================================
todos.py        ``due(user, today)``           iterable of Todo
handlers.py     ``HANDLERS``                   list of Handler (long work)
parameters.py   ``PARAMETERS``                 list of Parameter (cited, editable numbers)
kinds.py        ``KINDS``                      list of Kind (documents)
importers.py    ``IMPORTERS``                  list of Importer (bin/manage import NAME)
holders.py      ``refs(account)``              list of Ref: the rows that are this person
notice_kinds.py ``NOTICE_KINDS``               list of NoticeKind (what people are told)
tellers.py      ``notify(*, to, kind, …)``     the one way to tell somebody (offers/tell.py)
=============== ============================== =======================================
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, Protocol

from foundation.offers.lists import KeptList


class Refused(Exception):
    """The rules say no. Shown to the person as it is: a message on the page, or 409 to a program.

    code: a stable word for programs and tests, e.g. ``quota_full``.
    message: one clear sentence in the person's language, naming the rule where there is one.
    """

    def __init__(self, code: str, message: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True)
class Ref:
    """A pointer to a row of a room that stands above the one that keeps it, with the name it had."""

    label: str  # "people.cadre"
    pk: int
    name: str
    account: int | None = None  # the account of the person meant, who may see what is theirs

    @classmethod
    def to(cls, row: Any) -> Ref:
        """A reference to a saved model instance; its name is the row's str()."""
        account = getattr(row, "account_id", None)
        return cls(label=row._meta.label_lower, pk=row.pk, name=str(row), account=account)


@dataclass(frozen=True)
class Todo:
    """One thing that a person has to do, shown on the desk."""

    title: Any
    url: str
    action: Any  # the button: verb and object
    icon: str = "list-check"
    facts: tuple[Any, ...] = ()
    due: dt.date | None = None
    progress: tuple[int, int] | None = None  # done, total


class Progress(Protocol):
    """What a running job may say. Raises jobs.Cancelled between items when its owner cancelled it."""

    def __call__(self, done: int, total: int, message: Any = "") -> None: ...


@dataclass(frozen=True)
class Handler:
    """Long work that a room offers to jobs.

    run: called as ``run(actor=account, progress=progress, **ids)`` in the worker; re-checks scope, is safe to
    run twice, returns the path of a result file below settings.PRIVATE_ROOT, or None.
    done_url: where the owner goes next, from the same ids; None: back to the desk.
    may_read: whether the account may still download the result, from ``(account, **ids)``: a role may have ended since.
    read_once: for a result that must not lie about, e.g. passwords: how its bytes are read from the file, which the
    handler seals as it likes. It is handed out once, then the file is gone; what nobody fetched goes after a day.
    """

    kind: str
    title: Any
    run: Callable[..., str | None]
    done_url: Callable[..., str] | None = None
    may_read: Callable[..., bool] | None = None
    read_once: Callable[[Path], bytes] | None = None


class ParameterKind(StrEnum):
    """How the value of a parameter is written, checked and kept."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    PERCENT = "percent"  # a decimal, shown with %
    CHOICE = "choice"
    YES_NO = "yes_no"
    TABLE = "table"  # a decimal for each of the named rows


@dataclass(frozen=True)
class Parameter:
    """A number or choice that the law leaves to the organ (rules.md), with its shipped default.

    default: None where rules.md gives no number: 未设定 until the organ sets its own. mark: sure | likely | unsure |
    local, as in rules.md; citation is empty unless rules.md marks the source as read. rule: the id in rules.md.
    low, high: bounds, both included, of the number or of each row of a table; what is sure law is a bound.
    choices: word → label of a CHOICE; row → label of a TABLE. total: what the rows of a table add up to.
    in_use: whether a room reads it already; the screens say so where not: an editable number that nothing obeys would
    mislead.
    """

    code: str
    title: Any
    default: Any
    citation: str
    mark: str
    kind: ParameterKind
    rule: str
    low: Decimal | int | None = None
    high: Decimal | int | None = None
    choices: Mapping[str, Any] = field(default_factory=dict)
    total: Decimal | int | None = None
    in_use: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of document that a room offers to documents.

    draw: called as ``draw(paper, facts)`` with a foundation.documents.paper.Paper and the facts of the document:
    the data it was issued with, and serial, holder, issued_on.
    public_facts: from the stored data to the pairs (label, value) that the verification page may show: nothing
    beyond what the paper itself says.
    sample: called as ``sample(name=…, unit=…)``: the data of an example for a person of that name and unit; for the
    gallery and its checks.
    may_read: asked as ``may_read(account, source_pk)`` whether somebody other than the holder may open the file now;
    None: nobody but the holder.
    keeps: asked as ``keeps(account)`` for the condition (Q) on the register's rows of this kind that the account looks
    after today: sees in the register, revokes, issues anew. None: nobody does.
    anew: called as ``anew(holder_pk, source_pk)``: holder and data of the same paper as the records stand today, for
    issuing it anew after a correction. None: it says again what it said.
    is_registered: False for a mere print that nobody signs, verifies or keeps.
    """

    code: str
    title: Any
    prefix: str  # of the serial
    draw: Callable[..., None]
    public_facts: Callable[[Mapping[str, Any]], list[tuple[Any, str]]]
    sample: Callable[..., Mapping[str, Any]]
    landscape: bool = False
    may_read: Callable[[Any, int], bool] | None = None
    keeps: Callable[[Any], Any] | None = None
    anew: Callable[[int, int], tuple[Ref, Mapping[str, Any]]] | None = None
    is_registered: bool = True


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice that a room sends.

    text: one sentence for the reader, in the language that is active when it is read or mailed, from the context that
    notify() was given. url: where the reader goes from it, from the same context; an address that stays. Neither says
    what only the page itself may show: mail travels in the open. by_email: whether it is mailed to people who have
    not chosen.
    """

    code: str  # room.word
    title: Any
    text: Callable[[Mapping[str, Any]], str]
    url: Callable[[Mapping[str, Any]], str]
    icon: str = "bell"
    by_email: bool = False


@dataclass(frozen=True)
class FileScreen:
    """The page of the back office where people upload files for an Importer, see what would come of them, and confirm.

    may_use: whether the account may. endings: of the files that are taken; most: how many at once. labels: for each
    of the importer's arguments that the page asks for its label and help. suggest: from an argument that the page
    knows values for to those values. counts: keys of the importer's answer that are shown, with their labels.
    writes: from the answer how many things would be written; none: nothing to confirm. done_url: from the arguments
    where the outcome stands. sample: writes an example of the file; None: there is none.
    """

    title: Any
    help: Any
    may_use: Callable[[Any], bool]
    endings: tuple[str, ...]
    counts: Mapping[str, Any]
    writes: Callable[[Mapping[str, Any]], int]
    done_url: Callable[..., str]
    most: int = 1
    labels: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    suggest: Mapping[str, Callable[[], list[str]]] = field(default_factory=dict)
    sample: Callable[[IO[bytes]], None] | None = None


@dataclass(frozen=True)
class Importer:
    """A file import that a room offers to bin/manage import.

    run: called as ``run(path, *, dry_run, actor, **options)``; returns the answer of contracts.md and whether the data
    was accepted. A file that cannot be read raises Unreadable.
    unreadable: the answer for such a file, from the sentence; it lists that one problem.
    arguments: extra command-line options, name → (help, required).
    kept: the list behind it, for the wizard of the back office. screen: the page for files that are no list.
    Neither: by command only.
    """

    name: str
    help: str
    run: Callable[..., tuple[dict[str, Any], bool]]
    unreadable: Callable[[str], dict[str, Any]]
    arguments: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    kept: KeptList | None = None
    screen: FileScreen | None = None


class Unreadable(Exception):
    """The file is missing, too large, broken or of another kind than it says; str() is the sentence for people."""
