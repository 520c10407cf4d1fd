"""How offers are found: by file name, in the order of settings.ROOMS, once per process."""

from __future__ import annotations

import importlib
from functools import cache
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings

from foundation.offers.lists import KeptList
from foundation.offers.types import Handler, Importer, Kind, NoticeKind, Parameter


@cache
def modules(file_name: str) -> tuple[ModuleType, ...]:
    """The modules of that name in all rooms; rooms without one are passed over."""
    found = []
    for room in settings.ROOMS:
        name = f"{room}.{file_name}"
        if find_spec(name):
            found.append(importlib.import_module(name))
    return tuple(found)


@cache
def handlers() -> dict[str, Handler]:
    """All long work on offer, by kind."""
    return {handler.kind: handler for module in modules("handlers") for handler in module.HANDLERS}


@cache
def parameters() -> dict[str, Parameter]:
    """All parameters on offer, by code."""
    return {parameter.code: parameter for module in modules("parameters") for parameter in module.PARAMETERS}


@cache
def kinds() -> dict[str, Kind]:
    """All kinds of document on offer, by code."""
    return {kind.code: kind for module in modules("kinds") for kind in module.KINDS}


@cache
def notice_kinds() -> dict[str, NoticeKind]:
    """All kinds of notice on offer, by code."""
    return {kind.code: kind for module in modules("notice_kinds") for kind in module.NOTICE_KINDS}


@cache
def importers() -> dict[str, Importer]:
    """All file imports on offer, by name."""
    return {importer.name: importer for module in modules("importers") for importer in module.IMPORTERS}


@cache
def kept_lists() -> dict[str, KeptList]:
    """All lists on offer that people keep in spreadsheets, by name."""
    return {kept.name: kept for importer in importers().values() if (kept := importer.kept)}


@cache
def file_screens() -> dict[str, Importer]:
    """All imports of files that are no list and have a page in the back office, by name."""
    return {name: importer for name, importer in importers().items() if importer.screen}
