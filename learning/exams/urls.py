from django.urls import path

from learning.exams import views

app_name = "exams"
urlpatterns = [
    path("<int:pk>/", views.room, name="room"),
    path("<int:pk>/save/", views.save, name="save"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/result/", views.result, name="result"),
]
