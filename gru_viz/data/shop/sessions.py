"""Who clicked what, when, in the sample shop?"""

from __future__ import annotations

from functools import cache

import numpy as np

from gru_viz.data.shop.oracle import process
from gru_viz.sessions import ClickLog, Session

SEED = 20260111
SESSIONS = 20_000
LONGEST = 30

FIRST_DAY = 1_767_571_200  # Monday 5 January 2026, 00:00 UTC, in epoch seconds
DAYS = 28
DAY = 86_400
OPEN_FROM, OPEN_FOR = 6 * 3_600, 17 * 3_600  # seconds of the day in which sessions start
QUICKEST_CLICK, SLOWEST_CLICK = 3, 300  # seconds


def simulate(count: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Items of `count` sessions, 2 to 30 clicks each.

    Sessions of one click are drawn again. That leaves the predictions exact:
    they are about sessions that have a next click.
    """
    made: list[np.ndarray] = []
    while len(made) < count:
        session = process().process.simulate(rng, LONGEST)
        if len(session) > 1:
            made.append(session.items)
    return made


def _starts(count: int, rng: np.random.Generator) -> np.ndarray:
    """(count,) rising epoch seconds, busiest in the middle of the day, no two alike."""
    day = np.floor(rng.random(count) * DAYS) * DAY
    hour = OPEN_FROM + OPEN_FOR * (rng.random(count) + rng.random(count)) / 2
    seconds = np.sort(np.floor(FIRST_DAY + day + hour)).astype(np.int64)
    place = np.arange(count)
    return np.maximum.accumulate(seconds - place) + place


def _gaps(clicks: int, rng: np.random.Generator) -> np.ndarray:
    """(clicks,) seconds since the click before: 0 for the first, mostly under a minute."""
    gaps = QUICKEST_CLICK + np.floor(SLOWEST_CLICK * rng.random(clicks) ** 3)
    gaps[0] = 0
    return gaps


@cache
def sessions() -> ClickLog:
    """The 20,000 sessions, in the order of their first click; the same at every call."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    clicks = simulate(SESSIONS, rng)
    starts = _starts(SESSIONS, rng)
    made = [
        Session(items, start + np.cumsum(_gaps(len(items), rng)), f"s{number:05d}")
        for number, (items, start) in enumerate(zip(clicks, starts, strict=True), 1)
    ]
    return ClickLog.from_sessions(process().catalog, made)
