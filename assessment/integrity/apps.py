from django.apps import AppConfig


class IntegrityConfig(AppConfig):
    name = "assessment.integrity"
    label = "integrity"
    verbose_name = "廉政"
