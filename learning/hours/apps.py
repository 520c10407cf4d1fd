from django.apps import AppConfig


class HoursConfig(AppConfig):
    name = "learning.hours"
    label = "hours"
    verbose_name = "学时"
