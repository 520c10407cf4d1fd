"""The lists of people, for bin/manage import and for the wizard of the back office."""

from foundation.exchange.imports import importer
from foundation.people.absences import ASSIGNMENTS, LEAVES
from foundation.people.openings import ACCOUNTS
from foundation.people.roster import ROSTER

IMPORTERS = [
    importer(ROSTER, help="干部花名册（.xlsx、.csv）"),
    importer(LEAVES, help="请假（.xlsx、.csv）"),
    importer(ASSIGNMENTS, help="调动、挂职与学习（.xlsx、.csv）"),
    importer(ACCOUNTS, help="为花名册上的人员开通账号（.xlsx、.csv）"),
]
