"""The commands on machines where something is missing: one clear sentence, and an exit that is not 0."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(__file__).resolve().parents[1] / "bin"


def run(*command, cwd=None, **environ):
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def bare(tmp_path):
    """bin/ and the requirements in a folder without an environment."""
    shutil.copytree(BIN, tmp_path / "bin")
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        shutil.copy(BIN.parent / name, tmp_path / name)
    return tmp_path


def test_an_occupied_port_is_named_and_another_proposed(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run(sys.executable, BIN / "serve", PORT=port, ZHIXING_DATA=str(tmp_path))
    assert done.returncode == 1
    assert f"端口 {port} 已被占用" in done.stderr and f"Port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["0", "70000", "http"])
def test_what_is_no_port_is_refused(port):
    done = run(sys.executable, BIN / "serve", PORT=port)
    assert done.returncode == 2 and port in done.stderr and "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = run(sys.executable, BIN / "serve", ZHIXING_DATA=str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert f"数据目录 {tmp_path}/file/data 不能写入" in done.stderr and "Traceback" not in done.stderr


def test_a_python_without_venv_is_told_what_to_install(bare):
    (bare / "venv.py").write_text("raise SystemExit('No module named venv')")
    done = run(sys.executable, bare / "bin" / "manage", "check", PYTHONPATH=str(bare))
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr and "Traceback" not in done.stderr
    assert not (bare / ".venv").exists()


def test_a_python_that_is_too_old_says_so(bare):
    old = "import sys; sys.version_info = (3, 9, 2); sys.version = '3.9.2 (old)'; import house; house._interpreter()"
    done = run(sys.executable, "-c", old, PYTHONPATH=str(bare / "bin"), PATH="/nowhere")
    assert done.returncode == 1
    assert "这里是 3.9.2" in done.stderr and "this is 3.9.2" in done.stderr and "Traceback" not in done.stderr


def test_a_failed_installation_says_so_and_is_tried_again(bare):
    (bare / "requirements.txt").write_text("no-such-package-zhixing==1\n")
    (bare / "wheels").mkdir()
    for _attempt in range(2):
        done = run(sys.executable, bare / "bin" / "manage", "check")
        assert done.returncode == 1 and "Installing the packages failed" in done.stderr
        assert not (bare / ".venv" / ".zhixing").exists()


def test_the_answer_of_manage_stands_alone_on_stdout(tmp_path):
    done = run(sys.executable, BIN / "manage", "import", "roster", "nowhere.xlsx", ZHIXING_DATA=str(tmp_path))
    assert done.returncode == 2
    assert done.stdout.startswith('{"new": 0') and done.stdout.count("\n") == 1


def test_words_stay_as_typed_and_files_are_looked_for_where_the_person_stands(tmp_path):
    """A folder with a file named like an account: the account keeps its name, the file is still found."""
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "demo").write_text("a file in the way")
    (desk / "roster.csv").write_text("某局干部花名册\n工号,姓名,性别,单位,人员类别\nA1,张三,男,办公室,公务员\n")
    data = {"ZHIXING_DATA": str(tmp_path / "data")}
    opened = run(sys.executable, BIN / "manage", "account", "demo", "--name", "演示", cwd=desk, **data)
    assert opened.returncode == 0, opened.stderr
    assert json.loads(opened.stdout)["username"] == "demo"
    (desk / "sub").mkdir()
    for folder, name in ((desk, "roster.csv"), (desk / "sub", "../roster.csv"), (BIN, desk / "roster.csv")):
        done = run(sys.executable, BIN / "manage", "import", "roster", name, "--dry-run", cwd=folder, **data)
        assert (done.returncode, json.loads(done.stdout)["new"]) == (0, 1), done.stderr


def test_an_import_against_the_picture_fails_the_check(tmp_path):
    """A planted arrow that runs up: foundation importing learning."""
    tree = tmp_path / "tree"
    ignored = shutil.ignore_patterns(".git", ".venv", "var", "tests", "fonts", "__pycache__", ".*_cache", "wheels")
    shutil.copytree(BIN.parent, tree, ignore=ignored)
    planted = tree / "foundation" / "audit" / "planted.py"
    contracts = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    before = subprocess.run(
        contracts, cwd=tree, env={**os.environ, "PYTHONPATH": f"{tree}:{tree}/site"}, capture_output=True, check=False
    )
    planted.write_text("from learning.hours.rules import *  # noqa\n")
    after = subprocess.run(
        contracts, cwd=tree, env={**os.environ, "PYTHONPATH": f"{tree}:{tree}/site"}, capture_output=True, check=False
    )
    assert (before.returncode, after.returncode) == (0, 1)
    assert b"foundation.audit.planted -> learning.hours.rules" in after.stdout
