"""One-time codes (TOTP, RFC 6238) and recovery codes: allauth keeps them, the rules are here.

A code counts once. allauth remembers used codes for one period in the cache; a code is good for three (the clocks of
phone and server may differ by 30 seconds), so we keep the last counter with the secret itself.
"""

from __future__ import annotations

import base64
import io
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from foundation.audit.record import record
from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people.enums import STAFF, Event, Role
from foundation.people.models import Account
from foundation.people.scope import has_role
from foundation.people.sessions import end_sessions
from foundation.rulebook.queries import parameter

NONCE = 12
LAST_COUNTER = "last_counter"


@dataclass(frozen=True)
class Standing:
    """What an account has of a second factor."""

    is_on: bool
    codes_left: int  # unused recovery codes


def standing(account: Account) -> Standing:
    """Whether one-time codes are on, and how many recovery codes are left."""
    rows = {row.type: row for row in Authenticator.objects.filter(user=account)}
    codes = rows.get(Authenticator.Type.RECOVERY_CODES)
    return Standing(
        is_on=Authenticator.Type.TOTP in rows, codes_left=len(codes.wrap().get_unused_codes()) if codes else 0
    )


def is_due(account: Account) -> bool:
    """Whether the office wants a second factor of this account and it has none."""
    wanted = parameter("H1.second_factor", on=clock.today())
    if wanted == "off" or (wanted == "staff" and not has_role(account, *map(Role, STAFF))):
        return False
    return not Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def new_secret() -> str:
    """A secret for an app, in base32."""
    return generate_totp_secret()


def app_address(account: Account, secret: str) -> str:
    """The otpauth:// address that an app scans."""
    return get_adapter().build_totp_url(account, secret)


def picture(address: str) -> bytes:
    """The address as a QR code, PNG, about 250 pixels wide."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="png", scale=5, border=3)
    return drawn.getvalue()


def matching_counter(secret: str, code: str) -> int | None:
    """The 30-second counter that the code belongs to, among the present one and its two neighbours."""
    digits = "".join(code.split())
    for counter in yield_hotp_counters_from_time():
        if constant_time_compare(digits, format_hotp_value(hotp_value(secret, counter))):
            return counter
    return None


def add(*, account: Account, secret: str, code: str, session_key: str | None) -> list[str]:
    """Turn one-time codes on; returns the recovery codes, to be shown once.

    Raises Refused for a code that does not fit, and where another page was faster. The account's other sessions end:
    they were opened with less.
    """
    counter = matching_counter(secret, code)
    if counter is None:
        raise Refused("wrong_code", _("动态码不对。请核对手机时间，等下一个动态码出现后再试。"))
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        if Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
            raise Refused("has_factor", _("动态码已经启用。"))
        row = TOTP.activate(account, secret).instance
        row.data[LAST_COUNTER] = counter
        row.save(update_fields=["data"])
        Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
        codes = RecoveryCodes.activate(account).generate_codes()
        record(Event.FACTOR_ADDED, target=account, actor=account)
        end_sessions(account=account, actor=account, but=session_key)
    return codes


def accept(*, account: Account, code: str) -> Authenticator | None:
    """The authenticator that the code belongs to, with the code used up; None: no code of this account, or used before.

    Spaces in the code do not matter.
    """
    digits = "".join(code.split())
    with transaction.atomic():
        rows = {row.type: row for row in Authenticator.objects.select_for_update().filter(user=account)}
        totp = rows.get(Authenticator.Type.TOTP)
        if totp is None:
            return None
        counter = matching_counter(unseal(totp.data["secret"]), digits)
        if counter is not None:
            if counter <= totp.data.get(LAST_COUNTER, -1):
                return None
            totp.data[LAST_COUNTER] = counter
            totp.save(update_fields=["data"])
            return totp
        codes = rows.get(Authenticator.Type.RECOVERY_CODES)
        if codes is not None and codes.wrap().validate_code(digits):
            record(Event.RECOVERY_CODE_USED, target=account, actor=account, left=standing(account).codes_left)
            return codes
    return None


def renew_codes(*, account: Account) -> list[str]:
    """New recovery codes in place of all earlier ones; returned to be shown once. Raises Refused without a factor."""
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        if not standing(account).is_on:
            raise Refused("no_factor", _("还没有启用动态码。"))
        Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
        codes = RecoveryCodes.activate(account).generate_codes()
        record(Event.RECOVERY_CODES_RENEWED, target=account, actor=account)
    return codes


def remove(*, account: Account) -> None:
    """Turn one-time codes off, by their owner. Where the office wants them the next page asks to turn them on again."""
    with transaction.atomic():
        deleted, _rows = Authenticator.objects.filter(user=account).delete()
        if not deleted:
            raise Refused("no_factor", _("还没有启用动态码。"))
        record(Event.FACTOR_REMOVED, target=account, actor=account)


def reset(*, account: Account, reason: str, actor: Any) -> None:
    """Take the second factor away at the counter, from somebody who lost phone and codes; their sessions end."""
    reason = reason.strip()
    if not reason:
        raise Refused("no_reason", _("请写明重置的原因和核实身份的方式。"))
    with transaction.atomic():
        deleted, _rows = Authenticator.objects.filter(user=account).delete()
        if not deleted:
            raise Refused("no_factor", _("这个账号没有启用动态码。"))
        record(Event.FACTOR_RESET, target=account, actor=actor, reason=reason)
        end_sessions(account=account, actor=actor, reason=str(Event.FACTOR_RESET))


@cache
def _cipher(secret_key: str) -> AESGCM:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"zhixing second factor").derive(
        secret_key.encode()
    )
    return AESGCM(derived)


def seal(text: str) -> str:
    """Encrypted for the database, by a key that follows from the site's secret key.

    Not by the ring of encrypted fields: rotate_keys re-seals columns, and these lie within allauth's JSON.
    """
    nonce = secrets.token_bytes(NONCE)
    return base64.b64encode(nonce + _cipher(settings.SECRET_KEY).encrypt(nonce, text.encode(), None)).decode()


def unseal(token: str) -> str:
    """The opposite. Raises cryptography's InvalidTag where the site's secret key is another one."""
    raw = base64.b64decode(token)
    return _cipher(settings.SECRET_KEY).decrypt(raw[:NONCE], raw[NONCE:], None).decode()
