from django.apps import AppConfig


class BallotboxConfig(AppConfig):
    name = "foundation.ballotbox"
    label = "ballotbox"
    verbose_name = "票箱"
