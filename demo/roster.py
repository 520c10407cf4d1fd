"""The demo's units, accounts and people, written down in the order in which they came to be.

What lies before the day of settling came with the roster and is written in bulk; what happened since goes through the
actions that HR has, one by one, with their audit entries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.hashers import make_password

from demo.office import FOUNDING, MERGED, OFFICE, PASSWORD, PEOPLE, RENAMED, SECTIONS, SPLIT, TASK_OFFICE, Days
from demo.people import Move, Staff, relations
from foundation.audit.record import record
from foundation.people import actions, careers, reorganise
from foundation.people.enums import DEPARTURES, Category, Event
from foundation.people.models import Account, Assignment, Cadre, CadreState, Leave, OpenItem, Unit

_NO_PASSWORD = make_password(None)


def found(days: Days, actor: Any) -> dict[str, Unit]:
    """The office with its units as they were founded, and the task office that came later; by name."""
    office = actions.create_unit(name=OFFICE, parent=None, on=days.founded, actor=actor)
    units = {OFFICE: office}
    for name in FOUNDING:
        units[name] = actions.create_unit(name=name, parent=office, on=days.founded, actor=actor)
    units[TASK_OFFICE] = actions.create_unit(name=TASK_OFFICE, parent=office, on=days.task_office_opened, actor=actor)
    return units


def open_accounts(days: Days, units: Mapping[str, Unit], actor: Any) -> dict[str, Account]:
    """Everybody's account and roles, by user name. One hash for all: Argon2 takes its time on purpose."""
    hashed = make_password(PASSWORD)
    accounts: dict[str, Account] = {}
    for person in PEOPLE:
        account = Account.objects.create(username=person.username, name=person.name, password=hashed)
        accounts[person.username] = account
        record(Event.ACCOUNT_CREATED, target=account, actor=actor, cadre=None)
        unit = units[person.section if person.own_section else OFFICE]
        for role in person.roles:
            actions.grant_role(account=account, role=role, unit=unit, valid_from=days.founded, actor=actor)
    return accounts


def _open_others(people: Iterable[Staff], actor: Any) -> dict[str, Account]:
    """Accounts of those who work at a desk, named by work number: with no password, so nobody signs in with them. The
    three service units have none yet; HR opens them."""
    accounts: dict[str, Account] = {}
    for one in people:
        if not one.username and one.now["category"] == Category.CIVIL_SERVANT:
            account = Account.objects.create(username=one.work_number.lower(), name=one.name, password=_NO_PASSWORD)
            accounts[one.work_number] = account
            record(Event.ACCOUNT_CREATED, target=account, actor=actor, cadre=None)
    return accounts


def settle(
    people: Iterable[Staff], days: Days, units: dict[str, Unit], accounts: Mapping[str, Account], actor: Any
) -> None:
    """The roster as it stood on the day of settling, with its history, and the reorganisations until then."""
    here = [one for one in people if one.joined <= days.settled and not _left_by(one, days.settled)]
    _write(here, days, units, {**accounts, **_open_others(here, actor)})
    record(Event.ROSTER_IMPORTED, target=units[OFFICE], actor=actor, people=len(here))
    _reorganise(here, days, units, actor)
    careers.refresh_people(Cadre.objects.values_list("pk", flat=True), today=days.settled)


def carry_on(people: Iterable[Staff], days: Days, units: Mapping[str, Unit], actor: Any) -> None:
    """What happened since the day of settling, and what HR added about the years before."""
    everybody = list(people)
    _write([one for one in everybody if _left_by(one, days.settled)], days, units, {})
    for one in everybody:
        if one.joined > days.settled:
            _take_on(one, units, days, actor)
    cadres = {cadre.work_number: cadre for cadre in Cadre.objects.all()}
    careers.refresh_people([cadre.pk for cadre in cadres.values()], today=days.today)
    for one in everybody:
        _live_on(cadres[one.work_number], one, days, units, actor)
        if one.remark:
            OpenItem.objects.create(cadre=cadres[one.work_number], remark=one.remark)
    for first, second, kinship in relations(everybody, days):
        pair = cadres[first.work_number], cadres[second.work_number]
        careers.relate(cadre=pair[0], other=pair[1], kinship=kinship, on=days.founded, actor=actor)


def _left_by(one: Staff, day: dt.date) -> bool:
    return any(move.kind in DEPARTURES and move.last is None and move.first <= day for move in one.moves)


def _write(people: list[Staff], days: Days, units: Mapping[str, Unit], accounts: Mapping[str, Account]) -> None:
    """People with all of their record until the day of settling, in bulk."""
    cadres = Cadre.objects.bulk_create(
        Cadre(
            **one.lasting,
            **_whole(one.states[one.joined], units),
            remarks=one.remark,
            as_of=days.settled,
            account=accounts.get(one.username or one.work_number),
        )
        for one in people
    )
    states, moves, leaves = [], [], []
    for cadre, one in zip(cadres, people, strict=True):
        whole: dict[str, Any] = {}
        for day in sorted(day for day in one.states if day <= days.settled):
            whole |= _whole(one.states[day], units)
            reason = "" if day == one.joined else _reason(one.states[day])
            states.append(CadreState(cadre=cadre, valid_from=day, reason=reason, **whole))
        moves += [_assignment(cadre, move) for move in one.moves if move.first <= days.settled]
        leaves += [
            Leave(cadre=cadre, kind=absence.kind, valid_from=absence.first, valid_to=absence.last)
            for absence in one.absences
            if absence.first <= days.settled
        ]
    CadreState.objects.bulk_create(states)
    Assignment.objects.bulk_create(moves)
    Leave.objects.bulk_create(leaves)


def _whole(state: Mapping[str, Any], units: Mapping[str, Unit]) -> dict[str, Any]:
    return {name: units[value] if name == "unit" else value for name, value in state.items()}


def _reason(changes: Mapping[str, Any]) -> str:
    reasons = {"unit": "轮岗交流", "post": "任职", "rank": "职级晋升"}
    return "、".join(reason for name, reason in reasons.items() if name in changes)


def _assignment(cadre: Cadre, move: Move) -> Assignment:
    return Assignment(
        cadre=cadre,
        kind=move.kind,
        valid_from=move.first,
        valid_to=move.last,
        place=move.place,
        is_sent=move.is_sent and move.kind not in DEPARTURES,
    )


def _reorganise(here: list[Staff], days: Days, units: dict[str, Unit], actor: Any) -> None:
    """One merger, one new name, one split."""
    told: dict[str, Any] = {"today": days.settled, "actor": actor}
    garages = [units[name] for name in MERGED]
    units["车辆服务中心"] = reorganise.merge_units(units=garages, name="车辆服务中心", on=days.merged, **told)
    before, after = RENAMED
    reorganise.rename_unit(unit=units[before], name=after, on=days.renamed, **told)
    units[after] = units[before]
    cadres = {cadre.work_number: cadre for cadre in Cadre.objects.filter(unit=units[SPLIT])}
    parts = [
        reorganise.Part(section.name, [cadres[one.work_number] for one in here if one.section == section.name])
        for section in SECTIONS
        if section.was == SPLIT
    ]
    for unit in reorganise.split_unit(unit=units[SPLIT], parts=parts, closes=True, on=days.split, **told):
        units[unit.name] = unit


def _take_on(one: Staff, units: Mapping[str, Unit], days: Days, actor: Any) -> None:
    """Somebody who came this year."""
    fields = one.lasting | _whole(one.states[one.joined], units)
    careers.add_cadre(fields=fields, on=one.joined, today=days.today, actor=actor)


def _live_on(cadre: Cadre, one: Staff, days: Days, units: Mapping[str, Unit], actor: Any) -> None:
    """A person's changes, moves and leaves since the day of settling."""
    told: dict[str, Any] = {"today": days.today, "actor": actor}
    for day in sorted(day for day in one.states if day > max(days.settled, one.joined)):
        changes, reason = _whole(one.states[day], units), _reason(one.states[day])
        careers.change_state(cadre=cadre, on=day, changes=changes, reason=reason, **told)
    for move in one.moves:
        if move.first <= days.settled:
            continue
        if move.kind not in DEPARTURES:
            careers.add_assignment(
                cadre=cadre,
                kind=move.kind,
                first=move.first,
                last=move.last,
                place=move.place,
                is_sent=move.is_sent,
                **told,
            )
            continue
        careers.depart(cadre=cadre, kind=move.kind, first_day_out=move.first, place=move.place, **told)
        if move.last is not None:
            back = move.last + dt.timedelta(days=1)
            careers.take_back(cadre=cadre, on=back, changes={}, reason="调回原单位", **told)
    for absence in one.absences:
        if absence.first > days.settled:
            careers.add_leave(cadre=cadre, kind=absence.kind, first=absence.first, last=absence.last, actor=actor)
