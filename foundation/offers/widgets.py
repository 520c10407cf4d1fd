"""Form controls that several rooms use."""

from __future__ import annotations

from typing import Any

from django import forms


class LongText(forms.Textarea):
    """A text of limited length whose end is never cut off while it is typed or pasted: the form refuses it with a
    sentence, and the page counts (templates/partials/field.html, app.js).

    most: characters, as the field's max_length.
    """

    def __init__(self, most: int, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.most = most

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs.pop("maxlength", None)  # the browser would cut a pasted text without a word
        return attrs
