"""Actions, and what they leave of a year's appraisal (rules.md B4, B4b; glossary 50–74)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Ceiling(TextChoices):
    """The best that a year can still bring. The first four are ordered, the others stand outside of the order."""

    NONE = "none", _("无限制")
    NOT_EXCELLENT = "not_excellent", _("不得确定为优秀")
    NO_GRADE = "no_grade", _("不确定等次")
    INCOMPETENT = "incompetent", _("不称职（不合格）")
    NOT_APPRAISED = "not_appraised", _("不参加考核")
    APPRAISED_ELSEWHERE = "appraised_elsewhere", _("由其他单位考核")
    NO_RULE = "no_rule", _("需人工认定")


class Family(TextChoices):
    """Records of different kinds: 诫勉 is neither a sanction nor an organisational measure (B3)."""

    ADMINISTRATIVE = "admin", _("政务处分")
    PARTY = "party", _("党纪处分")
    INSTITUTION = "inst", _("事业单位处分")
    ORGANISATIONAL = "org", _("组织处理")
    ADMONITION = "admonition", _("诫勉")


class Action(TextChoices):
    """The codes of B4 and B4b. An open investigation is a case, not an action."""

    ADMIN_WARNING = "admin.warning", _("政务警告")
    ADMIN_DEMERIT = "admin.demerit", _("政务记过")
    ADMIN_MAJOR_DEMERIT = "admin.major_demerit", _("政务记大过")
    ADMIN_DOWNGRADE = "admin.downgrade", _("政务降级")
    ADMIN_REMOVAL = "admin.removal", _("政务撤职")
    ADMIN_DISMISSAL = "admin.dismissal", _("政务开除")
    PARTY_WARNING = "party.warning", _("党内警告")
    PARTY_SERIOUS_WARNING = "party.serious_warning", _("党内严重警告")
    PARTY_POST_REMOVAL = "party.post_removal", _("撤销党内职务")
    PARTY_PROBATION_1Y = "party.probation_1y", _("留党察看一年")
    PARTY_PROBATION_2Y = "party.probation_2y", _("留党察看二年")
    PARTY_EXPULSION = "party.expulsion", _("开除党籍")
    ORG_ADJUST = "org.adjust", _("调整职务")
    ORG_RESIGN = "org.resign", _("责令辞职")
    ORG_REMOVE = "org.remove", _("免职")
    ORG_DEMOTE = "org.demote", _("降职")
    ADMONITION = "admonition", _("诫勉")
    INST_WARNING = "inst.warning", _("事业单位警告")
    INST_DEMERIT = "inst.demerit", _("事业单位记过")
    INST_POST_DOWNGRADE = "inst.post_downgrade", _("降低岗位等级")
    INST_DISMISSAL = "inst.dismissal", _("事业单位开除")


NO_SANCTION = "none"  # 免予处分 too
# how a case ended; empty while it is open
OUTCOMES = [(NO_SANCTION, _("未受处分（含免予处分）")), *Action.choices]


class Purpose(TextChoices):
    """Why somebody opens a record; the trail keeps it."""

    HANDLING = "handling", _("办理案件或处分")
    APPRAISAL = "appraisal", _("年度考核")
    OPINION = "opinion", _("出具党风廉政意见")
    AUDIT = "audit", _("检查核对记录")


class Event(TextChoices):
    CASE_OPENED = "discipline.case_opened", _("登记立案")
    CASE_CLOSED = "discipline.case_closed", _("登记结案")
    RECORD_ADDED = "discipline.record_added", _("登记处分处理")
    RECORD_VOIDED = "discipline.record_voided", _("撤销处分处理")
    OUTCOME_VOIDED = "discipline.outcome_voided", _("撤销结案结果")
    LISTED = "discipline.listed", _("查看纪律记录名单")
    OPENED = "discipline.opened", _("查看纪律记录")
