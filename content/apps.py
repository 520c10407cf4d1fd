from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "content"
    label = "content"
    verbose_name = "内容"

    def ready(self) -> None:
        from django.db.models.signals import post_save  # noqa: PLC0415  models must be loaded
        from wagtail.models import PageLogEntry  # noqa: PLC0415  as above

        from content.trail import note  # noqa: PLC0415  as above

        # the one way to hear of whatever Wagtail does to a page, and of who did it
        post_save.connect(note, sender=PageLogEntry)
