"""The roof's configuration; puts the project's root on the path and loads the Celery application."""

import sys
from pathlib import Path

_ROOT = str(Path(__file__).resolve().parents[2])
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)

from config.celery import app as celery_app  # noqa: E402  the path must be set first

__all__ = ["celery_app"]
