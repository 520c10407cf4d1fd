"""Courses that trainers build in the back office, and how people come along in them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page, PagePermissionTester

from content.models import FramePage, StudyMaterialPage
from foundation.offers.types import Ref
from foundation.people.models import Cadre
from learning.courses.enums import Obligation
from learning.courses.forms import CourseForm
from learning.exams.models import Exam
from learning.hours.enums import Kind
from learning.hours.models import HourEntry


class CourseIndexPage(FramePage):
    """Where the courses lie in the page tree; people see them at /courses/."""

    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["content.HomePage"]
    subpage_types: ClassVar[list[str]] = ["courses.CoursePage"]
    preview_modes: ClassVar[list[Any]] = []

    class Meta:
        verbose_name = _("课程栏目")
        verbose_name_plural = _("课程栏目")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("courses:list")


class CourseTester(PagePermissionTester):
    """A course that people have begun is withdrawn, never deleted: their records hang on it."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return super().can_delete(ignore_bulk) and not Enrolment.objects.filter(course_id=self.page.pk).exists()

    def can_set_view_restrictions(self) -> bool:
        return (
            False  # people meet a course at /courses/, where the roster decides: a restriction would only seem to work
        )


class CoursePage(Page):
    """课程: lessons to read and, where there is one, a quiz to pass; completing it gives online class hours."""

    summary = models.TextField(_("简介"), max_length=500, help_text=_("两三句话：讲什么，给谁学。"))
    class_hours = models.DecimalField(
        _("学时"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.25"))],
        help_text=_("完成后记入的网络培训学时。"),
    )
    kind = models.CharField(_("培训种类"), max_length=16, choices=Kind.choices, default=Kind.IN_SERVICE)
    obligation = models.CharField(
        _("必修或选修"), max_length=16, choices=Obligation.choices, default=Obligation.ELECTIVE
    )
    deadline = models.DateField(_("截止日期"), null=True, blank=True)
    quiz = models.ForeignKey(
        Exam,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("章节测验"),
        help_text=_("选填。合格后才算完成课程。"),
    )

    base_form_class = CourseForm
    parent_page_types: ClassVar[list[str]] = ["courses.CourseIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    preview_modes: ClassVar[list[Any]] = []
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("class_hours"), FieldPanel("kind")]),
        FieldRowPanel([FieldPanel("obligation"), FieldPanel("deadline")]),
        InlinePanel("lessons", heading=_("课时"), label=_("课时"), min_num=1),
        FieldPanel("quiz"),
    ]
    promote_panels: ClassVar[list[Any]] = [MultiFieldPanel([FieldPanel("slug")], heading=_("网址"))]

    class Meta:
        verbose_name = _("课程")
        verbose_name_plural = _("课程")
        constraints = [
            models.CheckConstraint(condition=Q(obligation__in=Obligation.values), name="courses_course_obligation"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="courses_course_kind"),
            models.CheckConstraint(condition=Q(class_hours__gt=0), name="courses_course_class_hours"),
        ]

    @property
    def is_required(self) -> bool:
        """Whether everybody on the roster takes it."""
        return self.obligation == Obligation.REQUIRED

    def is_past_deadline(self, today: dt.date) -> bool:
        """Whether its deadline has passed."""
        return self.deadline is not None and today > self.deadline

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return CourseTester(user, self)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("courses:detail", pk=self.pk)


class Lesson(Orderable):
    """课时: a study material to read, under the course's own title for it."""

    course = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="lessons")
    title = models.CharField(_("标题"), max_length=100)
    material = models.ForeignKey(
        StudyMaterialPage, on_delete=models.PROTECT, related_name="lessons", verbose_name=_("学习资料")
    )

    panels: ClassVar[list[Any]] = [FieldPanel("title"), FieldPanel("material")]

    class Meta(Orderable.Meta):
        verbose_name = _("课时")
        verbose_name_plural = _("课时")

    def __str__(self) -> str:
        return self.title


class Enrolment(models.Model):
    """A person in a course, from the first lesson opened."""

    course = models.ForeignKey(CoursePage, on_delete=models.PROTECT, related_name="enrolments")
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="enrolments")
    began_at = models.DateTimeField(_("开始时间"))

    class Meta:
        verbose_name = _("选课")
        verbose_name_plural = _("选课")
        constraints = [models.UniqueConstraint(fields=["course", "cadre"], name="courses_enrolment_once")]

    def __str__(self) -> str:
        return f"{self.cadre} {self.course}"

    @property
    def ref(self) -> Ref:
        """What sittings and class hours name as their source."""
        return Ref(label=self._meta.label_lower, pk=self.pk, name=self.course.title)


class LessonProgress(models.Model):
    """A person in a lesson: opened, and read once they say so.

    The trainer may take the lesson out of the course (publishing deletes its row): what people read stays, with the
    title under which they read it. lesson: None from then on.
    """

    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="lesson_progress")
    course = models.ForeignKey(CoursePage, on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.SET_NULL, null=True, related_name="progress")
    lesson_title = models.CharField(_("课时"), max_length=100)
    opened_at = models.DateTimeField(_("打开时间"))
    read_at = models.DateTimeField(_("读完时间"), null=True)

    class Meta:
        verbose_name = _("课时进度")
        verbose_name_plural = _("课时进度")
        constraints = [
            models.UniqueConstraint(fields=["cadre", "lesson"], name="courses_progress_once"),
            models.CheckConstraint(
                condition=Q(read_at=None) | Q(read_at__gte=models.F("opened_at")), name="courses_progress_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} {self.lesson_title}"


class Completion(models.Model):
    """A course completed, once, with the class hours that it gave."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="completion")
    completed_on = models.DateField(_("完成日期"))
    hour_entry = models.OneToOneField(HourEntry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("完成记录")
        verbose_name_plural = _("完成记录")

    def __str__(self) -> str:
        return f"{self.enrolment} {self.completed_on}"
