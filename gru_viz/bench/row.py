"""What did one measurement find, and is it within its bar?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Effort:
    """How much work goes into a measurement; tests use a tiny one.

    scale:   share of the full size of what is measured, in (0, 1]
    repeats: how often each side runs
    log, test: paths of click logs to train on and to predict, for what is measured on one's own
    """

    scale: float = 1.0
    repeats: int = 30
    log: str | None = None
    test: str | None = None

    def of(self, size: int, least: int = 1) -> int:
        """`size` at this scale."""
        return max(least, round(size * self.scale))


@dataclass(frozen=True)
class Row:
    """Ours against a yardstick of the same run.

    measurement: the name it is chosen by
    work, against: what was done, and what the yardstick is
    ours, yardstick: in `unit`; None where there was nothing to measure
    bar:         on ours / yardstick; at most it, or at least it where `more_is_better`
    limit:       on `ours` alone, at most it
    skipped:     why there are no numbers, else ""
    """

    measurement: str
    work: str
    against: str = ""
    ours: float | None = None
    yardstick: float | None = None
    unit: str = "ms"
    bar: float | None = None
    limit: float | None = None
    more_is_better: bool = False
    skipped: str = ""

    @property
    def ratio(self) -> float | None:
        if self.ours is None or not self.yardstick:
            return None
        return self.ours / self.yardstick

    @property
    def ok(self) -> bool | None:
        """Whether every bar there is holds; None without a bar or without numbers."""
        held = []
        if self.bar is not None and self.ratio is not None:
            held.append(self.ratio >= self.bar if self.more_is_better else self.ratio <= self.bar)
        if self.limit is not None and self.ours is not None:
            held.append(self.ours <= self.limit)
        return all(held) if held else None

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "ok": self.ok}


def bar_words(row: Row) -> str:
    """The bars of a row as a person reads them: "≤ 1.5 ×", "≤ 0.35 ×, ≤ 40 ms"."""
    words = []
    if row.bar is not None:
        words.append(f"{'≥' if row.more_is_better else '≤'} {row.bar:g} ×")
    if row.limit is not None:
        words.append(f"≤ {row.limit:g} {row.unit}")
    return ", ".join(words)


def verdict(row: Row) -> str:
    return {None: "", True: "ok", False: "missed"}[row.ok]
