"""Loading the demo office into an empty installation, in the order in which its story happened."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.rich_text import RichText

from content.actions import import_material, plant_site
from content.models import AnnouncementPage, ColumnPage, NewsPage
from demo import roster
from demo.appraising import Committee
from demo.discipline import keep_records
from demo.learning import load_learning
from demo.office import OFFICE, PARAMETERS, Days
from demo.papers import draft_honours
from demo.people import everybody
from foundation.people.models import Unit
from foundation.rulebook.actions import set_value

DATA = Path(__file__).with_name("data")


def load(*, today: dt.date, actor: Any) -> bool:
    """Load the demo office; False where there is any unit already: it is never mixed into somebody's data."""
    if Unit.objects.exists():
        return False
    days, people = Days(today), everybody(today)
    with transaction.atomic():
        units = roster.found(days, actor)
        _parameters(days, actor)
        accounts = roster.open_accounts(days, units, actor)
        roster.settle(people, days, units, accounts, actor)
        keep_records(people, after=dt.date.min, until=days.settled)
        committee = Committee()
        committee.finish_last_year(days)
        roster.carry_on(people, days, units, actor)
        keep_records(people, after=days.settled, until=today)
        committee.correct_last_year(days)
        plant_site(office=OFFICE, actor=actor)
        _content(days, actor)
        load_learning(days, actor)
        committee.go_on_this_year(days)
        draft_honours(days, committee.accounts["hr"])
    return True


def _parameters(days: Days, actor: Any) -> None:
    for code, value, citation in PARAMETERS:
        set_value(
            code=code,
            value=value,
            unit=None,
            valid_from=days.founded,
            valid_to=None,
            citation=citation,
            today=days.today,
            actor=actor,
        )


def _content(days: Days, actor: Any) -> None:
    for path in sorted((DATA / "materials").glob("*.md")):
        import_material(text=path.read_text(encoding="utf-8"), slug=path.stem, source="", actor=actor)
    for model, name in ((NewsPage, "news.json"), (AnnouncementPage, "announcements.json")):
        column = ColumnPage.objects.get(kind=model.column_kind)
        for item in json.loads((DATA / name).read_text(encoding="utf-8")):
            page = model(
                title=item["title"].replace("2026", str(days.running)),
                date=days.today - dt.timedelta(days=item["days_ago"]),
                source=item["source"],
                summary=item["summary"],
                body=[("formatted_text", RichText(item["body"]))],
                live=False,
            )
            column.add_child(instance=page)
            page.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)
