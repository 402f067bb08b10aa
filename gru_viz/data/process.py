"""What will be clicked next, when we know how the clicks are made?

A hidden Markov model whose shoppers like to stay with one kind of product and never
click the same item twice in a row. The forward algorithm gives the exact distribution
of the next item, so nobody, and no model, can predict better.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from gru_viz.errors import InputError
from gru_viz.frozen import FrozenArrays
from gru_viz.sessions import ClickLog, Session

ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Process(FrozenArrays):
    """A hidden Markov model over items, with an end, sticky kinds of items and no click repeated at once.

    initial:     (S,) probability of the hidden state at click 1; sums to 1
    transition:  (S, S) from row to column; a row sums to 1 minus its probability of the end
    emission:    (S, N) what a state clicks where the click before does not matter; rows sum to 1
    stay:        (S,) probability that a state stays with the kind of the click before, and
                 then draws an item of that kind by its appeal
    kinds:       (N,) kind of each item (its product family, say), 0, 1, 2, …
    appeal:      (N,) weight of each item, above 0, among the items of its kind

    A state that clicks nothing of that kind cannot stay: it draws from
    its whole emission. Either draw leaves out the item clicked just before; where
    that leaves nothing, the session ends. So the click before matters, as in an
    autoregressive hidden Markov model (Rabiner 1989, section IV.B), and is seen:
    the forward algorithm stays exact.

    Raises InputError where shapes or sums are wrong.
    """

    initial: np.ndarray
    transition: np.ndarray
    emission: np.ndarray
    stay: np.ndarray
    kinds: np.ndarray
    appeal: np.ndarray

    def __post_init__(self) -> None:
        for name in ("initial", "transition", "emission", "stay", "appeal"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        object.__setattr__(self, "kinds", np.asarray(self.kinds, dtype=np.int64))
        super().__post_init__()
        self._check_shapes()
        self._check_sums()

    def _check_shapes(self) -> None:
        S, N = self.emission.shape
        wanted = {"initial": (S,), "transition": (S, S), "stay": (S,), "kinds": (N,), "appeal": (N,)}
        for name, shape in wanted.items():
            if getattr(self, name).shape != shape:
                raise InputError(f"the process' {name} must have shape {shape}")

    def _check_sums(self) -> None:
        if min(array.min() for array in (self.initial, self.transition, self.emission, self.stay)) < 0:
            raise InputError("the process has a probability below 0")
        if self.appeal.min() <= 0:
            raise InputError("the process has an item whose appeal is not above 0")
        whole = np.append(self.emission.sum(1), self.initial.sum())
        most = max(self.transition.sum(1).max(), self.stay.max())
        if np.abs(whole - 1).max() > ROUNDING or most > 1 + ROUNDING:
            raise InputError("the process has probabilities that do not sum to 1")

    @property
    def n_states(self) -> int:
        return len(self.initial)

    @property
    def n_items(self) -> int:
        return len(self.kinds)

    @cached_property
    def _of_kind(self) -> np.ndarray:
        """(K, N) bool: is the item of the kind?"""
        return np.arange(self.kinds.max() + 1)[:, None] == self.kinds

    @cached_property
    def _within(self) -> np.ndarray:
        """(N,) P(item | its kind) for a shopper who stays."""
        return self.appeal / np.bincount(self.kinds, self.appeal)[self.kinds]

    @cached_property
    def _stays(self) -> np.ndarray:
        """(K, S) probability that the state stays, after a click on the kind."""
        visits = (self.emission @ self._of_kind.T > 0).T
        return visits * self.stay

    @cached_property
    def _anew(self) -> np.ndarray:
        """(N, S) factor by which a state's draws rise once the item clicked before is left out."""
        return _share_left(self.emission).T

    @cached_property
    def _anew_within(self) -> np.ndarray:
        """(N,) the same factor for those who stay with the kind of the item clicked before."""
        return _share_left(self._within)

    def likelihood(self, previous: np.ndarray, items: np.ndarray) -> np.ndarray:
        """(B, S) P(item | state, item clicked before), for B pairs of item indices."""
        before = self.kinds[previous]
        stays = self._stays[before]
        within = (before == self.kinds[items]) * self._anew_within[previous] * self._within[items]
        chosen = (1 - stays) * self._anew[previous] * self.emission.T[items] + stays * within[:, None]
        return chosen * (items != previous)[:, None]

    def next_items(self, beliefs: np.ndarray, previous: np.ndarray) -> np.ndarray:
        """(B, N) P(next item | there is a next click), from beliefs about the state of now.

        beliefs:  (B, S) P(state now | clicks so far)
        previous: (B,) the click of now
        """
        before = self.kinds[previous]
        ahead = beliefs @ self.transition  # (B, S): the state of the next click, where there is one
        staying = ahead * self._stays[before]
        scores = ((ahead - staying) * self._anew[previous]) @ self.emission
        scores += (
            (staying.sum(1) * self._anew_within[previous])[:, None] * self._within * self._of_kind[before]
        )
        scores[np.arange(len(previous)), previous] = 0
        return scores / scores.sum(1, keepdims=True)

    def _begin(self, items: np.ndarray) -> np.ndarray:
        return _normalised(self.initial * self.emission.T[items], items)

    def _advance(self, beliefs: np.ndarray, previous: np.ndarray, items: np.ndarray) -> np.ndarray:
        return _normalised((beliefs @ self.transition) * self.likelihood(previous, items), items)

    def beliefs(self, items: np.ndarray) -> np.ndarray:
        """(T, S) P(hidden state at click t | clicks 1..t).

        The forward algorithm, scaled at each click (Rabiner 1989, A tutorial on
        hidden Markov models, section V.A). Raises InputError for clicks that
        the process cannot make.
        """
        items = np.asarray(items, dtype=np.int64)[:, None]
        rows = [self._begin(items[0])]
        for previous, item in pairwise(items):
            rows.append(self._advance(rows[-1], previous, item))
        return np.concatenate(rows)

    def predict(self, items: np.ndarray) -> np.ndarray:
        """(T, N) P(item at click t+1 | clicks 1..t, there is a click t+1); float64, rows sum to 1."""
        items = np.asarray(items, dtype=np.int64)
        return self.next_items(self.beliefs(items), items)

    def predictions(self, log: ClickLog) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """All predictions for a log: blocks (B, N) and the (B,) clicks they predict, positions in its items.

        One block per click number, over all sessions that have a click after it.
        """
        longest_first = np.argsort(-log.lengths, kind="stable")
        starts, lengths = log.offsets[:-1][longest_first], log.lengths[longest_first]
        now = log.items[starts]
        beliefs = self._begin(now)
        for step in range(1, int(lengths[0])):
            going_on = np.searchsorted(-lengths, -step)  # sessions with more than `step` clicks stand first
            beliefs, now = beliefs[:going_on], now[:going_on]
            clicks = starts[:going_on] + step
            yield self.next_items(beliefs, now), clicks
            following = log.items[clicks]
            beliefs, now = self._advance(beliefs, now, following), following

    def simulate(self, rng: np.random.Generator, longest: int) -> Session:
        """One session drawn from the process, cut off after `longest` clicks.

        Cutting by the number of clicks alone leaves `predict` exact: it says
        nothing about which item comes, only that none does.
        """
        u = rng.random((longest, 2))
        state = _draw(self.initial, u[0, 0])
        items = [_draw(self.emission[state], u[0, 1])]
        for move, choice in u[1:]:
            moves = self.transition[state]
            if move >= moves.sum():
                break
            state = _draw(moves, move / moves.sum())
            clicks = self._emission_after(state, items[-1])
            if choice >= clicks.sum():
                break
            items.append(_draw(clicks, choice / clicks.sum()))
        return Session(np.array(items))

    def _emission_after(self, state: int, previous: int) -> np.ndarray:
        """(N,) what the state clicks, after a click on `previous`."""
        kind = self.kinds[previous]
        stays = self._stays[kind, state]
        clicks = (1 - stays) * self._anew[previous, state] * self.emission[state]
        clicks = clicks + stays * self._anew_within[previous] * self._within * self._of_kind[kind]
        clicks[previous] = 0
        return clicks


def _share_left(table: np.ndarray) -> np.ndarray:
    """1 / (1 − p) for each probability of the table; 0 where nothing is left."""
    left = 1 - table
    return np.divide(1, left, where=left > ROUNDING, out=np.zeros_like(table))


def _normalised(joint: np.ndarray, items: np.ndarray) -> np.ndarray:
    """Rows that sum to 1. Raises InputError for a row of zeros: clicks that cannot be."""
    sums = joint.sum(1, keepdims=True)
    if not sums.all():
        raise InputError(f"the process never clicks item {int(items[np.argmin(sums)])} after these clicks")
    return joint / sums


def _draw(weights: np.ndarray, u: float) -> int:
    """The index that u in [0, 1) falls on, when indices share [0, 1) by their weights."""
    upto = np.cumsum(weights)
    return int(np.searchsorted(upto[:-1], u * upto[-1], side="right"))
