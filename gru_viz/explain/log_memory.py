"""Does the model use the earlier clicks, over a whole log?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from gru_viz.errors import InputError
from gru_viz.explain.agreement import best, conservative_ranks, kl, log_softmax
from gru_viz.explain.words import Part, Sentence, number
from gru_viz.frozen import FrozenArrays

# Clicks unrolled side by side.
CLICKS_AT_ONCE = 20_000

# Scores after every click, session after session, as tables (B, n_items) of bounded size:
# `rerun.scores_of_every_click` of a model.
ScoreAll = Callable[[list[np.ndarray]], Iterable[np.ndarray]]
# (S, n_items) scores after the last click of each session: `rerun.scores_of_last_clicks`.
ScoreLast = Callable[[list[np.ndarray]], np.ndarray]


@dataclass(frozen=True, eq=False)
class LogMemory(FrozenArrays):
    """Every next click predicted from the whole session so far, and from its last clicks alone.

    Only clicks with at least two clicks before them are predicted: else both are the same.

    last:        (W,) how many of the last clicks were shown, rising
    overlap:     (W,) mean share of the k best items that both have
    kl:          (W,) mean KL(whole session ‖ last clicks), in nats
    recall, mrr: (W,) Recall@cutoff and MRR@cutoff of the next click from the last clicks alone,
                 conservative ranks
    full_recall, full_mrr: the same from the whole session
    predictions: how many next clicks were predicted
    sessions:    of how many sessions
    k, cutoff:   list lengths
    """

    last: np.ndarray
    overlap: np.ndarray
    kl: np.ndarray
    recall: np.ndarray
    mrr: np.ndarray
    full_recall: float
    full_mrr: float
    predictions: int
    sessions: int
    k: int
    cutoff: int


@dataclass(frozen=True)
class Progress:
    """How many of all next clicks are predicted, and what they say so far: at the end, the answer.

    The log is gone through in its order, so an early estimate is one of its first sessions.
    """

    done: int
    total: int
    so_far: LogMemory


def log_memory(
    sessions: Sequence[np.ndarray],
    score_all: ScoreAll,
    score_last: ScoreLast,
    last: Sequence[int] = (1, 2, 3, 5),
    k: int = 10,
    cutoff: int = 20,
) -> Iterator[Progress]:
    """Go through a log, each session's clicks as item indices; ends with the answer over all of it.

    Work is done only while the next Progress is asked for, in blocks of a fraction of a second:
    whoever stops asking has cancelled.

    last: how many of the last clicks are shown, rising; where a session so far is no longer
          than that, both sides are the same

    Raises InputError where no session has three clicks.
    """
    sessions = [session for session in sessions if len(session) > 2]
    if not sessions:
        raise InputError("no session of this log has three clicks, so no next click has two before it")
    return _progress(sessions, score_all, score_last, np.array(last), k, cutoff)


def _progress(
    sessions: list[np.ndarray],
    score_all: ScoreAll,
    score_last: ScoreLast,
    last: np.ndarray,
    k: int,
    cutoff: int,
) -> Iterator[Progress]:
    total = sum(len(session) - 2 for session in sessions)
    sums = _Sums(last, k, cutoff)
    for group in _side_by_side(sessions):
        clicks = _Clicks.of(group)
        start = 0
        for table in score_all([session[:-1] for session in group]):
            rows = np.arange(start, start + len(table))
            start += len(table)
            second = clicks.seen[rows] > 1
            if second.any():
                sums.add(table[second], clicks, rows[second], score_last)
                yield Progress(sums.predictions, total, sums.value())


def _side_by_side(sessions: list[np.ndarray]) -> Iterator[list[np.ndarray]]:
    """Groups of sessions, in order, of about CLICKS_AT_ONCE clicks."""
    group = np.cumsum([len(session) for session in sessions]) // CLICKS_AT_ONCE
    bounds = np.flatnonzero(np.diff(group)) + 1
    for first, end in zip([0, *bounds], [*bounds, len(sessions)], strict=True):
        yield sessions[first:end]


@dataclass(frozen=True, eq=False)
class _Clicks:
    """The N clicks of some sessions that have a next click, session after session.

    items: (N,)   seen: (N,) how many clicks of its session were seen by then, itself included
    next:  (N,) the item clicked next
    """

    items: np.ndarray
    seen: np.ndarray
    next: np.ndarray

    @classmethod
    def of(cls, sessions: list[np.ndarray]) -> _Clicks:
        return cls(
            np.concatenate([session[:-1] for session in sessions]),
            np.concatenate([np.arange(1, len(session)) for session in sessions]),
            np.concatenate([session[1:] for session in sessions]),
        )

    def windows(self, rows: np.ndarray, n: int) -> np.ndarray:
        """(len(rows), n) the n clicks that end at each of these clicks."""
        return self.items[rows[:, None] + np.arange(1 - n, 1)]


@dataclass
class _Sums:
    """Sums over the predictions so far; (W,) arrays over the numbers of last clicks."""

    last: np.ndarray
    k: int
    cutoff: int
    predictions: int = 0
    sessions: int = 0
    full: np.ndarray = field(default_factory=lambda: np.zeros(2))  # hits, reciprocal ranks
    shown: np.ndarray = field(init=False)  # (W, 4) overlap, KL, hits, reciprocal ranks

    def __post_init__(self) -> None:
        self.shown = np.zeros((len(self.last), 4))

    def add(self, scores: np.ndarray, clicks: _Clicks, rows: np.ndarray, score_last: ScoreLast) -> None:
        """The predictions after these clicks, whose scores (B, n_items) know the whole session."""
        self.k = min(self.k, scores.shape[1])
        hits = self._hits(scores, clicks.next[rows])
        listed, log_p = best(scores, self.k), log_softmax(scores)
        for place, n in enumerate(self.last):
            # what is the same on both sides stays as it is
            measured = np.column_stack([np.ones(len(rows)), np.zeros(len(rows)), hits])
            cut = clicks.seen[rows] > n
            if cut.any():
                windows, same = np.unique(clicks.windows(rows[cut], n), axis=0, return_inverse=True)
                alone = score_last(list(windows))
                measured[cut, 0] = (listed[cut] & best(alone, self.k)[same]).sum(axis=1) / self.k
                measured[cut, 1] = kl(log_p[cut], log_softmax(alone)[same])
                measured[cut, 2:] = self._hits(alone[same], clicks.next[rows[cut]])
            self.shown[place] += measured.sum(axis=0)
        self.full += hits.sum(axis=0)
        self.predictions += len(rows)
        self.sessions += int((clicks.seen[rows] == 2).sum())

    def _hits(self, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """(B, 2) whether the target is within the cutoff, and its reciprocal rank there, else 0."""
        ranks = conservative_ranks(scores, targets)
        hit = ranks <= self.cutoff
        return np.column_stack([hit, hit / ranks])

    def value(self) -> LogMemory:
        overlap, divergence, recall, mrr = (self.shown / self.predictions).T
        full_recall, full_mrr = (self.full / self.predictions).tolist()
        return LogMemory(
            *(self.last, overlap, divergence, recall, mrr, full_recall, full_mrr),
            *(self.predictions, self.sessions, self.k, self.cutoff),
        )


def log_memory_sentence(value: LogMemory) -> Sentence:
    """How much better the next click is predicted with the earlier clicks, and how far the lists differ."""
    n = int(value.last[0])
    alone = "the last click alone" if n == 1 else f"the last {n} clicks alone"
    full, shown = round(value.full_recall, 3), round(float(value.recall[0]), 3)
    points = 100 * (full - shown)
    said: Sentence = (Part("earlier clicks add "), number(points, 1), Part(" points"))
    if points <= 0:
        said = (Part("earlier clicks do not help here"),)
    if points < 0:
        said = (*said, Part(", they cost "), number(-points, 1), Part(" points"))
    return (
        *(Part("Over "), Part(f"{value.predictions:,}", "number"), Part(" predictions in ")),
        *(Part(f"{value.sessions:,}", "number"), Part(f" sessions Recall@{value.cutoff} is ")),
        *(_quality(full), Part(" with the whole session and "), _quality(shown), Part(f" with {alone}: ")),
        *(*said, Part(". The two lists share "), number(float(value.overlap[0]) * value.k, 1)),
        Part(f" of {value.k} items on average."),
    )


def _quality(value: float) -> Part:
    """0.8804 → ".880", as quality is written everywhere here."""
    return Part(f"{value:.3f}".removeprefix("0"), "number")
