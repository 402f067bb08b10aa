"""A second opinion: the equations of DESIGN.md, section 1, in float64 NumPy, one click at a time.

Written from the equations and not from the package. Everything is a column vector of one
session; each matrix has its own name; no batches, no blocks, no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class GateWeights:
    """W x + U h + b of one gate."""

    W: np.ndarray
    U: np.ndarray
    b: np.ndarray

    def __call__(self, x: np.ndarray, h: np.ndarray) -> np.ndarray:
        return self.W @ x + self.U @ h + self.b


def blocks(W: np.ndarray, U: np.ndarray, b: np.ndarray) -> list[GateWeights]:
    """From a checkpoint's stacked tensors: a gate for every H rows."""
    H = U.shape[1]
    return [
        GateWeights(*(array[row : row + H].astype(np.float64) for array in (W, U, b)))
        for row in range(0, len(U), H)
    ]


@dataclass(frozen=True)
class GRUWeights:
    """The three gates' weights; `c` is the bias inside the reset product, None for reset before."""

    update: GateWeights
    reset: GateWeights
    candidate: GateWeights
    c: np.ndarray | None = None

    @staticmethod
    def from_blocks(W: np.ndarray, U: np.ndarray, b: np.ndarray, c: np.ndarray | None = None) -> GRUWeights:
        """From a checkpoint's stacked tensors, whose blocks of H rows are z, r, candidate."""
        return GRUWeights(*blocks(W, U, b), c=None if c is None else c.astype(np.float64))


class Recorded(dict[str, np.ndarray]):
    """(T, H) arrays by name, which are attributes, too."""

    def __getattr__(self, name: str) -> np.ndarray:
        return self[name]


def logistic(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


# what a forced quantity becomes: (name, click, value (H,)) → value (H,)
Forcing = Callable[[str, int, np.ndarray], np.ndarray]


def by_itself(name: str, t: int, value: np.ndarray) -> np.ndarray:
    return value


def gru(
    x: np.ndarray, weights: GRUWeights, h0: np.ndarray | None = None, force: Forcing = by_itself
) -> Recorded:
    """One session x (T, E) from h0 (zeros if None); `force` gets h_prev, z, r and h as each is reached."""
    update, reset, candidate = weights.update, weights.reset, weights.candidate
    h = np.zeros(len(update.b)) if h0 is None else h0
    clicks = []
    for t, x_t in enumerate(x):
        h = force("h_prev", t, h)
        z = force("z", t, logistic(update.W @ x_t + update.U @ h + update.b))
        r = force("r", t, logistic(reset.W @ x_t + reset.U @ h + reset.b))
        if weights.c is None:
            recurrent = candidate.U @ (r * h)
        else:
            recurrent = r * (candidate.U @ h + weights.c)
        proposal = np.tanh(candidate.W @ x_t + recurrent + candidate.b)
        h = force("h", t, (1 - z) * h + z * proposal)
        clicks.append((z, r, proposal, h))
    return recorded(("z", "r", "candidate", "h"), clicks)


def recorded(names: Sequence[str], clicks: list[tuple[np.ndarray, ...]]) -> Recorded:
    return Recorded(zip(names, (np.array(rows) for rows in zip(*clicks, strict=True)), strict=True))


def lstm(
    x: np.ndarray,
    gates: list[GateWeights],
    h0: np.ndarray | None = None,
    c0: np.ndarray | None = None,
    force: Forcing = by_itself,
) -> Recorded:
    """As `gru`, for an LSTM with blocks f, i, o, candidate; its state before a click is h and c."""
    forget, write, show, candidate = gates
    h = np.zeros(len(forget.b)) if h0 is None else h0
    c = np.zeros(len(forget.b)) if c0 is None else c0
    clicks = []
    for t, x_t in enumerate(x):
        h, c = force("h_prev", t, h), force("h_prev", t, c)
        f = force("f", t, logistic(forget(x_t, h)))
        i = force("i", t, logistic(write(x_t, h)))
        o = force("o", t, logistic(show(x_t, h)))
        proposal = np.tanh(candidate(x_t, h))
        c = force("c", t, f * c + i * proposal)
        h = force("h", t, o * np.tanh(c))
        clicks.append((f, i, o, proposal, c, h))
    return recorded(("f", "i", "o", "candidate", "c", "h"), clicks)


def rnn(
    x: np.ndarray, gates: list[GateWeights], h0: np.ndarray | None = None, force: Forcing = by_itself
) -> Recorded:
    """As `gru`, for a vanilla recurrent network, whose candidate is its state."""
    (candidate,) = gates
    h = np.zeros(len(candidate.b)) if h0 is None else h0
    clicks = []
    for t, x_t in enumerate(x):
        proposal = np.tanh(candidate(x_t, force("h_prev", t, h)))
        h = force("h", t, proposal)
        clicks.append((proposal, h))
    return recorded(("candidate", "h"), clicks)


def layer_of(
    cell: str,
    x: np.ndarray,
    W: np.ndarray,
    U: np.ndarray,
    b: np.ndarray,
    c: np.ndarray | None,
    force: Forcing,
) -> Recorded:
    """One layer of a checkpoint from a zero start."""
    if cell == "gru":
        return gru(x, GRUWeights.from_blocks(W, U, b, c), force=force)
    return {"lstm": lstm, "rnn": rnn}[cell](x, blocks(W, U, b), force=force)


ACTIVATIONS = {
    "identity": lambda a: a,
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
    "elu": lambda a: np.where(a > 0, a, np.expm1(np.minimum(a, 0))),
}


def gru4rec(
    tensors: dict[str, np.ndarray],
    layers: int,
    activation: str,
    items: list[int],
    force: Callable[[int], Forcing] = lambda layer: by_itself,
    cell: str = "gru",
) -> tuple[list[Recorded], np.ndarray]:
    """What each layer holds and the scores (T, n_items), from tensors named as in a checkpoint.

    force: layer number → what is forced in it
    """
    tensors = {name: array.astype(np.float64) for name, array in tensors.items()}
    n_items = len(tensors["output.bias"])
    x = tensors.get("embedding", np.eye(n_items))[items]
    held = []
    for number in range(layers):
        names = (f"layers.{number}.{letter}" for letter in "WUbc")
        held.append(layer_of(cell, x, *(tensors.get(name) for name in names), force(number)))
        x = held[-1].h
    number = 0
    while f"feed_forward.{number}.weight" in tensors:
        weight, bias = (tensors[f"feed_forward.{number}.{part}"] for part in ("weight", "bias"))
        x = np.array([ACTIVATIONS[activation](weight @ row + bias) for row in x])
        number += 1
    output = tensors.get("output.embedding", tensors.get("embedding"))
    return held, np.array([output @ row + tensors["output.bias"] for row in x])
