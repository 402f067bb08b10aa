"""Which units matter. Oracle: every unit ablated alone, in a recording of its own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch

from gru_viz.explain.ablation import Ablation, ablation, ablation_sentence
from gru_viz.explain.words import percent, plain
from gru_viz.interventions import Intervention, Interventions, ablate, forget
from gru_viz.model import GRU4Rec
from gru_viz.record import record, record_batch
from gru_viz.rerun import last_clicks
from gru_viz.trace import Trace
from tests.explain.cases import SESSIONS
from tests.models import random_model


@pytest.mark.parametrize("run", [record_batch, last_clicks])
@pytest.mark.parametrize("against", [None, 4])
@pytest.mark.parametrize("layer", [0, -1])
def test_the_batch_equals_one_by_one(
    any_model64: GRU4Rec, clicks: list[int], run, against: int | None, layer: int
) -> None:
    trace = record(any_model64, clicks)
    found = ablation(trace, 6, partial(run, any_model64), against, layer=layer)
    assert sorted(found.units) == list(range(any_model64.config.units[layer]))
    assert (np.diff(np.abs(found.drop)) <= 1e-15).all()
    assert found.rank == trace.rank(6)
    for row, unit in enumerate(found.units):
        alone = record(any_model64, clicks, [ablate([unit], layer=layer)])
        score = alone.scores[-1, 6] - (0 if against is None else alone.scores[-1, against])
        shares = alone.probability(np.array([6, against or 0]))
        probability = shares[0] - (0 if against is None else shares[1])
        nats = np.log(trace.probability(np.array([6]))[0] / shares[0])
        assert found.drop[row] == pytest.approx(nats if against is None else found.score - score, abs=1e-12)
        assert found.score - found.score_drop[row] == pytest.approx(score, abs=1e-12)
        assert found.probability - found.probability_drop[row] == pytest.approx(probability, abs=1e-12)
        assert found.rank_without[row] == alone.rank(6)


def test_by_hand() -> None:
    """Oracle: one click, a linear read-out: unit u adds weight · h to the score, and all of it goes."""
    model = random_model(double=True)
    trace, weights = record(model, [3]), model.weights()
    adds = weights.readout(np.array([2]))[0] * trace.layers[0].h[0]
    found = ablation(trace, 2, partial(last_clicks, model))
    np.testing.assert_allclose(found.score_drop, adds[found.units], atol=1e-12)
    against = ablation(trace, 2, partial(last_clicks, model), against=4)
    apart = adds - weights.readout(np.array([4]))[0] * trace.layers[0].h[0]
    assert against.units.tolist() == np.argsort(-np.abs(apart)).tolist()


def test_a_unit_that_raises_every_item_alike_matters_to_none() -> None:
    """Oracle: one unit adds the same to every score, so no list shows it, however large it is."""
    model = random_model(double=True)
    with torch.no_grad():
        model.own_output[:, 1] = 50.0
    trace = record(model, [3])
    found = ablation(trace, 2, partial(last_clicks, model))
    row = found.units.tolist().index(1)
    assert abs(found.score_drop[row]) == np.abs(found.score_drop).max()
    assert found.drop[row] == pytest.approx(0, abs=1e-12)
    assert row == len(found) - 1


def test_one_pass_up_to_the_step_with_what_was_forced(model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: what the rerun was asked for."""
    asked: list[tuple[list[list[int]], list[Interventions]]] = []

    def rerun(sessions: list[np.ndarray], forced: list[Interventions]) -> list[Trace]:
        asked.append(([session.tolist() for session in sessions], forced))
        return last_clicks(model, sessions, forced)

    given = (forget(1), Intervention("z", "clamp", 1, None, (2, 6)), forget(7))
    kept = (forget(1), Intervention("z", "clamp", 1, None, (2, 3)))
    found = ablation(record(model, clicks, given), 1, rerun, step=3)
    assert asked == [([clicks[:4]] * 5, [(*kept, ablate([unit], layer=0)) for unit in range(5)])]
    assert (found.step, found.layer) == (3, 0)


def test_a_minus_b_is_antisymmetric(model: GRU4Rec, clicks: list[int]) -> None:
    trace, rerun = record(model, clicks), partial(last_clicks, model)
    ab, ba = ablation(trace, 1, rerun, 4), ablation(trace, 4, rerun, 1)
    assert ab.units.tolist() == ba.units.tolist()
    np.testing.assert_array_equal(ab.drop, -ba.drop)
    np.testing.assert_array_equal(ab.score_drop, -ba.score_drop)


@pytest.mark.parametrize("session", SESSIONS)
@pytest.mark.parametrize("against", [None, 4])
def test_sentence(any_model: GRU4Rec, session: str, against: int | None) -> None:
    """Oracle: it names the first row with its numbers, and never more than is known."""
    trace = record(any_model, SESSIONS[session])
    found = ablation(trace, 1, partial(last_clicks, any_model), against)
    said = plain(ablation_sentence(trace, found))
    assert f"unit {found.units[0]} at 0 {'lowers' if found.drop[0] > 0 else 'raises'}" in said
    before = percent(found.probability) if against is None else f"{found.score:.2f}".replace("-", "−")
    assert f"from {before} to " in said or f"nats, at {before}; " in said
    assert "nan" not in said
    assert len(said.split()) <= 40


def test_sentence_by_hand(model: GRU4Rec) -> None:
    """Oracle: written out from numbers chosen here."""
    drop, rank = np.array([1.25, -0.75, 0.5]), np.array([3.0, 1.0, 2.0])
    found = Ablation(np.array([2, 0, 1]), drop, 0.25, drop, 0.5, drop / 5, 1, rank, 2, None, 0, 0)
    trace = record(model, [3])
    assert plain(ablation_sentence(trace, found)) == (
        "Holding unit 2 at 0 lowers Item C most, from 50\u00a0% to 25\u00a0% (by 1.25 nats); "
        "1 of 2 other units move it at least half as much."
    )
    little = replace(found, drop=drop / 100, probability_drop=drop / 500)
    assert plain(ablation_sentence(trace, little)).startswith(
        "Holding unit 2 at 0 lowers Item C most, by 0.01 nats, at 50\u00a0%; 1 of 2"
    )
    assert plain(ablation_sentence(trace, replace(found, drop=-drop, against=4))) == (
        "Holding unit 2 at 0 raises Item C against Item E most, from 0.25 to 1.50 in score; "
        "1 of 2 other units move it at least half as much."
    )


def test_nothing_moves_and_nothing_known(model: GRU4Rec, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: all units held at 0 already; an item behind the kept scores, then with weights."""
    silent = record(model, [3, 1], [ablate(range(5))])
    found = ablation(silent, 2, partial(last_clicks, model))
    assert not found.drop.any()
    assert plain(ablation_sentence(silent, found)) == "Holding any one unit at 0 leaves Item C as it is."
    item = int(record(model, [3, 1]).ranking()[-1])
    whole = ablation(record(model, [3, 1]), item, partial(last_clicks, model))
    monkeypatch.setattr("gru_viz.record.FULL_SCORES", 1)
    monkeypatch.setattr("gru_viz.record.KEPT_SCORES", 1)
    trace = record(model, [3, 1])
    unknown = ablation(trace, item, partial(last_clicks, model))
    assert np.isnan(unknown.drop).all()
    assert "not kept" in plain(ablation_sentence(trace, unknown))
    read = ablation(trace, item, partial(last_clicks, model), weights=model.weights())
    np.testing.assert_allclose(read.drop, whole.drop, atol=1e-5)
