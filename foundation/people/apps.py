from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "foundation.people"
    label = "people"
    verbose_name = "人员"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out  # noqa: PLC0415  models must be loaded

        from foundation.people.account_actions import note_sign_out  # noqa: PLC0415  as above

        # the one way to hear of Wagtail's own sign-out, which goes past our adapter
        user_logged_out.connect(note_sign_out)
