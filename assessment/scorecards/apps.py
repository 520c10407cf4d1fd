from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    name = "assessment.scorecards"
    label = "scorecards"
    verbose_name = "单位考核"
