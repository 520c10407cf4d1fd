"""All addresses. Every one of ours stands in the access matrix (tests/access)."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.admin.auth import require_admin_access

from desk import views as desk

urlpatterns = [
    path("accounts/", include("foundation.people.signin_urls")),
    # Wagtail's own sign-in forms would be ways round ours with its limits
    path("admin/login/", desk.admin_door, name="admin_door"),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/account/", require_admin_access(desk.AdminAccount.as_view()), name="wagtailadmin_account"),
    path("admin/", include(admin_urls)),
    path("", include("desk.urls")),
    path("people/", include("foundation.people.urls")),
    path("search/", include("content.urls")),
    path("notices/", include("foundation.notices.urls")),
    path("jobs/", include("foundation.jobs.urls")),
    path("documents/", include("foundation.documents.urls")),
    path("verify/", include("foundation.documents.verify_urls")),
    path("courses/", include("learning.courses.urls")),
    path("exams/", include("learning.exams.urls")),
    path("hours/", include("learning.hours.urls")),
    path("appraisals/", include("assessment.appraisals.urls")),
    path("discipline/", include("assessment.discipline.urls")),
    # editors' public images; nginx serves them where there is one. Private files never lie here.
    re_path(r"^media/(?P<path>(?:images|original_images)/.+)$", serve, {"document_root": settings.MEDIA_ROOT}),
    path("", include(wagtail_urls)),
]

handler400 = "desk.errors.bad_request"
handler403 = "desk.errors.no_permission"
handler404 = "desk.errors.not_found"
handler429 = "desk.errors.too_many"  # allauth's name for its own limits
handler500 = "desk.errors.server_error"
