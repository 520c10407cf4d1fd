"""A stranger checks a paper: with the page, without a script, and with the network off.

HR of the demo office issues a proof of employment; everything else happens where nobody is signed in.
"""

import re
import secrets
import shutil
import subprocess
import urllib.parse

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.browser.conftest import Person
from tests.browser.test_first_light import axe

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not shutil.which("zbarimg") or not shutil.which("pdftoppm"), reason="zbarimg and pdftoppm read the code"
    ),
]


class Paper:
    """A proof of employment as its holder has it: the file, and what the code says."""

    def __init__(self, path, folder):
        self.path = path
        subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", path, folder / "paper"], check=True)
        scanned = subprocess.run(
            ["zbarimg", "--raw", "-q", folder / "paper.png"], capture_output=True, text=True, check=True
        )
        self.code = scanned.stdout.strip()
        self.changed = folder / "changed.pdf"
        content = bytearray(path.read_bytes())
        content[len(content) // 3] ^= 1
        self.changed.write_bytes(content)
        self.longer = folder / "longer.pdf"
        self.longer.write_bytes(path.read_bytes() + b"\n% more\n")
        self.unsigned = folder / "unsigned.pdf"
        self.unsigned.write_bytes(b"%PDF-1.4\n%%EOF\n")


@pytest.fixture(scope="module")
def hr(site, browser):
    site.start()
    return Person(browser, site).sign_in("hr", "zhixing-demo")


@pytest.fixture(scope="module")
def paper(hr, tmp_path_factory):
    folder = tmp_path_factory.mktemp("paper")
    hr.go("/admin/certificates/employment/")
    hr.page.get_by_label("工号").fill("D00003")
    hr.page.get_by_label("用途").fill("办理住房公积金业务")
    hr.page.get_by_role("button", name="签发在职证明").click()
    with hr.page.expect_download() as download:
        hr.page.get_by_role("link", name="下载 PDF").click()
    download.value.save_as(folder / "paper.pdf")
    return Paper(folder / "paper.pdf", folder)


@pytest.fixture
def stranger(site, browser):
    return Person(browser, site, width=390, height=844)


def says(stranger, section):
    """The sentences that a section shows."""
    return stranger.page.locator(f"#{section} [data-says]:visible").all_inner_texts()


def choose(stranger, path, expected):
    """Hand the file to the page; the sentence that it then shows."""
    stranger.page.set_input_files("#pdf", path)
    stranger.page.locator("#compare [data-says]:visible", has_text=expected).wait_for()
    assert len(says(stranger, "compare")) == 1


def test_the_code_leads_to_the_register_and_the_page_checks_the_signature_itself(stranger, paper):
    stranger.page.goto(paper.code)
    assert stranger.page.get_by_role("heading", name="文书有效").is_visible()
    assert "离线签名有效" in says(stranger, "offline")[0]
    choose(stranger, paper.path, "与登记的文件完全一致")
    choose(stranger, paper.changed, "与登记的文件不一致")
    axe(stranger)
    stranger.shot("verify-valid-390")
    assert stranger.faults == []


def test_a_forged_code_is_seen_by_register_and_script(stranger, paper):
    address, fragment = paper.code.split("#")
    payload, signature = fragment.split(".")
    other = ("A" if payload[30] != "A" else "B").join((payload[:30], payload[31:]))
    stranger.page.goto(f"{address}#{other}.{signature}")
    assert "签名无效" in says(stranger, "offline")[0]
    wrong = re.sub(r"h=.{6}", "h=000000", address)
    stranger.page.goto("about:blank")
    stranger.page.goto(f"{wrong}#{fragment}")
    assert stranger.page.get_by_role("heading", name="核验不通过").is_visible()
    assert "属于另一份文书" in says(stranger, "offline")[0]


def test_without_a_script_the_register_answers_all_the_same(site, browser, paper):
    plain = Person(browser, site, width=390, height=844, java_script_enabled=False)
    plain.page.goto(paper.code)
    assert plain.page.get_by_role("heading", name="文书有效").is_visible()
    assert not plain.page.locator("#offline").is_visible() and not plain.page.locator("#compare").is_visible()
    serial = urllib.parse.parse_qs(urllib.parse.urlsplit(paper.code).query)["s"][0]
    plain.go("/verify/")
    plain.page.get_by_label("编号", exact=True).fill(serial)
    plain.page.get_by_role("button", name="核验").click()
    assert plain.page.get_by_role("heading", name="编号存在").is_visible()


def test_a_file_alone_is_checked_by_its_signature(stranger, paper):
    stranger.go("/verify/")
    choose(stranger, paper.path, "签名以后没有改动过")
    choose(stranger, paper.changed, "签名以后被改动过")
    choose(stranger, paper.longer, "签名以后被改动过")
    choose(stranger, paper.unsigned, "没有数字签名")
    axe(stranger)
    stranger.shot("verify-390")
    assert stranger.faults == []


@pytest.fixture
def offline(stranger, tmp_path):
    """The offline page as a file on the stranger's own disk, with the network off; nothing but it may be asked for."""
    stranger.go("/verify/")
    with stranger.page.expect_download() as download:
        stranger.page.get_by_role("link", name="下载离线核验页").click()
    download.value.save_as(tmp_path / "verifier.html")
    stranger.context.set_offline(True)
    asked = []
    stranger.page.on("request", lambda request: asked.append(request.url))
    address = (tmp_path / "verifier.html").as_uri()
    stranger.page.goto(address)
    stranger.address = address
    yield stranger
    assert {url.split("#")[0] for url in asked} == {address}
    assert stranger.faults == []


def paste(stranger, text):
    stranger.page.get_by_label("扫描二维码").fill(text)
    stranger.page.get_by_role("button", name="核验").click()


def test_with_the_network_off_the_offline_page_checks_code_and_file(offline, paper):
    paste(offline, paper.code)
    assert "离线签名有效" in says(offline, "offline")[0]
    facts = offline.page.locator("#offline [data-facts]").inner_text()
    assert "在职证明" in facts and re.search(r"ZM-\d{4}-", facts)
    axe(offline)
    offline.shot("verifier-390")
    fragment = paper.code.split("#")[1]
    paste(offline, fragment[:-8])
    assert "签名无效" in says(offline, "offline")[0]
    paste(offline, "https://example.org/")
    assert "签名无效" in says(offline, "offline")[0]
    choose(offline, paper.path, "签名以后没有改动过")
    choose(offline, paper.changed, "签名以后被改动过")
    choose(offline, paper.unsigned, "没有数字签名")
    offline.page.goto("about:blank")
    offline.page.goto(f"{offline.address}#{fragment}")
    assert "离线签名有效" in says(offline, "offline")[0]


def test_the_scripts_own_ed25519_agrees_with_the_library(offline):
    cases = []
    for size in (0, 1, 47, 48, 111, 112, 239, 240, 300):  # around the edges of SHA-512's blocks
        key, message = Ed25519PrivateKey.generate(), secrets.token_bytes(size)
        signature, public = key.sign(message), key.public_key().public_bytes_raw()
        stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        bent = bytes([signature[0] ^ 1]) + signature[1:]
        high = signature[:32] + (int.from_bytes(signature[32:], "little") + 2**252 + 27742317777372353535851937790883648493).to_bytes(32, "little")  # fmt: skip  # noqa: E501
        cases += [
            (public, signature, message, True),
            (stranger, signature, message, False),
            (public, bent, message, False),
            (public, high, message, False),  # the same point, written as RFC 8032 forbids
            (public, signature, message + b"x", False),
        ]
    wire = [[list(key), list(signature), list(message)] for key, signature, message, _good in cases]
    script = "(cases) => cases.map(([k, s, m]) => ed25519.verify(...[k, s, m].map((one) => Uint8Array.from(one))))"
    assert offline.page.evaluate(script, wire) == [good for *_case, good in cases]
