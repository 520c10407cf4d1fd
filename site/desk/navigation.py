"""The shell's navigation: only what the person can open is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation.notices.queries import MANY, unread_count
from foundation.offers import clock
from foundation.offers.find import modules
from foundation.offers.types import Todo
from foundation.people.enums import BACK_OFFICE, Role
from foundation.people.models import Unit
from foundation.people.scope import active_grants

# given already, so that the office can prepare; each waits for its room
_UNBUILT = (Role.LIAISON, Role.MARKER, Role.INVIGILATOR, Role.EVALUATION_ORGANISER)


@dataclass(frozen=True)
class Item:
    title: Any
    url: str
    icon: str
    current: bool
    count: int | None = None  # of what is due there, counted anew when somebody comes back to the page


@dataclass(frozen=True)
class Group:
    title: Any
    items: list[Item]


def office_name() -> str:
    """The office that stands at the root of the unit tree, or nothing on an empty installation."""
    return Unit.objects.filter(depth=1).values_list("name", flat=True).first() or ""


class Navigation:
    """The navigation of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = getattr(request, "user", AnonymousUser())  # an error page may come before anybody is known

    def _item(self, title: Any, name: str, icon: str, prefix: str = "", count: int | None = None) -> Item:
        url, here = reverse(name), self.request.path
        return Item(title, url, icon, here == url or (bool(prefix) and here.startswith(prefix)), count)

    @cached_property
    def roles(self) -> set[str]:
        """Codes of the person's roles today."""
        return set(active_grants(self.user).values_list("role", flat=True))

    @cached_property
    def cadre(self) -> Any:
        """The person's own roster row, or None."""
        return getattr(self.user, "cadre", None)

    @cached_property
    def has_back_office(self) -> bool:
        """Whether the person may enter the Wagtail admin."""
        return bool(self.roles & BACK_OFFICE)

    @cached_property
    def todos(self) -> list[Todo]:
        """Everything that is due, from all rooms: what has a date first, the nearest first."""
        if not self.user.is_authenticated:
            return []
        today = clock.today()
        found = [todo for module in modules("todos") for todo in module.due(self.user, today)]
        return sorted(found, key=lambda todo: (todo.due is None, todo.due or today))

    @property
    def strip(self) -> str:
        """The sentence under the header that the administrator sets (classification, a warning); often none."""
        strip: str = settings.ZHIXING_STRIP
        return strip

    @property
    def contacts(self) -> list[str]:
        """What the footer says of whom to call and under which number the site is filed, where it is set."""
        return [text for text in (settings.ZHIXING_SUPPORT, settings.ZHIXING_FILING) if text]

    @cached_property
    def unread(self) -> int:
        """Unread notices, counted up to one beyond what the pip shows."""
        return unread_count(self.user) if self.user.is_authenticated else 0

    @property
    def unread_words(self) -> str:
        """The pip's figure."""
        return f"{MANY}+" if self.unread > MANY else str(self.unread)

    @cached_property
    def top(self) -> list[Item]:
        """Channels of the header."""
        items = [
            Item(_("门户首页"), "/", "home", self.request.path == "/"),
            Item(_("学习资料"), "/materials/", "book-2", self.request.path.startswith("/materials/")),
            Item(_("新闻动态"), "/news/", "news", self.request.path.startswith("/news/")),
            Item(_("通知公告"), "/announcements/", "bell", self.request.path.startswith("/announcements/")),
        ]
        if self.user.is_authenticated:
            items.append(self._item(_("我的工作台"), "desk:home", "list-check", "/desk/"))
        return items

    @cached_property
    def side(self) -> list[Group]:
        """Groups of the side navigation."""
        groups = [Group("", [self._item(_("我的工作台"), "desk:home", "list-check", count=len(self.todos))])]
        if self.cadre:
            groups.append(
                Group(
                    _("学习"),
                    [
                        self._item(_("课程学习"), "courses:list", "school", "/courses/"),
                        self._item(_("学时台账"), "hours:ledger", "clock-hour-4"),
                    ],
                )
            )
        assessment = []
        if self.roles & {Role.SECTION_HEAD, Role.LEADER}:
            assessment.append(self._item(_("审核评鉴"), "appraisals:review", "pencil", "/appraisals/review/"))
        if self.roles & {Role.COMMITTEE_MEMBER}:
            assessment.append(self._item(_("确定等次"), "appraisals:committee", "users", "/appraisals/committee/"))
        if self.cadre:
            assessment.append(self._item(_("我的考核"), "appraisals:mine", "history"))
        if assessment:
            groups.append(Group(_("考核与监督"), assessment))
        if self.roles & {Role.SECURITY_ADMIN}:
            accounts = self._item(_("账号与授权"), "people:accounts", "users", "/people/accounts/")
            rights = self._item(_("权限复核"), "people:rights", "shield-lock")
            groups.append(Group(_("账号"), [accounts, rights]))
        if self.roles & {Role.SYSTEM_ADMIN}:
            groups.append(Group(_("系统"), [self._item(_("运行状况"), "people:system", "layout-dashboard")]))
        if self.roles & {Role.AUDIT_ADMIN}:
            log = self._item(_("审计记录"), "people:audit_log", "history", "/people/audit/")
            groups.append(Group(_("审计"), [log]))
        keeping = []
        if self.roles & {Role.HR, Role.SECURITY_ADMIN}:
            keeping.append(self._item(_("参数与依据"), "people:parameters", "book-2", "/people/parameters/"))
        if self.roles & {Role.HR}:
            keeping.append(self._item(_("工作日调整"), "people:workdays", "calendar-event", "/people/workdays/"))
        if keeping:
            groups.append(Group(_("规则"), keeping))
        personal = [
            self._item(_("通知"), "notices:list", "bell", "/notices/"),
            self._item(_("证书与文书"), "documents:mine", "certificate"),
            self._item(_("登录与安全"), "people_signin:security", "shield-lock"),
            self._item(_("设置与无障碍"), "desk:settings", "settings"),
        ]
        groups.append(Group(_("个人"), personal))
        if self.has_back_office:
            groups.append(
                Group(_("管理"), [Item(_("管理后台"), reverse("wagtailadmin_home"), "layout-dashboard", False)])
            )
        return groups

    @property
    def unbuilt(self) -> list[Any]:
        """Names of the person's roles whose pages do not exist yet."""
        return [Role(role).label for role in _UNBUILT if role in self.roles]

    @property
    def elsewhere(self) -> tuple[Any, str]:
        """Where somebody without to-dos goes from an empty desk: the words, and an address that they can open."""
        if self.cadre:
            return _("去看课程"), reverse("courses:list")
        own = {
            Role.SYSTEM_ADMIN: (_("查看运行状况"), "people:system"),
            Role.SECURITY_ADMIN: (_("查看账号与授权"), "people:accounts"),
            Role.AUDIT_ADMIN: (_("查看审计记录"), "people:audit_log"),
        }
        for role, (words, name) in own.items():
            if role in self.roles:
                return words, reverse(name)
        if self.has_back_office:
            return _("打开管理后台"), reverse("wagtailadmin_home")
        return _("看看学习资料"), reverse("content:search")

    @cached_property
    def tabs(self) -> list[Item]:
        """The phone's bottom bar: five, my desk in the middle."""
        home = Item(_("首页"), "/", "home", self.request.path == "/")
        materials = Item(_("资料"), "/materials/", "book-2", self.request.path.startswith("/materials/"))
        if not self.user.is_authenticated:
            news = Item(_("新闻"), "/news/", "news", self.request.path.startswith("/news/"))
            return [home, materials, news, self._item(_("登录"), "account_login", "user")]
        desk = self._item(_("工作台"), "desk:home", "list-check", count=len(self.todos))
        mine = self._item(_("我的"), "desk:me", "user")
        if not self.cadre:
            return [home, materials, desk, self._item(_("通知"), "notices:list", "bell", "/notices/"), mine]
        learning = self._item(_("学习"), "courses:list", "school", "/courses/")
        return [home, learning, desk, self._item(_("考核"), "appraisals:mine", "history"), mine]
