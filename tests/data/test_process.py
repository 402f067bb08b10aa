"""Oracle: every sequence of a tiny process, enumerated by hand-written loops."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from gru_viz.catalog import Catalog
from gru_viz.data.process import Process
from gru_viz.errors import InputError
from gru_viz.sessions import ClickLog, Session

ITEMS = Catalog(("a", "b", "c", "d"))


@pytest.fixture
def tiny() -> Process:
    """Three states over two kinds of two items; state 1 stays, state 2 clicks d alone."""
    return Process(
        initial=np.array([0.6, 0.3, 0.1]),
        transition=np.array([[0.2, 0.5, 0.1], [0.3, 0.4, 0.1], [0.5, 0.1, 0.2]]),
        emission=np.array([[0.5, 0.2, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4], [0.0, 0.0, 0.0, 1.0]]),
        stay=np.array([0.0, 0.6, 0.7]),
        kinds=np.array([0, 0, 1, 1]),
        appeal=np.array([1.0, 3.0, 2.0, 1.0]),
    )


def click_probability(process: Process, state: int, previous: int, item: int) -> float:
    """P(item | state, click before), straight from the words of the docstring."""
    if item == previous:
        return 0.0
    emission, kind = process.emission[state], process.kinds
    others = [i for i in range(process.n_items) if i != previous]
    roaming = emission[item] / total if (total := sum(emission[i] for i in others)) else 0.0
    if not any(emission[i] for i in range(process.n_items) if kind[i] == kind[previous]):
        return roaming
    same = [i for i in others if kind[i] == kind[previous]]
    staying = process.appeal[item] / sum(process.appeal[i] for i in same) if item in same else 0.0
    return (1 - process.stay[state]) * roaming + process.stay[state] * staying


def path_probability(process: Process, states: tuple[int, ...], items: tuple[int, ...]) -> float:
    """P(these hidden states and these clicks), however the session goes on."""
    probability = process.initial[states[0]] * process.emission[states[0], items[0]]
    for t in range(1, len(items)):
        probability *= process.transition[states[t - 1], states[t]]
        probability *= click_probability(process, states[t], items[t - 1], items[t])
    return probability


def sequence_probability(process: Process, items: tuple[int, ...]) -> float:
    paths = product(range(process.n_states), repeat=len(items))
    return sum(path_probability(process, states, items) for states in paths)


def enumerated(process: Process, items: tuple[int, ...]) -> np.ndarray:
    """(N,) P(next item | these clicks, there is a next one), by brute force."""
    joint = np.array([sequence_probability(process, (*items, item)) for item in range(process.n_items)])
    return joint / joint.sum()


def possible(process: Process, length: int) -> list[tuple[int, ...]]:
    sequences = product(range(process.n_items), repeat=length)
    return [items for items in sequences if sequence_probability(process, items) > 0]


def test_forward_algorithm_equals_enumeration(tiny: Process) -> None:
    for items in [*possible(tiny, 3), (0, 3, 2, 1, 3)]:
        wanted = np.stack([enumerated(tiny, items[:t]) for t in range(1, len(items) + 1)])
        np.testing.assert_allclose(tiny.predict(np.array(items)), wanted, rtol=0, atol=1e-12)


def test_beliefs_equal_enumeration(tiny: Process) -> None:
    items = (0, 3, 2)
    joint = np.zeros(3)
    for states in product(range(3), repeat=3):
        joint[states[-1]] += path_probability(tiny, states, items)
    np.testing.assert_allclose(tiny.beliefs(np.array(items))[-1], joint / joint.sum(), rtol=0, atol=1e-12)


def test_batched_predictions_equal_one_session_at_a_time(tiny: Process) -> None:
    sessions = [Session(np.array(items)) for items in ([0, 1], [3, 2, 0, 1], [2], [1, 3, 1])]
    log = ClickLog.from_sessions(ITEMS, sessions)
    got = np.concatenate([np.column_stack([log.items[at], block]) for block, at in tiny.predictions(log)])
    wanted = np.concatenate(
        [np.column_stack([s.items[1:], tiny.predict(s.items)[:-1]]) for s in sessions if len(s) > 1]
    )
    order = [np.lexsort(np.round(rows, 9).T) for rows in (got, wanted)]
    np.testing.assert_allclose(got[order[0]], wanted[order[1]], rtol=0, atol=1e-12)


def test_rows_sum_to_one_and_never_repeat_the_click(tiny: Process) -> None:
    items = np.array([0, 3, 2, 1])
    probabilities = tiny.predict(items)
    np.testing.assert_allclose(probabilities.sum(1), 1, atol=1e-12)
    assert (probabilities[np.arange(4), items] == 0).all()


def test_prefix_law(tiny: Process) -> None:
    items = np.array([0, 3, 2, 1, 3])
    np.testing.assert_array_equal(tiny.predict(items)[:3], tiny.predict(items[:3]))


def test_simulation_agrees_with_enumeration(tiny: Process) -> None:
    """Frequency of every first triple in 20,000 sessions, within 5 standard errors."""
    rng, count = np.random.default_rng(1), 20_000
    seen: dict[tuple[int, ...], int] = {}
    for _ in range(count):
        items = tuple(int(i) for i in tiny.simulate(rng, longest=3).items)
        seen[items] = seen.get(items, 0) + 1
    triples = possible(tiny, 3)
    assert {items for items in seen if len(items) == 3} <= set(triples)
    for items in triples:
        p = sequence_probability(tiny, items)
        assert abs(seen.get(items, 0) / count - p) <= 5 * np.sqrt(p * (1 - p) / count) + 1e-9


def test_simulation_is_cut_off_and_seeded(tiny: Process) -> None:
    draws = [[tiny.simulate(np.random.default_rng(s), 5).items.tolist() for s in range(50)] for _ in range(2)]
    assert draws[0] == draws[1]
    assert max(map(len, draws[0])) == 5


def test_clicks_that_cannot_be_are_refused(tiny: Process) -> None:
    with pytest.raises(InputError, match="never clicks item 0"):
        tiny.predict(np.array([0, 0]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("initial", np.array([0.5, 0.3, 0.1])),
        ("transition", np.eye(3) * 1.5),
        ("transition", np.eye(2)),
        ("emission", np.ones((3, 4))),
        ("stay", np.array([-0.1, 0.0, 0.0])),
        ("appeal", np.zeros(4)),
    ],
)
def test_wrong_probabilities_are_refused(tiny: Process, name: str, value: np.ndarray) -> None:
    with pytest.raises(InputError, match="process"):
        Process(**{**vars_of(tiny), name: value})


def test_arrays_are_read_only(tiny: Process) -> None:
    with pytest.raises(ValueError, match="read-only"):
        tiny.emission[0, 0] = 1


def vars_of(process: Process) -> dict[str, np.ndarray]:
    names = ("initial", "transition", "emission", "stay", "kinds", "appeal")
    return {name: getattr(process, name) for name in names}
