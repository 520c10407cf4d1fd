"""Everything about getting in. Of allauth only what the office uses: no sign-up, no e-mail management, no reset by
mail; its names stay without a namespace, for it looks itself up by them."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import include, path

from foundation.people import first_run_views, signin_views

own = (
    [
        path("security/", signin_views.security, name="security"),
        path("security/factor/", signin_views.enrol, name="enrol"),
        path("security/factor/picture/", signin_views.enrol_picture, name="enrol_picture"),
        path("security/factor/codes/", signin_views.renew_codes, name="renew_codes"),
        path("security/factor/remove/", signin_views.remove_factor, name="remove_factor"),
        path("security/sessions/<int:pk>/end/", signin_views.end_session, name="end_session"),
        path("security/sessions/end-others/", signin_views.end_others, name="end_others"),
        path("idle/", signin_views.idle, name="idle"),
        path("first-run/", first_run_views.first_run, name="first_run"),
    ],
    "people_signin",
)
urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("login/code/", mfa.authenticate, name="mfa_authenticate"),
    path("logout/", account.logout, name="account_logout"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("", include(own)),
]
