"""The demo office: an invented bureau, its units, the days that its story hangs on, and who has an account.

Reads nothing outside the project. Everything else follows from here and from demo/data, the same at every load.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.people.enums import Category, Role
from foundation.rulebook.workdays import is_published_working_day

OFFICE = "市机关事务管理局"
PASSWORD = "zhixing-demo"  # shown on the sign-in page of a demo office, and only there
TASK_OFFICE = "办公用房和公务用车专项清理整治工作督导协调办公室"


@dataclass(frozen=True)
class Section:
    """A unit as it stands today, and how many of each category serve there. was: its name or predecessor before the
    reorganisations, where it had another."""

    name: str
    civil_servants: int = 0
    institution: int = 0
    support: int = 0
    contract: int = 0
    deputies: int = 2
    was: str = ""

    @property
    def people(self) -> dict[Category, int]:
        """Numbers by category, in the order of the work numbers."""
        return {
            Category.CIVIL_SERVANT: self.civil_servants,
            Category.INSTITUTION_STAFF: self.institution,
            Category.SUPPORT_WORKER: self.support,
            Category.CONTRACT: self.contract,
        }

    @property
    def head(self) -> str:
        """The post of its head."""
        if self.name == "局领导":
            return "局长"
        return "主任" if self.name.endswith(("办公室", "中心")) else "书记" if self.name == "机关纪委" else "处长"


SECTIONS = [
    Section("局领导", civil_servants=5, deputies=4),
    Section("办公室", civil_servants=24, support=2, contract=2, deputies=3),
    Section("人事处", civil_servants=20),
    Section("财务处", civil_servants=22),
    Section("资产管理处", civil_servants=26),
    Section("公共机构节能处", civil_servants=18, was="节能管理处"),
    Section("综合保障处", civil_servants=28, support=2),
    Section("会议服务处", civil_servants=10, contract=14, deputies=1),
    Section("机关纪委", civil_servants=8, deputies=1),
    Section("离退休干部处", civil_servants=12, deputies=1),
    Section(TASK_OFFICE, civil_servants=9, deputies=1),
    Section("车辆服务中心", institution=18, support=14, contract=6),
    Section("餐饮服务中心", institution=8, support=17, contract=20, was="后勤服务中心"),
    Section("物业管理处", institution=10, support=10, contract=12, was="后勤服务中心"),
]
# who began in July: how many this year, how many the year before
RECRUITS = {"综合保障处": (1, 1), "办公室": (2, 0), "人事处": (0, 1), "财务处": (2, 1), "离退休干部处": (1, 0)}
# whose appraisal of this year is under way: one of them was dismissed and one serves elsewhere, both set apart in their
# cycles; nobody else has left
UNDER_WAY = ["综合保障处", "办公室", "财务处", "资产管理处", "人事处", "机关纪委"]
MERGED = ("机关车队", "公务用车调度中心")  # into 车辆服务中心
RENAMED = ("节能管理处", "公共机构节能处")
SPLIT = "后勤服务中心"  # into 餐饮服务中心 and 物业管理处
FOUNDING = [
    *(section.was or section.name for section in SECTIONS[:-4]),
    *MERGED,
    SPLIT,
]


@dataclass(frozen=True)
class Days:
    """The days of the story, all before today.

    Last year's appraisal is that of the year ``finished``: opened in January, final in February. Until March the year
    before counts as the last one, for no appraisal could be through earlier.
    """

    today: dt.date

    @property
    def finished(self) -> int:
        return self.today.year - (1 if self.today.month >= 3 else 2)

    @property
    def running(self) -> int:
        """The year whose appraisal is under way."""
        return self.finished + 1

    @property
    def founded(self) -> dt.date:
        return dt.date(self.finished - 2, 1, 1)

    @property
    def merged(self) -> dt.date:
        return dt.date(self.finished, 4, 1)

    @property
    def renamed(self) -> dt.date:
        return dt.date(self.finished, 7, 1)

    @property
    def split(self) -> dt.date:
        return dt.date(self.finished, 10, 1)

    @property
    def task_office_opened(self) -> dt.date:
        return dt.date(self.finished, 11, 1)

    @property
    def settled(self) -> dt.date:
        """The day on which the history that came with the roster ends: what follows was entered day by day."""
        return dt.date(self.running, 1, 5)

    def since_settled(self, share: float) -> dt.date:
        """A working day of this year's story: 0 is the day of settling, 1 is today."""
        return at_work(self.settled + dt.timedelta(days=int((self.today - self.settled).days * share)))

    @property
    def opened(self) -> dt.date:
        """When this year's appraisals were opened."""
        return self.ago(45)

    def of_year(self, year: int, share: float) -> dt.date:
        """A working day of a year, counted from the running one: of an earlier one by its share; of the running one
        between the day of settling and the opening of its appraisals."""
        if year < 0:
            return at_work(dt.date(self.running + year, 1, 1) + dt.timedelta(days=int(365 * share)))
        return at_work(self.settled + dt.timedelta(days=int((self.opened - self.settled).days * share)))

    def ago(self, days: int) -> dt.date:
        """The working day so many days before today, or the last one before that."""
        return at_work(self.today - dt.timedelta(days=days))


def moment(day: dt.date, number: int) -> dt.datetime:
    """A moment of the working day, a few minutes after the one before."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(8, 30))) + dt.timedelta(minutes=2 * number)


def at_work(day: dt.date) -> dt.date:
    """The day, or the last working day before it."""
    while not is_published_working_day(day):
        day -= dt.timedelta(days=1)
    return day


@dataclass(frozen=True)
class Person:
    """Somebody with an account. roles: over the whole office unless ``own_section``. first: what they can do first."""

    username: str
    name: str
    section: str
    post: str = ""
    rank: str = ""
    roles: tuple[Role, ...] = ()
    own_section: bool = False
    leading: bool = False
    category: Category = Category.CIVIL_SERVANT
    says: str | Promise = ""  # beside the account on the sign-in page
    first: str | Promise = ""


PEOPLE = [
    Person(
        "cadre",
        "周立新",
        "综合保障处",
        rank="三级主任科员",
        says=_("干部"),
        first=_("学完必修课第二课时，参加测验"),
    ),
    Person(
        "head",
        "许文博",
        "综合保障处",
        "处长",
        "一级调研员",
        (Role.SECTION_HEAD,),
        own_section=True,
        says=_("处室负责人"),
        first=_("给本处人员写评语、提出建议等次"),
    ),
    Person(
        "liaison",
        "罗嘉怡",
        "综合保障处",
        rank="四级主任科员",
        roles=(Role.LIAISON,),
        own_section=True,
        says=_("处室联络员"),
        first=_("学必修课，看本人学时"),
    ),
    Person(
        "editor",
        "林晓岚",
        "办公室",
        rank="二级主任科员",
        roles=(Role.EDITOR,),
        says=_("编辑"),
        first=_("在管理后台发布新闻和学习资料"),
    ),
    Person(
        "trainer",
        "韩雪",
        "人事处",
        rank="一级主任科员",
        roles=(Role.TRAINER,),
        says=_("培训管理员"),
        first=_("在管理后台看题库、考试和课程"),
    ),
    Person(
        "marker",
        "贺云帆",
        "财务处",
        rank="二级主任科员",
        roles=(Role.MARKER,),
        says=_("阅卷人"),
        first=_("学必修课，看本人学时"),
    ),
    Person(
        "invigilator",
        "邱思齐",
        "会议服务处",
        rank="三级主任科员",
        roles=(Role.INVIGILATOR,),
        says=_("监考人"),
        first=_("学必修课，看本人学时"),
    ),
    Person(
        "organiser",
        "祁婉清",
        "人事处",
        "副处长",
        "四级调研员",
        (Role.EVALUATION_ORGANISER,),
        says=_("测评组织者"),
        first=_("学必修课，看本人学时"),
    ),
    Person(
        "hr",
        "沈静",
        "人事处",
        "处长",
        "二级调研员",
        (Role.HR,),
        says=_("人事"),
        first=_("组织公示，确认结果，送达归档，补全花名册备注"),
    ),
    Person(
        "discipline",
        "段清扬",
        "机关纪委",
        rank="一级主任科员",
        roles=(Role.DISCIPLINE_OFFICER,),
        says=_("纪检"),
        first=_("在管理后台登记处分处理和立案，写明事由后查阅"),
    ),
    Person(
        "leader",
        "郑国平",
        "局领导",
        "副局长",
        roles=(Role.LEADER,),
        leading=True,
        says=_("领导"),
        first=_("给各处室人员写评语、提出建议等次"),
    ),
    Person(
        "committee",
        "马丽华",
        "局领导",
        "局长",
        roles=(Role.COMMITTEE_MEMBER,),
        leading=True,
        says=_("考核委员会"),
        first=_("在优秀名额内确定等次"),
    ),
    Person(
        "committee2",
        "冯志远",
        "机关纪委",
        "书记",
        "二级调研员",
        (Role.COMMITTEE_MEMBER,),
        says=_("考核委员会"),
        first=_("在优秀名额内确定等次"),
    ),
    Person(
        "contract",
        "田小满",
        "餐饮服务中心",
        "厨师",
        category=Category.CONTRACT,
        says=_("聘用人员"),
        first=_("学必修课，不参加年度考核"),
    ),
    Person(
        "system", "江帆", "", roles=(Role.SYSTEM_ADMIN,), says=_("系统管理员"), first=_("看运行状况，看不到业务数据")
    ),
    Person(
        "security", "石磊", "", roles=(Role.SECURITY_ADMIN,), says=_("安全管理员"), first=_("管理账号和角色，复核权限")
    ),
    Person("audit", "方正", "", roles=(Role.AUDIT_ADMIN,), says=_("审计管理员"), first=_("查看、验证审计记录")),
]

# what the office has set for itself: code, value, citation. No law fixes these, so the document is the demo's own
PARAMETERS = [
    ("H1.second_factor", "off", "演示机关：所有人用同一个公开的密码，动态码没有意义"),
    ("C1-7.online_hours", 40, "演示单位的年度培训通知"),
]
