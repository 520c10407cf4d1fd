"""Whose key signs, whose seal is printed, and what another program makes of it."""

import datetime as dt
import io
import json
import re
import shutil
import subprocess

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from PIL import Image

from foundation.documents import checks, preview, signing
from foundation.documents.offline import offline_page
from foundation.documents.paper import seal_image
from foundation.offers.find import kinds
from foundation.offers.secret_files import made_once, secret_path, write_anew
from tests.factories.documents import issued, kinds_on_offer

OFFICE = "江州市机关事务管理局"
needs_pdfsig = pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler-utils is not installed here")


@pytest.fixture(autouse=True)
def _fresh_keys():
    caches = (signing._signer, signing.certificate_id, seal_image)
    for one in caches:
        one.cache_clear()
    yield
    for one in caches:
        one.cache_clear()


def organisation(folder, key, *, passphrase=b"geheim"):
    """A PKCS#12 file as an authority hands it out: key, certificate, issuer."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, OFFICE)])
    issuer_key = ec.generate_private_key(ec.SECP256R1())
    issuer_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "政务电子认证")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    def certificate(subject, public, ca):
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start.replace(year=2036))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(issuer_key, hashes.SHA256())
        )

    own = certificate(name, key.public_key(), ca=False)
    chain = [certificate(issuer_name, issuer_key.public_key(), ca=True)]
    path = folder / "office.p12"
    secret = serialization.BestAvailableEncryption(passphrase)
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"office", key, own, chain, secret))
    (folder / "passphrase").write_bytes(passphrase + b"\n")
    return path


def pdfsig(path):
    return subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout


@needs_pdfsig
@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_the_organisations_key_signs_and_one_changed_byte_is_noticed(db, settings, tmp_path, kind):
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "P-256" else rsa.generate_private_key(65537, 2048)
    with kinds_on_offer():
        settings.DOCUMENTS_PKCS12 = ""
        ours = issued()
        for one in (signing._signer, signing.certificate_id):
            one.cache_clear()
        settings.DOCUMENTS_PKCS12 = str(organisation(tmp_path, key))
        settings.DOCUMENTS_PKCS12_PASSPHRASE_FILE = str(tmp_path / "passphrase")
        assert checks.check_documents(None) == []
        theirs = issued(kind="tests.notice")
    told = pdfsig(theirs.path)
    assert f"Signer Certificate Common Name: {OFFICE}" in told and "Signature is Valid" in told
    assert "Total document signed" in told
    content = bytearray(theirs.path.read_bytes())
    content[len(content) // 3] ^= 1
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(content)
    assert "Digest Mismatch" in pdfsig(changed)
    assert theirs.signed_by != ours.signed_by and len(theirs.signed_by) == 64
    assert signing.pdf_public_key()[0] == ("RSA" if kind == "RSA" else "ECDSA")


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda folder: (folder / "passphrase").write_text("falsch"), "passphrase is wrong"),
        (lambda folder: (folder / "office.p12").write_bytes(b"nothing"), "no PKCS#12"),
        (lambda folder: (folder / "office.p12").unlink(), "cannot be read"),
        (lambda folder: (folder / "passphrase").unlink(), "cannot be read"),
    ],
)
def test_a_wrong_certificate_file_is_told_before_anything_starts(settings, tmp_path, break_it, said):
    settings.DOCUMENTS_PKCS12 = str(organisation(tmp_path, ec.generate_private_key(ec.SECP256R1())))
    settings.DOCUMENTS_PKCS12_PASSPHRASE_FILE = str(tmp_path / "passphrase")
    break_it(tmp_path)
    [error] = checks.check_documents(None)
    assert error.id == "documents.E003" and said in error.msg
    with pytest.raises(ImproperlyConfigured):
        signing.sign_pdf(b"%PDF", at=dt.datetime(2026, 12, 31, tzinfo=dt.UTC), reason="")


def test_another_curve_is_refused(settings, tmp_path):
    settings.DOCUMENTS_PKCS12 = str(organisation(tmp_path, ec.generate_private_key(ec.SECP384R1())))
    settings.DOCUMENTS_PKCS12_PASSPHRASE_FILE = str(tmp_path / "passphrase")
    [error] = checks.check_documents(None)
    assert "P-256 or RSA" in error.msg


def sample(unit):
    offer = kinds()["people.honour_certificate"]
    return preview.sheet(offer, offer.sample(name="周建新", unit=unit), holder="周建新")


def images(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return len(file.pages[0].images)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed here")
def test_the_authorised_seal_stands_under_its_own_office_and_no_other(settings, tmp_path):
    picture = tmp_path / "seal.png"
    Image.new("RGBA", (600, 600), (200, 0, 0, 128)).save(picture)
    settings.DOCUMENTS_SEAL, settings.DOCUMENTS_SEAL_OFFICE = str(picture), OFFICE
    assert checks.check_documents(None) == []

    def words(pdf):
        return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()

    own, other = sample(OFFICE), sample("江州市财政局")
    assert (images(own), images(other)) == (1, 0)
    assert "样章" not in words(own) and "样章" in words(other)


@pytest.mark.parametrize(
    ("pixels", "office", "codes"),
    [(600, "", ["documents.E001"]), (100, OFFICE, ["documents.E002"]), (None, OFFICE, ["documents.E002"])],
)
def test_a_seal_that_cannot_be_printed_is_told_before_anything_starts(settings, tmp_path, pixels, office, codes):
    picture = tmp_path / "seal.png"
    if pixels:
        Image.new("RGB", (pixels, pixels)).save(picture)
    settings.DOCUMENTS_SEAL, settings.DOCUMENTS_SEAL_OFFICE = str(picture), office
    assert [error.id for error in checks.check_documents(None)] == codes


# ---- the offline page and the secrets


def test_the_offline_page_is_one_file_that_asks_for_nothing_and_holds_no_secret(db, tmp_path, capsys):
    call_command("verifier", str(tmp_path / "v.html"))
    answer = json.loads(capsys.readouterr().out)
    page = (tmp_path / "v.html").read_text()
    assert answer == {"file": str(tmp_path / "v.html"), "key_id": signing.key_id()}
    assert page == offline_page()
    assert signing.public_key() in page and signing.pdf_public_key()[1] in page
    for fetched in ("src=", "url(", "@import", "<link", "fetch(", "/static/"):
        assert fetched not in page
    assert "PRIVATE" not in page
    titles = json.loads(re.search(r'<script id="kinds" type="application/json">(.+?)</script>', page)[1])
    assert titles["people.employment_proof"] == "在职证明" and "people.first_password_slip" not in titles


def test_the_page_offers_it_for_download_to_everybody(db, client):
    answer = client.get("/verify/offline/")
    assert answer["Content-Disposition"] == 'attachment; filename="zhixing-verifier.html"'
    assert answer.content.decode() == offline_page()


def test_a_secret_is_made_once_whoever_comes_first_and_for_its_owner_only(settings, tmp_path):
    settings.DATA = tmp_path

    def late():
        made_once("test", lambda: b"first")  # another process, while this one still makes its own
        return b"second"

    assert made_once("test", late) == b"first" == secret_path("test").read_bytes()
    write_anew("test", b"third")
    assert made_once("test", late) == b"third"
    assert [entry.name for entry in secret_path("test").parent.iterdir()] == ["test"]
    assert secret_path("test").stat().st_mode & 0o777 == 0o600
