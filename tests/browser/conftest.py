"""The served site and a browser. The site is what people start: bin/serve, with a data folder and port of its own."""

import base64
import hmac
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MOST_OF_A_PICTURE = 200_000  # bytes
MARGIN = 32  # pixels below what a picture shows
READY = 180  # seconds; a first start installs everything


class Site:
    """bin/serve in a process of its own."""

    def __init__(self, data):
        self.data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.starts = 0
        self.environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "DJANGO"))},
            "ZHIXING_DATA": str(data),
            "PORT": str(self.port),
        }

    def start(self, *arguments, now=None):
        """Start and wait for Ready; now: the clock, as ISO."""
        if now:
            self.environ["ZHIXING_NOW"] = now
        log = self.data / "serve.log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(ROOT / "bin" / "serve"), *arguments], env=self.environ, stdout=output, stderr=output
            )
        until = time.monotonic() + READY
        while log.read_text(errors="replace").count("Ready: ") <= self.starts:
            assert self.process.poll() is None, log.read_text(errors="replace")[-3000:]
            assert time.monotonic() < until, log.read_text(errors="replace")[-3000:]
            time.sleep(0.2)
        self.starts += 1

    def stop(self):
        """As Ctrl-C does; the exit code must be 0."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(60) == 0

    def manage(self, *arguments):
        """bin/manage; its answer as JSON."""
        done = subprocess.run(
            [str(ROOT / "bin" / "manage"), *map(str, arguments)], env=self.environ, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
        return json.loads(done.stdout)

    def complaints(self):
        """Lines of the log that tell of an error."""
        lines = (self.data / "serve.log").read_text(errors="replace").splitlines()
        return [line for line in lines if "ERROR" in line or "Traceback" in line]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site that the test starts and stops itself."""
    served = Site(tmp_path_factory.mktemp("site"))
    yield served
    if served.process and served.process.poll() is None:
        served.stop()


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium of the machine."""
    if not CHROMIUM:
        pytest.skip("chromium is not installed here")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only this tier has it

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


def without_rest(picture):
    """The picture without the empty rows at its end, but for a margin."""
    rows = [picture.crop((0, row, picture.width, row + 1)).tobytes() for row in range(picture.height)]
    used = max((row for row, pixels in enumerate(rows) if pixels != rows[-1]), default=0)
    return picture.crop((0, 0, picture.width, min(picture.height, used + MARGIN)))


class Person:
    """Somebody at a browser of their own. Watches for script errors and refused content all the time."""

    def __init__(self, browser, site, *, width=1440, height=900, **options):
        self.site = site
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale="en-US", **options)
        self.page = self.context.new_page()
        self.faults = []
        self.username = self.password = self.secret = ""
        self.counter = 0  # of the last one-time code
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._console)

    def _console(self, message):
        # a refused save answers 409, a missing page 404: those are the server's business, not script errors
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def sign_in(self, username, password):
        """Through the sign-in form, as everybody does; a first password is changed and a second factor added where the
        site asks for it."""
        self.username, self.password = username, password
        self.go("/accounts/login/")
        self.page.get_by_label("账号", exact=True).fill(username)
        self.page.get_by_label("密码", exact=True).fill(password)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url(re.compile("/desk/$|/password/change/$|/security/factor/$|/login/code/$"))
        if self.page.url.endswith("/password/change/"):
            self._choose_password()
        if self.page.url.endswith("/security/factor/"):
            self._add_factor()
        if self.page.url.endswith("/login/code/"):
            self.page.get_by_label("动态码").fill(self._code())
            self.page.get_by_role("button", name="继续登录").click()
        self.page.wait_for_url("**/desk/")
        return self

    def sign_in_again(self):
        """After a session that ended, with what was chosen at the first time."""
        return self.sign_in(self.username, self.password)

    def _choose_password(self):
        chosen = "Jiangzhou-2026-Dong"
        self.page.get_by_label("现在的密码").fill(self.password)
        self.page.get_by_label("新密码", exact=True).fill(chosen)
        self.page.get_by_label("再输入一次新密码").fill(chosen)
        self.page.get_by_role("button", name="修改密码").click()
        self.page.wait_for_url(re.compile("/desk/$|/security/factor/$"))
        self.password = chosen

    def _add_factor(self):
        self.secret = self.page.locator("code.secret").inner_text().replace(" ", "")
        self.page.get_by_label("动态码").fill(self._code())
        self.page.get_by_label("密码", exact=True).fill(self.password)
        self.page.get_by_role("button", name="启用动态码").click()
        self.page.get_by_role("link", name="已经保存好，进入工作台").click()

    def _code(self):
        """The app's code of now; waits for the next one where this one has been used (RFC 6238: a code counts once)."""
        while time.time() // 30 <= self.counter:
            time.sleep(0.5)
        self.counter = int(time.time() // 30)
        digest = hmac.digest(base64.b32decode(self.secret), self.counter.to_bytes(8, "big"), "sha1")
        at = digest[-1] & 15
        return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"

    def go(self, path):
        """Open a path of the site."""
        return self.page.goto(f"{self.site.url}{path}")

    def shot(self, name):
        """A picture of the page, where ZHIXING_SHOTS names a folder for them."""
        folder = os.environ.get("ZHIXING_SHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)

    def picture(self, name):
        """One of the README's pictures, of what fits the window; where ZHIXING_PICTURES names their folder."""
        folder = os.environ.get("ZHIXING_PICTURES")
        if folder:
            path = ROOT / folder / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            with Image.open(io.BytesIO(self.page.screenshot(animations="disabled"))) as drawn:
                without_rest(drawn.convert("RGB")).quantize(256).save(path, optimize=True)
            assert path.stat().st_size <= MOST_OF_A_PICTURE, path
