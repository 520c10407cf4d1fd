from django.urls import path

from content import views

app_name = "content"
urlpatterns = [path("", views.search, name="search"), path("suggest/", views.suggest, name="suggest")]
