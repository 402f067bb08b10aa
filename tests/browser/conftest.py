"""A real Chromium, a real server: what every browser test starts from.

All tests here share one xdist group, so that they run one after another in one
process with one server. Files a failed test leaves are under test-artifacts/.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gru_viz.bench.browser import HOW_TO_GET_ONE, find_chromium, launched
from gru_viz.bench.server import Server, serve

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "test-artifacts"
NO_CHROMIUM = f"NO CHROMIUM: the browser tests cannot run; {HOW_TO_GET_ONE}"
PROBES = ("/_stcore/health", "/_stcore/host-config")
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


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
        server.stop()


@pytest.fixture(scope="session")
def server(start_server) -> Server:
    """The app on the sample shop, one for all tests; a link test that needs a fresh one starts its own."""
    return start_server()


@pytest.fixture(scope="session")
def browser(chromium):
    with launched(chromium) as running:
        yield running


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
def open_page(browser, server, request):
    """open_page(width, height, theme): a new visitor, with `page.goto("/")` going to the app.

    Keyword base_url takes another server's url; others reach Playwright's new_context
    (reduced_motion="reduce", say). At the end every page must have been clean: no
    console error, no uncaught exception, no request to another host.
    """
    contexts, pages, complaints = [], [], Complaints()

    def open_one(width: int = 1440, height: int = 1000, theme: str = "light", **options):
        options.setdefault("base_url", server.url)
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, **options
        )
        context.set_default_timeout(60_000)  # a busy machine is slow, not wrong
        page = context.new_page()
        complaints.watch(page)
        contexts.append(context)
        pages.append(page)
        return page

    yield open_one
    if request.node.stash.get(FAILED, True):
        keep(request.node.nodeid, pages, server)
    for context in contexts:
        context.close()
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
