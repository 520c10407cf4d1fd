from django.urls import path

from learning.courses import views

app_name = "courses"
urlpatterns = [
    path("", views.courses, name="list"),
    path("recommended/", views.recommended, name="recommended"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/lessons/<int:lesson>/", views.lesson, name="lesson"),
    path("<int:pk>/lessons/<int:lesson>/read/", views.read, name="read"),
    path("<int:pk>/quiz/", views.quiz, name="quiz"),
    path("<int:pk>/quiz/result/", views.quiz_result, name="quiz_result"),
]
