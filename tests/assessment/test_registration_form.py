"""Whatever the forms accept can be printed: the longest texts go on on further pages, and no face is asked in vain."""

import re
import shutil
import subprocess

import pytest

from assessment.appraisals.enums import FORM, SignedHow, Stance
from assessment.appraisals.forms import OpinionForm, RecordedOpinionForm, ReviewForm, SummaryForm
from foundation.documents.preview import pages, sheet
from foundation.offers.find import kinds

pytestmark = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed here")


def most(form, field):
    return form.base_fields[field].max_length


def short_lines(prefix, length):
    """Numbered lines of the given length together, as many as fit: each takes a line of the paper."""
    lines, number = [], 1
    while sum(len(line) + 1 for line in lines) + len(f"{prefix}{number}") <= length:
        lines.append(f"{prefix}{number}")
        number += 1
    return "\n".join(lines)


def printed(tmp_path, **changes):
    """The form with these data: its words, and how many pages it has."""
    offer = kinds()[FORM]
    known = offer.sample(name="王五", unit="办公室")
    pdf = sheet(offer, known | changes, holder="王五")
    path = tmp_path / "form.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return done.stdout, pages(pdf)


def test_a_usual_form_is_one_sheet(tmp_path):
    words, count = printed(tmp_path)
    assert count == 2 and "续页" not in words


def test_the_longest_texts_in_the_shortest_lines_are_printed_whole(tmp_path):
    texts = {
        "summary": short_lines("总", most(SummaryForm, "text")),
        "comment": short_lines("评", most(ReviewForm, "comment")),
        "opinion_text": short_lines("意", most(OpinionForm, "text")),
        "grounds": [f"依据{n}。" for n in range(40)],
    }
    assert most(OpinionForm, "text") == most(RecordedOpinionForm, "text")
    words, count = printed(
        tmp_path,
        duties="龙" * most(SummaryForm, "duties"),
        training="凤" * most(SummaryForm, "training"),
        unit="鹤" * 100,
        title="麟" * 100,
        opinion_how=SignedHow.PAPER,
        opinion_stance=Stance.DISAGREE,
        opinion_witness="见" * 64,
        **texts,
    )
    flat = "".join(words.split())
    for prefix, text in (("总", texts["summary"]), ("评", texts["comment"]), ("意", texts["opinion_text"])):
        assert re.findall(rf"{prefix}(\d+)", flat) == re.findall(r"\d+", text), prefix
    assert re.findall(r"依据(\d+)。", flat) == [str(n) for n in range(40)]
    assert {sign: flat.count(sign) for sign in "龙凤鹤麟"} == {"龙": 200, "凤": 300, "鹤": 100, "麟": 100}
    assert count > 4 and words.count("（续页）") == count - 2
    assert "下接续页" in flat and flat.count("样张，不作凭证") >= count - 1


def test_a_long_paragraph_goes_on_where_it_stopped(tmp_path):
    words, count = printed(tmp_path, comment="踏实" * (most(ReviewForm, "comment") // 2))
    assert count == 3 and "".join(words.split()).count("踏") == 500


@pytest.mark.parametrize("form", [SummaryForm, ReviewForm, RecordedOpinionForm])
def test_what_no_face_prints_is_refused_while_it_can_be_mended(form):
    text = "comment" if form is ReviewForm else "text"
    field = form.base_fields[text]
    assert field.clean("第一段\t完\n第二段") == "第一段\t完\n第二段"
    with pytest.raises(Exception, match=r"U\+1F600"):
        field.clean("做得好\U0001f600")
