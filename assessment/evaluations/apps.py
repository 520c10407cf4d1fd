from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "assessment.evaluations"
    label = "evaluations"
    verbose_name = "民主测评"
