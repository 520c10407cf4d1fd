"""Documents that HR gives by its own word: the general honour certificate, the proof of employment, password slips."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.documents.layouts import Slip, honour_certificate, letter, slips
from foundation.documents.models import Batch, Recipient
from foundation.documents.paper import Paper
from foundation.documents.rules import filled
from foundation.offers.types import Kind, Ref
from foundation.people.enums import Role, Sex
from foundation.people.models import Cadre, Unit
from foundation.people.scope import role_units

HONOUR = "people.honour_certificate"
EMPLOYMENT = "people.employment_proof"
SLIP = "people.first_password_slip"


def batches(account: Any) -> QuerySet[Batch]:
    """The batches of the units of which the account is HR today."""
    return Batch.objects.filter(unit_pk__in=role_units(account, Role.HR).values("pk"))


_SEX = {Sex.MALE: "男", Sex.FEMALE: "女"}  # paper is Chinese whatever language the screen speaks
# the fields that HR may write in braces into an honour's text
FIELDS = ("姓名", "单位", "职务", "年度")


def recipients(cadres: Iterable[Cadre], *, kind: str) -> list[Recipient]:
    """The people as a batch of that kind keeps them: with the facts of the day that its papers may print, and no more;
    not saved, of no batch yet.

    cadres: with their units at hand. Two queries for any number of people at most.
    """
    offices = {office.path: office.name for office in Unit.get_root_nodes()}
    return [
        Recipient(
            holder_label=Cadre._meta.label_lower,
            holder_pk=cadre.pk,
            holder_name=cadre.name,
            holder_account_id=cadre.account_id,
            facts={"unit": cadre.unit.name, "post": cadre.title}
            if kind == HONOUR
            else {
                "unit": cadre.unit.name,
                "post": cadre.title,
                "organ": offices[cadre.unit.path[: Unit.steplen]],
                "sex": cadre.sex,
                "born": f"{cadre.birth_month:%Y-%m}" if cadre.birth_month else "",
            },
        )
        for cadre in cadres
    ]


def honour_data(batch: Batch, *, name: str, facts: Mapping[str, str]) -> dict[str, Any]:
    """What an honour certificate says, fields filled in."""
    values = dict(zip(FIELDS, (name, facts["unit"], facts["post"], str(batch.year or "")), strict=True))
    return {
        "title": batch.title,
        "subtitle": batch.subtitle,
        "honorific": batch.honorific,
        "paragraphs": filled(batch.text, values),
        "name": name,
        "signer": batch.signer,
        "dated_on": batch.dated_on.isoformat(),
    }


def employment_data(batch: Batch, *, name: str, facts: Mapping[str, str]) -> dict[str, Any]:
    """What a proof of employment says; no more of the person than such a letter needs."""
    return {
        "name": name,
        **{key: facts[key] for key in ("sex", "born", "unit", "organ", "post")},
        "purpose": batch.text,
        "signer": batch.signer,
        "dated_on": batch.dated_on.isoformat(),
    }


DATA = {HONOUR: honour_data, EMPLOYMENT: employment_data}


def draw_honour(paper: Paper, facts: Mapping[str, Any]) -> None:
    """A4 landscape."""
    honour_certificate(
        paper,
        title=facts["title"],
        subtitle=facts["subtitle"],
        holder=facts["name"],
        honorific=facts["honorific"],
        paragraphs=facts["paragraphs"],
        signer=facts["signer"],
        dated_on=dt.date.fromisoformat(facts["dated_on"]),
        notes=[],
    )


def draw_employment(paper: Paper, facts: Mapping[str, Any]) -> None:
    """A4 portrait."""
    born = f"{facts['born'][:4]}年{int(facts['born'][5:])}月出生，" if facts["born"] else ""
    where = facts["organ"] if facts["unit"] == facts["organ"] else f"{facts['organ']}{facts['unit']}"
    post = f"，现任{facts['post'].replace(' ', '、')}" if facts["post"] else ""
    letter(
        paper,
        title="在职证明",
        paragraphs=[f"兹证明{facts['name']}同志，{_SEX[facts['sex']]}，{born}系{where}在职工作人员{post}。"],
        purpose=facts["purpose"],
        signer=facts["signer"],
        dated_on=dt.date.fromisoformat(facts["dated_on"]),
    )


def draw_slips(paper: Paper, facts: Mapping[str, Any]) -> None:
    """A4 portrait, six a page."""
    people = [Slip(**slip) for slip in facts["slips"]]
    slips(
        paper, people, system=settings.ZHIXING_TITLE, address=f"{settings.BASE_URL}{settings.FORCE_SCRIPT_NAME or ''}/"
    )


def _honour_facts(data: Mapping[str, Any]) -> list[tuple[Any, str]]:
    facts = [(_("签发单位"), data["signer"])]
    return [(_("事由"), data["subtitle"]), *facts] if data["subtitle"] else facts


def _employment_facts(data: Mapping[str, Any]) -> list[tuple[Any, str]]:
    facts = [(_("签发单位"), data["signer"]), (_("单位"), data["unit"])]
    return [*facts, (_("用途"), data["purpose"])] if data["purpose"] else facts


def _sample_honour(*, name: str, unit: str) -> dict[str, Any]:
    text = (
        "在{年度}年度机关运行保障工作中，您恪尽职守、精益求精，圆满完成了各项任务，成绩突出，"
        "被评为“服务保障先进个人”。\n特发此证，以资鼓励。"
    )
    batch = Batch(
        title="荣誉证书", subtitle="服务保障先进个人", honorific="同志", text=text, signer=unit, year=2026,
        dated_on=dt.date(2026, 12, 31),
    )  # fmt: skip
    return honour_data(batch, name=name, facts={"unit": unit, "post": "主任科员"})


def _sample_employment(*, name: str, unit: str) -> dict[str, Any]:
    return {
        "name": name, "sex": Sex.FEMALE, "born": "1985-03", "unit": "办公室", "organ": unit,
        "post": "副主任 四级调研员", "purpose": "办理住房公积金业务", "signer": unit, "dated_on": "2026-12-31",
    }  # fmt: skip


def _sample_slips(*, name: str, unit: str) -> dict[str, Any]:
    slip = {"name": name, "unit": unit, "username": "zhoujianxin", "password": "hkt4-wm7x-q9ad"}
    return {"slips": [slip] * 8}


def may_read(account: Any, batch: int) -> bool:
    """Whether HR looks after the batch today; its holder reads the paper anyway."""
    return batches(account).filter(pk=batch).exists()


def keeps(account: Any) -> Q:
    """The register's rows of the batches that HR looks after today."""
    return Q(source_pk__in=batches(account).values("pk"))


def anew(holder: int, source: int) -> tuple[Ref, dict[str, Any]]:
    """The same words for the person as the roster has them today."""
    given = Recipient.objects.select_related("batch").get(
        batch=source, holder_label=Cadre._meta.label_lower, holder_pk=holder
    )
    [today] = recipients([Cadre.objects.select_related("unit").get(pk=holder)], kind=given.batch.kind)
    return today.ref, DATA[given.batch.kind](given.batch, name=today.holder_name, facts=today.facts)


KINDS = [
    Kind(
        code=HONOUR,
        title=_("荣誉证书"),
        prefix="RZ",
        draw=draw_honour,
        public_facts=_honour_facts,
        sample=_sample_honour,
        landscape=True,
        may_read=may_read,
        keeps=keeps,
        anew=anew,
    ),
    Kind(
        code=EMPLOYMENT,
        title=_("在职证明"),
        prefix="ZM",
        draw=draw_employment,
        public_facts=_employment_facts,
        sample=_sample_employment,
        may_read=may_read,
        keeps=keeps,
        anew=anew,
    ),
    Kind(
        code=SLIP,
        title=_("首次登录密码条"),
        prefix="",
        draw=draw_slips,
        public_facts=lambda data: [],
        sample=_sample_slips,
        is_registered=False,
    ),
]
