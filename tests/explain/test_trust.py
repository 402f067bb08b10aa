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


def test_it_is_the_checks(any_model: GRU4Rec, clicks: list[int]) -> None:
    trace, answer, found = checked(any_model, clicks)
    assert found.error == largest_error(trace, any_model.weights())
    assert found.layers == len(any_model.layers)
    assert found.reset == any_model.config.reset
    assert found.largest_score == max(abs(float(score)) for score in trace.scores.flat)
    if answer.write is None or answer.click is None:
        assert found.residual is None
    else:
        assert found.residual == max(abs(answer.write.residual), abs(answer.click.residual))
        assert found.residual < 1e-5


@pytest.mark.parametrize("name", ["write", "click"])
def test_a_ledger_that_does_not_add_up_is_seen(name: str, clicks: list[int]) -> None:
    """Oracle: half a point, taken from one entry."""
    model = random_model(double=True)
    trace, answer, _ = checked(model, clicks)
    ledger = getattr(answer, name)
    wrong = replace(answer, **{name: replace(ledger, clicks=ledger.clicks - 0.5 * np.eye(len(clicks))[0])})
    assert trust(trace, model.weights(), wrong).residual == pytest.approx(0.5)


# --- words


def told(error: float, residual: float | None, layers: int = 1, reset: str = "before") -> str:
    return plain(trust_sentence(Trust(error, residual, 9.0, layers, reset)))


def test_sentences() -> None:
    assert told(5e-7, 4e-7) == (
        "Recomputed in double precision to 5e-07; both ledgers add up to the score within 4e-07; "
        "z writes; reset before."
    )
    assert told(5e-7, None, reset="after") == (
        "Recomputed in double precision to 5e-07; the top is not linear, so there are no ledgers "
        "and only deletion applies; z writes; reset after."
    )
    assert told(5e-7, 4e-7, 3).endswith(
        "reset before. Exact for the top of 3 layers; what lower layers carry comes in through its input "
        "and is indirect."
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (4.1e-7, "5e-07"),
        (9.2e-7, "1e-06"),
        (3e-7, "3e-07"),
        (1e-7, "1e-07"),
        (1.0, "1e+00"),
        (0.23, "3e-01"),
    ],
)
def test_a_bound_is_never_below_what_it_bounds(value: float, shown: str) -> None:
    assert f"precision to {shown};" in told(value, 0.0)
    assert float(shown) >= value


def test_a_non_linear_top_says_nothing_about_ledgers_that_are_not_there(clicks: list[int]) -> None:
    _, _, found = checked(random_model("feed-forward, relu"), clicks)
    assert "only deletion applies" in plain(trust_sentence(found))


def test_indirect_layers_of_a_non_linear_top() -> None:
    """There is no ledger that could be exact."""
    assert "Exact" not in told(5e-7, None, 2)
