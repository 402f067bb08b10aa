"""What did the model hold, and what would it have recommended, at every click?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from gru_viz.anatomy import CELLS, Anatomy
from gru_viz.catalog import Catalog
from gru_viz.frozen import FrozenArrays, read_only
from gru_viz.interventions import Interventions, within


@dataclass(frozen=True, eq=False)
class ForcedState(FrozenArrays):
    """What gates and candidate no longer tell of a layer whose state was forced; (T, H) each.

    seen:  the state each click looked at, which is the one before it unless that was forced
    keep:  the share of the old state that stayed
    write: what the click and the forcing added to it
    """

    seen: np.ndarray
    keep: np.ndarray
    write: np.ndarray

    def prefix(self, clicks: int) -> ForcedState:
        return ForcedState(self.seen[:clicks], self.keep[:clicks], self.write[:clicks])


@dataclass(frozen=True, eq=False)
class LayerTrace(FrozenArrays):
    """What one recurrent layer held at each of T clicks; H is its number of units.

    cell:      a key of `anatomy.CELLS`
    h0:        (H,) state before the first click
    gates:     (T, H) each, in [0, 1]; of a GRU "z" (update, z writes) and "r" (reset), of an LSTM
               "f" (forget), "i" (input) and "o" (output), of a vanilla RNN none
    candidate: (T, H) in [-1, 1], what the click proposes to remember
    h:         (T, H) in [-1, 1] from a zero start, the state after the click, which is read out
    forced:    None unless an intervention forced the state of this layer
    c0, c:     (H,) and (T, H), the memory of an LSTM; None for other cells

    Every cell has the common form, under interventions too:

        state[t] = keep[t] * state[t-1] + write[t]        h[t] = shown[t] * state[t]

    where state is an LSTM's c and any other cell's h, of which all is shown. Gates are those in
    force. Arrays are read-only and keep the model's precision.
    """

    cell: str
    h0: np.ndarray
    gates: Mapping[str, np.ndarray]
    candidate: np.ndarray
    h: np.ndarray
    forced: ForcedState | None = None
    c0: np.ndarray | None = None
    c: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.h)

    @property
    def anatomy(self) -> Anatomy:
        return CELLS[self.cell]

    @property
    def units(self) -> int:
        return self.h.shape[1]

    @property
    def z(self) -> np.ndarray:
        """(T, H) update gate, z writes: 1 replaces the state by the candidate."""
        return self.gates["z"]

    @property
    def r(self) -> np.ndarray:
        """(T, H) reset gate: how much of the old state the candidate may look at."""
        return self.gates["r"]

    @cached_property
    def h_prev(self) -> np.ndarray:
        """(T, H) state before each click."""
        return read_only(np.concatenate([self.h0[None], self.h[:-1]]))

    @property
    def state(self) -> np.ndarray:
        """(T, H) what has the common form: an LSTM's c, any other cell's h."""
        return self.h if self.c is None else self.c

    @property
    def state0(self) -> np.ndarray:
        """(H,) the same before the first click."""
        return self.h0 if self.c0 is None else self.c0

    @cached_property
    def state_prev(self) -> np.ndarray:
        """(T, H) the same before each click."""
        return read_only(np.concatenate([self.state0[None], self.state[:-1]]))

    @cached_property
    def shown(self) -> np.ndarray:
        """(T, H) h over state: how much of it is read out; 1 unless an LSTM's output gate decides.

        Of an LSTM o tanh(c) / c, and o where c is 0, as tanh(c) / c goes to 1 there.
        """
        if self.c is None:
            return read_only(np.ones_like(self.h))
        return read_only(np.divide(self.h, self.c, out=self.gates["o"].copy(), where=self.c != 0))

    @property
    def seen(self) -> np.ndarray:
        """(T, H) state that each click's gates and candidate looked at; h_prev unless that was forced."""
        return self.h_prev if self.forced is None else self.forced.seen

    @cached_property
    def keep(self) -> np.ndarray:
        """(T, H) in [0, 1], the share of the old state that stays.

        1 - z of a GRU, f of an LSTM, 0 of a vanilla RNN, unless forced.
        """
        if self.forced is not None:
            return self.forced.keep
        if self.cell == "gru":
            return read_only(1 - self.z)
        return self.gates["f"] if self.cell == "lstm" else read_only(np.zeros_like(self.h))

    @cached_property
    def write(self) -> np.ndarray:
        """(T, H) what the click adds to the state.

        z * candidate of a GRU, i * candidate of an LSTM, h of a vanilla RNN, unless forced.
        """
        if self.forced is not None:
            return self.forced.write
        return read_only(self.write_gate * self.candidate)

    @property
    def write_gate(self) -> np.ndarray:
        """(T, H) in [0, 1], how much of the candidate is written: z, i, or 1 where there is no gate."""
        if self.cell == "gru":
            return self.z
        return self.gates["i"] if self.cell == "lstm" else np.ones_like(self.h)

    def quantities(self) -> dict[str, np.ndarray]:
        """Every recorded (T, H) array by its name, gates first."""
        if self.cell == "rnn":  # its candidate is the state, unless that was forced
            return {"h": self.h}
        memory = {} if self.c is None else {"c": self.c}
        return {**self.gates, "candidate": self.candidate, **memory, "h": self.h}


@dataclass(frozen=True, eq=False)
class Trace(FrozenArrays):
    """All that the instrumented model recorded for one session of T clicks.

    items:      (T,) item indices into `catalog`
    scores:     (T, K) scores after each click; K is the whole catalogue, or its
                best part where the catalogue is large (see `scored`)
    layers:     one LayerTrace a layer, the input side first
    scored:     (T, K) item index of each score column, best first, or None when
                column i is item i
    normalizer: (T,) log Σ exp(score) over the whole catalogue; None when all scores are here
    interventions: what was forced while it was recorded; empty for what the model does by itself

    Prefix law: the trace of the first k clicks equals the first k rows of this one,
    up to the rounding of the model's precision.
    """

    catalog: Catalog
    items: np.ndarray
    scores: np.ndarray
    layers: tuple[LayerTrace, ...]
    scored: np.ndarray | None = None
    normalizer: np.ndarray | None = None
    interventions: Interventions = ()

    def __len__(self) -> int:
        return len(self.items)

    @property
    def n_scored(self) -> int:
        """How many items have a recorded score at each click."""
        return self.scores.shape[1]

    def prefix(self, clicks: int) -> Trace:
        """The trace as it stood after the first `clicks` clicks."""
        layers = tuple(
            replace(
                layer,
                gates={name: gate[:clicks] for name, gate in layer.gates.items()},
                candidate=layer.candidate[:clicks],
                h=layer.h[:clicks],
                forced=None if layer.forced is None else layer.forced.prefix(clicks),
                c=None if layer.c is None else layer.c[:clicks],
            )
            for layer in self.layers
        )
        return Trace(
            self.catalog,
            self.items[:clicks],
            self.scores[:clicks],
            layers,
            None if self.scored is None else self.scored[:clicks],
            None if self.normalizer is None else self.normalizer[:clicks],
            within(self.interventions, clicks),
        )

    def require_no_interventions(self, what: str) -> None:
        """Raises ValueError where anything was forced: there the weights alone do not give `what`."""
        if self.interventions:
            raise ValueError(f"{what} is only for a recording without interventions")

    def ranking(self, step: int = -1, k: int | None = None) -> np.ndarray:
        """Item indices by falling score after click `step` (0-based); ties by item index.

        (min(k, K),) int64.
        """
        scores = self.scores[step]
        k = len(scores) if k is None else min(k, len(scores))
        if self.scored is not None:
            return self.scored[step][:k]
        # every item that ties with the k-th best competes, so the cut never depends on partition order
        cut = np.partition(scores, len(scores) - k)[len(scores) - k]
        best = np.flatnonzero(scores >= cut)
        return best[np.argsort(-scores[best], kind="stable")][:k]

    def column(self, item: int, step: int = -1) -> int | None:
        """Where `item`'s score stands in ``scores[step]``; None if it was not kept."""
        if self.scored is None:
            return int(item)
        places = np.flatnonzero(self.scored[step] == item)
        return int(places[0]) if len(places) else None

    def rank(self, item: int, step: int = -1) -> int | None:
        """1-based place of `item` in `ranking(step)`; None if it is behind all kept scores."""
        column = self.column(item, step)
        if column is None or self.scored is not None:
            return None if column is None else column + 1
        scores = self.scores[step]
        ahead = np.count_nonzero(scores > scores[column]) + np.count_nonzero(
            scores[:column] == scores[column]
        )
        return int(ahead) + 1

    @cached_property
    def log_normalizer(self) -> np.ndarray:
        """(T,) float64, log Σ exp(score) over the whole catalogue after each click."""
        if self.normalizer is not None:
            return read_only(self.normalizer.astype(np.float64))
        scores = self.scores.astype(np.float64)
        highest = scores.max(axis=1)
        return read_only(highest + np.log(np.exp(scores - highest[:, None]).sum(axis=1)))

    def probability(self, items: np.ndarray, step: int = -1) -> np.ndarray:
        """Softmax probability of each of `items` after click `step`, over the whole catalogue.

        A model trained with a ranking loss orders items well without these being
        calibrated probabilities. NaN for an item whose score was not kept.
        """
        items = np.asarray(items, dtype=np.int64)
        if self.scored is None:
            scores = self.scores[step][items].astype(np.float64)
        else:
            columns = [self.column(item, step) for item in items]
            kept = self.scores[step]
            scores = np.array([np.nan if c is None else kept[c] for c in columns], dtype=np.float64)
        return np.exp(scores - float(self.log_normalizer[step]))

    def top(self, k: int = 10, step: int = -1) -> pd.DataFrame:
        """The k best next items after click `step`: item_id, title, score, probability, rank."""
        items = self.ranking(step, k)
        columns = [self.column(item, step) for item in items]
        return pd.DataFrame(
            {
                "item_id": [self.catalog.ids[i] for i in items],
                "title": [self.catalog.titles[i] for i in items],
                "score": self.scores[step][columns],
                "probability": self.probability(items, step),
                "rank": np.arange(1, len(items) + 1),
            }
        )

    def to_frame(self) -> pd.DataFrame:
        """Tidy table of every recorded value: step (1-based), item, layer, unit, quantity, value."""
        return pd.concat(
            [self._frame(number, layer) for number, layer in enumerate(self.layers)], ignore_index=True
        )

    def _frame(self, number: int, layer: LayerTrace) -> pd.DataFrame:
        ids = np.array(self.catalog.ids, dtype=object)[self.items]
        steps, units = np.indices(layer.h.shape)
        parts = [
            pd.DataFrame(
                {
                    "step": steps.ravel() + 1,
                    "item": ids[steps.ravel()],
                    "layer": number,
                    "unit": units.ravel(),
                    "quantity": name,
                    "value": values.ravel(),
                }
            )
            for name, values in layer.quantities().items()
        ]
        return pd.concat(parts, ignore_index=True)
