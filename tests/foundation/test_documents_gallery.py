"""Every kind of the house on sample data, held against the checklist: margins, faces, names, code, text, soundness.

The list is settled by documents.md and the issue; a kind that a room adds tomorrow is held against it too.
"""

import shutil
import subprocess

import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from foundation.documents import fonts, preview
from foundation.documents.paper import CODE_SIZE
from foundation.offers.find import kinds
from foundation.offers.types import Refused
from foundation.people.enums import Role
from tests.factories.people import AccountFactory, grant, office

needs = pytest.mark.skipif(
    not all(shutil.which(tool) for tool in ("pdftotext", "pdffonts", "pdftoppm", "qpdf", "zbarimg")),
    reason="poppler, qpdf and zbar look at the papers",
)
OFFICE = "江州市机关事务管理局"
LONGEST = "新疆维吾尔自治区伊犁哈萨克自治州机关事务服务中心后勤保障与公务用车管理处综合科"
RARE = "䶮喆堃㛃𬭎𠅤𫖯𬱖"
NAMES = [
    "王乑",
    "周建新",
    "欧阳淼䶮",
    "阿依古丽",
    "尼玛·次仁",
    "迪丽努尔·买",
    "古丽扎尔·马木",
    "阿不都热依木·买",
    "阿不都热依木·买买",
    "阿不都热依木·买买提",
    "阿卜杜热合曼·阿卜杜拉",
    "阿不都热依木·买买提江艾",
    RARE,
]
EDGE = 4.8  # mm; what printers cannot reach, and cutting lines end at 5
CODES = sorted(kind.code for kind in kinds().values())


def drawn(code, *, name="周建新", unit=OFFICE):
    offer = kinds()[code]
    return preview.sheet(offer, offer.sample(name=name, unit=unit), holder=name)


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, check=True, **options)
    return done.stdout.decode()


def text_of(pdf):
    return "".join(run("pdftotext", "-raw", "-", "-", input=pdf).split())


def edges_are_blank(pdf):
    """Whether the outermost strip of every page has one colour all round: paper, or a certificate's ground."""
    file = pypdfium2.PdfDocument(pdf)
    scale = 100 / 25.4 / (72 / 25.4)  # 100 pixels an inch
    for page in file:
        image = page.render(scale=scale).to_pil().convert("RGB")
        strip = round(EDGE / 25.4 * 100)
        width, height = image.size
        for box in (
            (0, 0, width, strip),
            (0, height - strip, width, height),
            (0, 0, strip, height),
            (width - strip, 0, width, height),
        ):
            colours = image.crop(box).getcolors(maxcolors=8)
            if colours is None or max(sum(abs(a - b) for a, b in zip(one[1], colours[0][1], strict=True)) for one in colours) > 6:  # fmt: skip  # noqa: E501
                return False
    return True


@needs
@pytest.mark.parametrize("code", CODES)
def test_names_of_two_to_twelve_characters_stand_on_the_paper_and_copy_from_it(code):
    assert sorted({len(name) for name in NAMES}) == list(range(2, 13))
    for name in NAMES:
        pdf = drawn(code, name=name)
        assert name in text_of(pdf), name
        assert edges_are_blank(pdf), name


@needs
@pytest.mark.parametrize("code", CODES)
def test_the_longest_unit_name_stays_within_the_margins(code):
    pdf = drawn(code, name=NAMES[-2], unit=LONGEST)
    assert edges_are_blank(pdf)
    assert LONGEST in text_of(pdf)
    file = pypdfium2.PdfDocument(pdf)
    for page in file:
        text = page.get_textpage()
        boxes = [text.get_charbox(at) for at in range(text.count_chars())]
        least = 8 * 72 / 25.4
        assert min(box[0] for box in boxes if box[2] > box[0]) > least
        assert max(box[2] for box in boxes) < page.get_width() - least


@needs
@pytest.mark.parametrize("code", CODES)
def test_the_file_is_sound_and_every_face_is_in_it(code, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(drawn(code, name=RARE))
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", path)
    rows = [row.split() for row in run("pdffonts", path).splitlines()[2:]]
    assert rows
    for row in rows:
        face, embedded, subset = row[0], row[-5], row[-4]
        assert (embedded, subset) == ("yes", "yes") and face.split("+Zhixing")[1] in fonts.FACES.values()


@needs
@pytest.mark.parametrize("code", [code for code in CODES if kinds()[code].is_registered])
def test_the_code_is_thirty_millimetres_wide_at_least_and_scans_at_200_dpi(code, tmp_path):
    assert CODE_SIZE >= 30
    run("pdftoppm", "-r", "200", "-png", "-", tmp_path / "page", input=drawn(code))
    last = sorted(tmp_path.glob("page*.png"))[-1]  # the code stands where the paper ends
    scanned = run("zbarimg", "--raw", "-q", "-Sdisable", "-Sqrcode.enable", last)
    assert "/verify/?s=SAMPLE&h=" in scanned


def test_no_face_draws_a_box_for_a_rare_character():
    """A missing glyph would be .notdef, silently; the ladder asks the same table that the faces are drawn from."""
    for face in fonts.FACES.values():
        font = TTFont(fonts.unpack(face))
        known, outlines = font.getBestCmap(), font["glyf"]
        blank = outlines[".notdef"]
        for character in RARE:
            glyph = outlines[known[ord(character)]]
            assert glyph.numberOfContours != 0, (face, character)
            assert glyph != blank, (face, character)


def test_slips_go_on_to_a_second_page_and_show_no_code():
    pdf = drawn("people.first_password_slip")
    assert preview.pages(pdf) == 2  # eight people, six a page
    assert preview.pages(drawn("people.honour_certificate")) == 1


def test_a_letter_that_leaves_no_room_for_its_signature_is_refused():
    offer = kinds()["people.employment_proof"]
    data = {**offer.sample(name="周建新", unit=OFFICE), "post": "主任科员" * 80}
    with pytest.raises(Refused) as refusal:
        preview.sheet(offer, data, holder="周建新")
    assert refusal.value.code == "text_too_long"


def test_titles_of_any_length_stay_within_the_frame():
    offer = kinds()["people.honour_certificate"]
    sample = offer.sample(name="周建新", unit=OFFICE)
    for title in ("奖状", "嘉奖令", "荣誉证书", "先进工作者奖状", "机关运行保障先进个人证书"):
        pdf = preview.sheet(offer, {**sample, "title": title}, holder="周建新")
        assert edges_are_blank(pdf)
        assert text_of(pdf).startswith(title) or title in text_of(pdf)


def test_the_gallery_shows_every_kind_to_hr(db, client):
    officer = grant(AccountFactory(), Role.HR, office())
    client.force_login(officer)
    page = client.get("/admin/certificates/gallery/").content.decode()
    for kind in kinds().values():
        assert str(kind.title) in page and f"/admin/certificates/gallery/{kind.code}/" in page
        assert client.get(f"/admin/certificates/gallery/{kind.code}/").content.startswith(b"%PDF")
    picture = client.get("/admin/certificates/gallery/people.honour_certificate/?picture").content
    assert picture.startswith(b"\x89PNG")
    assert client.get("/admin/certificates/gallery/nothing.here/").status_code == 404
