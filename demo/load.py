"""Loading the demo office into an empty installation."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from wagtail.rich_text import RichText

from content.actions import import_material, plant_site
from content.enums import ColumnKind
from content.models import ColumnPage, NewsPage
from demo.office import OFFICE, PASSWORD, PEOPLE, SECTIONS, rows
from foundation.people import actions as people
from foundation.people.models import Account, Cadre, Unit

DATA = Path(__file__).with_name("data")


def load(*, today: dt.date, actor: Any) -> bool:
    """Load the demo office; False where there is any unit already: it is never mixed into somebody's data."""
    if Unit.objects.exists():
        return False
    with transaction.atomic():
        _people(today, actor)
        plant_site(office=OFFICE, actor=actor)
        _content(today, actor)
    return True


def _people(today: dt.date, actor: Any) -> None:
    founded = dt.date(today.year - 3, 1, 1)
    office = people.create_unit(name=OFFICE, parent=None, on=founded, actor=actor)
    units = {name: people.create_unit(name=name, parent=office, on=founded, actor=actor) for name in SECTIONS}
    hashed = make_password(PASSWORD)
    accounts = {
        person.username: Account.objects.create(username=person.username, name=person.name, password=hashed)
        for person in PEOPLE
    }
    Cadre.objects.bulk_create(
        Cadre(unit=units[str(row.pop("section"))], account=accounts.get(str(row.pop("username"))), **row)
        for row in rows(today)
    )
    for person in PEOPLE:
        unit = units[person.section] if person.own_section else office
        for role in person.roles:
            people.grant_role(account=accounts[person.username], role=role, unit=unit, valid_from=founded, actor=actor)


def _content(today: dt.date, actor: Any) -> None:
    for path in sorted((DATA / "materials").glob("*.md")):
        import_material(text=path.read_text(encoding="utf-8"), slug=path.stem, source="", actor=actor)
    column = ColumnPage.objects.get(kind=ColumnKind.NEWS)
    for item in json.loads((DATA / "news.json").read_text(encoding="utf-8")):
        page = NewsPage(
            title=item["title"].replace("2026", str(today.year)),
            date=today - dt.timedelta(days=item["days_ago"]),
            source=item["source"],
            summary=item["summary"],
            body=[("text", RichText(item["body"]))],
            live=False,
        )
        column.add_child(instance=page)
        page.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)
