"""How long does the Memory page take to open, against pages with as many empty charts?

One is a page of this app, with the same frame, links, session strip and keys but nothing explained;
the other holds nothing but the charts. All are served with our settings and opened in turns by one
browser that has visited them before. Every visit asks about another item, so that nothing that is
explained was worked out before; only the session was recorded before, on all sides. The clock is
the page's own, from the navigation to the frame that paints the last chart.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from gru_viz.bench.browser import launched, missing
from gru_viz.bench.painted import AFTER_PAINT
from gru_viz.bench.row import Effort, Row
from gru_viz.bench.server import ROOT, serving
from gru_viz.bench.untrained import SESSION, written

CLICKS, UNITS, ITEMS = 50, 100, 10_000
VISITS = 20
BAR = 1.5

BARE = """
import streamlit as st

st.set_page_config(layout="wide")
"""
FRAMED = """
import sys

import streamlit as st

sys.path.insert(0, {root!r})
from gru_viz.ui import navigation

def links():  # to addresses: a page's file can be linked to from its own app alone
    for page in navigation._pages():
        if page.visibility == "visible":
            st.page_link(f"http://localhost/{{page.url_path}}", label=page.title)

navigation.rejoin, navigation.links = lambda: None, links
from gru_viz.ui import frame

frame.rejoin, frame.links = lambda: None, links
from gru_viz.ui.memory.walk import walk_view
from gru_viz.ui.opening import opening

page = opening("Empty")
walk_view(page.now, page.trace)
"""
CHARTS = """
import plotly.graph_objects as go

for number in range({charts}):
    st.plotly_chart(go.Figure(), key=str(number))
"""

# Resolves at the end of the frame that paints the last of so many charts, with the page's age in ms.
PAINTED = f"""
(charts) => new Promise((resolve) => {{
    {AFTER_PAINT}
    const drawn = () => document.querySelectorAll(".js-plotly-plot:has(.main-svg)").length >= charts;
    const look = () => {{
        if (!drawn()) return requestAnimationFrame(look);
        afterPaint(() => resolve(performance.now()));
    }};
    look();
}})
"""


def measure(effort: Effort) -> list[Row]:
    """The median visit of our page, beside that of either page with empty charts."""
    work = f"open the Memory page, {CLICKS} clicks, {UNITS} units, {ITEMS:,} items"
    why = missing()
    if why:
        return [Row("memory_page", work, bar=BAR, skipped=why)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        arguments = written(folder, CLICKS, UNITS, ITEMS)
        ours = stack.enter_context(serving("app.py", ROOT, folder / "ours.log", arguments))
        browser = stack.enter_context(launched())
        page = browser.new_page()
        asked = f"session={SESSION}&step={CLICKS}"
        charts = _count(page, f"{ours.url}/memory?{asked}&{_item(0)}")
        shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
        visited = [(page, f"{ours.url}/memory?{asked}", charts)]
        for name, script in (("framed", FRAMED.format(root=str(ROOT))), ("bare", BARE)):
            (folder / f"{name}.py").write_text(script + CHARTS.format(charts=charts), "utf-8")
            empty = stack.enter_context(serving(f"{name}.py", folder, folder / f"{name}.log", arguments))
            visited.append((browser.new_page(), f"{empty.url}/?{asked}", charts))
        opened, framed, bare = _in_turns(visited, effort.of(VISITS, 1))
    work = f"{work}, {charts} charts"
    return [
        Row("memory_page", work, "the app's frame and as many empty charts", opened, framed, bar=BAR),
        Row("memory_page", work, "nothing but as many empty charts", opened, bare),
    ]


def _in_turns(visited: list[tuple[Any, str, int]], visits: int) -> list[float]:
    """The median milliseconds of each of the pages."""
    times: list[list[float]] = [[] for _ in visited]
    for visit in range(visits + 1):
        for kept, (page, url, charts) in zip(times, visited, strict=True):
            took = _visit(page, f"{url}&{_item(visit + 1)}", charts)
            if visit > 0:  # the first fills the browser's cache
                kept.append(took)
    return [float(np.median(kept)) for kept in times]


def _item(visit: int) -> str:
    """The part of an address that asks about an item which no other visit asks about."""
    return f"item=item-{visit}"


def _count(page: Any, address: str) -> int:
    """How many charts the page has once it has come to rest."""
    page.set_default_timeout(60_000)
    page.goto(address)
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    page.wait_for_timeout(4_000)
    return int(page.locator(".js-plotly-plot").count())


def _visit(page: Any, url: str, charts: int) -> float:
    """Milliseconds from the navigation to the last chart's paint."""
    page.bring_to_front()
    page.goto(url, wait_until="commit")
    return float(page.evaluate(PAINTED, charts))
