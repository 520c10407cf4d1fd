"""Accounts for the people of the roster, in and out.

Nobody can sign in with a new account before its first password has been set; that is printed on a slip at the counter
and never stands in a spreadsheet or an answer.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.exchange.tables import Table, text
from foundation.offers.lists import Became, Column, Export, KeptList, Outcome, Problem
from foundation.offers.types import Refused
from foundation.people import actions
from foundation.people.keepers import is_keeper, office_key, office_of
from foundation.people.matching import PERSON, match_people, twice
from foundation.people.models import Cadre
from foundation.people.scope import visible

COLUMNS = (*PERSON, Column("username", ("账号", "用户名", "登录名"), width=18))


def take_accounts(table: Table, *, dry_run: bool, actor: Any, scoped: bool) -> Outcome:
    """Open an account for everybody who has none; without a name of its own it is the work number.

    An account that stands keeps its name: another one in the file is told. The dry run writes as well; its caller takes
    everything back.
    """
    people, problems = match_people(table, actor=actor, scoped=scoped)
    problems = [*table.problems, *problems]
    became = {row.number: Became.BAD for row in table.rows}
    heading = table.headings["work_number"]
    repeated = list(
        twice(
            {number: cadre.pk for number, cadre in people.items()},
            heading,
            lambda first: _("与第 %(row)s 行是同一个人。") % {"row": first},
        )
    )
    problems += repeated
    for problem in repeated:
        del people[problem.row]
    for row in table.rows:
        cadre = people.get(row.number)
        if cadre is None:
            continue
        written = text(row.cells.get("username")).lower()
        if cadre.account is not None:
            if written in ("", cadre.account.username):
                became[row.number] = Became.UNCHANGED
            else:
                what = _("这个人已有账号“%(username)s”，导入不改账号名。") % {"username": cadre.account.username}
                problems.append(Problem(row.number, table.headings["username"], what))
            continue
        try:
            actions.open_account(
                username=written or cadre.work_number, name=cadre.name, password=None, cadre=cadre, actor=actor
            )
        except Refused as refusal:
            problems.append(Problem(row.number, table.headings["username"] if written else heading, str(refusal)))
        else:
            became[row.number] = Became.NEW
    return Outcome.of(became, problems)


def export_accounts(account: Any) -> Export:
    """The accounts of the people whom the account keeps as HR."""
    people = visible(account, Cadre, action="change").exclude(account=None).select_related("account")
    return Export(
        above=[f"{office_of(account) or ''}账号登记表"],
        rows=(
            {"work_number": cadre.work_number, "name": cadre.name, "username": cadre.account.username}
            for cadre in people.order_by("work_number").iterator(2000)
            if cadre.account
        ),
    )


ACCOUNTS = KeptList(
    name="accounts",
    title=gettext_lazy("账号开通"),
    columns=COLUMNS,
    may_use=is_keeper,
    office=office_key,
    take=take_accounts,
    export=export_accounts,
)
