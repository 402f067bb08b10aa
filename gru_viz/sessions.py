"""Who clicked what, in which order?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gru_viz.catalog import Catalog
from gru_viz.errors import InputError
from gru_viz.frozen import FrozenArrays

CLICKS_AT_ONCE = 100_000  # a search stops as soon as it has enough, so it looks in pieces


@dataclass(frozen=True, eq=False)
class Session(FrozenArrays):
    """One shopper's clicks in order.

    items: (T,) int64 item indices into a Catalog, T >= 1
    times: (T,) float64 epoch seconds, or None where the log has no time
    """

    items: np.ndarray
    times: np.ndarray | None = None
    session_id: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", np.asarray(self.items, dtype=np.int64))
        if self.times is not None:
            object.__setattr__(self, "times", np.asarray(self.times, dtype=np.float64))
        super().__post_init__()
        if self.items.ndim != 1 or len(self.items) == 0:
            raise InputError("a session needs at least one click")

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, eq=False)
class ClickLog(FrozenArrays):
    """Many sessions over one catalogue, as flat arrays.

    items:       (N,) int64 item index of every click, session after session
    offsets:     (S + 1,) int64; session s is items[offsets[s]:offsets[s + 1]], never empty
    session_ids: S ids, text as written
    times:       (N,) float64 epoch seconds, or None

    Sessions stand in the order of their first click where times are known, in
    file order otherwise; clicks of a session in the order of their times.
    """

    catalog: Catalog
    items: np.ndarray
    offsets: np.ndarray
    session_ids: Sequence[str]
    times: np.ndarray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", np.asarray(self.items, dtype=np.int64))
        object.__setattr__(self, "offsets", np.asarray(self.offsets, dtype=np.int64))
        if self.times is not None:
            object.__setattr__(self, "times", np.asarray(self.times, dtype=np.float64))
        super().__post_init__()

    @classmethod
    def from_sessions(cls, catalog: Catalog, sessions: Sequence[Session]) -> ClickLog:
        """A log of these sessions, in the order given."""
        if not sessions:
            raise InputError("the log has no sessions")
        times = [s.times for s in sessions if s.times is not None]
        return cls(
            catalog,
            np.concatenate([s.items for s in sessions]),
            np.cumsum([0, *(len(s) for s in sessions)]),
            tuple(s.session_id for s in sessions),
            np.concatenate(times) if len(times) == len(sessions) else None,
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> Session:
        if not 0 <= index < len(self):
            raise IndexError(f"session {index} is outside 0..{len(self) - 1}")
        rows = slice(self.offsets[index], self.offsets[index + 1])
        times = None if self.times is None else self.times[rows]
        return Session(self.items[rows], times, self.session_ids[index])

    def __iter__(self) -> Iterator[Session]:
        return (self[index] for index in range(len(self)))

    def place(self, session_id: str) -> int | None:
        """Which session has this id, the first one of them; None if there is none."""
        return self._place.get(session_id)

    def find(self, session_id: str) -> np.ndarray | None:
        """The items of the first session with this id, or None."""
        place = self.place(session_id)
        return None if place is None else self[place].items

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of which items were clicked in which session: the key of what is worked out from them."""
        return hashlib.sha256(self.items.tobytes() + self.offsets.tobytes()).hexdigest()

    @cached_property
    def _place(self) -> dict[str, int]:
        """Session id → its first session; an id that returns days later stays with the first."""
        ids = list(self.session_ids)  # at once: of a log that was read, each single one is decoded
        return {ids[number]: number for number in range(len(ids) - 1, -1, -1)}

    def sessions_with(self, items: Sequence[int], limit: int) -> list[int]:
        """The first `limit` sessions, in order, with a click on any of these items."""
        wanted = np.zeros(len(self.catalog), dtype=bool)
        wanted[np.asarray(items, dtype=np.int64)] = True
        found: dict[int, None] = {}
        for start in range(0, self.n_clicks, CLICKS_AT_ONCE):
            clicks = start + np.flatnonzero(wanted[self.items[start : start + CLICKS_AT_ONCE]])
            sessions = np.searchsorted(self.offsets, clicks, side="right") - 1
            found.update(dict.fromkeys(sessions.tolist()))
            if len(found) >= limit:
                break
        return list(found)[:limit]

    @property
    def n_clicks(self) -> int:
        return len(self.items)

    @property
    def lengths(self) -> np.ndarray:
        """(S,) clicks in each session."""
        return np.diff(self.offsets)

    def select(self, sessions: np.ndarray) -> ClickLog:
        """The log of just these sessions (indices, in the order given), same catalogue."""
        sessions = np.asarray(sessions, dtype=np.int64)
        lengths = self.lengths[sessions]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        # position of each kept click: its session's start plus its place in the session
        rows = np.repeat(self.offsets[sessions] - offsets[:-1], lengths) + np.arange(offsets[-1])
        ids = tuple(self.session_ids[s] for s in sessions)
        times = None if self.times is None else self.times[rows]
        return ClickLog(self.catalog, self.items[rows], offsets, ids, times)
