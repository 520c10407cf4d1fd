"""Drill: the archive of bin/bundle installs and serves where no package index can be reached."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="zhixing-drill-") as temporary:
        made = subprocess.run(
            [str(ROOT / "bin" / "bundle"), temporary], check=True, capture_output=True, text=True
        ).stdout.strip()
        with tarfile.open(made) as archive:
            archive.extractall(temporary, filter="data")
        office = Path(made.removesuffix(".tar.gz"))
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": temporary,
            "ZHIXING_DATA": f"{temporary}/data",
            # an index that answers nothing: only the wheels of the archive are left
            "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
            "PIP_RETRIES": "0",
            "PIP_CONFIG_FILE": os.devnull,
        }
        for command in (["check"], ["prepare"]):
            done = subprocess.run([str(office / "bin" / "manage"), *command], env=environ, check=False)
            print(f"  {'FAIL' if done.returncode else 'ok  '}  bin/manage {' '.join(command)} without an index")
            if done.returncode:
                sys.exit(1)
        print(f"  archive: {Path(made).stat().st_size / 2**20:.0f} MiB")


if __name__ == "__main__":
    main()
