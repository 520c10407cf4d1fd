from django.urls import path

from foundation.people import account_views, audit_views, parameters_views, system_views, views

app_name = "people"
urlpatterns = [
    path("items/", views.items, name="items"),
    path("items/<int:pk>/", views.complete_item, name="complete_item"),
    path("audit/", audit_views.audit_log, name="audit_log"),
    path("audit/verify/", audit_views.audit_verify, name="audit_verify"),
    path("parameters/", parameters_views.parameter_list, name="parameters"),
    # codes like A7b/15.quota_percent have a slash of their own
    path("parameters/<path:code>/", parameters_views.parameter_page, name="parameter"),
    path("parameter-values/<int:pk>/withdraw/", parameters_views.withdraw_value, name="withdraw_value"),
    path("workdays/", parameters_views.workdays, name="workdays"),
    path("workdays/<int:pk>/remove/", parameters_views.remove_workday, name="remove_workday"),
    path("accounts/", account_views.account_list, name="accounts"),
    path("accounts/open/", account_views.open_account, name="open_account"),
    path("accounts/<int:pk>/", account_views.account_page, name="account"),
    path("accounts/<int:pk>/grant/", account_views.grant_role, name="grant_role"),
    path("accounts/<int:pk>/switch/", account_views.switch_account, name="switch_account"),
    path("accounts/<int:pk>/password/", account_views.renew_password, name="renew_password"),
    path("accounts/<int:pk>/sessions/end/", account_views.end_account_sessions, name="end_account_sessions"),
    path("accounts/<int:pk>/factor/", account_views.reset_factor, name="reset_factor"),
    path("grants/<int:pk>/end/", account_views.end_role, name="end_role"),
    path("rights/", account_views.rights, name="rights"),
    path("system/", system_views.system, name="system"),
    path("system/mail/", system_views.test_mail, name="test_mail"),
]
