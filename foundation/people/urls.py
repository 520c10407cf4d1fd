from django.urls import path

from foundation.people import views

app_name = "people"
urlpatterns = [
    path("items/", views.items, name="items"),
    path("items/<int:pk>/", views.complete_item, name="complete_item"),
]
