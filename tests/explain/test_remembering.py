"""The session and its last clicks. Oracle: the last clicks, recorded on their own in float64."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.catalog import Catalog
from gru_viz.explain.remembering import Remembering, enough, remembering, remembering_sentence
from gru_viz.explain.words import plain
from gru_viz.model import GRU4Rec
from gru_viz.record import record, record_batch
from gru_viz.rerun import last_clicks
from gru_viz.trace import Trace
from tests.explain.cases import SESSIONS
from tests.models import random_model


def test_it_is_the_last_clicks_recorded(any_model64: GRU4Rec, clicks: list[int]) -> None:
    trace = record(any_model64, clicks)
    for step in (0, 3, len(clicks) - 1, -2):
        shown = clicks[: range(len(clicks))[step] + 1]
        whole = record(any_model64, shown)
        found = remembering(trace, partial(last_clicks, any_model64), step, k=3)
        assert found.last.tolist() == list(range(1, len(shown) + 1))
        goes_on = len(shown) < len(clicks)
        assert (found.item, found.clicked) == (clicks[len(shown)] if goes_on else whole.ranking()[0], goes_on)
        for place, n in enumerate(found.last):
            alone = record(any_model64, shown[-n:])
            both = set(alone.ranking(-1, 3)) & set(whole.ranking(-1, 3))
            p, q = (one.probability(np.arange(7)) for one in (whole, alone))
            assert found.overlap[place] == len(both) / 3
            assert found.kl[place] == pytest.approx(np.sum(p * np.log(p / q)), abs=1e-12)
            assert found.rank[place] == alone.rank(found.item)
            assert found.probability[place] == pytest.approx(q[found.item], abs=1e-12)


@given(st.sampled_from([1, 2, 5, 24, 25, 60, 200]), st.integers(2, 30), st.booleans())
def test_at_most_so_many_and_the_whole_agrees_with_itself(clicks: int, most: int, double: bool) -> None:
    items = SESSIONS["200 clicks"][:clicks]
    model = random_model(double=double)
    asked: list[int] = []

    def rerun(sessions: list[np.ndarray]) -> list[Trace]:
        asked.append(len(sessions))
        return last_clicks(model, sessions)

    found = remembering(record(model, items), rerun, k=20, most=most)
    assert asked == [len(found.last)]
    assert len(found.last) <= most
    assert (np.diff(found.last) > 0).all()
    assert found.last[: most // 2].tolist() == list(range(1, min(clicks, most // 2) + 1))
    assert (found.last[-1], found.overlap[-1], found.kl[-1]) == (clicks, 1, 0)
    assert found.k == 7
    assert np.isfinite(found.kl).all()
    assert (found.kl >= 0).all()
    assert ((found.overlap >= 0) & (found.overlap <= 1)).all()


def test_a_cut_trace_changes_nothing(clicks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: the same with all scores kept; only the rerun's scores are looked at."""
    model = random_model()
    rerun = partial(last_clicks, model)
    whole = remembering(record(model, clicks), rerun)
    monkeypatch.setattr("gru_viz.record.FULL_SCORES", 1)
    monkeypatch.setattr("gru_viz.record.KEPT_SCORES", 2)
    cut = remembering(record(model, clicks), rerun)
    for name in ("overlap", "kl", "rank", "probability"):
        np.testing.assert_array_equal(getattr(cut, name), getattr(whole, name))
    assert cut.item == whole.item


# --- words

CATALOG = Catalog(("a", "b", "c"), ("Camera", "Mug", "Lens"))


def told(overlap: list[float], rank: list[int], clicked: bool = True, last: list[int] | None = None) -> str:
    last = last or list(range(1, len(overlap) + 1))
    items = np.zeros(last[-1] + 1, dtype=np.int64)
    items[last[-1] - 1] = 1
    trace = Trace(CATALOG, items, np.zeros((len(items), 3)), ())
    nothing = np.zeros(len(last))
    value = Remembering(np.array(last), np.array(overlap), nothing, np.array(rank), nothing, 2, clicked, 10)
    return plain(remembering_sentence(trace, value, last[-1] - 1))


def test_sentences() -> None:
    assert told([1.0], [4]) == "There is only one click, so there is nothing earlier to remember."
    assert told([0.2, 0.5, 1.0], [14, 9, 1]) == (
        "Shown only click 3, Mug, the model would recommend 2 of the same 10 items, and rank Lens, "
        "really clicked next, 14 instead of 1. It takes all 3 clicks to agree on 9 of 10."
    )
    assert told([0.2, 0.9, 1.0], [1, 9, 1]).endswith(
        "rank Lens, really clicked next, 1 as well. It takes the last 2 of 3 clicks to agree on 9 of 10."
    )
    assert told([0.9, 0.9, 1.0], [1, 1, 1], clicked=False).endswith(
        "and rank Lens first as well. Earlier clicks hardly change the list."
    )
    assert "rank Lens, now first, 3 instead of 1." in told([0.9, 1.0], [3, 1], clicked=False)


def test_agreement_must_last() -> None:
    """Two clicks agree, three do not: it takes four."""
    assert "It takes the last 4 of 5 clicks" in told([0.2, 0.9, 0.8, 1.0, 1.0], [1] * 5)
    assert "It takes about the last 30 of 60 clicks" in told(
        [0.2, 0.8, 1.0, 1.0], [1] * 4, last=[1, 2, 30, 60]
    )


@pytest.mark.parametrize("session", SESSIONS)
def test_what_is_said_holds(session: str, any_model: GRU4Rec) -> None:
    trace = record(any_model, SESSIONS[session])
    value = remembering(trace, partial(last_clicks, any_model), k=3)
    said = plain(remembering_sentence(trace, value))
    assert "nan" not in said
    assert (value.overlap[value.last >= enough(value)] >= 0.9).all()


def test_it_reads_any_rerun(clicks: list[int]) -> None:
    """Oracle: `record_batch`, whose traces hold every click: the last one is what counts."""
    model = random_model(double=True)
    trace = record(model, clicks)
    a, b = (remembering(trace, partial(run, model)) for run in (last_clicks, record_batch))
    np.testing.assert_allclose(a.kl, b.kl, atol=1e-12)
    assert a.rank.tolist() == b.rank.tolist()
