from django.apps import AppConfig


class OffersConfig(AppConfig):
    name = "foundation.offers"
    label = "offers"
    verbose_name = "部件约定"
