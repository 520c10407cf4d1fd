"""Files that nobody thought of, through the wizard's own door. Every one gets a sentence; none an error page.

ZHIXING_FUZZ sets how many (else NORMAL); `bin/drill fuzz` takes longer and prints the distinct answers.
"""

import csv
import io
import os
import random
import re
import zipfile
from collections import Counter

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import HealthCheck, Phase, event, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from foundation.exchange import queries
from foundation.exchange.models import Upload
from foundation.offers.find import kept_lists
from foundation.people.enums import Role
from foundation.people.models import Cadre
from tests.factories.people import AccountFactory, CadreFactory, grant, office, section

NORMAL = 24
EXAMPLES = int(os.environ.get("ZHIXING_FUZZ", NORMAL))
ROSTER = settings.INPUT / "roster.xlsx"
ODD = [
    *[
        None,
        "",
        " ",
        "=1+1",
        "@x",
        "\u202e",
        "\ue000",
        "\x0b",
        "𠮷",
        "１９８５．０３",
        "1985.13",
        "1985.1",
        1985.1,
        1e308,
    ],
    *["2026-02-30", "0000-00-00", "9999-12-31", "是", "男", "公务员", "办公室", "A1", "合计", -1, True],
    *["#REF!", "<script>alert(1)</script>", "%s %(n)s {0}", "𬭎" * 70, "x" * 600, "'", '"', "\t", "a\nb", "NULL"],
    *["试用期（2026.13入职）", "١٢٣", "²"],
]
CELL = st.sampled_from(ODD) | st.text(max_size=12) | st.integers() | st.floats() | st.dates()
LISTS = ("roster", "leaves", "assignments", "accounts")


def saved(rows):
    """A workbook of the rows; what Excel itself would refuse to hold is left out."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        kept = []
        for value in row:
            text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", value) if isinstance(value, str) else value
            kept.append(text)
        sheet.append(kept)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_of(rows, encoding, delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding, "replace")


@st.composite
def tables(draw):
    """A table with the list's headings, some of them lost, strange or twice, and rows of plausible and odd cells."""
    name = draw(st.sampled_from(LISTS))
    columns = kept_lists()[name].columns
    headings = [draw(st.sampled_from(column.headings)) for column in columns]
    for _change in range(draw(st.integers(0, 2))):
        headings[draw(st.integers(0, len(headings) - 1))] = draw(st.sampled_from(["", "新列", "工号", "姓名", "问题"]))
    rows = draw(st.lists(st.lists(CELL, min_size=len(headings), max_size=len(headings)), max_size=6))
    above = draw(st.sampled_from([[], [["市机关事务管理局干部花名册"]], [["x"], ["截止日期：2026年2月30日"]]]))
    return name, [*above, headings, *rows]


@st.composite
def damaged_rosters(draw):
    """The roster as HR keeps it, a few people of it, with odd cells in odd places."""
    rows = [list(row) for row in real_roster()[:3]]
    people = draw(st.lists(st.sampled_from(real_roster()[3:-1]), min_size=1, max_size=8))
    for person in people:
        row = list(person)
        for _change in range(draw(st.integers(0, 3))):
            row[draw(st.integers(0, len(row) - 1))] = draw(CELL)
        rows.append(row)
    return "roster", rows


FEW = [
    ["市机关事务管理局干部花名册"],
    ["填报单位：人事处", "截止日期：2026年10月31日"],
    ["工号", "姓名", "性别", "出生年月", "单位", "人员类别", "备注"],
    ["JG1", "李𬭎", "男", "1970-03", "办公室", "公务员", "试用期（2026.07入职）"],
    ["JG2", "王五", "女", "198503", "财务处", "参公", "挂职锻炼"],
    ["合计"],
]
_READ = []


def real_roster():
    """The real one; without the folder of real inputs a small one like it."""
    if not _READ:
        _READ.extend(
            [list(row) for row in openpyxl.load_workbook(ROSTER).active.iter_rows(values_only=True)]
            if ROSTER.exists()
            else FEW
        )
    return _READ


@st.composite
def files(draw):
    """(list, file's bytes): workbooks, texts in odd encodings, and some of them broken."""
    name, rows = draw(damaged_rosters() | tables())
    if draw(st.booleans()):
        content = saved(rows)
    else:
        encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5", "shift_jis"]))
        content = text_of(rows, encoding, draw(st.sampled_from([",", "\t", ";"])))
    return name, broken(content, draw(st.integers(0, 2**16))) if draw(st.integers(0, 7)) == 0 else content


def broken(content, seed):
    """Bytes changed, cut off, or a part of the archive lost."""
    chance = random.Random(seed)
    match chance.randrange(3):
        case 0:
            raw = bytearray(content)
            for _change in range(8):
                raw[chance.randrange(len(raw))] = chance.randrange(256)
            return bytes(raw)
        case 1:
            return content[: chance.randrange(1, len(content))]
        case _ if content.startswith(b"PK"):
            out = io.BytesIO()
            with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
                lost = chance.choice(source.namelist())
                for entry in source.namelist():
                    if entry != lost:
                        target.writestr(entry, source.read(entry))
            return out.getvalue()
        case _:
            return content + b"\x00"


@pytest.mark.django_db
def test_whatever_is_uploaded_gets_a_sentence(client, capsys):
    bureau = office()
    units = [section(name, bureau) for name in ("办公室", "财务处", "局领导")]
    CadreFactory(work_number="A1", unit=units[0]), CadreFactory(work_number="JG00005", unit=units[1], post="旧职务")
    client.force_login(grant(AccountFactory(), Role.HR, bureau))
    before = list(Cadre.objects.order_by("pk").values())
    count, answers = Counter(), Counter()

    @hypothesis_settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=EXAMPLES == NORMAL,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(files())
    def upload(made):
        name, content = made
        file = io.BytesIO(content)
        file.name = "名册.xlsx"
        response = client.post(reverse("exchange_admin:receive", args=[name]), {"file": file})
        assert response.status_code in (302, 422), response.status_code
        count["files"] += 1
        if response.status_code == 422:
            sentences = [str(error) for errors in response.context["form"].errors.values() for error in errors]
            assert sentences
        else:
            found = Upload.objects.latest("created_at")
            if response.url.endswith("/headings/"):
                assert client.get(response.url).status_code == 200
                client.post(reverse("exchange_admin:check", args=[found.pk]))
                found.refresh_from_db()
            report = queries.report_of(found)
            stopped = any(problem.row == 0 and "缺少必需的列" in problem.what for problem in report.problems)
            count["rows reached"] += bool(found.counts["rows"]) and not stopped
            page = client.get(reverse("exchange_admin:upload", args=[found.pk]))
            assert page.status_code == 200 and "<script>alert(1)" not in page.content.decode()
            assert client.get(reverse("exchange_admin:marked", args=[found.pk])).status_code == 200
            sentences = [queries.sort_of(problem) for problem in report.problems]
            count["accepted"] += not found.counts["faults"]
        answers.update({re.sub(r"“.*?”", "“…”", sentence) for sentence in sentences})
        event(f"{response.status_code}")

    upload()
    assert count["rows reached"] * 3 >= count["files"] >= EXAMPLES
    assert list(Cadre.objects.order_by("pk").values()) == before  # nothing was confirmed
    with capsys.disabled():
        if EXAMPLES > NORMAL:
            print(dict(count))
            for sentence, times in answers.most_common():
                print(f"{times:6} {sentence}")
