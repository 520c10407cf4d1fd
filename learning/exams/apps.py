from django.apps import AppConfig


class ExamsConfig(AppConfig):
    name = "learning.exams"
    label = "exams"
    verbose_name = "考试"
