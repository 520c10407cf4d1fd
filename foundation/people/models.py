"""Accounts, units, cadres, roles.

Units hang in a tree: the dated edges (UnitPeriod) are the truth about any day, the treebeard path is today's cache.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from foundation.people.enums import (
    AssignmentKind,
    Category,
    Kinship,
    LeaveKind,
    Role,
    Sex,
    TextSize,
    Theme,
    UnitChange,
)
from foundation.rulebook.encrypted import EncryptedTextField


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """An account; without a password nobody can sign in with it."""
        account = self.model(username=username.strip().lower(), **fields)
        account.set_password(password) if password else account.set_unusable_password()
        account.save(using=self._db)
        return account

    def create_superuser(self, *args: Any, **kwargs: Any) -> Account:
        """There is none: three administrators share the work, and none of them sees business data (rules.md H1)."""
        raise NotImplementedError("Zhixing has no superuser; see docs/scope-and-audit.md")


class Account(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What they may do hangs on RoleGrant; what they are, on Cadre."""

    username = models.CharField(_("账号"), max_length=64, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField(_("姓名"), max_length=64)
    email = models.EmailField(_("电子邮箱"), blank=True)
    language = models.CharField(_("界面语言"), max_length=8, default="zh-hans")
    theme = models.CharField(_("配色"), max_length=16, choices=Theme.choices, default=Theme.LIGHT)
    text_size = models.CharField(_("字号"), max_length=16, choices=TextSize.choices, default=TextSize.NORMAL)
    must_change_password = models.BooleanField(_("登录后须修改口令"), default=False)
    password_changed_at = models.DateTimeField(_("口令修改时间"), null=True, blank=True)
    is_active = models.BooleanField(_("可用"), default=True)
    created_at = models.DateTimeField(_("开户时间"), auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(condition=Q(is_superuser=False), name="people_account_no_superuser"),
            # sign-in looks the name up without regard to case
            models.UniqueConstraint(Lower("username"), name="people_account_username_once"),
            models.CheckConstraint(condition=Q(theme__in=Theme.values), name="people_account_theme"),
            models.CheckConstraint(condition=Q(text_size__in=TextSize.values), name="people_account_text_size"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_staff(self) -> bool:
        """Django's own admin site is not installed; nobody is staff of it."""
        return False

    @property
    def first_name(self) -> str:
        """What Wagtail's sidebar shows: Chinese names are not taken apart."""
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class FormerPassword(models.Model):
    """The hash of a password that an account had: it may not come back soon (rules.md H1)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    created_at = models.DateTimeField(_("停用时间"))

    class Meta:
        verbose_name = _("用过的口令")
        verbose_name_plural = _("用过的口令")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.account} {self.created_at}"


class Unit(MP_Node):
    """An office or one of its sections, as it stands today. A closed one keeps its place in the tree: what hung on it
    still does."""

    name = models.CharField(_("名称"), max_length=100)
    is_open = models.BooleanField(_("存续"), default=True)
    node_order_by: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name


class UnitPeriod(models.Model):
    """Name and parent of a unit from one day to another (merge, rename and split keep history)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="periods")
    name = models.CharField(_("名称"), max_length=100)
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="child_periods")
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        verbose_name = _("单位沿革")
        verbose_name_plural = _("单位沿革")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="people_unitperiod_order"
            ),
            models.UniqueConstraint(fields=["unit", "valid_from"], name="people_unitperiod_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}–{self.valid_to or ''}"


class UnitSuccession(models.Model):
    """Which unit took over from which, on what day (merge: many to one; split: one to many)."""

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="predecessions")
    kind = models.CharField(_("变动"), max_length=16, choices=UnitChange.choices)
    on = models.DateField(_("生效日期"))

    class Meta:
        verbose_name = _("单位承继")
        verbose_name_plural = _("单位承继")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=UnitChange.values), name="people_unitsuccession_kind"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="people_unitsuccession_two"),
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="people_unitsuccession_once"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor} {self.on}"


class Cadre(models.Model):
    """A person on the roster. Months are stored as the first day of the month.

    Where they serve, as what and of which standing is today's cache of CadreState.
    """

    work_number = models.CharField(_("工号"), max_length=32, unique=True)
    name = models.CharField(_("姓名"), max_length=64)
    sex = models.CharField(_("性别"), max_length=8, choices=Sex.choices)
    ethnicity = models.CharField(_("民族"), max_length=32, blank=True)
    birth_month = models.DateField(_("出生年月"), null=True, blank=True)
    first_work_month = models.DateField(_("参加工作时间"), null=True, blank=True)
    political_status = models.CharField(_("政治面貌"), max_length=32, blank=True)
    education = models.CharField(_("学历"), max_length=32, blank=True)
    degree = models.CharField(_("学位"), max_length=32, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cadres", verbose_name=_("单位"))
    post = models.CharField(_("职务"), max_length=64, blank=True)
    rank = models.CharField(_("职级"), max_length=32, blank=True)
    post_since = models.DateField(_("任现职务时间"), null=True, blank=True)
    rank_since = models.DateField(_("任现职级时间"), null=True, blank=True)
    category = models.CharField(_("人员类别"), max_length=32, choices=Category.choices)
    is_leading_member = models.BooleanField(_("是否领导成员"), default=False)
    phone = EncryptedTextField(_("手机号码"), max_length=32, blank=True)
    remarks = models.CharField(_("备注"), max_length=500, blank=True)
    probation_from = models.DateField(_("试用期自"), null=True, blank=True)
    probation_to = models.DateField(_("试用期至"), null=True, blank=True)
    as_of = models.DateField(_("状态日期"))
    left_on = models.DateField(_("离开日期"), null=True, blank=True)  # today's cache of a departure: the first day out
    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="cadre", verbose_name=_("账号")
    )

    class Meta:
        verbose_name = _("干部")
        verbose_name_plural = _("干部")
        ordering = ["work_number"]
        indexes = [models.Index(fields=["unit", "work_number"], name="people_cadre_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(sex__in=Sex.values), name="people_cadre_sex"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="people_cadre_category"),
            models.CheckConstraint(
                condition=Q(probation_from=None, probation_to=None)
                | Q(probation_from__isnull=False, probation_to__gte=F("probation_from")),
                name="people_cadre_probation",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """Post and rank as people write them, whichever there is."""
        return " ".join(dict.fromkeys(part for part in (self.post, self.rank) if part))

    def is_on_probation(self, day: dt.date) -> bool:
        """Whether the day lies in the person's probation (试用期)."""
        return bool(self.probation_from and self.probation_to and self.probation_from <= day <= self.probation_to)


class CadreState(models.Model):
    """Where a person serves and as what, from a day on until the next such row: none can overlap another.

    Whether they are in service that day is told by Assignment, for its departures end it and returns end those.
    """

    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="states")
    valid_from = models.DateField(_("自"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="states", verbose_name=_("单位"))
    post = models.CharField(_("职务"), max_length=64, blank=True)
    rank = models.CharField(_("职级"), max_length=32, blank=True)
    post_since = models.DateField(_("任现职务时间"), null=True, blank=True)
    rank_since = models.DateField(_("任现职级时间"), null=True, blank=True)
    category = models.CharField(_("人员类别"), max_length=32, choices=Category.choices)
    is_leading_member = models.BooleanField(_("是否领导成员"), default=False)
    political_status = models.CharField(_("政治面貌"), max_length=32, blank=True)
    education = models.CharField(_("学历"), max_length=32, blank=True)
    degree = models.CharField(_("学位"), max_length=32, blank=True)
    reason = models.CharField(_("事由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("任职状态")
        verbose_name_plural = _("任职状态")
        ordering = ["cadre", "valid_from"]
        indexes = [models.Index(fields=["unit", "valid_from"], name="people_cadrestate_unit")]
        constraints = [
            models.UniqueConstraint(fields=["cadre", "valid_from"], name="people_cadrestate_once"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="people_cadrestate_category"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} {self.valid_from}"


class Leave(models.Model):
    """A leave from one day to another, both included. The reason of a sick leave is nobody's business here."""

    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="leaves", verbose_name=_("干部"))
    kind = models.CharField(_("假别"), max_length=16, choices=LeaveKind.choices)
    valid_from = models.DateField(_("开始日期"))
    valid_to = models.DateField(_("结束日期"), null=True, blank=True)
    reference = models.CharField(_("批准文号"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("请假")
        verbose_name_plural = _("请假")
        ordering = ["-valid_from", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LeaveKind.values), name="people_leave_kind"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="people_leave_order"
            ),
            models.UniqueConstraint(fields=["cadre", "kind", "valid_from"], name="people_leave_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} {self.get_kind_display()} {self.valid_from}–{self.valid_to or ''}"


class Assignment(models.Model):
    """A transfer, secondment, study or departure. valid_from of a departure: the first day out; valid_to: the last."""

    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("干部"))
    kind = models.CharField(_("种类"), max_length=16, choices=AssignmentKind.choices)
    valid_from = models.DateField(_("开始日期"))
    valid_to = models.DateField(_("结束日期"), null=True, blank=True)
    place = models.CharField(_("对方单位或地点"), max_length=100, blank=True)
    is_sent = models.BooleanField(_("由本单位派出"), default=True)
    reference = models.CharField(_("批准文号"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("调动、挂职与学习")
        verbose_name_plural = _("调动、挂职与学习")
        ordering = ["-valid_from", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AssignmentKind.values), name="people_assignment_kind"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="people_assignment_order"
            ),
            models.UniqueConstraint(fields=["cadre", "kind", "valid_from"], name="people_assignment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} {self.get_kind_display()} {self.valid_from}–{self.valid_to or ''}"


class Relation(models.Model):
    """Two people of the roster who avoid each other in office (回避): neither reviews, decides on or rates the other.

    Each pair stands once, the lower number first.
    """

    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="+", verbose_name=_("干部"))
    other = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="+", verbose_name=_("对方"))
    kinship = models.CharField(_("关系"), max_length=32, choices=Kinship.choices)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        verbose_name = _("回避关系")
        verbose_name_plural = _("回避关系")
        constraints = [
            models.CheckConstraint(condition=Q(kinship__in=Kinship.values), name="people_relation_kinship"),
            models.CheckConstraint(condition=Q(cadre__lt=F("other")), name="people_relation_pair"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="people_relation_order"
            ),
            models.UniqueConstraint(fields=["cadre", "other"], condition=Q(valid_to=None), name="people_relation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} {self.get_kinship_display()} {self.other}"


class OpenItem(models.Model):
    """A remark that carries a fact without its date: HR completes it, the program never invents one (settled.md)."""

    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="open_items")
    remark = models.CharField(_("备注原文"), max_length=500)
    completed_at = models.DateTimeField(_("补全时间"), null=True)
    answer = models.CharField(_("补全说明"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("待补全信息")
        verbose_name_plural = _("待补全信息")
        constraints = [models.UniqueConstraint(fields=["cadre", "remark"], name="people_openitem_once")]

    def __str__(self) -> str:
        return f"{self.cadre} {self.remark}"


class RoleGrant(models.Model):
    """A role of an account over a unit and what lies under it, for a time."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(_("角色"), max_length=32, choices=Role.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants", verbose_name=_("范围"))
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        verbose_name = _("角色授权")
        verbose_name_plural = _("角色授权")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="people_rolegrant_role"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="people_rolegrant_order"
            ),
            models.UniqueConstraint(fields=["account", "role", "unit", "valid_from"], name="people_rolegrant_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.get_role_display()} {self.unit}"
