"""How far is the work, and how long will it take?"""

from __future__ import annotations

import sys
import time
from typing import TextIO

from gru_viz.commands.output import seconds

WIDTH = 24  # of the bar, in characters
REFRESH = 0.1  # seconds between two drawings


class Bar:
    """One line on a terminal that is drawn over and over; silent where stderr is no terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.shown = self.stream.isatty()
        self._drawn = 0.0

    def update(self, label: str, done: int, of: int, events_per_s: float, seconds_left: float | None) -> None:
        """`done` of `of` parts; at most ten times a second. seconds_left: None if nobody knows yet"""
        now = time.monotonic()
        if not self.shown or (now - self._drawn < REFRESH and done < of):
            return
        self._drawn = now
        filled = WIDTH * done // max(of, 1)
        bar = "█" * filled + "·" * (WIDTH - filled)
        left = "" if seconds_left is None else f"  {seconds(seconds_left)} left"
        self.stream.write(f"\r\x1b[K{label} {bar} {done}/{of}  {events_per_s:,.0f} events/s{left}")
        self.stream.flush()

    def clear(self) -> None:
        """Leave the line empty, for text that stays."""
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
