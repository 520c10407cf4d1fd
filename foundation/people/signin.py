"""Sign-in by allauth for portal and admin; accounts are opened by the office, never by visitors."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from foundation.people import actions


class NoSignup(DefaultAccountAdapter):
    """allauth without self-registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """Bring the account's Wagtail groups in line with its roles of today before the session begins."""
        actions.sync_groups(account=user)
        super().login(request, user)


class AccountBackend(AuthenticationBackend):
    """allauth's backend: same answer, and a hash computed, for an unknown user and for a wrong password.

    An account that is switched off gets the same answer as well: allauth would lead its owner to a page of their own,
    which tells whoever tries that the password was right.
    """

    @classmethod
    def _stash_user(cls, user: Any) -> Any:
        return super()._stash_user(None)
