from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "foundation.notices"
    label = "notices"
    verbose_name = "通知"
