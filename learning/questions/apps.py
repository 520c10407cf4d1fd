from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "learning.questions"
    label = "questions"
    verbose_name = "题库"
