"""HR brings a roster in by the keyboard alone: a damaged file, its problems, the mended one, the report.

No mouse, no clicks by script: Tab, arrows, letters and Enter, from the menu to the result.
"""

import io

import openpyxl
import pytest
from django.conf import settings

from tests.browser.conftest import ROOT, Person

pytestmark = pytest.mark.browser

ROSTER = settings.INPUT / "roster.xlsx"
AXE = ROOT / "tests" / "browser" / "vendor" / "axe.min.js"
FOCUS = """() => {
  const at = document.activeElement;
  const label = at.labels && at.labels.length ? at.labels[0].innerText : "";
  return (at.getAttribute("aria-label") || label || at.innerText || at.value || "").trim();
}"""


class Keyboard:
    """A person who has no mouse."""

    def __init__(self, person):
        self.page = person.page
        self.keys = person.page.keyboard

    def tab_to(self, name):
        """Go on with Tab until the focus is on what is called so."""
        seen = []
        for _press in range(120):
            self.keys.press("Tab")
            seen.append(self.page.evaluate(FOCUS))
            if seen[-1] == name:
                return self
        raise AssertionError(f"the keyboard does not reach {name}: {seen}")

    def press(self, name, key="Enter"):
        """Go there and press."""
        self.tab_to(name)
        self.keys.press(key)
        return self

    def follow(self, name):
        """Go there, press, and wait for the next page."""
        self.tab_to(name)
        with self.page.expect_navigation():
            self.keys.press("Enter")
        return self

    def choose_file(self, path):
        self.tab_to("文件")
        with self.page.expect_file_chooser() as chooser:
            self.keys.press("Space")
        chooser.value.set_files(path)
        return self

    def download(self, name):
        self.tab_to(name)
        with self.page.expect_download() as download:
            self.keys.press("Enter")
        return openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))


def text(page):
    return page.locator("main").inner_text()


def axe(page):
    """No findings in what is ours of the page; Wagtail's frame round it is its own."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run('.nice-padding', {resultTypes: ['violations']})")
    problems = [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found["violations"]]
    assert (page.url, problems) == (page.url, [])


@pytest.mark.skipif(not ROSTER.exists(), reason="the folder of real inputs is not here (ZHIXING_INPUT)")
def test_the_wizard_by_keyboard_alone(site, browser, tmp_path):
    site.start("--empty", now="2026-12-01T09:00")
    site.manage("import", "roster", ROSTER)
    password = site.manage("account", "renshi", "--name", "人事员", "--role", "hr")["password"]
    book = openpyxl.load_workbook(ROSTER)
    sheet = book.active
    sheet["C3"], sheet["D8"], sheet["F9"], sheet["L10"] = "人员名称", "南", "1985.13", "二级主任"
    damaged, mended = tmp_path / "花名册-十二月.xlsx", tmp_path / "花名册-改好.xlsx"
    book.save(damaged)
    sheet["D8"], sheet["F9"] = openpyxl.load_workbook(ROSTER).active["D8"].value, "1985.12"
    book.save(mended)

    hr = Person(browser, site)
    hr.sign_in("renshi", password)
    hr.go("/admin/exchange/")
    page, keyboard = hr.page, Keyboard(hr)
    hr.shot("wizard-1-lists"), axe(page)
    keyboard.follow("上传文件：干部花名册")
    hr.shot("wizard-2-upload"), axe(page)
    keyboard.choose_file(damaged).follow("上传并检查")

    assert "请选择" in text(page) and "人员名称" in text(page)
    hr.shot("wizard-3-headings"), axe(page)
    keyboard.tab_to("人员名称")
    for _choice in ("工号", "姓名"):  # the first is 不导入
        keyboard.keys.press("ArrowDown")
    keyboard.follow("检查文件")

    assert "有 2 处错误" in text(page) and "不认识“南”" in text(page) and "“1985.13”不是年月" in text(page)
    assert "确认导入" not in text(page)
    hr.shot("wizard-4-problems"), axe(page)
    keyboard.tab_to("只看").keys.press("ArrowDown")
    keyboard.follow("筛选")
    assert page.locator(".zx-scroll[aria-labelledby=p] tbody tr").count() == 1
    marked = keyboard.download("下载标出问题的文件").worksheets[0]
    assert {c.coordinate for row in marked for c in row if c.fill.fgColor.rgb == "FFF8D7DA"} >= {"D8", "F9"}

    keyboard.follow("上传改好的文件").choose_file(mended).follow("上传并检查")
    assert "没有错误" in text(page) and "二级主任" in text(page)
    hr.shot("wizard-5-changes"), axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    hr.shot("wizard-5-changes-phone"), axe(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.reload()
    keyboard.follow("确认导入")
    page.get_by_text("已完成").wait_for()
    hr.shot("wizard-6-job")
    keyboard.follow("返回")
    assert "已在" in text(page) and "改了什么" in text(page)
    hr.shot("wizard-7-result"), axe(page)
    report = keyboard.download("下载全部 2 处变化（Excel）").active
    assert {tuple(cell.value for cell in row)[2:] for row in report.iter_rows(min_row=2)} == {
        ("职务", openpyxl.load_workbook(ROSTER).active["L10"].value, "二级主任"),
        ("出生年月", "1996.11", "1985.12"),  # the roster writes 1996年11月
    }
    assert hr.faults == [] and site.complaints() == []
