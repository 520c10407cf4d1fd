"""Forms of people."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """allauth's form in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("账号")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)  # the label says it


class CompleteItemForm(forms.Form):
    answer = forms.CharField(
        label=_("补全说明"),
        max_length=500,
        help_text=_("写明起止日期和依据，如“2026-03-01 至 2026-10-05 病假，有批准单”。"),
    )
