"""Writes to people: units, accounts, roles."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.offers import clock
from foundation.offers.tell import tell
from foundation.offers.types import Refused
from foundation.people.enums import ADMINISTRATORS, BACK_OFFICE, Event, Role
from foundation.people.models import Account, Cadre, FormerPassword, OpenItem, RoleGrant, Unit, UnitPeriod
from foundation.people.notice_kinds import ROLE_ENDED, ROLE_GRANTED, role_context
from foundation.people.password_rules import first_password
from foundation.people.scope import active_grants, has_role, visible
from foundation.people.sessions import end_sessions
from foundation.rulebook.queries import parameter

COMMAND = "command"  # the system account in whose name bin/manage acts
MOST_FORMER = 24  # former passwords kept: the most that H1.password_history may ask for


def command_account() -> Account:
    """The account "command": the actor of what bin/manage does. Nobody can sign in with it."""
    account, _created = Account.objects.get_or_create(
        username=COMMAND, defaults={"name": "命令行", "is_active": False, "password": "!"}
    )
    return account


def create_unit(*, name: str, parent: Unit | None, on: dt.date, actor: Any) -> Unit:
    """Open a unit under its parent (None: an office) from a day on."""
    with transaction.atomic():
        # the parent is read again: treebeard computes the child's path from it
        unit = Unit.objects.get(pk=parent.pk).add_child(name=name) if parent else Unit.add_root(name=name)
        UnitPeriod.objects.create(unit=unit, name=name, parent=parent, valid_from=on)
        record(Event.UNIT_CREATED, target=unit, actor=actor, parent=parent.pk if parent else None, on=on.isoformat())
    return unit


def open_account(*, username: str, name: str, password: str | None, cadre: Cadre | None = None, actor: Any) -> Account:
    """Open an account, for a cadre or for somebody outside the roster. Its first password must be changed.

    Raises Refused for a name that is taken (in any case of its letters) or has characters that sign-in does not know.
    """
    with transaction.atomic():
        if Account.objects.filter(username__iexact=username.strip()).exists():
            raise Refused("bad_username", _("已有这个账号，请换一个。"))
        try:
            Account(username=username.strip().lower(), name=name).full_clean(exclude=["password"])
        except ValidationError as error:
            raise Refused("bad_username", " ".join(error.messages)) from error
        try:
            with transaction.atomic():
                account = Account.objects.create_user(
                    username, password, name=name, must_change_password=bool(password)
                )
        except IntegrityError as error:  # somebody else opened it between the look and the write
            raise Refused("bad_username", _("已有这个账号，请换一个。")) from error
        if cadre is not None:
            if not Cadre.objects.filter(pk=cadre.pk, account=None).update(account=account):
                raise Refused("cadre_taken", _("账号或人员已经与别的账号、人员对应。"))
            cadre.account = account
        record(Event.ACCOUNT_CREATED, target=account, actor=actor, cadre=cadre.pk if cadre else None)
    return account


def passwords_before(account: Account) -> int:
    """The account's latest former password, or 0: another one as soon as its password is changed or set anew."""
    return account.former_passwords.values_list("pk", flat=True).first() or 0


def reset_password(*, account: Account, password: str, actor: Any, seen: int | None = None) -> None:
    """Set a new first password, which must be changed at the next sign-in; the account's sessions end.

    seen: passwords_before() as it was when the officer decided, on a page that may be old or was sent twice. Raises
    Refused where it no longer is.
    """
    with transaction.atomic():
        stored = Account.objects.select_for_update().get(pk=account.pk)
        if seen is not None and seen != passwords_before(stored):
            raise Refused(
                "password_changed", _("这一页打开以后密码已经变动过，这次没有再设定。仍要设定的，请再确认一次。")
            )
        FormerPassword.objects.create(account=stored, password=stored.password, created_at=clock.now())
        account.set_password(password)
        account.must_change_password = True
        account.password_changed_at = None
        account.save(update_fields=["password", "must_change_password", "password_changed_at"])
        record(Event.PASSWORD_RESET, target=account, actor=actor)
        end_sessions(account=account, actor=actor, reason=str(Event.PASSWORD_RESET))


def new_first_password() -> str:
    """A random first password that meets the office's policy of today."""
    return first_password(length=parameter("H1.password_length", on=clock.today()))


def renew_first_password(*, account: Account, actor: Any, seen: int | None = None) -> str:
    """A new first password at the counter; returned to be shown once, kept nowhere.

    The security administrator may do it for everybody else, HR for people in its scope who hold no role. Raises
    Refused: whoever could renew the password of somebody with a role could act in that role. Nobody
    gets one for themselves, and HR gives none for an account that is off. seen: as reset_password() takes it.
    """
    if account.pk == actor.pk:
        raise Refused("own_account", _("不能给自己重置密码，请自己修改密码。"))
    if not has_role(actor, Role.SECURITY_ADMIN):
        if not visible(actor, Account, action="password").filter(pk=account.pk).exists():
            raise Refused("out_of_scope", _("这个账号不在你的管理范围内。"))
        if not account.is_active:
            raise Refused("account_off", _("账号已停用。"))
        unended = Q(valid_to=None) | Q(valid_to__gte=clock.today())
        if account.grants.filter(unended).exists():
            raise Refused("holds_role", _("这个账号有角色授权，请由安全管理员重置密码。"))
    password = new_first_password()
    reset_password(account=account, password=password, actor=actor, seen=seen)
    return password


def grant_role(
    *, account: Account, role: Role, unit: Unit, valid_from: dt.date, valid_to: dt.date | None = None, actor: Any
) -> RoleGrant:
    """Give a role over a unit and its subtree.

    Raises Refused when the account holds, or gets, an administrator's role beside any other role: the three
    administrators are three different people without business data (rules.md H1); and when it holds this very role.
    """
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        overlapping = RoleGrant.objects.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from), account=account)
        if valid_to is not None:
            overlapping = overlapping.filter(valid_from__lte=valid_to)
        held = set(overlapping.values_list("role", flat=True)) - {role}
        if held & ADMINISTRATORS or (role in ADMINISTRATORS and held):
            raise Refused("roles_exclude", _("系统、安全、审计管理员由不同的人担任，也不能兼任业务角色。"))
        if overlapping.filter(role=role, unit=unit).exists():
            raise Refused("held", _("这个账号在这个范围和这段时间已经有这个角色。"))
        grant = RoleGrant.objects.create(
            account=account, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to
        )
        days = {"valid_from": valid_from.isoformat(), "valid_to": valid_to.isoformat() if valid_to else None}
        record(Event.ROLE_GRANTED, target=grant, actor=actor, role=role, unit=unit.pk, account=account.pk, **days)
        told = role_context(grant, valid_from)
        tell(to=account, kind=ROLE_GRANTED, context=told, dedupe=f"{ROLE_GRANTED}:{grant.pk}")
        sync_groups(account=account)
    return grant


def link_cadre(*, account: Account, cadre: Cadre, actor: Any) -> None:
    """Give an account its person on the roster. Raises Refused when either has another already."""
    with transaction.atomic():
        held = Cadre.objects.select_for_update().get(pk=cadre.pk)
        if (
            held.account_id not in (None, account.pk)
            or Cadre.objects.filter(account=account).exclude(pk=held.pk).exists()
        ):
            raise Refused("cadre_taken", _("账号或人员已经与别的账号、人员对应。"))
        held.account = account
        held.save(update_fields=["account"])
        record(Event.CADRE_LINKED, target=account, actor=actor, cadre=held.pk)


def switch_account(*, account: Account, is_active: bool, actor: Any) -> bool:
    """Switch an account off or on; one that is off cannot sign in, and its roles do not count.

    Returns whether anything changed: of one that stands so already there is no second entry.
    """
    with transaction.atomic():
        stood = Account.objects.select_for_update().get(pk=account.pk).is_active
        account.is_active = is_active
        if stood == is_active:
            return False
        account.save(update_fields=["is_active"])
        record(Event.ACCOUNT_SWITCHED, target=account, actor=actor, is_active=is_active)
        if not is_active:
            end_sessions(account=account, actor=actor, reason=str(Event.ACCOUNT_SWITCHED))
    return True


def end_role(*, grant: RoleGrant, last_day: dt.date, actor: Any) -> None:
    """Let a role end with the given day; one that begins after it is taken back altogether (the trail keeps it)."""
    with transaction.atomic():
        record(Event.ROLE_ENDED, target=grant, actor=actor, last_day=last_day.isoformat())
        told = role_context(grant, last_day)
        tell(to=grant.account, kind=ROLE_ENDED, context=told, dedupe=f"{ROLE_ENDED}:{grant.pk}:{last_day}")
        if last_day < grant.valid_from:
            grant.delete()
        else:
            grant.valid_to = last_day
            grant.save(update_fields=["valid_to"])
        sync_groups(account=grant.account)


def complete_item(*, item: OpenItem, answer: str, now: dt.datetime, actor: Any) -> None:
    """Close an open item with what HR found out. Raises Refused when somebody else has closed it."""
    with transaction.atomic():
        closed = OpenItem.objects.filter(pk=item.pk, completed_at=None).update(completed_at=now, answer=answer)
        if not closed:
            raise Refused("completed", _("这一条已经由别人补全。"))
        record(Event.ITEM_COMPLETED, target=item, actor=actor, answer=answer)


def sync_groups(*, account: Account) -> None:
    """Bring the account's Django groups (what Wagtail asks for its pages and its door) in line with today's roles.

    Called when a role changes and at each sign-in; rows of our own rooms never ask groups, they ask scope.py.
    """
    roles = set(active_grants(account, on=clock.today()).values_list("role", flat=True)) & BACK_OFFICE
    account.groups.set([role_group(Role(role)) for role in roles])


def role_group(role: Role) -> Group:
    """The Django group of a back-office role; it opens the Wagtail admin's door."""
    group, created = Group.objects.get_or_create(name=f"role:{role}")
    if created:
        group.permissions.add(Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin"))
    return group
