"""How long from a key press to the painted step, against the least that Streamlit can do?"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np

from gru_viz.bench.browser import launched, missing
from gru_viz.bench.painted import OneWord, Page, in_turns, serving_one_word
from gru_viz.bench.row import Effort, Row
from gru_viz.bench.server import ROOT, serving

STEPS = 100
BAR = 0.35
P50_LIMIT_MS = 40.0
WORK, AGAINST = "step, key to paint", "a Streamlit button, one word"


def measure(effort: Effort) -> list[Row]:
    """Rows for the median and the 95th percentile."""
    why = missing()
    if why:
        return [Row("stepping", WORK, AGAINST, bar=BAR, skipped=why)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = stack.enter_context(serving("app.py", ROOT, folder / "ours.log"))
        floor = stack.enter_context(serving_one_word(folder))
        browser = stack.enter_context(launched())
        pages = _Stepper(browser, ours.url), OneWord(browser, floor.url)
        stepped, pressed = in_turns(pages, effort.of(STEPS, 4))
    rows = []
    for name, percent, limit in (("p50", 50, P50_LIMIT_MS), ("p95", 95, None)):
        both = float(np.percentile(stepped, percent)), float(np.percentile(pressed, percent))
        rows.append(
            Row("stepping", f"{WORK}, {name} of {len(stepped)}", AGAINST, *both, bar=BAR, limit=limit)
        )
    return rows


class _Stepper(Page):
    """The Step page, walked to its end and back with the arrow keys."""

    selector = "[data-testid=stepper]"
    attribute = "data-step"

    def __init__(self, browser: Any, url: str) -> None:
        super().__init__(browser, url)
        self.page.locator("[data-testid=step-next]").focus()
        self.page.keyboard.press("Home")
        self.page.wait_for_timeout(500)
        clicks = int(self.root.get_attribute("data-steps"))
        self.keys = cycle(["ArrowRight"] * (clicks - 1) + ["ArrowLeft"] * (clicks - 1))

    def act(self) -> None:
        self.page.keyboard.press(next(self.keys))
