from django.urls import path

from foundation.people import audit_views, parameters_views, views

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
]
