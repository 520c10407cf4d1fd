from django.urls import path

from foundation.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<str:serial>/file/", views.file, name="file"),
]
