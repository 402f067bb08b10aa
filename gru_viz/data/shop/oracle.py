"""How well could anyone predict the sample shop's next click?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from gru_viz.catalog import Catalog
from gru_viz.data.process import Process
from gru_viz.data.shop import intents
from gru_viz.data.shop import items as shop
from gru_viz.sessions import ClickLog, Session

CUTOFFS = (10, 20)


@dataclass(frozen=True)
class Limit:
    """What the best possible predictor reaches on a log.

    recall, mrr: by cutoff k, in [0, 1]; conservative ranks (1 + number of other
                 items at least as probable), among all items, repeats kept
    predictions: how many clicks were predicted: every one but a session's first
    """

    recall: dict[int, float]
    mrr: dict[int, float]
    predictions: int


@dataclass(frozen=True)
class Detour:
    """A camera body and, some clicks later, the lens it was about.

    mount:     the body's mount
    length:    clicks strictly between body and lens; 0 where the lens follows at once
    body_step: position of the (last) body in the session, from 0
    lens_step: position of the first lens after it, from 0
    """

    mount: str
    length: int
    body_step: int
    lens_step: int


@dataclass(frozen=True, eq=False)
class ShopProcess:
    """The process that made the sample shop's sessions, over the shop's catalogue."""

    catalog: Catalog
    process: Process
    states: tuple[str, ...]

    def predict(self, items: Session | np.ndarray | Iterable[int]) -> np.ndarray:
        """(T, 240) P(item at click t+1 | clicks 1..t, there is a click t+1); float64, rows sum to 1.

        Defined for every sequence of the shop's items, also one that no shopper
        made. A click repeated at once, which the shop's shoppers never make,
        tells nothing new: its row is that of the click before.
        """
        once, row_of = _without_repeats(items)
        return self.process.predict(once)[row_of]

    def intents(self, items: Session | np.ndarray | Iterable[int]) -> dict[str, np.ndarray]:
        """By intent: (T,) P(the shopper has this intent at click t | clicks 1..t); they sum to 1."""
        once, row_of = _without_repeats(items)
        beliefs = self.process.beliefs(once)[row_of]
        of_state = np.array([name.split(",")[0] for name in self.states])
        return {intent: beliefs[:, of_state == intent].sum(1) for intent in intents.SHARES}

    def limit(self, log: ClickLog) -> Limit:
        """The process' own Recall@k and MRR@k on the log: no model can be expected to do better."""
        ranks = [
            _conservative_ranks(block, log.items[clicks]) for block, clicks in self.process.predictions(log)
        ]
        rank = np.concatenate([np.empty(0), *ranks])
        found = {k: rank <= k for k in CUTOFFS}
        count = max(len(rank), 1)
        recall = {k: float(hit.sum() / count) for k, hit in found.items()}
        mrr = {k: float((hit / rank).sum() / count) for k, hit in found.items()}
        return Limit(recall, mrr, len(rank))


def _indices(items: Session | np.ndarray | Iterable[int]) -> np.ndarray:
    return items.items if isinstance(items, Session) else np.fromiter(items, dtype=np.int64)


def _without_repeats(items: Session | np.ndarray | Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
    """The clicks less those on the item just clicked, and for each click (T,) its place among them."""
    clicks = _indices(items)
    new = np.append(True, clicks[1:] != clicks[:-1])
    return clicks[new], np.cumsum(new) - 1


def _conservative_ranks(probabilities: np.ndarray, items: np.ndarray) -> np.ndarray:
    """(B,) 1 + number of other items at least as probable; probabilities (B, N), items (B,)."""
    own = np.take_along_axis(probabilities, items[:, None], axis=1)
    return (probabilities >= own).sum(1)


@cache
def process() -> ShopProcess:
    """The shop's process; the same object at every call, and nobody can write to it."""
    made, names = intents.shop_process()
    return ShopProcess(shop.catalog(), made, names)


def lens_indices() -> np.ndarray:
    """(24,) indices of all lenses, in catalogue order."""
    return shop.where(shop.LENS)


def mount_of(item_index: int) -> str | None:
    """The mount of a camera body or a lens; None for any other item."""
    product = shop.products()[item_index]
    return product.family if product.role in (shop.BODY, shop.LENS) else None


def detour_of(session: Session | np.ndarray | Iterable[int]) -> Detour | None:
    """The session's first detour, read from its items alone; None where there is none.

    From the last camera body before a lens to that lens, whatever the mount of
    the lens: a small share of shoppers looks at one that does not fit.
    """
    roles = [shop.products()[index].role for index in _indices(session)]
    if shop.BODY not in roles:
        return None
    lenses = [t for t, role in enumerate(roles) if role == shop.LENS and t > roles.index(shop.BODY)]
    if not lenses:
        return None
    body_step = max(t for t, role in enumerate(roles[: lenses[0]]) if role == shop.BODY)
    mount = shop.products()[_indices(session)[body_step]].family
    return Detour(mount, lenses[0] - body_step - 1, body_step, lenses[0])
