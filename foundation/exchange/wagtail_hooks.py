"""导入导出 in the back office: the wizard's menu entry and addresses."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from foundation.exchange import admin_views, parcel_views
from foundation.offers.find import kept_lists

patterns = (
    [
        path("", admin_views.index, name="index"),
        path("files/<slug:name>/", parcel_views.receive, name="receive_files"),
        path("files/<slug:name>/sample/", parcel_views.sample, name="sample"),
        path("parcels/<uuid:pk>/", parcel_views.parcel, name="parcel"),
        path("parcels/<uuid:pk>/confirm/", parcel_views.confirm, name="confirm_parcel"),
        path("<slug:name>/upload/", admin_views.receive, name="receive"),
        path("<slug:name>/export/<slug:kind>/", admin_views.export, name="export"),
        path("uploads/<uuid:pk>/", admin_views.upload_page, name="upload"),
        path("uploads/<uuid:pk>/headings/", admin_views.headings, name="headings"),
        path("uploads/<uuid:pk>/check/", admin_views.check, name="check"),
        path("uploads/<uuid:pk>/confirm/", admin_views.confirm, name="confirm"),
        path("uploads/<uuid:pk>/discard/", admin_views.discard, name="discard"),
        path("uploads/<uuid:pk>/marked/", admin_views.marked, name="marked"),
        path("uploads/<uuid:pk>/changes/", admin_views.changes, name="changes"),
    ],
    "exchange_admin",
)


class ExchangeMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        may_keep = any(kept.may_use(request.user) for kept in kept_lists().values())
        return may_keep or bool(parcel_views.screens_of(request.user))


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern | URLResolver]:
    """The wizard's addresses; Wagtail lets only people with access to its admin come near them."""
    return [path("exchange/", include(patterns))]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """导入导出 in the menu of those who keep a list or bring in files."""
    return ExchangeMenuItem(
        _("导入导出"), reverse_lazy("exchange_admin:index"), name="exchange", icon_name="table", order=290
    )
