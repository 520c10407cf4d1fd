from django.urls import path

from learning.hours import views

app_name = "hours"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("card/", views.card, name="card"),
]
