"""Choices of the roster, role codes and audit events. Codes are those of docs/glossary.md."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    MALE = "male", _("男")
    FEMALE = "female", _("女")


class Category(TextChoices):
    """人员类别 (rules.md A1)."""

    CIVIL_SERVANT = "civil_servant", _("公务员")
    REFERENCE_MANAGED = "reference_managed", _("参公人员")
    INSTITUTION_STAFF = "institution_staff", _("事业编制人员")
    SUPPORT_WORKER = "support_worker", _("工勤人员")
    CONTRACT = "contract", _("聘用人员")


class Role(TextChoices):
    """What an account may do, within a unit and for a time."""

    SECTION_HEAD = "section_head", _("处室负责人")
    LIAISON = "liaison", _("处室联络员")
    EDITOR = "editor", _("编辑")
    TRAINER = "trainer", _("培训管理员")
    MARKER = "marker", _("阅卷人")
    INVIGILATOR = "invigilator", _("监考人")
    EVALUATION_ORGANISER = "evaluation_organiser", _("测评组织者")
    HR = "hr", _("人事")
    DISCIPLINE_OFFICER = "discipline_officer", _("纪检")
    LEADER = "leader", _("领导")
    COMMITTEE_MEMBER = "committee_member", _("考核委员会成员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


# roles that work in the Wagtail admin (product.md, The people)
BACK_OFFICE = {
    Role.EDITOR,
    Role.TRAINER,
    Role.HR,
}
ADMINISTRATORS = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}


class Event(TextChoices):
    UNIT_CREATED = "unit.created", _("新建单位")
    ACCOUNT_CREATED = "account.created", _("新建账号")
    PASSWORD_RESET = "account.password_reset", _("重置密码")
    CADRE_LINKED = "account.cadre_linked", _("账号对应人员")
    ACCOUNT_SWITCHED = "account.switched", _("启用或停用账号")
    ROLE_GRANTED = "role.granted", _("授予角色")
    ROLE_ENDED = "role.ended", _("结束角色")
    ROSTER_IMPORTED = "roster.imported", _("导入花名册")
    CADRE_ADDED = "cadre.added", _("新增人员")
    CADRE_CHANGED = "cadre.changed", _("修改人员")
    ITEM_COMPLETED = "item.completed", _("补全信息")
