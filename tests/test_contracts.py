"""What rooms may build on: frozen signatures (architecture.md) and the offers that rooms make to each other.

A changed signature breaks other rooms: change the picture, the callers and this list in one commit that says why.
`notices.notify` joins them with its room.
"""

import inspect
import re
from pathlib import Path

import pytest
from django.conf import settings

from assessment.appraisals import parameters as appraisals
from assessment.appraisals import records
from foundation.audit.record import record
from foundation.documents.actions import issue, revoke
from foundation.jobs.actions import start
from foundation.offers import find
from foundation.offers.types import Handler, Importer, Kind, Parameter, Ref, Refused
from foundation.people.scope import fetch, visible
from foundation.rulebook.queries import parameter
from learning.hours.actions import credit
from tests.factories.people import CadreFactory, office

ROOT = Path(__file__).resolve().parents[1]
FROZEN = {
    record: "(event, *, target, actor, **data)",
    start: "(kind, *, actor, **ids)",
    visible: "(user, model, *, action='view')",
    fetch: "(user, model, *, pk, action='view')",
    parameter: "(code, *, on, unit=None)",
    issue: "(*, kind, holder, source, data, actor)",
    revoke: "(*, document, reason, actor)",
    credit: "(*, cadre, class_hours, kind, delivery, source, evidence, rule_version, ended_on, actor)",
}


@pytest.mark.parametrize("function", FROZEN, ids=lambda function: function.__qualname__)
def test_frozen_signatures(function):
    signature = inspect.signature(function)
    plain = signature.replace(
        parameters=[one.replace(annotation=inspect.Parameter.empty) for one in signature.parameters.values()],
        return_annotation=inspect.Signature.empty,
    )
    assert str(plain) == FROZEN[function]


@pytest.mark.parametrize(
    ("offers", "type_", "key"),
    [
        (find.handlers, Handler, "kind"),
        (find.parameters, Parameter, "code"),
        (find.kinds, Kind, "code"),
        (find.importers, Importer, "name"),
    ],
    ids=["handlers", "parameters", "kinds", "importers"],
)
def test_offers_are_of_their_type_and_none_hides_another(offers, type_, key):
    listed = [one for module in find.modules(offers.__name__) for one in getattr(module, offers.__name__.upper())]
    assert listed and all(isinstance(one, type_) for one in listed)
    assert sorted(offers()) == sorted(getattr(one, key) for one in listed)


def test_handlers_take_what_jobs_gives_them():
    for handler in find.handlers().values():
        parameters = inspect.signature(handler.run).parameters
        assert {"actor", "progress"} <= set(parameters), handler.kind


def test_parameters_that_rooms_read_are_marked_in_use_and_no_others():
    """What parameter() is called with, in the sources themselves."""
    read = set()
    for path in [*ROOT.glob("foundation/**/*.py"), *ROOT.glob("learning/**/*.py"), *ROOT.glob("assessment/**/*.py")]:
        text = path.read_text(encoding="utf-8")
        names = re.findall(r"\bparameter\(\s*\"([^\"]+)\"", text) + re.findall(r"\bparameter\(\s*([A-Z_]+)\b", text)
        read |= {getattr(appraisals, name, name) for name in names}
    read |= {records.HALF_YEAR, *records.NUMBERS.values()}  # for many units at once, by parameters_of_units()
    assert read == {code for code, offer in find.parameters().items() if offer.in_use}


def test_offers_come_from_our_own_rooms_only():
    """Django's own auth has a handlers.py too; it offers nothing to us."""
    rooms = {module.__name__.rpartition(".")[0] for module in find.modules("handlers")}
    assert rooms <= set(settings.ROOMS)


@pytest.mark.django_db
def test_a_reference_keeps_the_name_and_the_account():
    cadre = CadreFactory(unit=office(), name="周立新")
    assert Ref.to(cadre) == Ref("people.cadre", cadre.pk, "周立新", cadre.account_id)


def test_a_refusal_has_a_code_for_programs_and_a_sentence_for_people():
    refusal = Refused("quota_full", "优秀名额已满。")
    assert (refusal.code, str(refusal)) == ("quota_full", "优秀名额已满。")
