"""The shell on every page of the portal: no finding of axe in any theme, size and width, nothing that the content
policy refuses, no sideways scrolling, targets large enough, all of it by keyboard, and light to load.

The site is bin/serve with the demo office.
"""

import gzip
import re
from urllib.parse import urljoin, urlsplit

import pytest

from tests.browser.conftest import ROOT, Person

pytestmark = pytest.mark.browser

AXE = ROOT / "tests" / "browser" / "vendor" / "axe.min.js"
PASSWORD = "zhixing-demo"
WIDTHS = (1440, 390)
# what the server writes on <html>: theme and type size
LOOKS = (("light", "normal"), ("dark", "normal"), ("hc", "normal"), ("light", "large"))
BUDGET = 40 * 1024  # gzipped CSS and JavaScript of a portal page (issue 7)
HOME_BUDGET = 250 * 1024  # everything that the home page loads (ui/spec.md 7.1)

EVERYBODY = [
    "/",
    "/materials/",
    "/materials/office-affairs-administration-2012/",
    "/news/",
    "/search/",
    "/search/?q=公务用车",
    "/search/?q=不存在的词",
    "/verify/",
    "/settings/",
    "/no-such-page/",
]
VISITORS = [*EVERYBODY, "/accounts/login/"]
CADRES = [
    *EVERYBODY,
    "/desk/",
    "/desk/me/",
    "/notices/",
    "/notices/preferences/",
    "/courses/",
    "/hours/",
    "/appraisals/mine/",
    "/appraisals/notices/",
    "/documents/",
    "/accounts/password/change/",
    "/people/audit/",  # 403
]

# our rooms in the Wagtail admin, by whose work they are
BACK_OFFICE = {
    "hr": ["/admin/appraisals/", "/admin/people/", "/admin/certificates/", "/admin/certificates/register/"],
    "discipline": ["/admin/discipline/"],
    "trainer": ["/admin/exchange/"],
}
OURS = re.compile("/admin/(appraisals|people|certificates|discipline|exchange)/")
DOWNLOADS = re.compile("/export/|/sample/|/gallery/[^/]+/$")
OK = 200

# Titles of rows that their buttons leave no room.
NARROW = """() => [...document.querySelectorAll(".todo h3, .course h3")]
  .filter((one) => one.offsetParent && one.clientWidth < 160).map((one) => one.innerText)"""

# Everything that can be pressed and is smaller than 44 px either way. Exempt (ui/spec.md 9): links in a line of text;
# a link stretched over its row, a control within its label or hidden behind one: the row and the label are the target.
SMALL = """() => {
  const found = [];
  for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (one.type === "hidden" || one.closest("dialog:not([open]), .skip")) continue;
    const style = getComputedStyle(one);
    let area = one;
    if (["radio", "checkbox"].includes(one.type)) area = one.closest("label") || one;
    else if (one.type === "file" && one.classList.contains("sr")) area = one.labels[0] || one;
    else if (getComputedStyle(one, "::after").position === "absolute" && one.matches("h2 a, h3 a")) {
      area = one.closest("li, article, div");
      while (area && getComputedStyle(area).position === "static") area = area.parentElement;
    } else if (one.localName === "a" && style.display === "inline" && one.closest("p, li, td, th, dd, span")) continue;
    const box = area.getBoundingClientRect();
    if (!box.width || !one.offsetParent) continue;
    if (box.width < 43.5 || box.height < 43.5) found.push(`${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def office(site):
    """The demo office, served."""
    site.start()
    yield site
    site.stop()


# without motion, so that no colour is measured half-way between two looks
@pytest.fixture
def visitor(office, browser):
    person = Person(browser, office, reduced_motion="reduce")
    yield person
    person.context.close()
    assert person.faults == []


@pytest.fixture
def cadre(office, browser):
    person = Person(browser, office, reduced_motion="reduce").sign_in("cadre", PASSWORD)
    yield person
    person.context.close()
    assert person.faults == []


def findings(person, path):
    """Axe, width and targets of one page in all looks and widths."""
    page = person.page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for theme, size in LOOKS:
            page.evaluate(
                "([t, s]) => Object.assign(document.documentElement.dataset, {theme: t, size: s})", [theme, size]
            )
            found = page.evaluate("axe.run({resultTypes: ['violations']})")
            for one in found["violations"]:
                yield path, width, theme, size, one["id"], [node["target"] for node in one["nodes"]][:3]
            if size == "normal" and theme == "light":
                for small in page.evaluate(SMALL):
                    yield path, width, "small target", small
    page.set_viewport_size({"width": 1024, "height": 768})
    for narrow in page.evaluate(NARROW):
        yield path, "no room at 1024", narrow
    page.set_viewport_size({"width": 320, "height": 700})
    for size in ("large", "normal"):
        page.evaluate("(size) => { document.documentElement.dataset.size = size }", size)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > 320:
            yield path, size, f"{wide} px wide at 320"


def walk(person, paths):
    found = []
    for path in paths:
        person.page.set_viewport_size({"width": 1440, "height": 900})
        person.go(path)
        person.page.wait_for_load_state("networkidle")
        found += findings(person, path)
    assert found == [], "\n".join(map(str, found))


def test_a_visitors_pages(visitor):
    walk(visitor, VISITORS)


def test_a_cadres_pages(cadre):
    cadre.go("/courses/")
    course = urlsplit(cadre.page.locator(".courses h2 a").first.get_attribute("href")).path
    walk(cadre, [*CADRES, course, f"{course}quiz/"])


def test_the_appraisals_pages(office, browser):
    """The person's summary and record, the reviewer's list and form, the committee's pages."""
    for username, start, deeper in (
        ("cadre", ["/discipline/mine/"], ("/appraisals/mine/", "a[href$='/summary/']")),
        ("cadre", [], ("/appraisals/mine/", "a[href$='/opinion/']")),
        ("head", ["/appraisals/review/"], ("/appraisals/review/", ".go a.btn")),
        ("committee", ["/appraisals/committee/"], ("/appraisals/committee/", ".lines a")),
        ("contract", ["/appraisals/notices/"], ("/appraisals/notices/", ".lines a")),
    ):
        person = Person(browser, office, reduced_motion="reduce").sign_in(username, PASSWORD)
        page, link = deeper
        person.go(page)
        walk(person, [*start, person.page.locator(f"main {link}").first.get_attribute("href")])
        person.context.close()
        assert person.faults == []


def test_the_administrators_pages(office, browser):
    for username, paths in (
        ("system", ["/desk/", "/people/system/"]),
        ("security", ["/desk/", "/people/accounts/", "/people/rights/", "/people/parameters/"]),
        ("audit", ["/desk/", "/people/audit/"]),
    ):
        person = Person(browser, office, reduced_motion="reduce").sign_in(username, PASSWORD)
        walk(person, paths)
        person.context.close()
        assert person.faults == []


def shape(path):
    """An address without what differs from row to row."""
    return re.sub(r"/[A-Z]{2}-\d{4}-\w+|/\d+", "/*", path)


@pytest.mark.parametrize(("username", "start"), BACK_OFFICE.items())
def test_the_back_offices_own_pages(office, browser, username, start):
    """Each kind of page that is reached from the start by links: axe finds nothing in what is ours, at both widths, and
    nothing is wider than the window."""
    person = Person(browser, office, reduced_motion="reduce").sign_in(username, PASSWORD)
    page, found = person.page, []
    waiting, known = list(start), {shape(path) for path in start}
    while waiting:
        path = waiting.pop(0)
        assert person.go(path).status == OK, path
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for one in page.evaluate("axe.run('.nice-padding', {resultTypes: ['violations']})")["violations"]:
                found.append((path, width, one["id"], [node["target"] for node in one["nodes"]][:3]))
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                found.append((path, width, f"{wide} px wide"))
        for link in page.eval_on_selector_all(".nice-padding a[href]", "(all) => all.map((one) => one.pathname)"):
            if OURS.match(link) and not DOWNLOADS.search(link) and shape(link) not in known:
                known.add(shape(link))
                waiting.append(link)
    person.context.close()
    assert person.faults == []
    assert found == [], "\n".join(map(str, found))
    assert len(known) > len(start)


def test_paper_is_black_on_white_without_the_shell(cadre):
    """Whatever the theme; the address of a link to elsewhere stands behind it."""
    page = cadre.page
    page.emulate_media(media="print")
    for path in ("/desk/", "/hours/", "/materials/office-affairs-administration-2012/"):
        cadre.go(path)
        for theme in ("light", "dark", "hc"):
            page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
            seen = page.evaluate(
                """() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,
                  [...document.querySelectorAll(".head, .side, .tabbar, .footer, .btn, .more, .toasts")]
                    .filter((one) => one.offsetParent).length]"""
            )
            assert (path, theme, *seen) == (path, theme, "rgb(255, 255, 255)", "rgb(0, 0, 0)", 0)
    page.evaluate("document.querySelector('.prose p').innerHTML = '<a href=\"https://www.gov.cn/\">国务院</a>'")
    behind = page.evaluate("getComputedStyle(document.querySelector('.prose p a'), '::after').content")
    assert "https://www.gov.cn/" in behind or "attr(href)" in behind


def test_the_components(office, browser):
    editor = Person(browser, office, reduced_motion="reduce").sign_in("editor", PASSWORD)
    walk(editor, ["/_components/"])
    editor.context.close()
    assert editor.faults == []


def test_by_keyboard_from_sign_in_to_what_is_due(visitor):
    page = visitor.page
    visitor.go("/desk/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    reach(page, "document.activeElement.name === 'login'")
    page.keyboard.type("cadre")
    reach(page, "document.activeElement.type === 'password'")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/")
    first = page.locator(".todo h3 a").first
    href = first.get_attribute("href")
    reach(page, "document.activeElement.matches('.todo h3 a')")
    assert "rgb" in page.evaluate("getComputedStyle(document.activeElement).boxShadow")  # the ring is seen
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{href}")
    page.go_back()
    reach(page, "document.activeElement.matches('summary.hbtn')")
    page.keyboard.press("Enter")
    reach(page, "document.activeElement.matches('.menu-list a')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('summary.hbtn') && !document.querySelector('.menu[open]')")


def reach(page, condition):
    """Tab until the condition holds."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(condition):
            return
    raise AssertionError(f"never reached by keyboard: {condition}")


def test_what_is_typed_survives_an_expired_page(cadre):
    """Signed out and in elsewhere: the page's token is old."""
    page = cadre.page
    cadre.go("/notices/preferences/")
    page.get_by_label("后台任务结束").check()
    page.evaluate("document.querySelector('form.card [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    page.get_by_role("button", name="保存通知设置").click()
    page.get_by_role("heading", name="页面已过期").wait_for()
    page.get_by_role("link", name="重新打开表单").click()
    page.get_by_role("heading", name="通知设置").wait_for()
    assert page.get_by_label("后台任务结束").is_checked()
    page.get_by_role("button", name="保存通知设置").click()
    page.get_by_text("已保存通知设置").wait_for()
    page.wait_for_load_state("load")  # app.js has run
    assert page.evaluate("sessionStorage.getItem('kept-form')") is None


def test_what_is_done_is_said_for_some_seconds_and_longer_in_large_type(cadre):
    page = cadre.page
    page.clock.install()
    toast = page.locator(".toasts", has_text="已保存通知设置。")

    def save():
        cadre.go("/notices/preferences/")
        page.get_by_role("button", name="保存通知设置").click()
        toast.wait_for()
        page.wait_for_load_state("networkidle")

    save()
    assert page.evaluate("document.querySelector('.messages').innerText.trim()") == ""
    box = toast.bounding_box()
    assert (box["x"] < 40, box["y"] > 700) == (True, True)
    page.clock.fast_forward(2_500)
    assert toast.is_visible()
    toast.hover()
    page.clock.fast_forward(20_000)
    assert toast.is_visible()
    page.mouse.move(900, 300)
    page.clock.fast_forward(4_100)
    toast.wait_for(state="detached")
    page.set_viewport_size({"width": 390, "height": 800})
    save()
    assert toast.bounding_box()["y"] + toast.bounding_box()["height"] < page.locator(".tabbar").bounding_box()["y"]
    page.get_by_role("button", name="关闭提示").click()
    toast.wait_for(state="detached")
    cadre.go("/settings/")
    page.get_by_label("大字版").check()
    page.get_by_role("button", name="保存设置").click()
    page.wait_for_load_state("networkidle")
    save()
    page.clock.fast_forward(6_500)
    assert toast.is_visible()
    page.clock.fast_forward(2_000)
    toast.wait_for(state="detached")
    cadre.go("/settings/")
    page.get_by_label("标准").check()
    page.get_by_role("button", name="保存设置").click()
    page.wait_for_load_state("networkidle")


def test_titles_are_suggested_and_chosen_by_keyboard(visitor):
    page = visitor.page
    visitor.go("/")
    box, options = page.locator("#q-head"), page.locator("#q-head-list [role=option]")
    box.press_sequentially("节")
    page.wait_for_timeout(500)
    assert options.count() == 0
    box.press_sequentially("能")
    options.first.wait_for()
    titles = options.all_inner_texts()
    assert "公共机构节能条例" in titles and all("节能" in title for title in titles) and len(titles) <= 8
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert [one["id"] for one in page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]] == []
    page.keyboard.press("Escape")
    assert (box.get_attribute("aria-expanded"), options.first.is_visible()) == ("false", False)
    page.keyboard.press("ArrowUp")  # the last one
    assert page.locator("[aria-selected=true]").inner_text() == titles[-1]
    assert box.get_attribute("aria-activedescendant") == page.locator("[aria-selected=true]").get_attribute("id")
    for _step in titles:
        page.keyboard.press("ArrowUp")
    assert page.locator("[aria-selected=true]").count() == 0  # back in the box
    for _step in range(1 + titles.index("公共机构节能条例")):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="公共机构节能条例", level=1).wait_for()
    box.press_sequentially("节能")
    options.first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")


# Headless tabs are never hidden: what a browser does when somebody turns to another tab and comes back.
TURNS = """(hidden) => {
  Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_what_was_done_in_another_tab_is_gone_when_one_comes_back(office, browser):
    head = Person(browser, office).sign_in("head", PASSWORD)
    page, summary = head.page, "2026 年度考核：写个人总结"
    row = page.locator(".todo li", has_text=summary)
    rows = page.locator(".todo li").count()
    page.locator(".todo h3 a").first.focus()
    page.evaluate(TURNS, True)
    other = head.context.new_page()
    other.goto(f"{office.url}{row.locator('h3 a').get_attribute('href')}")
    for box in other.locator("form.card textarea, form.card input[type=text]").all():
        box.fill("完成处内公务用车和会议保障工作。")
    other.get_by_role("button", name="提交个人总结").click()
    other.get_by_text("撤回个人总结").first.wait_for()
    assert row.count() == 1
    page.evaluate(TURNS, False)
    row.wait_for(state="detached")
    assert page.locator(".todo li").count() == rows - 1
    assert page.locator("#side-count").inner_text() == str(rows - 1)
    page.wait_for_function("document.activeElement.matches('.todo h3 a')")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.locator(".tabbar .pip").inner_text().endswith(str(rows - 1))
    head.context.close()
    assert head.faults == []


def test_signed_out_meanwhile_the_whole_page_asks_to_sign_in(office, browser):
    liaison = Person(browser, office).sign_in("liaison", PASSWORD)
    liaison.page.evaluate(TURNS, True)
    liaison.context.clear_cookies()
    liaison.page.evaluate(TURNS, False)
    liaison.page.wait_for_url("**/accounts/login/?next=/desk/")
    liaison.context.close()
    assert liaison.faults == []


def test_pages_are_light(visitor, cadre):
    for person, path in ((visitor, "/"), (visitor, "/search/?q=节能"), (cadre, "/desk/"), (cadre, "/courses/")):
        html = person.page.request.get(f"{person.site.url}{path}").text()
        parts = re.findall(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"', html)
        sizes = {
            part: len(gzip.compress(visitor.page.request.get(urljoin(person.site.url, part)).body())) for part in parts
        }
        assert (path, len(sizes) >= 5, sum(sizes.values()) <= BUDGET) == (path, True, True), sizes
    loaded = []
    visitor.page.on("response", lambda response: loaded.append(len(response.body())))
    visitor.go("/")
    visitor.page.wait_for_load_state("networkidle")
    assert sum(loaded) <= HOME_BUDGET


def test_without_script_the_portal_can_be_read(office, browser):
    plain = Person(browser, office, java_script_enabled=False)
    plain.go("/search/?q=公务用车")
    plain.page.get_by_role("link", name="公共机构节能条例").click()
    assert plain.page.get_by_role("heading", name="公共机构节能条例", level=1).is_visible()
    plain.sign_in("head", PASSWORD)
    assert plain.page.get_by_role("heading", name="待办事项").is_visible()
    plain.go("/notices/preferences/")
    plain.page.get_by_role("button", name="保存通知设置").click()
    plain.page.locator(".messages .note", has_text="已保存通知设置。").wait_for()
    plain.context.close()
