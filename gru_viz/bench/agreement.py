"""How often do the ledgers put most at the click whose deletion matters most?

No bar: exact accounting is not an ablation, and this says how far the two are apart on the
shipped model and shop. The yardstick is a click drawn at random.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from gru_viz.bench.row import Effort, Row
from gru_viz.bench.timing import one_thread
from gru_viz.checkpoint import load
from gru_viz.data import shop
from gru_viz.explain.why import Why, why
from gru_viz.learn.split import split_by_time
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.rerun import last_clicks
from gru_viz.sessions import ClickLog

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
SESSIONS = 500
HELD_OUT = 0.1  # of the sessions, the share that the shipped model was not trained on
SHORTEST = 3  # clicks; with fewer there is little to disagree about
CHANCE = "a click at random"


def measure(effort: Effort) -> list[Row]:
    """For each ledger, agreement on the first recommended item, on it against the second, on detours."""
    model = load(SAMPLE_DATA)
    held_out = split_by_time(shop.sessions(), HELD_OUT).test
    with one_thread():
        return _recommended(model, held_out, effort) + _detours(model, held_out, effort)


def _recommended(model: GRU4Rec, log: ClickLog, effort: Effort) -> list[Row]:
    long = np.flatnonzero(log.lengths >= SHORTEST)
    sessions = [log[s].items for s in long[: effort.of(SESSIONS, 3)]]
    rows = []
    for what, against in (("first item", False), ("first against second item", True)):
        found = [_explained(model, items, against) for items in sessions]
        told = [one for one in found if one.write_agrees is not None]
        chance = float(np.mean([1 / len(one) for one in told]))
        for ledger in ("write", "click"):
            agrees = float(np.mean([getattr(one, f"{ledger}_agrees") for one in told]))
            work = f"{ledger} ledger's top click is deletion's, {what}, {len(told)} sessions"
            rows.append(Row("agreement", work, CHANCE, agrees, chance, unit="", more_is_better=True))
    return rows


def _explained(model: GRU4Rec, items: np.ndarray, against: bool) -> Why:
    """The end of a session: its first recommended item, or that against the second."""
    trace = record(model, items.tolist())
    first, second = trace.ranking(-1, 2).tolist()
    return why(trace, model.weights(), first, partial(last_clicks, model), second if against else None)


def _detours(model: GRU4Rec, log: ClickLog, effort: Effort) -> list[Row]:
    """Just before the lens of a detour: is its first click among the two that each answer puts first?

    The question is why a lens that fits stands above the best that does not; the other click
    is the cue that it is time for a lens.
    """
    places: dict[str, list[bool]] = {"written at": [], "carried from": [], "changes when deleted": []}
    chance = []
    for items in _before_lenses(log)[: effort.of(SESSIONS, 3)]:
        answer = _right_against_wrong(model, items)
        assert answer.write is not None
        assert answer.click is not None
        values = (answer.write.clicks, answer.click.clicks, answer.deletion.score_drop)
        for held, numbers in zip(places.values(), values, strict=True):
            held.append(0 in np.argsort(-numbers)[:2])
        chance.append(2 / len(items))
    return [
        Row(
            "agreement",
            f"a detour's first click is among the first two, {name}, {len(held)} detours",
            "two clicks at random",
            float(np.mean(held)),
            float(np.mean(chance)),
            unit="",
            more_is_better=True,
        )
        for name, held in places.items()
    ]


def _before_lenses(log: ClickLog) -> list[np.ndarray]:
    """The clicks before the lens of every detour of two clicks or more that a camera opens."""
    found = []
    for number in range(len(log)):
        items = log[number].items
        detour = shop.detour_of(items)
        if detour is not None and detour.body_step == 0 and detour.length >= SHORTEST - 1:
            found.append(items[: detour.lens_step])
    return found


def _right_against_wrong(model: GRU4Rec, items: np.ndarray) -> Why:
    trace = record(model, items.tolist())
    lenses = shop.lens_indices()
    fits = np.array([shop.mount_of(lens) == shop.mount_of(int(items[0])) for lens in lenses.tolist()])
    scores = trace.scores[-1]
    right, wrong = (_best(lenses[chosen].tolist(), scores) for chosen in (fits, ~fits))
    return why(trace, model.weights(), right, partial(last_clicks, model), wrong)


def _best(items: Sequence[int], scores: np.ndarray) -> int:
    return max(items, key=lambda item: float(scores[item]))
