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


class LeaveKind(TextChoices):
    """假别. Sick and personal leave count towards the half year of rules.md A7, the others never do."""

    SICK = "sick", _("病假")
    PERSONAL = "personal", _("事假")
    MATERNITY = "maternity", _("产假")
    ANNUAL = "annual", _("年休假")
    WORK_INJURY = "work_injury", _("工伤假")


class AssignmentKind(TextChoices):
    """Where somebody serves, or that they have left. Codes as in contracts.md, explain_grade."""

    TRANSFER_IN = "transfer_in", _("调入")
    TRANSFER_OUT = "transfer_out", _("调出")
    SECONDMENT = "secondment", _("挂职、援派")
    STUDY = "study", _("派出学习培训")
    RETIRED = "retired", _("退休")
    RESIGNED = "resigned", _("辞去公职")
    DISMISSED = "dismissed", _("辞退或开除")


# from their first day on the person is no longer in service here, until they return
DEPARTURES = frozenset(
    {
        AssignmentKind.TRANSFER_OUT,
        AssignmentKind.RETIRED,
        AssignmentKind.RESIGNED,
        AssignmentKind.DISMISSED,
    }
)


class Kinship(TextChoices):
    """Between two people of the roster who avoid each other in office (回避)."""

    SPOUSE = "spouse", _("夫妻")
    DIRECT_BLOOD = "direct_blood", _("直系血亲")
    COLLATERAL_BLOOD = "collateral_blood", _("三代以内旁系血亲")
    IN_LAW = "in_law", _("近姻亲")
    OTHER = "other", _("其他应当回避的关系")


class UnitChange(TextChoices):
    """What became of a unit."""

    MERGED = "merged", _("合并")
    SPLIT = "split", _("拆分")


class Theme(TextChoices):
    LIGHT = "light", _("浅色")
    DARK = "dark", _("深色")
    CONTRAST = "hc", _("高对比度")
    AUTO = "auto", _("跟随系统")


class TextSize(TextChoices):
    NORMAL = "normal", _("标准")
    LARGE = "large", _("大字版")


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
    Role.DISCIPLINE_OFFICER,
}
# roles whose work wants a second factor by default (H1.second_factor); marker, invigilator and organiser join
# BACK_OFFICE together with their first screen there
STAFF = {
    *BACK_OFFICE,
    Role.MARKER,
    Role.INVIGILATOR,
    Role.EVALUATION_ORGANISER,
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
    Role.AUDIT_ADMIN,
}
ADMINISTRATORS = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}


class Event(TextChoices):
    UNIT_CREATED = "unit.created", _("单位设立")
    UNIT_RENAMED = "unit.renamed", _("单位更名")
    UNIT_MOVED = "unit.moved", _("调整单位隶属")
    UNITS_MERGED = "unit.merged", _("单位合并")
    UNIT_SPLIT = "unit.split", _("单位拆分")
    UNIT_CLOSED = "unit.closed", _("单位撤销")
    UNIT_CORRECTED = "unit.corrected", _("更正单位沿革")
    ACCOUNT_CREATED = "account.created", _("新建账号")
    PASSWORD_RESET = "account.password_reset", _("重置密码")
    CADRE_LINKED = "account.cadre_linked", _("账号对应人员")
    ACCOUNT_SWITCHED = "account.switched", _("启用或停用账号")
    PASSWORD_CHANGED = "account.password_changed", _("修改密码")
    SIGNED_IN = "account.signed_in", _("登录")
    SIGN_IN_FAILED = "account.sign_in_failed", _("登录失败")
    SIGN_IN_LOCKED = "account.sign_in_locked", _("登录锁定")
    SIGNED_OUT = "account.signed_out", _("退出登录")
    IDLED_OUT = "account.idled_out", _("无操作自动退出")
    SESSIONS_ENDED = "account.sessions_ended", _("结束登录会话")
    FACTOR_ADDED = "account.factor_added", _("启用动态码")
    FACTOR_FAILED = "account.factor_failed", _("动态码错误")
    FACTOR_REMOVED = "account.factor_removed", _("停用动态码")
    FACTOR_RESET = "account.factor_reset", _("柜台重置动态码")
    RECOVERY_CODE_USED = "account.recovery_code_used", _("使用恢复码")
    RECOVERY_CODES_RENEWED = "account.recovery_codes_renewed", _("重新生成恢复码")
    RIGHTS_REVIEWED = "rights.reviewed", _("复核权限")
    OFFICE_OPENED = "office.opened", _("首次设置")
    MAIL_TESTED = "system.mail_tested", _("测试邮件")
    ROLE_GRANTED = "role.granted", _("授予角色")
    ROLE_ENDED = "role.ended", _("结束角色")
    ROSTER_IMPORTED = "roster.imported", _("导入花名册")
    CADRE_ADDED = "cadre.added", _("新增人员")
    CADRE_CHANGED = "cadre.changed", _("修改人员")
    CADRE_CORRECTED = "cadre.corrected", _("更正人员信息")
    CADRE_LEFT = "cadre.left", _("离开本单位")
    CADRE_RETURNED = "cadre.returned", _("返回本单位")
    LEAVE_ADDED = "leave.added", _("请假登记")
    LEAVE_CORRECTED = "leave.corrected", _("请假更正")
    LEAVE_REMOVED = "leave.removed", _("删除误登的请假")
    ASSIGNMENT_ADDED = "assignment.added", _("调动、挂职或学习登记")
    ASSIGNMENT_CORRECTED = "assignment.corrected", _("调动、挂职或学习更正")
    ASSIGNMENT_REMOVED = "assignment.removed", _("删除误登的调动、挂职或学习")
    KINSHIP_ADDED = "kinship.added", _("回避关系登记")
    KINSHIP_REMOVED = "kinship.removed", _("回避关系解除")
    ITEM_COMPLETED = "item.completed", _("补全信息")
