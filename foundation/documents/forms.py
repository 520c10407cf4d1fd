"""What a visitor types or scans, and what may be written for a paper."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.documents import fonts, rules

_TYPED = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


def drawable(value: str) -> None:
    """A validator: refuse, while it can still be mended, what papers cannot draw."""
    lost = fonts.missing("".join(value.split()))
    if lost:
        named = "、".join(f"{character}（U+{ord(character):04X}）" for character in lost)
        raise ValidationError(
            gettext("文书字库没有这些字符，印不出来：%(named)s。请改用国家标准汉字。") % {"named": named}
        )


class VerifyForm(forms.Form):
    """Serial and, optionally, check code; one letter each in the address, because the QR code carries it."""

    s = forms.CharField(label=_("编号"), max_length=40, widget=forms.TextInput(_TYPED))
    h = forms.CharField(
        label=_("核验码"),
        max_length=40,
        required=False,
        help_text=_("印在文书编号下面，共 20 位。不填只能查到编号是否存在。"),
        widget=forms.TextInput(_TYPED),
    )

    def clean_s(self) -> str:
        return rules.typed_serial(self.cleaned_data["s"])

    def clean_h(self) -> str:
        return rules.typed_hash(self.cleaned_data["h"])
