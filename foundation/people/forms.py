"""Forms of people."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CompleteItemForm(forms.Form):
    answer = forms.CharField(
        label=_("补全说明"),
        max_length=500,
        help_text=_("写明起止日期和依据，如“2026-03-01 至 2026-10-05 病假，有批准单”。"),
    )
