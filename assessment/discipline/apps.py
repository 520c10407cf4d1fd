from django.apps import AppConfig


class DisciplineConfig(AppConfig):
    name = "assessment.discipline"
    label = "discipline"
    verbose_name = "纪律"
