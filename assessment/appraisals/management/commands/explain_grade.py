"""bin/manage explain_grade FACTS.json: HR's 试算, by contracts.md. Reads no database and writes nothing."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from assessment.appraisals import facts_json
from assessment.appraisals.eligibility import Explanation, explain
from assessment.appraisals.facts import Parameters
from assessment.discipline.rules import Block
from foundation.exchange.reading import given_path


class Command(BaseCommand):
    help = "Explain what a year's appraisal can bring for each person of a file of facts."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=given_path, metavar="FACTS.json")

    def handle(self, *args: Any, **options: Any) -> None:
        answer, code = explain_file(options["file"])
        line = json.dumps(answer, ensure_ascii=False)
        # half of a surrogate pair, which JSON can escape and UTF-8 cannot write, goes back as its escape
        self.stdout.write(line.encode("utf-8", "backslashreplace").decode("utf-8"))
        sys.exit(code)


def explain_file(path: Path) -> tuple[list[dict[str, Any]], int]:
    """The answer, one entry per item of the file, and the exit code."""
    try:
        items = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        return [{"id": None, "error": f"文件无法读取：{error}"}], 2
    if not isinstance(items, list):
        return [{"id": None, "error": "最外层应为列表"}], 2
    answers = [_explain_item(item) for item in items]
    return answers, int(any("error" in answer for answer in answers))


def _explain_item(item: Any) -> dict[str, Any]:
    name = None
    try:
        if isinstance(item, dict):
            name = facts_json.identity(item.get("id"), "id")
        return {"id": name, **_as_json(explain(facts_json.facts(item), Parameters()))}
    except facts_json.Wrong as error:
        return {"id": name, "error": str(error)}


def _as_json(explanation: Explanation) -> dict[str, Any]:
    return {
        "ceiling": explanation.ceiling.value,
        "comment": explanation.comment.value,
        "provisional": explanation.provisional,
        "promotion_block": _block(explanation.promotion_block),
        "pay_step_block": _block(explanation.pay_step_block),
        "reasons": [{"rule": reason.rule, "zh": reason.zh, "en": reason.en} for reason in explanation.reasons],
    }


def _block(block: Block | None) -> dict[str, str | None] | None:
    if block is None:
        return None
    return {"until": block.until.isoformat() if block.until else None}
