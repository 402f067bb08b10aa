"""How long from an edit of the session to the new picture, against the least that a Streamlit rerun takes?

An edit asks Python: the edited session is recorded, compared and drawn, where the yardstick
changes a word. Every edit makes a session that was not seen before, so that nothing is
answered from a cache.
"""

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
from gru_viz.bench.untrained import SESSION, written

CLICKS, UNITS, ITEMS = 20, 64, 1_000
EDITS = 100
BAR = 2.0
WORK = f"edit, key to picture, {CLICKS} clicks, {UNITS} units, {ITEMS:,} items"
AGAINST = "a Streamlit button, one word"


def measure(effort: Effort) -> list[Row]:
    """The median edit beside the median change of a word."""
    why = missing()
    if why:
        return [Row("what_if", WORK, AGAINST, bar=BAR, skipped=why)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        arguments = written(folder, CLICKS, UNITS, ITEMS)
        ours = stack.enter_context(serving("app.py", ROOT, folder / "ours.log", arguments))
        floor = stack.enter_context(serving_one_word(folder))
        browser = stack.enter_context(launched())
        pages = _Editor(browser, f"{ours.url}/what_if?session={SESSION}"), OneWord(browser, floor.url)
        edited, pressed = in_turns(pages, effort.of(EDITS, 4))
    both = float(np.median(edited)), float(np.median(pressed))
    return [Row("what_if", f"{WORK}, p50 of {len(edited)}", AGAINST, *both, bar=BAR)]


class _Editor(Page):
    """The What-if page: the first click is moved to the end with the keyboard, then the new first one.

    Each of the moves makes another order of the clicks; they repeat after CLICKS · (CLICKS − 1).
    """

    selector = "[data-testid=editor]"
    attribute = "data-picture"

    def __init__(self, browser: Any, url: str) -> None:
        super().__init__(browser, url)
        self.places = cycle(range(1, CLICKS))

    def step(self, rest_ms: int) -> float:
        """As for any page. Raises RuntimeError where the picture that came is not of this edit."""
        place = next(self.places)
        if place == 1:
            self._card(0).focus()
            self.page.keyboard.press("Home")
        before, moved = self._titles()[place - 1 : place + 1]
        took = super().step(rest_ms)
        if self._titles()[place - 1 : place + 1] != [moved, before]:
            raise RuntimeError(f"click {place} was not moved to the right")
        return took

    def act(self) -> None:
        self.page.keyboard.press("Alt+ArrowRight")

    def _card(self, click: int) -> Any:
        """The card of a click (0-based) of the variant that is edited."""
        return self._cards().nth(click)

    def _cards(self) -> Any:
        shown = self.root.get_attribute("data-shown")
        return self.root.locator(f'[data-testid=card][data-variant="{shown}"]')

    def _titles(self) -> list[str]:
        return [text.split("\n")[0] for text in self._cards().all_inner_texts()]
