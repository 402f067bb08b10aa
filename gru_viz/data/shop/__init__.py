"""The sample shop: synthetic, ours, and made by a process that is known exactly.

items.py      what does it sell?
intents.py    why do its shoppers click what they click?
oracle.py     how well could anyone predict their next click?
sessions.py   who clicked what, when?
scenarios.py  which sessions tell a story?
files.py      how does all that become files?
"""

from __future__ import annotations

from pathlib import Path

from gru_viz.data.shop.files import SCENARIOS, write
from gru_viz.data.shop.items import catalog
from gru_viz.data.shop.oracle import (
    Detour,
    Limit,
    ShopProcess,
    detour_of,
    lens_indices,
    mount_of,
    process,
)
from gru_viz.data.shop.scenarios import Scenario, read
from gru_viz.data.shop.sessions import sessions

__all__ = [
    "Detour",
    "Limit",
    "Scenario",
    "ShopProcess",
    "catalog",
    "detour_of",
    "lens_indices",
    "mount_of",
    "process",
    "scenarios",
    "sessions",
    "write",
]


def scenarios(directory: Path) -> tuple[Scenario, ...]:
    """The named sessions in `directory`, which `write` wrote. Raises InputError if they cannot be read."""
    return read(directory / SCENARIOS)
