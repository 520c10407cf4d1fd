"""Units, cadres and accounts for tests."""

import datetime as dt

import factory

from foundation.people import actions
from foundation.people.careers import take_roster
from foundation.people.enums import Category, Role, Sex
from foundation.people.models import Account, Cadre, Unit

LONG_AGO = dt.date(2020, 1, 1)


def office(name: str = "市机关事务管理局") -> Unit:
    """An office without sections."""
    return actions.create_unit(name=name, parent=None, on=LONG_AGO, actor=None)


def section(name: str, parent: Unit) -> Unit:
    """A section of an office."""
    return actions.create_unit(name=name, parent=parent, on=LONG_AGO, actor=None)


class AccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Account

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"用户{n}")


class CadreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cadre

    work_number = factory.Sequence(lambda n: f"T{n:05d}")
    name = factory.Sequence(lambda n: f"干部{n}")
    sex = Sex.FEMALE
    category = Category.CIVIL_SERVANT
    as_of = LONG_AGO
    account = factory.SubFactory(AccountFactory, name=factory.SelfAttribute("..name"))

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        """With the first state of their record, as every way onto the roster writes it."""
        cadre = super()._create(model_class, *args, **kwargs)
        take_roster(cadres=[cadre], on=cadre.as_of)
        return cadre


def grant(account: Account, role: Role, unit: Unit) -> Account:
    """Give a role since long ago; returns the account."""
    actions.grant_role(account=account, role=role, unit=unit, valid_from=LONG_AGO, actor=None)
    return account
