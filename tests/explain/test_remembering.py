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


def test_it_is_the_last_clicks_recorded(every_model64: GRU4Rec, clicks: list[int]) -> None:
    trace = record(every_model64, clicks)
    for step in (0, 3, len(clicks) - 1, -2):
        shown = clicks[: range(len(clicks))[step] + 1]
        whole = record(every_model64, shown)
        found = remembering(trace, partial(last_clicks, every_model64), step, k=3)
        assert found.last.tolist() == list(range(1, len(shown) + 1))
        goes_on = len(shown) < len(clicks)
        assert (found.item, found.clicked) == (clicks[len(shown)] if goes_on else whole.ranking()[0], goes_on)
        for place, n in enumerate(found.last):
            alone = record(every_model64, shown[-n:])
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

TITLES = ("Camera", "Mug", "Lens", *map(str, range(3, 30)))
CATALOG = Catalog(tuple(map(str, range(30))), TITLES)


def told(
    overlap: list[float],
    rank: list[int],
    clicked: bool = True,
    last: list[int] | None = None,
    catalog: Catalog = CATALOG,
    alike: bool = False,
) -> str:
    last = last or list(range(1, len(overlap) + 1))
    items = np.zeros(last[-1] + 1, dtype=np.int64)
    items[last[-1] - 1] = 1
    scores = np.arange(len(catalog)) * (0.0 if alike else 1.0)
    trace = Trace(catalog, items, np.tile(scores, (len(items), 1)), ())
    nothing = np.zeros(len(last))
    k = min(10, len(catalog))
    value = Remembering(np.array(last), np.array(overlap), nothing, np.array(rank), nothing, 2, clicked, k)
    return plain(remembering_sentence(trace, value, last[-1] - 1))


def test_sentences() -> None:
    assert told([1.0], [4]) == "There is only one click, so there is nothing earlier to remember."
    assert told([0.2, 0.5, 1.0], [14, 9, 1]) == (
        "Shown only click 3, Mug, the model would recommend 2 of the same 10 items and put Lens, "
        "really clicked next, at rank 14 instead of 1. "
        "Only with all 3 clicks does it recommend nearly the same; with 2 it shares 5 of 10."
    )
    assert told([0.2, 0.9, 1.0], [4, 9, 4]).endswith(
        "put Lens, really clicked next, at rank 4 either way. "
        "Only with the last 2 of 3 clicks does it recommend nearly the same; with 1 it shares 2 of 10."
    )
    assert told([0.9, 0.9, 1.0], [1, 1, 1], clicked=False).endswith(
        "and put Lens first either way; with the last click alone the list is nearly the same."
    )
    assert told([1.0, 1.0], [1, 1]).endswith("; with the last click alone the list is the same.")
    assert "put Lens, now first, at rank 3 instead of 1;" in told([0.9, 1.0], [3, 1], clicked=False)
    assert "all 2 clicks" not in told([0.2, 1.0], [3, 1])


def test_one_click_agrees_and_more_do_not() -> None:
    assert told([1.0, *[0.5] * 11, 0.9, 1.0], [1] * 14).endswith(
        "; with the last click alone the list is the same; with 2 to 12 clicks the lists differ again."
    )
    assert told([0.9, 0.5, 1.0], [1] * 3).endswith("; with 2 clicks the lists differ again.")
    assert told([0.9, 0.5, 1.0, 0.5, 1.0], [1] * 5).endswith(
        "; with some numbers from 2 to 4 clicks the lists differ again."
    )


def test_agreement_must_last() -> None:
    """Two clicks agree, three do not: it takes four."""
    assert "Only with the last 4 of 5 clicks does" in told([0.2, 0.9, 0.8, 1.0, 1.0], [1] * 5)
    assert told([0.2, 0.8, 1.0, 1.0], [1] * 4, last=[1, 2, 30, 60]).endswith("; with 2 it shares 8 of 10.")


def test_of_a_small_catalogue_only_the_rank_is_said() -> None:
    """Two lists of 10 of 20 items share at least none, and yet five by chance."""
    small = Catalog(tuple(map(str, range(20))), TITLES[:20])
    assert told([0.2, 1.0], [14, 1], catalog=small) == (
        "Shown only click 2, Mug, the model would put Lens, really clicked next, at rank 14 instead of 1."
    )


def test_all_items_alike() -> None:
    assert told([1.0, 1.0], [3, 3], alike=True).startswith("All items score the same here")


@pytest.mark.parametrize("session", SESSIONS)
def test_what_is_said_holds(session: str, every_model: GRU4Rec) -> None:
    trace = record(every_model, SESSIONS[session])
    value = remembering(trace, partial(last_clicks, every_model), k=3)
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
