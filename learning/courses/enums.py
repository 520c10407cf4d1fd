"""Choices and audit events of courses."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Obligation(TextChoices):
    REQUIRED = "required", _("必修")
    ELECTIVE = "elective", _("选修")


class Event(TextChoices):
    PLANTED = "courses.planted", _("建立课程栏目")
    BEGUN = "course.begun", _("开始学习课程")
    LESSON_READ = "lesson.read", _("读完课时")
    COMPLETED = "course.completed", _("完成课程")
