from django.urls import path

from assessment.discipline import views

app_name = "discipline"
urlpatterns = [path("mine/", views.mine, name="mine")]
