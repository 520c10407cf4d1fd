from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "learning.courses"
    label = "courses"
    verbose_name = "课程"
