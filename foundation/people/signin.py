"""Sign-in by allauth for portal and admin; accounts are opened by the office, never by visitors."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.people import account_actions, actions, limits, second_factor
from foundation.people.middleware import look_again


class AccountAdapter(DefaultAccountAdapter):
    """allauth without self-registration, with the office's limits and its audit trail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("账号或密码不对。"),
        "enter_current_password": _("现在的密码不对。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Our limits in place of allauth's: theirs cannot follow a parameter, and their sentence says no time."""
        self.attempt = limits.sign_in(request, credentials["username"])
        refusal = self.attempt.take()
        if refusal:
            raise ValidationError(str(refusal), code="locked")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The account, if name and password fit and it is switched on; the failure counts and is an audit entry."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            self.attempt.succeed()
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        locked = self.attempt.last()
        account_actions.note_failed_sign_in(
            username=credentials["username"],
            address=self.get_client_ip(request),
            locked=locked.limit.name if locked else "",
        )
        if locked:
            raise ValidationError(str(locked), code="locked")

    def login(self, request: HttpRequest, user: Any) -> None:
        """Bring the account's Wagtail groups in line with its roles of today before the session begins."""
        actions.sync_groups(account=user)
        super().login(request, user)
        account_actions.note_sign_in(account=user, address=self.get_client_ip(request))

    def set_password(self, user: Any, password: str) -> None:
        """allauth's form for one's own password ends here."""
        request = context.request
        account_actions.change_password(account=user, password=password, session_key=request.session.session_key)
        look_again(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("desk:home")


class AccountBackend(AuthenticationBackend):
    """allauth's backend: same answer, and a hash computed, for an unknown user and for a wrong password.

    An account that is switched off gets the same answer as well: allauth would lead its owner to a page of their own,
    which tells whoever tries that the password was right.
    """

    @classmethod
    def _stash_user(cls, user: Any) -> Any:
        return super()._stash_user(None)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names of the one-time codes' app entry, and secrets that the database keeps encrypted."""

    def get_totp_issuer(self) -> str:
        return settings.ZHIXING_SHORT_TITLE

    def encrypt(self, text: str) -> str:
        return second_factor.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factor.unseal(encrypted_text)
