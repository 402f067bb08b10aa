"""How far the page can be trusted. Oracles: the checks alone; numbers that were made wrong on purpose."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from gru_viz.explain.trust import Trust, trust, trust_sentence
from gru_viz.explain.verify import largest_error
from gru_viz.explain.why import Why, why
from gru_viz.explain.words import plain
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.rerun import last_clicks
from gru_viz.trace import Trace
from tests.models import random_model


def checked(model: GRU4Rec, clicks: list[int]) -> tuple[Trace, Why, Trust]:
    trace = record(model, clicks)
    answer = why(trace, model.weights(), 1, partial(last_clicks, model))
    return trace, answer, trust(trace, model.weights(), answer)


def test_it_is_the_checks(every_model: GRU4Rec, clicks: list[int]) -> None:
    trace, answer, found = checked(every_model, clicks)
    assert found.error == largest_error(trace, every_model.weights())
    assert found.layers == len(every_model.layers)
    assert found.cell == every_model.config.cell
    assert found.reset == (every_model.config.reset if found.cell == "gru" else None)
    assert found.largest_score == max(abs(float(score)) for score in trace.scores.flat)
    for off, ledger in ((found.write, answer.write), (found.click, answer.click)):
        assert off == (None if ledger is None else abs(ledger.residual))
        assert off is None or off < 1e-5
    assert found.scores < 1e-5
    assert found.holds


@pytest.mark.parametrize("name", ["write", "click"])
def test_a_ledger_that_does_not_add_up_is_seen(name: str, clicks: list[int]) -> None:
    """Oracle: half a point, taken from one entry."""
    model = random_model(double=True)
    trace, answer, _ = checked(model, clicks)
    ledger = getattr(answer, name)
    wrong = replace(answer, **{name: replace(ledger, clicks=ledger.clicks - 0.5 * np.eye(len(clicks))[0])})
    found = trust(trace, model.weights(), wrong)
    other = {"write": "click", "click": "write"}[name]
    assert getattr(found, name) == pytest.approx(0.5)
    assert getattr(found, other) < 1e-9
    assert found.failed == [name]


def test_scores_that_do_not_follow_from_the_state_are_seen(clicks: list[int]) -> None:
    """Oracle: a quarter, added to one score; also of a cut catalogue, whose columns are in another order."""
    model = random_model(double=True)
    trace, answer, before = checked(model, clicks)
    assert before.scores < 1e-12
    assert before.double
    order = np.argsort(-trace.scores, axis=1)[:, :3]
    cut = Trace(
        trace.catalog,
        trace.items,
        np.take_along_axis(trace.scores, order, axis=1),
        trace.layers,
        order,
        trace.log_normalizer,
    )
    for one in (trace, cut):
        assert trust(one, model.weights(), answer).scores < 1e-12
        scores = one.scores.copy()
        scores[-1, 1] += 0.25
        found = trust(replace(one, scores=scores), model.weights(), answer)
        assert found.scores == pytest.approx(0.25)
        assert not found.holds
        assert "The scores do not follow from the state: off by 0.3" in plain(trust_sentence(found))


def test_what_is_no_number_does_not_hold(clicks: list[int]) -> None:
    model = random_model()
    trace, answer, found = checked(model, clicks)
    assert found.holds
    top = trace.layers[-1]
    h = top.h.copy()
    h[0, 0] = np.nan
    wrong = replace(trace, layers=(replace(top, h=h),))
    found = trust(wrong, model.weights(), answer)
    assert np.isnan(found.error)
    assert not found.holds
    assert "off by not a number." in plain(trust_sentence(found))


@pytest.mark.parametrize(("double", "bound"), [(False, 1e-4), (True, 1e-9)])
def test_bounds(double: bool, bound: float) -> None:
    """Oracle: 1e-4 and 1e-9; of scores, times the largest one, or 1."""
    fine = Trust(bound, 20 * bound, 20 * bound, 20 * bound, 20.0, 1, "before", double=double)
    assert fine.holds
    assert not replace(fine, error=1.01 * bound).holds
    assert not replace(fine, scores=20.2 * bound).holds
    for name in ("write", "click"):
        assert replace(fine, **{name: 20.2 * bound}).failed == [name]
        assert replace(fine, **{name: np.nan}).failed == [name]
        assert replace(fine, **{name: None}).holds
    assert Trust(0.0, bound, bound, bound, 0.1, 1, "before", double=double).holds


# --- words


def told(
    error: float, write: float | None, click: float | None, layers: int = 1, reset: str = "before"
) -> str:
    return plain(trust_sentence(Trust(error, 0.0, write, click, 8.78, layers, reset)))


def test_sentences() -> None:
    assert told(5e-7, 4e-7, 2e-7) == (
        "Recomputed in double precision to 5\u00a0×\u00a010⁻⁷; Written at adds up to the score "
        "within 4\u00a0×\u00a010⁻⁷, "
        "Carried from within 2\u00a0×\u00a010⁻⁷; z writes; reset before."
    )
    assert told(5e-7, None, None, reset="after") == (
        "Recomputed in double precision to 5\u00a0×\u00a010⁻⁷; the top is not linear, so there are no "
        "ledgers and only deletion applies; z writes; reset after."
    )
    assert told(5e-7, 4e-7, 4e-7, 3).endswith(
        "reset before. Exact for the top of 3 layers; what lower layers carry comes in through its input "
        "and is indirect."
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (4.1e-7, "5\u00a0×\u00a010⁻⁷"),
        (9.2e-7, "1\u00a0×\u00a010⁻⁶"),
        (3e-7, "3\u00a0×\u00a010⁻⁷"),
        (1e-7, "1\u00a0×\u00a010⁻⁷"),
        (0.000023, "3\u00a0×\u00a010⁻⁵"),
    ],
)
def test_a_bound_is_never_below_what_it_bounds(value: float, shown: str) -> None:
    assert f"precision to {shown};" in told(value, 0.0, 0.0)
    assert read(shown) >= value


def read(shown: str) -> float:
    """What a number is that is written with a power of ten."""
    digit, _, power = shown.partition("\u00a0×\u00a010")
    return float(digit) * 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


def test_what_does_not_hold_is_said() -> None:
    assert told(5e-7, 4e-7, 0.41) == (
        "The Carried from ledger cannot be added up exactly here: its sum is off by 0.5, "
        "where the largest score is 8.78."
    )
    assert told(5e-7, 0.41, 0.52) == (
        "The Written at ledger cannot be added up exactly here: its sum is off by 0.5, "
        "where the largest score is 8.78. "
        "The Carried from ledger cannot be added up exactly here: its sum is off by 0.6, "
        "where the largest score is 8.78."
    )
    assert told(0.02, 4e-7, 4e-7).startswith(
        "Gates and states cannot be recomputed exactly here: they are off by"
    )


def test_a_ledger_that_cancels_is_said() -> None:
    assert told(5e-7, 4e-7, None) == (
        "Recomputed in double precision to 5\u00a0×\u00a010⁻⁷; Written at adds up to the score "
        "within 4\u00a0×\u00a010⁻⁷, "
        "Carried from cannot be told; z writes; reset before."
    )


def test_a_non_linear_top_says_nothing_about_ledgers_that_are_not_there(clicks: list[int]) -> None:
    _, _, found = checked(random_model("feed-forward, relu"), clicks)
    assert "only deletion applies" in plain(trust_sentence(found))


def test_indirect_layers_of_a_non_linear_top() -> None:
    """There is no ledger that could be exact."""
    assert "Exact" not in told(5e-7, None, None, 2)


def test_only_a_gru_has_a_z_and_a_reset() -> None:
    """Oracle: the cell's name."""
    fine = Trust(5e-7, 0.0, 4e-7, 2e-7, 8.78, 2, None, cell="lstm")
    said = plain(trust_sentence(fine))
    assert "; the cell is an LSTM. Exact for the top of 2 layers;" in said
    assert "reset" not in said
    assert plain(trust_sentence(replace(fine, cell="rnn", layers=1))).endswith("; the cell is a vanilla RNN.")
    wrong = plain(trust_sentence(replace(fine, cell="rnn", error=0.02)))
    assert wrong.startswith("States cannot be recomputed exactly here")
