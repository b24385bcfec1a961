"""A real server on data of its own, and a real browser that notices what a person would not see at once."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    StorageState,
    expect,
)

from tools.machine import find_chromium

JIANNUO = Path(sys.executable).parent / "jiannuo"
ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "var" / "shots"
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
HERE = {"127.0.0.1", "localhost", ""}
WHOLE_PAGE = {"document", "fetch", "xhr"}
SESSIONS: dict[tuple[str, str], StorageState] = {}
"""The session of each person at each site, by its address and their name."""
# Without these Chromium asks its maker's servers at every start.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-sandbox",
    # What a page asks of other hosts is reported and never sent.
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def environment(home: Path, **more: str) -> Mapping[str, str]:
    """What a `jiannuo` command sees when its data is in `home`, on SQLite."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**inherited, "JIANNUO_HOME": str(home), **more}


def build_demo(home: Path) -> None:
    """The made-up county stands in `home`, as `make demo` builds it."""
    command = [str(JIANNUO), "demo", "--no-serve"]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"jiannuo demo --no-serve: {done.stdout}\n{done.stderr}"


def build_county(home: Path, module: str, today: date) -> None:
    """The county of that module stands in `home` on that day, built by a process of its own."""
    told = environment(home, JIANNUO_TODAY=today.isoformat())
    subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=told, check=True)


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_answers(url: str, server: "subprocess.Popen[bytes]", *, seconds: int = 60) -> None:
    """The server at `url` has answered once."""
    opener = build_opener(ProxyHandler({}))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert server.poll() is None, f"the server ended by itself with {server.returncode}"
        try:
            opener.open(url, timeout=5).close()
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{url} did not answer within {seconds} seconds")


@contextmanager
def serving(home: Path, **more: str) -> Iterator[str]:
    """The address of `jiannuo serve` on the data in `home`, ended with all its workers afterwards."""
    port = free_port()
    command = [str(JIANNUO), "serve", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    with (home / "server.log").open("ab") as log:
        server = subprocess.Popen(
            command, env=environment(home, **more), stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_until_answers(f"http://127.0.0.1:{port}/", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(timeout=10)
            with suppress(ProcessLookupError):  # workers that outlived it
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, or whichever the machine has."""
    path = find_chromium()
    assert path, "no Chromium on this machine: `make setup-dev` installs it or says how"
    return playwright.chromium.launch(executable_path=path, args=list(QUIET))


@dataclass
class Watch:
    """What went wrong behind a page: nothing may leave the host, nothing may fail in silence."""

    faults: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", self.on_request)
        context.on("response", self.on_response)
        context.on("console", self.on_console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))

    def on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and (parts.hostname or "") not in HERE:
            self.faults.append(f"request left the host: {request.url}")

    def on_response(self, response: Response) -> None:
        part = response.request.resource_type
        if response.status >= 500 or (response.status >= 400 and part not in WHOLE_PAGE):
            self.faults.append(f"{response.status} for {part} {response.url}")

    def on_console(self, message: ConsoleMessage) -> None:
        # Chromium also reports each refused form (4xx) here; on_response judges those.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")


@dataclass
class Visitor:
    """Opens pages at one site, wide or narrow, with or without JavaScript, and sees what went wrong on them."""

    browser: Browser
    url: str
    test: str
    watch: Watch = field(default_factory=Watch)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self, path: str = "/", *, narrow: bool = False, javascript: bool = True, session: StorageState | None = None
    ) -> Page:
        """A page at `path`, as a person without a session sees it, or with one that was kept."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport=NARROW if narrow else WIDE,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=narrow,
            is_mobile=narrow,
            reduced_motion="reduce",
            storage_state=session,
        )
        context.set_default_timeout(15_000)
        self.watch.over(context)
        self.contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    def shoot(self, page: Page, name: str, *, whole: bool = True) -> Path:
        """A picture of the page in var/shots/, to be looked at."""
        width = (page.viewport_size or WIDE)["width"]
        path = SHOTS / f"{name}-{width}.png"
        page.screenshot(path=path, full_page=whole, animations="disabled")
        return path

    def close(self) -> None:
        """Every page is closed; what went wrong on any of them fails the test."""
        for context in self.contexts:
            context.close()
        assert not self.watch.faults, "\n".join([f"{self.test}:", *dict.fromkeys(self.watch.faults)])


def signed_in(visitor: Visitor, username: str, password: str, *, narrow: bool = False, javascript: bool = True) -> Page:
    """The first page of the desk, come to through the form of signing in; who signed in here before goes on with that session."""
    known = visitor.url, username
    page = visitor.open("/desk/", narrow=narrow, javascript=javascript, session=SESSIONS.get(known))
    if page.url.endswith("/desk/"):
        # Went on with the session that was kept.
        expect(page.get_by_role("heading", name="今日待办", level=1)).to_be_visible()
        return page
    page.get_by_label("用户名").fill(username)
    page.get_by_label("口令").fill(password)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="今日待办", level=1)).to_be_visible()
    SESSIONS[known] = page.context.storage_state()
    return page


def assert_accessible(page: Page) -> None:
    """Axe finds nothing serious or critical, and nothing runs off the side of the page."""
    violations = Axe().run(page).response["violations"]
    grave = [
        f"{fault['id']} ({fault['impact']}): {fault['help']}: {node['html'][:200]}"
        for fault in violations
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
    assert not grave, "\n".join([page.url, *grave])
    across = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert across <= 1, f"{page.url}: the page is {across} px wider than its window"


def copy_home(source: Path, target: Path) -> Path:
    """A data folder of its own with the same content; no server may be running on the source."""
    shutil.copytree(source, target)
    return target
