"""Files that nobody thought of: 600 (or as many as are named) through the import wizard, with the distinct answers.

    bin/drill fuzz [NUMBER]

The same test runs with a few in bin/test. Every file gets a sentence, a third of them and more reach the row parser,
nothing is written.
"""

import os
import subprocess
import sys

NUMBER = sys.argv[1] if len(sys.argv) > 1 else "600"
command = [sys.executable, "-m", "pytest", "-q", "-p", "no:warnings", "tests/foundation/test_exchange_fuzz.py"]
sys.exit(subprocess.call(command, env={**os.environ, "ZHIXING_FUZZ": NUMBER, "LOG_LEVEL": "ERROR"}))
