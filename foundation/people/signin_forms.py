"""Forms of sign-in, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.people import limits, second_factor
from foundation.people.account_actions import note_failed_code
from foundation.people.models import Account


class SignInForm(LoginForm):
    """allauth's form in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = gettext_lazy("账号")
        self.fields["password"].label = gettext_lazy("密码")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)  # the label says it


class NewPasswordForm(ChangePasswordForm):
    """The owner's password: the present one, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": gettext_lazy("现在的密码"),
            "password1": gettext_lazy("新密码"),
            "password2": gettext_lazy("再输入一次新密码"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = " ".join(password_validators_help_texts()[:1])

    def clean(self) -> dict[str, Any]:
        """The two must be one; allauth's sentence says it to the second field."""
        data: dict[str, Any] = super().clean()
        return data


class CodeForm(AuthenticateForm):
    """After the password: a one-time code, or a recovery code in its place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField(
            label=_("动态码"), help_text=_("手机验证器上的 6 位数字。手机不在手边时，可以填一个 8 位恢复码。")
        )

    def clean_code(self) -> str:
        """Our own check: a code counts once, and the tries are counted by the office's parameter."""
        attempt = limits.second_factor(context.request, self.user.pk)
        refusal = attempt.take()
        if refusal:
            raise ValidationError(str(refusal), code="locked")
        code: str = self.cleaned_data["code"]
        authenticator = second_factor.accept(account=self.user, code=code)
        if authenticator is None:
            note_failed_code(account=self.user)
            raise ValidationError(_("动态码不对，或者已经用过。请等下一个动态码出现后再试。"), code="wrong_code")
        attempt.succeed()
        authenticator.user = self.user
        self.authenticator = authenticator
        return code


class CodeField(forms.CharField):
    """Six or eight digits, by a keypad of digits."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 16}
        super().__init__(max_length=16, widget=forms.TextInput(attrs=attributes), **kwargs)


class WithPasswordForm(forms.Form):
    """Something that needs the password again: an unwatched screen must not be enough."""

    password = forms.CharField(
        label=gettext_lazy("密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        """The password counts as a try to sign in."""
        password: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.account, password):
            raise ValidationError(_("密码不对。"), code="wrong_password")
        return password


class EnrolForm(WithPasswordForm):
    """The first code of the app proves that it has the secret."""

    code = CodeField(label=gettext_lazy("动态码"), help_text=gettext_lazy("手机验证器上现在显示的 6 位数字。"))
    field_order = ["code", "password"]
