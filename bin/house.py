"""What the commands of bin/ share: one environment in .venv, made and kept fresh by whichever comes first.

Written for any Python 3, so that one that is too old can say so. Everything here speaks on stderr: stdout belongs to
the command's own answer (docs/operations.md).
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOWEST = (3, 11)


def say(text):
    print(text, file=sys.stderr, flush=True)


def give_up(text, code=1):
    say(text)
    sys.exit(code)


def _interpreter():
    """This Python if it is new enough, else the newest one on the PATH that is."""
    if sys.version_info >= LOWEST:
        return sys.executable
    for name in ("python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return found
    give_up(
        "知行需要 Python 3.11 或更高版本，这里是 {0}。\nZhixing needs Python 3.11 or newer; this is {0}.".format(
            sys.version.split()[0]
        )
    )


def _fingerprint(files):
    digest = hashlib.sha256(sys.version.encode())
    for name in files:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def environment(dev=False):
    """Make .venv, or bring it up to the requirements; returns its python. dev: with what tests and checks need."""
    python = VENV / "bin" / "python"
    stamp = VENV / ".zhixing"
    full = _fingerprint(["requirements.txt", "constraints.txt", "requirements-dev.txt"]) + " dev"
    plain = _fingerprint(["requirements.txt", "constraints.txt"])
    good = {full} if dev else {full, plain}
    with open(ROOT / ".venv.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands at once: the second waits
        if stamp.exists() and set(stamp.read_text().split("\n")) & good and python.exists():
            return str(python)
        say("正在准备运行环境（第一次约一分钟）… Preparing the environment (about a minute the first time)")
        if not python.exists():
            made = subprocess.run(
                [_interpreter(), "-m", "venv", "--clear", str(VENV)],
                check=False,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            if made.returncode:
                shutil.rmtree(VENV, ignore_errors=True)
                give_up(
                    "无法建立 Python 虚拟环境，请先安装 venv 模块（Debian、Ubuntu：apt install python3-venv）。\n"
                    "Cannot make a virtual environment; install the venv module first (apt install python3-venv)."
                )
        command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-c", "constraints.txt"]
        # a folder of wheels (bin/bundle): no package index is asked
        wheels = os.environ.get("ZHIXING_WHEELS") or ("wheels" if (ROOT / "wheels").is_dir() else "")
        if wheels:
            command += ["--no-index", "--find-links", wheels]
        command += ["-r", "requirements-dev.txt" if dev else "requirements.txt"]
        if subprocess.run(command, check=False, cwd=str(ROOT), stdout=sys.stderr).returncode:
            give_up("安装依赖包没有成功，原因见上。\nInstalling the packages failed; the reason stands above.")
        stamp.write_text("\n".join([full, plain]) if dev else plain)
    return str(python)


def become(*command):
    """Replace this process by a command, in the project's folder."""
    os.chdir(str(ROOT))
    sys.stdout.flush()
    os.execv(command[0], list(command))
