"""首次设置: the page of an office in which nobody has an account yet; afterwards it is not there."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from foundation.offers import clock
from foundation.offers.types import Refused
from foundation.people import actions, limits
from foundation.people import first_run as office
from foundation.people.enums import Role
from foundation.people.models import Unit

THREE = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


class FirstRunForm(forms.Form):
    """The office and its three administrators. exists: units are there already and stay."""

    name = forms.CharField(label=gettext_lazy("单位名称"), max_length=100)
    units = forms.CharField(
        label=gettext_lazy("内设机构"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("每行一个，如办公室、人事处。以后可以由人事处增减。"),
    )

    def __init__(self, *args: object, exists: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # forms.Form takes what it takes
        if exists:
            del self.fields["name"], self.fields["units"]
        for role in THREE:
            title = {"role": role.label}
            self.fields[f"{role}_username"] = forms.CharField(
                label=_("%(role)s的账号") % title,
                max_length=64,
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
            )
            self.fields[f"{role}_name"] = forms.CharField(label=_("%(role)s的姓名") % title, max_length=64)

    def administrators(self) -> list[office.Administrator]:
        data = self.cleaned_data
        return [office.Administrator(role, data[f"{role}_username"], data[f"{role}_name"]) for role in THREE]


@never_cache
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """Ask for the office and its administrators; answer with their first passwords, once."""
    if not office.is_open():
        raise Http404
    typed = request.POST.get("code") or request.GET.get("code", "")
    if not office.is_at_the_machine(request) and not office.knows_code(typed):
        return _ask_for_code(request, typed)
    there = Unit.objects.filter(depth=1).first()
    form = FirstRunForm(request.POST if "security_admin_name" in request.POST else None, exists=there is not None)
    if form.is_bound and form.is_valid():
        try:
            opened = office.open_office(
                name=form.cleaned_data.get("name", ""),
                units=form.cleaned_data.get("units", "").splitlines(),
                administrators=form.administrators(),
                today=clock.today(),
                actor=actions.command_account(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "people/first_run_done.html", {"opened": opened})
    return render(request, "people/first_run.html", {"form": form, "office": there, "code": typed})


def _ask_for_code(request: HttpRequest, typed: str) -> HttpResponse:
    refusal = limits.first_run(request).take() if typed else None
    if refusal:
        sentence = str(refusal)
    elif typed:
        sentence = _("设置码不对。请照服务器上显示的抄写，注意大小写。")
    else:
        sentence = ""
    return render(request, "people/first_run_code.html", {"sentence": sentence}, status=403)
