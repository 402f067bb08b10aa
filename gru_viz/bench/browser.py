"""Which Chromium is there, and how is it started so that it asks the network for nothing?

The browser tests start theirs the same way.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW_TO_GET_ONE = "install one with `sudo apt-get install chromium`, or set CHROMIUM=/path/to/chrome"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Path of the browser: CHROMIUM if set, else the first that is found by its usual names."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def missing() -> str:
    """What stands in the way of driving a browser, and what to do about it; "" if nothing does."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed; pip install -r requirements-dev.txt"
    return "" if find_chromium() else f"no Chromium; {HOW_TO_GET_ONE}"


@contextmanager
def launched(executable: str | None = None, flags: Sequence[str] = ()) -> Iterator[Any]:
    """A headless browser (playwright's, synchronous): this one, or the one that is found.

    flags: Chromium's own, beside those that keep it off the network.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=executable or find_chromium(), args=[*FLAGS, *flags]
        )
        try:
            yield running
        finally:
            running.close()
