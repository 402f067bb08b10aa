"""A real Chromium, a real server: what every browser test starts from.

With `-n 2` both workers run browser tests, a whole file each at a time, and each has a server
and a Chromium of its own (tests/conftest.py says which runs what). Files a failed test leaves
are under test-artifacts/.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from gru_viz.bench.browser import HOW_TO_GET_ONE, find_chromium, launched
from gru_viz.bench.server import Server, serve
from tests.browser.hostile import hostile_files, hostile_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "test-artifacts"
NO_CHROMIUM = f"NO CHROMIUM: the browser tests cannot run; {HOW_TO_GET_ONE}"
PROBES = ("/_stcore/health", "/_stcore/host-config")
SHARED_PROCESS = ("--process-per-site",)  # see Visitors
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


__all__ = ["hostile_files", "hostile_server"]  # fixtures for all files
FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter):
    if find_chromium() is None:
        terminalreporter.write_line(NO_CHROMIUM, red=True, bold=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; without one the test skips, or fails where REQUIRE_BROWSER=1."""
    path = find_chromium()
    if path is None:
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(NO_CHROMIUM)
    return path


@pytest.fixture(scope="session")
def start_server(tmp_path_factory) -> Iterator[Callable[..., Server]]:
    """start_server("--model", path): a fresh server of the app, with arguments for the app."""
    servers: list[Server] = []

    def start(*arguments: str | Path) -> Server:
        log = tmp_path_factory.mktemp("server") / "log.txt"
        servers.append(serve("app.py", ROOT, log, arguments=tuple(map(str, arguments))))
        return servers[-1]

    yield start
    for server in servers:
        server.process.terminate()  # all at once, then wait
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server(start_server) -> Server:
    """The app on the sample shop, one for all tests; a link test that needs a fresh one starts its own."""
    return start_server()


@pytest.fixture(scope="session")
def browser(chromium):
    with launched(chromium, SHARED_PROCESS) as running:
        yield running


@pytest.fixture(scope="session")
def visitors(browser) -> Iterator[Visitors]:
    those = Visitors(browser)
    yield those
    those.leave()


@dataclass
class Visitor:
    """A person with cookies of their own; `home` is the tab that stays when they are gone."""

    url: str
    context: BrowserContext
    home: Page | None = None

    def forget(self) -> None:
        """Close the tabs and empty the browser, but for what it has compiled.

        Raises Playwright's Error where the server is gone.
        """
        if self.home is None:
            self.home = self.context.new_page()
            self.home.goto(PROBES[0])  # of the same site, without a script
        for page in self.context.pages:
            if page is not self.home:
                page.close()
        self.context.clear_permissions()
        self.context.clear_cookies()
        session = self.context.new_cdp_session(self.home)
        session.send("Storage.clearDataForOrigin", {"origin": self.url, "storageTypes": "all"})
        session.detach()


class Visitors:
    """People at a server, each of whom one test after another may be: a new browser costs seconds.

    Streamlit and Plotly are megabytes of script. A Playwright context is a browser profile with
    processes of its own, so with a context a test they are compiled for every test: half of what
    opening a page takes. Here a context is used again. It keeps one tab, of the server's health
    and without a script, and `--process-per-site` puts the next test's tab into the same process.

    Is the next test's page as independent as one in a new profile? It is a new tab, so its history,
    sessionStorage, focus, mouse, keyboard, media, size, sockets and timers are its own, and so is
    its session at the server. Tabs of a profile share cookies, permissions, localStorage,
    IndexedDB, the Cache API and service workers: `forget` empties these, and with them goes the
    token by which a person's trainings are found again. What the network and the compiler have
    cached is left; it makes pages faster, not different. Two visitors in one test are two contexts.
    After a failed test, or where the server is gone, the context is closed, so that nobody
    inherits a broken one.
    """

    KEPT = 4  # two people at two servers; each is a process of a few hundred megabytes

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.free: list[Visitor] = []

    def one(self, url: str) -> Visitor:
        for visitor in self.free:
            if visitor.url == url:
                self.free.remove(visitor)
                return visitor
        context = self.browser.new_context(base_url=url, viewport={"width": 1440, "height": 1000})
        context.set_default_timeout(60_000)  # a busy machine is slow, not wrong
        return Visitor(url, context)

    def gone(self, visitor: Visitor, again: bool) -> None:
        from playwright.sync_api import Error as PlaywrightError

        again = again and bool(visitor.context.pages)  # who closes the last tab is gone for good
        try:
            if again:
                visitor.forget()
        except PlaywrightError:
            again = False
        if again:
            self.free.append(visitor)
        else:
            visitor.context.close()
        for oldest in self.free[: -self.KEPT]:
            oldest.context.close()
        del self.free[: -self.KEPT]

    def leave(self) -> None:
        for visitor in self.free:
            visitor.context.close()


@dataclass
class Complaints:
    """What a page said or asked for that a clean one would not."""

    found: list[str] = field(default_factory=list)

    def watch(self, page) -> None:
        page.on("console", self._read)
        page.on("pageerror", lambda error: self.found.append(f"page error: {error}"))
        page.on("request", lambda request: self._check(request.url))

    def _read(self, message) -> None:
        # below /page Streamlit asks there first where its server is, and takes the 404 for an answer
        probe = urlsplit(message.location.get("url", "")).path.endswith(PROBES)
        if message.type == "error" and not probe:
            self.found.append(f"console: {message.text}")

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOCAL_HOSTS:
            self.found.append(f"outbound request: {url}")


@pytest.fixture
def open_page(visitors, server, request):
    """open_page(width, height, theme): a new visitor, with `page.goto("/")` going to the app.

    Keyword base_url takes another server's url; others are Playwright's for emulate_media
    (reduced_motion="reduce", say). At the end every page must have been clean: no
    console error, no uncaught exception, no request to another host.
    """
    here, pages, complaints = [], [], Complaints()

    def open_one(width: int = 1440, height: int = 1000, theme: str = "light", base_url="", **media):
        visitor = visitors.one(base_url or server.url)
        here.append(visitor)
        page = visitor.context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme, **media)
        complaints.watch(page)
        pages.append(page)
        return page

    yield open_one
    failed = request.node.stash.get(FAILED, True)
    if failed:
        keep(request.node.nodeid, pages, server)
    for visitor in here:
        visitors.gone(visitor, again=not failed)
    assert complaints.found == []


def keep(test: str, pages: list, server: Server) -> None:
    """Screenshots and the server's log of a failed test."""
    ARTIFACTS.mkdir(exist_ok=True)
    name = re.sub(r"[^\w.-]+", "_", test.removeprefix("tests/browser/"))
    for number, page in enumerate(pages):
        if not page.is_closed():
            page.screenshot(path=ARTIFACTS / f"{name}.{number}.png")
    (ARTIFACTS / f"{name}.log").write_text(server.log(), "utf-8")


@pytest.fixture
def page(open_page):
    """A visitor with a 1440 × 1000 window and the light theme."""
    return open_page()
