"""Django's entrance. People type bin/manage, which makes the environment first."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
# site/ is a source root, not a package: Python's own `site` module would shadow it.
sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
