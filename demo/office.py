"""The demo office: invented people of an invented bureau, the same at every load. Reads nothing outside the project."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.people.enums import Category, Role, Sex

OFFICE = "市机关事务管理局"
PASSWORD = "zhixing-demo"  # shown on the sign-in page of a demo office, and only there

SECTIONS = [
    "局领导",
    "办公室",
    "人事处",
    "财务处",
    "资产管理处",
    "公共机构节能处",
    "综合保障处",
    "会议服务处",
    "机关纪委",
    "车辆服务中心",
    "餐饮服务中心",
    "物业管理处",
]


@dataclass(frozen=True)
class Person:
    """Somebody with an account. roles: over the whole office unless ``own_section``."""

    username: str
    name: str
    section: str
    post: str = ""
    rank: str = ""
    roles: tuple[Role, ...] = ()
    own_section: bool = False
    leading: bool = False
    says: str | Promise = ""  # beside the account on the sign-in page


PEOPLE = [
    Person("cadre", "周立新", "综合保障处", rank="三级主任科员", says=_("干部")),
    Person("head", "许文博", "综合保障处", "处长", "一级调研员", (Role.SECTION_HEAD,), True, says=_("处室负责人")),
    Person("editor", "林晓岚", "办公室", rank="二级主任科员", roles=(Role.EDITOR,), says=_("编辑")),
    Person("trainer", "韩雪", "人事处", rank="一级主任科员", roles=(Role.TRAINER,), says=_("培训管理员")),
    Person("hr", "沈静", "人事处", "处长", "二级调研员", (Role.HR,), says=_("人事")),
    Person("leader", "郑国平", "局领导", "副局长", roles=(Role.LEADER,), leading=True, says=_("领导")),
    Person("committee", "马丽华", "局领导", "局长", roles=(Role.COMMITTEE_MEMBER,), leading=True, says=_("考核委员会")),
    Person("audit", "方正", "", roles=(Role.AUDIT_ADMIN,), says=_("审计管理员")),
    Person("security", "石磊", "", roles=(Role.SECURITY_ADMIN,), says=_("安全管理员")),
    Person("system", "江帆", "", roles=(Role.SYSTEM_ADMIN,), says=_("系统管理员")),
    Person("committee2", "冯志远", "机关纪委", "书记", "二级调研员", (Role.COMMITTEE_MEMBER,), says=_("考核委员会")),
]

_SURNAMES = "王李张刘陈杨赵黄吴徐孙胡朱高何郭罗梁宋谢唐邓曹彭曾田董潘袁蔡蒋余杜叶程魏苏吕丁任姚卢姜钟谭陆范石"
_GIVEN = "建国 志强 丽娟 海燕 文涛 晓东 雨桐 明轩 佳怡 思远 慧敏 俊杰 雅琴 永辉 春梅 子涵 立群 秀英 长河 若兰".split()  # noqa: SIM905  twenty names read better as one line
_RANKS = ["四级调研员", "一级主任科员", "二级主任科员", "三级主任科员", "四级主任科员", "一级科员"]
_SERVICE = {"车辆服务中心": Category.INSTITUTION_STAFF, "餐饮服务中心": Category.SUPPORT_WORKER}
_PER_SECTION = 8


def rows(today: dt.date) -> list[dict[str, object]]:
    """Everybody of the office as field values of Cadre, sections by name; the named ones first in their section.

    One recruit of 综合保障处 is on probation, so that a comment-only appraisal can be seen.
    """
    pick = random.Random(20260701)
    found: list[dict[str, object]] = []
    for section in SECTIONS:
        named = [person for person in PEOPLE if person.section == section]
        others = 1 if section == "局领导" else _PER_SECTION - len(named)
        for person in named:
            row = _row(len(found), person.name, section, today, pick)
            row |= {"post": person.post, "rank": person.rank, "is_leading_member": person.leading}
            row |= {"category": Category.CIVIL_SERVANT, "username": person.username}
            found.append(row)
        for number in range(others):
            name = pick.choice(_SURNAMES) + pick.choice(_GIVEN)
            row = _row(len(found), name, section, today, pick)
            if section == "局领导":
                row |= {"post": "副局长", "rank": "", "is_leading_member": True}
            elif number == 0 and not any(person.post for person in named):
                row |= {"post": "主任" if section.endswith(("室", "中心")) else "处长", "rank": "二级调研员"}
            if section == "综合保障处" and number == others - 1:
                first = dt.date(today.year, min(today.month, 7), 1)  # the year ends within it
                row |= {"rank": "", "probation_from": first, "first_work_month": first}
                row |= {"probation_to": first.replace(year=first.year + 1) - dt.timedelta(days=1)}
            found.append(row)
    return found


def _row(index: int, name: str, section: str, today: dt.date, pick: random.Random) -> dict[str, object]:
    birth = dt.date(today.year - pick.randint(26, 57), pick.randint(1, 12), 1)
    category = _SERVICE.get(section, Category.CIVIL_SERVANT)
    return {
        "work_number": f"D{index + 1:05d}",
        "name": name,
        "section": section,
        "sex": pick.choice([Sex.MALE, Sex.FEMALE]),
        "ethnicity": pick.choice(["汉族"] * 8 + ["回族", "满族"]),
        "birth_month": birth,
        "first_work_month": dt.date(birth.year + 23, 7, 1),
        "political_status": pick.choice(["中共党员"] * 4 + ["群众"]),
        "education": pick.choice(["大学本科", "大学本科", "研究生", "大专"]),
        "rank": pick.choice(_RANKS) if category == Category.CIVIL_SERVANT else "",
        "category": category,
        "as_of": today,
        "username": "",
    }
