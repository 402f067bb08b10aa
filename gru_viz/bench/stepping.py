"""How long from a key press to the painted step, against the least that Streamlit can do?

The least is a page whose button changes one word: Streamlit's default settings, in a
folder of its own where our config.toml does not speed it up. Both are timed inside the
page by the same few lines, from the input event's own time stamp, past the change of
the DOM, to the end of the frame that paints it: a message posted from that frame's
callback is answered as soon as the frame is rendered. (Waiting for the next frame to
begin instead adds up to a whole frame of doing nothing to both sides.)
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np

from gru_viz.bench.browser import HOW_TO_GET_ONE, find_chromium, launched
from gru_viz.bench.row import Effort, Row
from gru_viz.bench.server import Server, serve

STEPS = 100
BLOCK = 20  # steps of one page before the other has its turn
BETWEEN_BLOCKS_MS = 1_500  # the stepper tells Python where it stands; that must not slow the other page
REST_MS = (40, 90)  # between two steps, so that they do not march with the frames
BAR = 0.35
P50_LIMIT_MS = 40.0
ROOT = Path(__file__).parents[2]

ONE_WORD = """
import streamlit as st

st.session_state.setdefault("word", 0)

def change():
    st.session_state.word += 1

st.button("Next", on_click=change)
st.write(f"word {st.session_state.word}")
"""

# The next input event starts the clock; the work ends when `node` shows another step or word.
WATCH = """
(node) => {
    window.measured = new Promise((resolve) => {
        const seen = () => node.getAttribute("data-step") ?? node.textContent;
        const before = seen();
        let start = null;
        const begin = (event) => { if (start === null) start = event.timeStamp; };
        const kinds = ["keydown", "click"];
        kinds.forEach((kind) => window.addEventListener(kind, begin, { capture: true }));
        const observer = new MutationObserver(() => {
            if (start === null || seen() === before) return;
            observer.disconnect();
            kinds.forEach((kind) => window.removeEventListener(kind, begin, { capture: true }));
            const painted = () => resolve(performance.now() - start);
            requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = painted;
                port2.postMessage(null);
            });
        });
        observer.observe(node, { attributes: true, characterData: true, childList: true, subtree: true });
    });
}
"""


def measure(effort: Effort) -> list[Row]:
    """Rows for the median and the 95th percentile."""
    chromium = find_chromium()
    if importlib.util.find_spec("playwright") is None:
        return [_skipped("playwright is not installed; pip install -r requirements-dev.txt")]
    if chromium is None:
        return [_skipped(f"no Chromium; {HOW_TO_GET_ONE}")]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = stack.enter_context(_serving("app.py", ROOT, folder / "ours.log"))
        (folder / "one_word.py").write_text(ONE_WORD, "utf-8")
        # usage statistics would ask the network; the user's own ~/.streamlit must not have a say
        floor = stack.enter_context(_serving("one_word.py", folder, folder / "floor.log", HOME=str(folder)))
        browser = stack.enter_context(launched(chromium))
        stepper, button = _Stepper(browser, ours.url), _Button(browser, floor.url)
        stepped, pressed = _in_turns(stepper, button, effort.of(STEPS, 4))
    rows = []
    for name, percent, limit in (("p50", 50, P50_LIMIT_MS), ("p95", 95, None)):
        both = float(np.percentile(stepped, percent)), float(np.percentile(pressed, percent))
        work = f"step, key to paint, {name} of {len(stepped)}"
        rows.append(Row("stepping", work, "a Streamlit button, one word", *both, bar=BAR, limit=limit))
    return rows


def _skipped(why: str) -> Row:
    return Row("stepping", "step, key to paint", "a Streamlit button, one word", bar=BAR, skipped=why)


@contextmanager
def _serving(app: str, folder: Path, log: Path, **environment: str) -> Iterator[Server]:
    server = serve(app, folder, log, {"browser.gatherUsageStats": "false"}, environment=environment)
    try:
        yield server
    finally:
        server.stop()


def _in_turns(stepper: _Stepper, button: _Button, steps: int) -> tuple[list[float], list[float]]:
    rng = np.random.default_rng(0)
    times: tuple[list[float], list[float]] = ([], [])
    pages: tuple[_Page, _Page] = (stepper, button)
    for page in pages:
        for _ in range(3):  # the first steps compile code
            page.step(50)
    while len(times[1]) < steps:
        for page, found in zip(pages, times, strict=True):
            page.page.wait_for_timeout(BETWEEN_BLOCKS_MS)
            for _ in range(min(BLOCK, steps - len(found))):
                found.append(page.step(int(rng.integers(*REST_MS))))
    return times


class _Page:
    """One page whose `act` changes what is seen under `selector`."""

    selector: str

    def __init__(self, browser: Any, url: str) -> None:
        self.page = browser.new_page(viewport={"width": 1440, "height": 1000})
        self.page.set_default_timeout(60_000)
        self.page.goto(url)
        self.page.locator(self.selector).wait_for()
        self.page.wait_for_timeout(1_500)  # fonts and the first rerun

    def act(self) -> None:
        raise NotImplementedError

    def step(self, rest_ms: int) -> float:
        """Milliseconds from the input to its paint; rests first."""
        self.page.bring_to_front()
        self.page.wait_for_timeout(rest_ms)
        self.page.locator(self.selector).evaluate(WATCH)
        self.act()
        return float(self.page.evaluate("() => window.measured"))


class _Stepper(_Page):
    """The Step page, walked to its end and back with the arrow keys."""

    selector = "[data-testid=stepper]"

    def __init__(self, browser: Any, url: str) -> None:
        super().__init__(browser, url)
        self.page.locator("[data-testid=step-next]").focus()
        root = self.page.locator(self.selector)
        self.page.keyboard.press("Home")
        self.page.wait_for_timeout(500)
        clicks = int(root.get_attribute("data-steps"))
        self.keys = cycle(["ArrowRight"] * (clicks - 1) + ["ArrowLeft"] * (clicks - 1))

    def act(self) -> None:
        self.page.keyboard.press(next(self.keys))


class _Button(_Page):
    """The page with a button and a word, pressed with the mouse."""

    selector = "[data-testid=stMarkdown]"

    def act(self) -> None:
        box = self.page.get_by_role("button", name="Next").bounding_box()
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
