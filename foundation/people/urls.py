from django.urls import path

from foundation.people import audit_views, views

app_name = "people"
urlpatterns = [
    path("items/", views.items, name="items"),
    path("items/<int:pk>/", views.complete_item, name="complete_item"),
    path("audit/", audit_views.audit_log, name="audit_log"),
    path("audit/verify/", audit_views.audit_verify, name="audit_verify"),
]
