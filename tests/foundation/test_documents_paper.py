"""The paper itself: every glyph really drawn, text that copies, a code that scans, a signature that holds."""

import datetime as dt
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from foundation.documents import actions, fonts, layouts, signing
from foundation.documents.paper import Paper, Proof
from foundation.offers.types import Refused
from tests.factories.documents import HONOUR, NOTICE, holder, issued, kinds_on_offer, source

AT = dt.datetime(2026, 12, 31, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
PROOF = Proof(serial="RY-2026-0123456789", check="0123-4567", address="http://a/verify/", code="http://a/verify/?s=1")


def needs(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


@pytest.fixture
def certificate(db):
    with kinds_on_offer():
        yield issued(to=holder("李𬭎"))


# ---- the glyph ladder


def test_a_face_draws_what_it_has():
    assert fonts.runs("江州市2026年", "song_black") == [("Song-Black", "江州市2026年")]
    assert fonts.runs("", "kai") == []


def test_a_name_with_a_character_that_kai_lacks_stands_wholly_in_song():
    assert not fonts.has("Kai-Regular", "乑") and fonts.has("Song-Regular", "乑")
    assert fonts.runs("王乑", "kai", whole=True) == [("Song-Regular", "王乑")]
    assert fonts.runs("宋𬱖", "kai", whole=True) == [("Kai-Regular", "宋𬱖")]


def test_text_changes_face_only_for_the_stranger():
    assert fonts.runs("王乑同志", "hei") == [("Hei-Regular", "王"), ("Song-Regular", "乑"), ("Hei-Regular", "同志")]


@pytest.mark.parametrize(
    ("character", "code"), [("\ue123", "U+E123"), ("☑", "U+2611"), ("\u200b", "U+200B"), ("\n", "U+000A")]
)
def test_a_character_that_no_face_has_is_refused_and_named(character, code):
    with pytest.raises(Refused) as refusal:
        fonts.runs(f"王{character}", "kai", whole=True)
    assert refusal.value.code == "missing_glyph" and code in str(refusal.value)


def test_a_half_unpacked_font_is_unpacked_again(settings, tmp_path):
    settings.DATA = tmp_path
    path = fonts.unpack("Hei-Bold")
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    assert fonts.unpack("Hei-Bold").read_bytes() == whole
    assert [entry.name for entry in path.parent.iterdir()] == ["Hei-Bold.ttf"]


def test_certificates_are_dated_in_chinese_numerals():
    days = [dt.date(2026, 12, 31), dt.date(2030, 1, 10), dt.date(2027, 10, 20), dt.date(2027, 11, 1)]
    assert [layouts.chinese_date(day) for day in days] == [
        "二〇二六年十二月三十一日",
        "二〇三〇年一月十日",
        "二〇二七年十月二十日",
        "二〇二七年十一月一日",
    ]


def drawn(holder_name, *paragraphs):
    paper = Paper(landscape=True, title="荣誉证书", at=AT, proof=PROOF)
    layouts.honour_certificate(
        paper,
        title="荣誉证书",
        subtitle="年度考核优秀等次",
        holder=holder_name,
        honorific="同志",
        paragraphs=paragraphs,
        signer="江州市机关事务管理局",
        dated_on=dt.date(2026, 12, 31),
        notes=[],
    )
    return paper.finish()


def test_the_same_facts_give_the_same_bytes():
    assert drawn("周建新", "特发此证。") == drawn("周建新", "特发此证。")


def test_sheets_that_are_drawn_at_once_do_not_disturb_each_other():
    texts = [f"在{year}年度考核中被确定为优秀等次。" for year in range(2020, 2028)]
    alone = [drawn("周建新", text) for text in texts]
    with ThreadPoolExecutor(max_workers=4) as threads:
        assert list(threads.map(lambda text: drawn("周建新", text), texts)) == alone


def test_a_text_that_does_not_fit_is_refused():
    drawn("周建新", "在年度考核中表现突出。" * 25)
    with pytest.raises(Refused) as refusal:
        drawn("周建新", "在年度考核中表现突出。" * 60)
    assert refusal.value.code == "text_too_long"


# ---- what other programs make of it


@needs("pdftotext")
@pytest.mark.parametrize("name", ["李𬭎", "宋𬱖", "䶮喆堃", "王乑", "阿卜杜热合曼·阿卜杜拉"])
def test_names_can_be_copied_from_the_paper(tmp_path, name):
    path = tmp_path / "paper.pdf"
    path.write_bytes(drawn(name, "在2026年度考核中被确定为“优秀”等次。"))
    text = run("pdftotext", "-raw", path, "-").stdout
    assert name in text
    assert "".join(text.split()).count("二〇二六年十二月三十一日") == 1
    assert "综合得分" not in text and "电子签章" not in text and "样章" in text


@needs("qpdf")
@pytest.mark.parametrize("kind", [HONOUR, NOTICE])
def test_the_file_is_sound_and_no_font_is_missing(db, kind):
    with kinds_on_offer():
        document = issued(kind=kind, to=holder("李𬭎"))
    checked = run("qpdf", "--check", document.path)
    assert checked.returncode == 0 and "No syntax or stream encoding errors found" in checked.stdout
    if shutil.which("pdffonts"):
        rows = run("pdffonts", document.path).stdout.splitlines()[2:]
        assert rows and all("Helvetica" not in row and row.split()[-5] == "yes" for row in rows)


@needs("zbarimg")
@needs("pdftoppm")
@pytest.mark.parametrize("kind", [HONOUR, NOTICE])
def test_the_code_scans_at_200_dpi(db, tmp_path, kind):
    with kinds_on_offer():
        document = issued(kind=kind, to=holder("阿卜杜热合曼·阿卜杜拉"))
        text = actions.code_text(document)
    run("pdftoppm", "-r", "200", "-png", "-singlefile", document.path, tmp_path / "page")
    scanned = run("zbarimg", "--raw", "-q", "-Sdisable", "-Sqrcode.enable", tmp_path / "page.png").stdout
    assert scanned.strip() == text
    assert text.startswith(f"{settings.BASE_URL}/verify/?s={document.serial}&h={document.facts_hash}#")


@needs("pdfsig")
def test_the_signature_holds_and_one_changed_byte_breaks_it(certificate, tmp_path):
    said = run("pdfsig", certificate.path).stdout
    assert "Signature is Valid" in said and "Total document signed" in said and "ETSI.CAdES.detached" in said
    data = bytearray(certificate.path.read_bytes())
    data[data.index(b"/Title") - 200] ^= 1
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(bytes(data))
    assert "Digest Mismatch" in run("pdfsig", forged).stdout


def test_keys_are_made_once_and_for_their_owner_only(certificate):
    made = {path.name: path.stat().st_mode & 0o777 for path in (Path(settings.DATA) / "secrets").iterdir()}
    assert {name: mode for name, mode in made.items() if name.startswith("documents-")} == {
        "documents-ca.pem": 0o600,
        "documents-payload.pem": 0o600,
        "documents-signer.pem": 0o600,
    }
    key = signing.public_key()
    signing._payload_key.cache_clear()
    signing._public_bytes.cache_clear()
    assert signing.public_key() == key


@needs("pdftotext")
def test_a_notice_that_goes_on_keeps_signature_and_code_on_the_last_page_with_some_text(db):
    sentence = "年度考核等次为称职"
    counts = []
    with kinds_on_offer():
        for repeat in (1, *range(8, 24), 40):
            document = issued(kind=NOTICE, because=source(repeat), repeat=repeat)
            pages = run("pdftotext", "-raw", document.path, "-").stdout.split("\f")[:-1]
            assert sum(page.count(sentence) for page in pages) == repeat
            assert document.serial in pages[-1] and "本 人 意 见" in pages[-1]
            assert sentence in pages[-1]  # GB/T 9704: no signature on a page without text
            assert all(document.serial not in page for page in pages[:-1])
            counts.append(len(pages))
    assert counts == sorted(counts) and set(counts) == {1, 2, 3}
