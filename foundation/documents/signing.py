"""The installation's own keys, made once: Ed25519 for what the QR code says, P-256 under a CA of its own for the PDF.

The CA proves that a file has not been changed since; who the office is, only the organisation's own certificate can
prove.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import json
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from foundation.offers.secret_files import made_once

FORM = 1  # of the payload
RESERVED = 8192  # hex digits kept free for the signature; it takes about 4,000
YEARS = 30  # papers of a personnel file outlive the machine that printed them

SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_PEM = serialization.Encoding.PEM
_DER = serialization.Encoding.DER
_PKCS8 = serialization.PrivateFormat.PKCS8
_BARE = serialization.NoEncryption()


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# ---- the QR code's payload


@cache
def _payload_key() -> Ed25519PrivateKey:
    pem = made_once("documents-payload.pem", lambda: Ed25519PrivateKey.generate().private_bytes(_PEM, _PKCS8, _BARE))
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


@cache
def _public_bytes() -> bytes:
    return _payload_key().public_key().public_bytes_raw()


def public_key() -> str:
    """The public key that verifies payloads: 32 bytes, base64url."""
    return _base64url(_public_bytes())


def key_id() -> str:
    """Which key: the first 8 hex digits of the SHA-256 of the public key."""
    return hashlib.sha256(_public_bytes()).hexdigest()[:8]


def payload(*, serial: str, kind: str, holder: str, issued_on: dt.date, facts_hash: str) -> str:
    """PAYLOAD.SIGNATURE for the address's fragment, which no server ever sees.

    PAYLOAD is base64url of the JSON array [form, key id, serial, kind, holder, date, hash]; SIGNATURE is Ed25519 over
    PAYLOAD as written. No ID numbers, nothing that the paper does not say.
    """
    facts = [FORM, key_id(), serial, kind, holder, issued_on.isoformat(), facts_hash]
    body = _base64url(json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode())
    return f"{body}.{_base64url(_payload_key().sign(body.encode()))}"


# ---- the PDF's signature


def _named(name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Zhixing"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    *,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    is_ca: bool,
) -> x509.Certificate:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # fixed: also valid where tests and drills move the clock
    usage = {
        "digital_signature": not is_ca,
        "content_commitment": not is_ca,
        "key_cert_sign": is_ca,
        "crl_sign": is_ca,
        "key_encipherment": False,
        "data_encipherment": False,
        "key_agreement": False,
        "encipher_only": False,
        "decipher_only": False,
    }
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start.replace(year=start.year + YEARS))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=0 if is_ca else None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _pair(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> bytes:
    return key.private_bytes(_PEM, _PKCS8, _BARE) + certificate.public_bytes(_PEM)


def _read_pair(pem: bytes) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key, x509.load_pem_x509_certificate(pem)


def _make_authority() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = f"Zhixing documents CA {secrets.token_hex(4)}"
    return _pair(key, _certificate(name, key, issuer=_named(name), issuer_key=key, is_ca=True))


def _make_signer() -> bytes:
    authority_key, authority = _read_pair(made_once("documents-ca.pem", _make_authority))
    key = ec.generate_private_key(ec.SECP256R1())
    made = _certificate("Zhixing documents", key, issuer=authority.subject, issuer_key=authority_key, is_ca=False)
    return _pair(key, made)


class _KeptKeySigner(signers.SimpleSigner):
    """pyHanko reads the private key anew for every signature; this one keeps it."""

    kept_key: SigningKey

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(f"the house signs with SHA-256, not {digest_algorithm}")
        if isinstance(self.kept_key, rsa.RSAPrivateKey):
            return self.kept_key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.kept_key.sign(data, ec.ECDSA(hashes.SHA256()))


def _own() -> tuple[SigningKey, x509.Certificate, list[x509.Certificate]]:
    """The installation's own key under its own CA."""
    _authority_key, authority = _read_pair(made_once("documents-ca.pem", _make_authority))
    key, certificate = _read_pair(made_once("documents-signer.pem", _make_signer))
    return key, certificate, [authority]


def organisations() -> tuple[SigningKey, x509.Certificate, list[x509.Certificate]]:
    """The organisation's key, certificate and chain, from the PKCS#12 file of the settings.

    Raises ImproperlyConfigured with a sentence for the operator: a paper that is signed by another key than the one
    meant is worse than none.
    """
    path = Path(settings.DOCUMENTS_PKCS12)
    secret = settings.DOCUMENTS_PKCS12_PASSPHRASE_FILE
    try:
        passphrase = Path(secret).read_bytes().rstrip(b"\r\n") if secret else None
        key, certificate, chain = pkcs12.load_key_and_certificates(path.read_bytes(), passphrase)
    except OSError as error:
        raise ImproperlyConfigured(f"DOCUMENTS_PKCS12: {error.filename} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ImproperlyConfigured(
            f"DOCUMENTS_PKCS12: {path} is no PKCS#12 file, or the passphrase is wrong"
        ) from error
    is_p256 = isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)
    if certificate is None or not (is_p256 or isinstance(key, rsa.RSAPrivateKey)):
        raise ImproperlyConfigured(f"DOCUMENTS_PKCS12: {path} needs a certificate with its key, P-256 or RSA")
    assert isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    return key, certificate, chain


@cache
def _signer() -> _KeptKeySigner:
    key, certificate, chain = organisations() if settings.DOCUMENTS_PKCS12 else _own()
    registry = SimpleCertificateStore()
    for issuer in chain:
        registry.register(asn1_x509.Certificate.load(issuer.public_bytes(_DER)))
    signer = _KeptKeySigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(_DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(key.private_bytes(_DER, _PKCS8, _BARE)),
        cert_registry=registry,
    )
    signer.kept_key = key
    return signer


@cache
def certificate_id() -> str:
    """Which certificate signs: the SHA-256 of it, as the register keeps it."""
    certificate = _signer().signing_cert
    assert certificate is not None
    return hashlib.sha256(certificate.dump()).hexdigest()


def pdf_public_key() -> tuple[str, str]:
    """What verifies the signatures of PDFs: "ECDSA" or "RSA", and the public key (SPKI, base64url)."""
    key = _signer().kept_key
    spki = key.public_key().public_bytes(_DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return ("RSA" if isinstance(key, rsa.RSAPrivateKey) else "ECDSA"), _base64url(spki)


class _DatedSigner(signers.PdfSigner):
    """Signs at the moment of issue, which the house's clock gives, not the machine's."""

    def __init__(self, *args: Any, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


def sign_pdf(pdf: bytes, *, at: dt.datetime, reason: str) -> bytes:
    """The file with a PAdES signature that certifies it: from then on any change breaks it."""
    meta = signers.PdfSignatureMetadata(
        field_name="Signature",
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
    )
    signer = _DatedSigner(meta, signer=_signer(), at=at)
    signed = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=RESERVED)
    return bytes(signed.getbuffer())
