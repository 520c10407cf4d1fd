"""Forms of notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.offers.find import notice_kinds


class MailForm(forms.Form):
    """A tick for each kind of notice that is mailed."""

    wanted = forms.MultipleChoiceField(label=_("同时发邮件"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: Mapping[str, bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["wanted"]
        field.choices = [(code, kind.title) for code, kind in notice_kinds().items()]
        field.initial = [code for code, by_email in choices.items() if by_email]
