"""The lists of people, for bin/manage import and for the wizard of the back office."""

from foundation.exchange.imports import importer
from foundation.people.roster import ROSTER

IMPORTERS = [
    importer(ROSTER, help="干部花名册（.xlsx、.csv）"),
]
