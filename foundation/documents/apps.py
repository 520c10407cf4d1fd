from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "foundation.documents"
    label = "documents"
    verbose_name = "文书"

    def ready(self) -> None:
        """Register the checks of what an operator set."""
        import foundation.documents.checks  # noqa: F401, PLC0415  Django's own seam: models are there only now
