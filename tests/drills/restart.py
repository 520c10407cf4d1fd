"""Drill: Ctrl-C in the middle of a job of 300 items; the next start takes it up, and every item is done once."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.drills import kill_jobs as drill


def main() -> None:
    os.environ["ZHIXING_GRACE"] = "1"  # too short for the job: it is cut off
    served = drill.serve()
    drill.begin(served)
    for least in (20, 120, 220):
        if not drill.wait_for(lambda job, least=least: job.done >= least).is_open:
            break
        began = time.monotonic()
        code = served.stop()
        print(f"  stopped at {least}: exit {code} after {time.monotonic() - began:.0f} s")
        assert code == 0
        served.start()
        served.wait()
    found = drill.findings(drill.wait_for(lambda job: False))
    found["bin/serve ends with 0"] = served.stop() == 0
    drill.report(found)


if __name__ == "__main__":
    main()
