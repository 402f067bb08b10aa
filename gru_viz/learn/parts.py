"""What is a model trained on, and what is it measured on?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gru_viz.sessions import ClickLog


@dataclass(frozen=True, eq=False)
class Parts:
    """What is learned from, what it is measured on (if on anything), and in words.

    train, test:     over one catalogue; test None where nothing is measured
    name, test_name: what to call them, for people: a file's name, "the last 10% of the sessions"
    keep_best:       may `test` choose the epoch that is kept? A held-out part of the training
                     log may, a test log never: then the last epoch is kept
    facts:           what else the result should tell (the cleaning report, what was dropped); JSON
    """

    train: ClickLog
    test: ClickLog | None
    name: str
    test_name: str
    keep_best: bool
    facts: dict[str, Any]
