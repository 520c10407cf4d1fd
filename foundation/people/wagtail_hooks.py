"""HR's menu and addresses in the Wagtail admin: certificates, and the register of documents."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from foundation.people import certificates_views, register_views
from foundation.people.enums import Role
from foundation.people.scope import has_role

certificates = (
    [
        path("", certificates_views.batch_list, name="batches"),
        path("new/", certificates_views.new_batch, name="new"),
        path("preview/", certificates_views.preview_batch, name="preview"),
        path("employment/", certificates_views.employment, name="employment"),
        path("slips/", certificates_views.slips, name="slips"),
        path("gallery/", certificates_views.gallery, name="gallery"),
        path("gallery/<str:code>/", certificates_views.sample, name="sample"),
        path("register/", register_views.register, name="register"),
        path("register/export/", register_views.export_register, name="export"),
        path("register/<str:serial>/", register_views.document, name="document"),
        path("register/<str:serial>/revoke/", register_views.revoke, name="revoke"),
        path("register/<str:serial>/reissue/", register_views.reissue, name="reissue"),
        path("<int:pk>/", certificates_views.batch_page, name="batch"),
        path("<int:pk>/edit/", certificates_views.edit_batch, name="edit"),
        path("<int:pk>/people/", certificates_views.add_people, name="add_people"),
        path("<int:pk>/list/", certificates_views.add_list, name="add_list"),
        path("<int:pk>/people/<int:recipient>/remove/", certificates_views.remove_person, name="remove_person"),
        path("<int:pk>/issue/", certificates_views.issue_batch, name="issue"),
        path("<int:pk>/discard/", certificates_views.discard_batch, name="discard"),
    ],
    "certificates_admin",
)


class ForHR(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, Role.HR)


@hooks.register("register_admin_urls")
def certificates_urls() -> list[URLPattern | URLResolver]:
    """HR's addresses; Wagtail lets only people with access to its admin come near them."""
    return [path("certificates/", include(certificates))]


@hooks.register("register_admin_menu_item")
def certificates_item() -> MenuItem:
    """证书与证明."""
    url = reverse_lazy("certificates_admin:batches")
    return ForHR(_("证书与证明"), url, name="certificates", icon_name="doc-full", order=310)


@hooks.register("register_admin_menu_item")
def register_item() -> MenuItem:
    """文书登记."""
    url = reverse_lazy("certificates_admin:register")
    return ForHR(_("文书登记"), url, name="document-register", icon_name="list-ul", order=320)
