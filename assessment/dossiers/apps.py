from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "assessment.dossiers"
    label = "dossiers"
    verbose_name = "重大决策"
