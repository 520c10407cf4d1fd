"""bin/manage explain_grade FACTS.json, to the letter of contracts.md."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
KEYS = ["id", "ceiling", "comment", "provisional", "promotion_block", "pay_step_block", "reasons"]
PLAIN = {"id": "P", "year": 2024, "as_of": "2025-01-20", "category": "civil_servant"}


@pytest.fixture
def ask(tmp_path):
    """The answer and the exit code for a file with this content."""

    def run(content):
        file = tmp_path / "facts.json"
        file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        out = StringIO()
        with pytest.raises(SystemExit) as stopped:
            call_command("explain_grade", str(file), stdout=out)
        lines = out.getvalue().splitlines()
        assert len(lines) == 1
        return json.loads(lines[0]), stopped.value.code

    return run


def test_the_answer_has_the_keys_of_the_contract_in_the_order_of_the_input(ask):
    zhou = PLAIN | {"id": "周", "actions": [{"code": "admin.demerit", "effective": "2024-11-20", "voided": None}]}
    answer, code = ask([zhou, PLAIN | {"id": 7}])
    assert code == 0
    assert [list(one) for one in answer] == [KEYS, KEYS]
    assert answer == [
        {
            "id": "周",
            "ceiling": "no_grade",
            "comment": "only",
            "provisional": False,
            "promotion_block": {"until": "2025-11-19"},
            "pay_step_block": {"until": "2025-11-19"},
            "reasons": [
                {
                    "rule": "B4/admin.demerit",
                    "zh": "政务记过自2024-11-20起生效，2024年度只写评语、不确定等次（考核影响至2024年度）；"
                    "至2025-11-19止不得晋升职务、职级和工资档次。",
                    "en": "Administrative demerit effective 2024-11-20: 2024 gets a comment only and no grade (years "
                    "affected: until 2024); no promotion and no higher pay step until 2025-11-19.",
                }
            ],
        },
        {
            "id": 7,
            "ceiling": "none",
            "comment": "written",
            "provisional": False,
            "promotion_block": None,
            "pay_step_block": None,
            "reasons": [],
        },
    ]


def test_a_bar_without_a_known_end(ask):
    answer, code = ask([PLAIN | {"cases": [{"opened": "2024-10-08", "closed": None, "outcome": None}]}])
    assert code == 0
    assert (answer[0]["ceiling"], answer[0]["comment"], answer[0]["provisional"]) == ("no_grade", "none", True)
    assert (answer[0]["promotion_block"], answer[0]["pay_step_block"]) == ({"until": None}, None)


def test_every_key_of_the_contract_is_accepted(ask):
    everything = PLAIN | {
        "category": "institution_staff",
        "leading_member": False,
        "joined": "2020-07-01",
        "first_job": False,
        "months_elsewhere_this_year": 0,
        "probation_until": None,
        "leaves": [
            {"kind": kind, "from": "2024-01-01", "to": "2024-01-02"}
            for kind in ("sick", "personal", "maternity", "annual", "work_injury")
        ],
        "assignments": [
            {"kind": kind, "from": "2023-01-01", "to": "2023-01-02", "sent": True}
            for kind in ("transfer_in", "transfer_out", "secondment", "study", "retired", "resigned", "dismissed")
        ],
        "cases": [{"opened": "2022-10-08", "closed": "2022-11-08", "outcome": "none"}],
        "actions": [{"code": "inst.warning", "effective": "2022-11-08", "voided": "2022-12-08"}],
    }
    answer, code = ask([everything])
    assert (code, answer[0]["ceiling"], answer[0]["reasons"]) == (0, "none", [])


@pytest.mark.parametrize("empty", [None, "absent"])
def test_absent_is_empty(ask, empty):
    optional = [
        "leading_member",
        "joined",
        "first_job",
        "months_elsewhere_this_year",
        "probation_until",
        "leaves",
        "assignments",
        "cases",
        "actions",
    ]
    answer, code = ask([PLAIN | ({} if empty == "absent" else dict.fromkeys(optional))])
    assert (code, answer[0]["ceiling"]) == (0, "none")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"name": "周"}, "name：未知的键"),
        ({"year": "2024"}, "year：应为 1949 至 2199 的年份"),
        ({"year": True}, "year：应为 1949 至 2199 的年份"),
        ({"year": 1948}, "year：应为 1949 至 2199 的年份"),
        ({"year": 2200}, "year：应为 1949 至 2199 的年份"),
        ({"year": None}, "year：缺少"),
        ({"as_of": "2025-1-20"}, "as_of：应为日期 YYYY-MM-DD"),
        ({"as_of": "20250120"}, "as_of：应为日期 YYYY-MM-DD"),
        ({"as_of": "2025-02-30"}, "as_of：应为日期 YYYY-MM-DD"),
        ({"as_of": "9999-01-01"}, "as_of：应为日期 YYYY-MM-DD"),
        ({"as_of": 20250120}, "as_of：应为日期 YYYY-MM-DD"),
        ({"category": "temporary"}, "category：未知的值 temporary"),
        ({"category": ["contract"]}, "category：未知的值 ['contract']"),
        ({"leading_member": 1}, "leading_member：应为 true 或 false"),
        ({"months_elsewhere_this_year": 12.5}, "months_elsewhere_this_year：应为 0 至 12 的月数"),
        ({"months_elsewhere_this_year": -1}, "months_elsewhere_this_year：应为 0 至 12 的月数"),
        ({"months_elsewhere_this_year": True}, "months_elsewhere_this_year：应为 0 至 12 的月数"),
        ({"months_elsewhere_this_year": "7"}, "months_elsewhere_this_year：应为 0 至 12 的月数"),
        ({"months_elsewhere_this_year": float("nan")}, "months_elsewhere_this_year：应为 0 至 12 的月数"),
        ({"leaves": {}}, "leaves：应为列表"),
        ({"leaves": ["sick"]}, "leaves[0]：应为对象"),
        ({"leaves": [{"kind": "marriage", "from": "2024-01-01"}]}, "leaves[0].kind：未知的值 marriage"),
        ({"leaves": [{"kind": "sick", "to": "2024-01-01"}]}, "leaves[0].from：缺少"),
        ({"leaves": [{"kind": "sick", "from": "2024-01-01", "days": 3}]}, "leaves[0].days：未知的键"),
        (
            {"leaves": [{"kind": "sick", "from": "2024-01-02", "to": "2024-01-01"}]},
            "leaves[0]：2024-01-01 早于 2024-01-02",
        ),
        ({"assignments": [{"kind": "lent", "from": "2024-01-01"}]}, "assignments[0].kind：未知的值 lent"),
        (
            {"assignments": [{"kind": "study", "from": "2024-01-01", "sent": "no"}]},
            "assignments[0].sent：应为 true 或 false",
        ),
        ({"assignments": [{"kind": "study", "from": "2024-01-01", "by": "x"}]}, "assignments[0].by：未知的键"),
        (
            {"assignments": [{"kind": "study", "from": "2024-01-02", "to": "2024-01-01"}]},
            "assignments[0]：2024-01-01 早于 2024-01-02",
        ),
        ({"cases": [{"closed": "2024-01-01", "outcome": "none"}]}, "cases[0].opened：缺少"),
        (
            {"cases": [{"opened": "2024-01-01", "closed": "2024-02-01", "outcome": "investigation.open"}]},
            "cases[0].outcome：未知的值 investigation.open",
        ),
        (
            {"cases": [{"opened": "2024-02-01", "closed": "2024-01-01", "outcome": "none"}]},
            "cases[0]：2024-01-01 早于 2024-02-01",
        ),
        ({"cases": [{"opened": "2024-02-01", "reason": "x"}]}, "cases[0].reason：未知的键"),
        (
            {"actions": [{"code": "investigation.open", "effective": "2024-01-01"}]},
            "actions[0].code：未知的值 investigation.open",
        ),
        ({"actions": [{"code": "admin.warning"}]}, "actions[0].effective：缺少"),
        ({"actions": [{"code": "admin.warning", "effective": "2024-01-01", "note": ""}]}, "actions[0].note：未知的键"),
    ],
)
def test_a_wrong_item_is_named_and_the_others_are_answered(ask, wrong, error):
    answer, code = ask([PLAIN | wrong, PLAIN | {"id": "good"}])
    assert code == 1
    assert answer[0] == {"id": "P", "error": error}
    assert (answer[1]["id"], answer[1]["ceiling"]) == ("good", "none")


@pytest.mark.parametrize(
    ("item", "error"),
    [
        ("周", "该项：应为对象"),
        (None, "该项：应为对象"),
        ({"year": 2024}, "id：应为文字或整数"),
        (PLAIN | {"id": True}, "id：应为文字或整数"),
        (PLAIN | {"id": ["P"]}, "id：应为文字或整数"),
    ],
)
def test_an_item_without_a_name(ask, item, error):
    assert ask([item]) == ([{"id": None, "error": error}], 1)


def test_an_empty_list_is_done(ask):
    assert ask([]) == ([], 0)


def test_a_byte_order_mark_is_no_obstacle(ask):
    assert ask(b"\xef\xbb\xbf[]") == ([], 0)


@pytest.mark.parametrize("content", [{"id": "P"}, "[]", 3, None])
def test_a_top_level_that_is_no_list(ask, content):
    assert ask(content) == ([{"id": None, "error": "最外层应为列表"}], 2)


@pytest.mark.parametrize("content", [b"", b"[", b"\xff\xfe[]", b"[" * 100_000])
def test_a_file_that_cannot_be_read(ask, content):
    answer, code = ask(content)
    assert code == 2
    assert len(answer) == 1
    assert answer[0]["error"].startswith("文件无法读取")


def test_half_a_surrogate_pair_comes_back_as_it_was_sent(ask):
    answer, code = ask(json.dumps([PLAIN | {"id": "\ud800"}]).encode())
    assert (code, answer[0]["id"]) == (0, "\ud800")


def test_from_the_shell(tmp_path):
    """Nothing but the answer on stdout; a missing file is exit 2 with one problem."""

    def run(*arguments):
        command = [sys.executable, "manage.py", "explain_grade", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)

    file = tmp_path / "facts.json"
    file.write_text(json.dumps([PLAIN]), encoding="utf-8")
    done = run(str(file))
    assert (done.returncode, json.loads(done.stdout)[0]["ceiling"]) == (0, "none")
    missing = run(str(tmp_path / "none.json"))
    assert (missing.returncode, len(json.loads(missing.stdout))) == (2, 1)
    assert run().returncode == 2
