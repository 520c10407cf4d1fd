"""The office's password policy, for Django's list of validators: the numbers are parameters (rules.md H1)."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.offers import clock
from foundation.people.password_rules import classes
from foundation.rulebook.queries import parameter

NAME = 4  # letters of an account that may not stand in its password; shorter ones turn up by chance


class OfficePolicy:
    """Length, kinds of characters, and none of the account's last ones."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with one sentence for each thing that is missing."""
        today = clock.today()
        length = parameter("H1.password_length", on=today)
        kinds = parameter("H1.password_classes", on=today)
        faults = []
        if len(password) < length:
            faults.append(_("密码太短，至少要 %(n)s 个字符，现在是 %(now)s 个。") % {"n": length, "now": len(password)})
        if classes(password) < kinds:
            faults.append(
                _("密码要包含大写字母、小写字母、数字、其他符号这四类中的至少 %(n)s 类，现在是 %(now)s 类。")
                % {"n": kinds, "now": classes(password)}
            )
        if user is not None and user.pk:
            if len(user.username) >= NAME and user.username in password.lower():
                faults.append(_("密码里不能含有账号。"))
            if not faults:
                faults += self._history(password, user, parameter("H1.password_history", on=today))
        if faults:
            raise ValidationError(faults)

    def _history(self, password: str, user: Any, kept: int) -> list[str]:
        former = user.former_passwords.values_list("password", flat=True)[: max(0, kept - 1)]
        if any(check_password(password, encoded) for encoded in chain([user.password], former)):
            if kept <= 1:
                return [_("新密码不能与现在的密码相同。")]
            return [_("新密码不能与最近 %(n)s 次用过的密码相同，包括现在的。") % {"n": kept}]
        return []

    def get_help_text(self) -> str:
        """The policy in a sentence."""
        today = clock.today()
        return _("至少 %(length)s 个字符，包含大写字母、小写字母、数字、其他符号中的至少 %(kinds)s 类。") % {
            "length": parameter("H1.password_length", on=today),
            "kinds": parameter("H1.password_classes", on=today),
        }
