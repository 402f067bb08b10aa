"""Which clicks make which session, in which order?

Every step takes clicks and returns clicks; what it drops or cuts it counts.
Sessions, items and times are arrays side by side, one entry a click.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from gru_viz.data.reading.findings import Findings, counted
from gru_viz.data.reading.times import Clock

# The usual end of a visit in web analytics; used only where the log names users, not sessions.
VISIT_GAP_S = 30 * 60
# Nobody shops for a day without a pause: the id stands for two visits.
REUSED_AFTER_S = 24 * 3600
# Longer "sessions" are robots or a default id; one would fill the page and the training batch.
MAX_SESSION_CLICKS = 10_000
DAY_S = 86_400
# Among so many clicks most items of a usual log have been seen.
FIRST_CLICKS = 1 << 16
# So many clicks that what is worked out on the way stays in the processor's cache.
AT_ONCE = 1 << 15


@dataclass(frozen=True)
class Clicks:
    """Clicks side by side.

    session: (N,) int code of the session
    item:    (N,) int code of the item
    ticks:   (N,) times as in `Clock`, or None where the log has none
    """

    session: np.ndarray
    item: np.ndarray
    ticks: np.ndarray | None

    def __len__(self) -> int:
        return len(self.session)

    def take(self, rows: np.ndarray) -> Clicks:
        """The clicks at `rows` (indices or a mask)."""
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows  # a mask is slow, and used three times
        ticks = None if self.ticks is None else self.ticks[rows]
        return Clicks(self.session[rows], self.item[rows], ticks)

    @cached_property
    def starts(self) -> np.ndarray:
        """(S + 1,) where each session starts; clicks of a session must stand together."""
        changes = np.flatnonzero(self.session[1:] != self.session[:-1]) + 1
        return np.concatenate([[0], changes, [len(self)]])


def drop_where(clicks: Clicks, bad: np.ndarray, reason: str, findings: Findings) -> Clicks:
    """The clicks not marked bad; the others are counted under `reason`."""
    count = int(np.count_nonzero(bad))
    findings.drop(reason, count)
    return clicks.take(~bad) if count else clicks


def sort_clicks(clicks: Clicks, findings: Findings) -> Clicks:
    """Sessions together, each in the order of its times; file order where these are equal."""
    order = _order(clicks.session, clicks.ticks)
    if order is None:
        return clicks
    if clicks.ticks is None:
        findings.note("clicks of one session did not stand together; they were gathered in file order")
    else:
        findings.note("clicks were not in the order of session and time; they were sorted")
    return clicks.take(order)


def _order(session: np.ndarray, ticks: np.ndarray | None) -> np.ndarray | None:
    """The stable order by (session, ticks), or None if the clicks stand so already."""
    grouped = bool((session[1:] >= session[:-1]).all())
    if ticks is None or (ticks[1:] >= ticks[:-1]).all():
        return None if grouped else _stable_order(session)
    if not grouped:
        by_time = np.argsort(ticks, kind="stable")
        return by_time[_stable_order(session[by_time])]
    same = session[1:] == session[:-1]
    if ((ticks[1:] >= ticks[:-1]) | ~same).all():
        return None
    key = _one_key(session, ticks)
    return np.lexsort((ticks, session)) if key is None else np.argsort(key, kind="stable")


def _one_key(session: np.ndarray, ticks: np.ndarray) -> np.ndarray | None:
    """(session, ticks) as one whole number, faster to sort; None if it has no room."""
    if ticks.dtype.kind != "i":
        return None
    first, last = int(ticks.min()), int(ticks.max())
    span = last - first + 1
    if (int(session.max()) + 1) * span >= 2**63:
        return None
    return session.astype(np.int64) * span + (ticks - first)


def _stable_order(codes: np.ndarray) -> np.ndarray:
    """np.argsort(codes, kind="stable"), 16 bits at a time: NumPy sorts such digits 3 times as fast."""
    order = np.argsort((codes & 0xFFFF).astype(np.uint16), kind="stable")
    rest = codes >> 16
    return order[_stable_order(rest[order])] if rest.any() else order


def split_visits(
    clicks: Clicks, users: pa.StringArray, per_second: int, findings: Findings
) -> tuple[Clicks, pa.StringArray]:
    """Users' sorted clicks as sessions, split where a user paused; and the sessions' ids.

    The k-th visit of user u is called 'u/k'.
    """
    if clicks.ticks is None:
        findings.warn("no session column; each user's clicks were taken as one session")
        return clicks, users
    new_user = np.append(True, clicks.session[1:] != clicks.session[:-1])
    pause = np.append(False, np.diff(clicks.ticks) > VISIT_GAP_S * per_second)
    starts = np.flatnonzero(new_user | pause)
    session = np.cumsum(new_user | pause) - 1
    owner = clicks.session[starts]
    first_visit = np.maximum.accumulate(np.where(new_user[starts], np.arange(len(starts)), 0))
    visit = pa.array(np.arange(len(starts)) - first_visit + 1).cast(pa.string())
    ids = pc.binary_join_element_wise(users.take(pa.array(owner)), visit, "/")
    findings.warn(
        f"no session column; {counted(int(new_user.sum()), 'user')} were split into "
        f"{counted(len(starts), 'session')} at pauses of more than {VISIT_GAP_S // 60} minutes"
    )
    return replace(clicks, session=session), ids


def find_doubles(clicks: Clicks, per_second: int, findings: Findings) -> np.ndarray:
    """(N,) bool: sorted clicks entered twice, with the session, item and time of the click before.

    Without times, or with dates only, a double entry cannot be told from a
    shopper who clicked again: then they are counted and not marked.
    """
    same = np.zeros(len(clicks), dtype=bool)
    np.equal(clicks.session[1:], clicks.session[:-1], out=same[1:])
    same[1:] &= clicks.item[1:] == clicks.item[:-1]
    if clicks.ticks is not None:
        same[1:] &= clicks.ticks[1:] == clicks.ticks[:-1]
    count = int(np.count_nonzero(same))
    if count and (clicks.ticks is None or not (clicks.ticks % (DAY_S * per_second)).any()):
        what = "repeats the click before it" if count == 1 else "repeat the click before them"
        findings.note(f"{counted(count, 'row')} {what} exactly; kept as repeat clicks")
        return np.zeros(len(clicks), dtype=bool)
    findings.drop("exact duplicate (same session, item and time)", count)
    return same


def warn_reused(clicks: Clicks, per_second: int, findings: Findings) -> None:
    """Warns if a session pauses so long that its id was probably used again."""
    if clicks.ticks is None:
        return
    late = [
        start
        + np.flatnonzero(np.diff(clicks.ticks[start : start + AT_ONCE + 1]) > REUSED_AFTER_S * per_second)
        for start in range(0, len(clicks), AT_ONCE)
    ]
    before = np.concatenate(late)
    before = before[clicks.session[before] == clicks.session[before + 1]]
    if len(before):
        reused = len(np.unique(clicks.session[before]))
        findings.warn(
            f"{counted(reused, 'session')} with a pause of more than {REUSED_AFTER_S // 3600} hours: "
            "is the session id used again?"
        )


def find_excess(clicks: Clicks, bad: np.ndarray, findings: Findings) -> np.ndarray:
    """`bad` with the clicks after the first MAX_SESSION_CLICKS good ones of a session marked, too."""
    starts = clicks.starts
    lengths = np.diff(starts)
    if lengths.max() <= MAX_SESSION_CLICKS:
        return bad
    before = np.cumsum(~bad) - ~bad  # good clicks before each click, in all sessions
    excess = ~bad & (before - np.repeat(before[starts[:-1]], lengths) >= MAX_SESSION_CLICKS)
    if excess.any():
        giants = counted(len(np.unique(clicks.session[excess])), "session")
        findings.note(f"{giants} of more than {MAX_SESSION_CLICKS:,} clicks cut there")
        findings.drop(f"beyond the first {MAX_SESSION_CLICKS:,} clicks of a session", excess.sum())
    return bad | excess


def keep_sessions(clicks: Clicks, bad: np.ndarray, min_session: int, findings: Findings) -> Clicks:
    """Sorted clicks without bad ones and short sessions; sessions in the order of their first click.

    Without times sessions stay in file order. The first click of a session is never bad.
    """
    starts = clicks.starts
    lengths = np.diff(starts)
    left = np.add.reduceat(~bad, starts[:-1], dtype=np.int64) if bad.any() else lengths
    short = left < min_session
    reason = "session of one click" if min_session == 2 else f"session of fewer than {min_session} clicks"
    findings.drop(reason, left[short].sum())
    kept = np.flatnonzero(~short)
    whole = len(kept) == len(short) and not bad.any()
    if clicks.ticks is not None:
        first = clicks.ticks[starts[kept]]
        if not (first[1:] >= first[:-1]).all():
            kept = kept[np.argsort(first, kind="stable")]
            rows = _rows_of(starts[kept], lengths[kept])
            return clicks.take(rows[~bad[rows]] if bad.any() else rows)
    return clicks if whole else clicks.take(np.repeat(~short, lengths) & ~bad)


def _rows_of(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The rows of these sessions, one session after the other."""
    ends = np.cumsum(lengths)
    # position of each click: its session's start plus its place in the session
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(lengths.sum())


def by_first_click(item: np.ndarray, codes: int) -> np.ndarray:
    """The codes (0 to `codes` - 1) there are, in the order in which they come first.

    Most come early; of the later clicks only those on other items are looked at one by one.
    """
    early = pd.unique(item[:FIRST_CLICKS])
    known = np.zeros(codes, dtype=bool)
    known[early] = True
    later = item[FIRST_CLICKS:]
    return np.concatenate([early, pd.unique(later[~known.take(later, mode="clip")])])


def seconds(clicks: Clicks, clock: Clock | None) -> np.ndarray | None:
    """(N,) float64 epoch seconds, or None."""
    if clock is None or clicks.ticks is None:
        return None
    return clicks.ticks / clock.per_second
