"""A kind of document for tests, and documents of it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from foundation.documents import actions, layouts
from foundation.documents.batches import make_batch
from foundation.documents.models import Batch, IssuedDocument
from foundation.offers.find import kinds
from foundation.offers.types import Kind, Ref

HONOUR = "tests.honour"
NOTICE = "tests.notice"


def _draw_honour(paper: Any, facts: Any) -> None:
    layouts.honour_certificate(
        paper,
        title="荣誉证书",
        subtitle="年度考核优秀等次",
        holder=facts["holder"],
        honorific="同志",
        paragraphs=[f"在{facts['year']}年度考核中被确定为“优秀”等次。", "特发此证，以资鼓励。"],
        signer="江州市机关事务管理局",
        dated_on=dt.date.fromisoformat(facts["dated_on"]),
        notes=[],
    )


def _draw_notice(paper: Any, facts: Any) -> None:
    layouts.notice(
        paper,
        title="公务员年度考核结果通知书",
        number="",
        addressee=f"{facts['holder']}同志",
        paragraphs=[f"经考核委员会研究，确定您{facts['year']}年度考核等次为称职。"] * facts.get("repeat", 1),
        signer="江州市机关事务管理局",
        dated_on=dt.date.fromisoformat(facts["dated_on"]),
        receipt="本人已知悉上述考核结果。",
    )


def _public_facts(data: Any) -> list[tuple[Any, str]]:
    return [("年度", f"{data['year']}年度")]


def _sample(*, name: str, unit: str) -> dict[str, Any]:
    return {"year": 2026, "dated_on": "2026-12-31"}


KINDS = [
    Kind(HONOUR, "年度考核优秀等次荣誉证书", "RY", _draw_honour, _public_facts, _sample, landscape=True),
    Kind(NOTICE, "年度考核结果通知书", "KT", _draw_notice, _public_facts, _sample),
]


@contextmanager
def kinds_on_offer() -> Iterator[None]:
    """As if a room of the house offered the two kinds."""
    offered = kinds()
    offered.update({kind.code: kind for kind in KINDS})
    try:
        yield
    finally:
        for kind in KINDS:
            del offered[kind.code]


def holder(name: str = "周建新", *, pk: int = 1, account: Any = None) -> Ref:
    """A reference to somebody on the roster."""
    return Ref(label="people.cadre", pk=pk, name=name, account=account.pk if account else None)


def source(pk: int = 1) -> Ref:
    """A reference to the record that a document rests on."""
    return Ref(label="appraisals.appraisal", pk=pk, name=f"考核{pk}")


def honour_batch(unit: Any, *, actor: Any, **words: Any) -> Batch:
    """A draft of an honour certificate in a unit's name."""
    return make_batch(
        kind="people.honour_certificate",
        unit=Ref.to(unit),
        actor=actor,
        **{
            "title": "荣誉证书",
            "subtitle": "先进个人",
            "honorific": "同志",
            "text": "{单位}{姓名}在{年度}年度工作中成绩突出。\n特发此证，以资鼓励。",
            "signer": unit.name,
            "year": 2026,
            "dated_on": dt.date(2026, 12, 31),
            **words,
        },
    )


def issued(
    *, kind: str = HONOUR, to: Ref | None = None, because: Ref | None = None, actor: Any = None, **data: Any
) -> IssuedDocument:
    """An issued document."""
    return actions.issue(
        kind=kind,
        holder=to or holder(),
        source=because or source(),
        data={"year": 2026, "dated_on": "2026-12-31", **data},
        actor=actor,
    )
