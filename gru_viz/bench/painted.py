"""How long from a key press or a click to the frame that paints what it changed?

Timed inside the page, from the input event's own time stamp, past the change of the DOM, to
the end of the frame that paints it: a message posted from that frame's callback is answered
as soon as the frame is rendered. (Waiting for the next frame to begin instead adds up to a
whole frame of doing nothing.) The yardstick is the least that Streamlit can do, a button that
changes one word, and is timed by the same few lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from gru_viz.bench.server import Server, serving

BLOCK = 20  # steps of one page before the other has its turn
BETWEEN_BLOCKS_MS = 1_500  # what one page still tells Python must not slow the other page
REST_MS = (40, 90)  # between two steps, so that they do not march with the frames

ONE_WORD = """
import streamlit as st

st.session_state.setdefault("word", 0)

def change():
    st.session_state.word += 1

st.button("Next", on_click=change)
st.write(f"word {st.session_state.word}")
"""

# Calls `done` at the end of the frame that paints what is in the DOM now.
AFTER_PAINT = """
const afterPaint = (done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(null);
});
"""

# The next input event starts the clock; the work ends when `node` has another value of the
# attribute, or another text where none is named.
WATCH = f"""
(node, attribute) => {{
    {AFTER_PAINT}
    window.measured = new Promise((resolve) => {{
        const seen = () => attribute ? node.getAttribute(attribute) : node.textContent;
        const before = seen();
        let start = null;
        const begin = (event) => {{ if (start === null) start = event.timeStamp; }};
        const kinds = ["keydown", "click"];
        kinds.forEach((kind) => window.addEventListener(kind, begin, {{ capture: true }}));
        const observer = new MutationObserver(() => {{
            if (start === null || seen() === before) return;
            observer.disconnect();
            kinds.forEach((kind) => window.removeEventListener(kind, begin, {{ capture: true }}));
            afterPaint(() => resolve(performance.now() - start));
        }});
        observer.observe(node, {{ attributes: true, characterData: true, childList: true, subtree: true }});
    }});
}}
"""


class Page:
    """One page whose `act` changes the attribute, or the text, of what is found by `selector`."""

    selector: str
    attribute: str | None = None

    def __init__(self, browser: Any, url: str) -> None:
        self.page = browser.new_page(viewport={"width": 1440, "height": 1000})
        self.page.set_default_timeout(60_000)
        self.page.goto(url)
        self.root = self.page.locator(self.selector)
        self.root.wait_for()
        self.page.wait_for_timeout(1_500)  # fonts and the first rerun

    def act(self) -> None:
        raise NotImplementedError

    def step(self, rest_ms: int) -> float:
        """Milliseconds from the input to its paint; rests first."""
        self.page.bring_to_front()
        self.page.wait_for_timeout(rest_ms)
        self.root.evaluate(WATCH, self.attribute)
        self.act()
        return float(self.page.evaluate("() => window.measured"))


class OneWord(Page):
    """The page with a button and a word, pressed with the mouse."""

    selector = "[data-testid=stMarkdown]"

    def act(self) -> None:
        box = self.page.get_by_role("button", name="Next").bounding_box()
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@contextmanager
def serving_one_word(folder: Path) -> Iterator[Server]:
    """That page with Streamlit's default settings: in a folder where no config.toml speeds it up."""
    (folder / "one_word.py").write_text(ONE_WORD, "utf-8")
    # the user's own ~/.streamlit must not have a say
    with serving("one_word.py", folder, folder / "one_word.log", environment={"HOME": str(folder)}) as server:
        yield server


def in_turns(pages: Sequence[Page], steps: int) -> list[list[float]]:
    """Milliseconds of so many steps of each page."""
    rng = np.random.default_rng(0)
    times: list[list[float]] = [[] for _ in pages]
    for page in pages:
        for _ in range(3):  # the first steps compile code
            page.step(50)
    while len(times[-1]) < steps:
        for page, found in zip(pages, times, strict=True):
            page.page.wait_for_timeout(BETWEEN_BLOCKS_MS)
            for _ in range(min(BLOCK, steps - len(found))):
                found.append(page.step(int(rng.integers(*REST_MS))))
    return times
