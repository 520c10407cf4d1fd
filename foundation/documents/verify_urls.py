from django.urls import path

from foundation.documents import views

app_name = "documents_verify"
urlpatterns = [
    path("", views.verify_page, name="page"),
    path("offline/", views.verify_offline, name="offline"),
]
