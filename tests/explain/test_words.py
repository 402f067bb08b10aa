"""Oracle: sentences spelled out for traces whose numbers are chosen by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.catalog import Catalog
from gru_viz.explain.words import department_probability, percent, plain, step_sentence
from gru_viz.record import record
from gru_viz.trace import LayerTrace, Trace

CATALOG = Catalog(("a", "b", "c"), ("Camera", "Mug", "Lens"), ("Photo", "Home", "Photo"))


SCORES = ((0, 0, 0), (0, 0, np.log(8)))


def two_clicks(z, catalog=CATALOG, scores=SCORES):
    """Camera, then Mug, with these update gates (2, H); candidates are all 0.5."""
    z = np.array(z, dtype=float)
    candidate = np.full_like(z, 0.5)
    first = z[0] * 0.5
    h = np.array([first, (1 - z[1]) * first + z[1] * 0.5])
    layer = LayerTrace("gru", np.zeros(z.shape[1]), {"z": z, "r": z}, candidate, h)
    return Trace(catalog, np.array([0, 1]), np.array(scores, dtype=float), (layer,))


def test_the_second_click_in_full():
    trace = two_clicks([[1, 1], [0.1, 0.9]])
    assert plain(step_sentence(trace, 1)) == (
        "At Mug the update gate averages 0.50: the model mixes old and new. "
        "1 of 2 units still carry at least half of what they wrote at click 1, Camera "
        "(50\u00a0% of all that was written there). Next it favours Photo (90\u00a0%), first Lens."
    )


def test_the_first_click_speaks_of_no_memory():
    sentence = plain(step_sentence(two_clicks([[0.8, 0.6], [0, 0]]), 0))
    assert sentence.startswith("After the first click, Camera, all that is in memory was written now")
    assert "0.70" in sentence
    assert "carry" not in sentence


def test_z_keeps_turns_the_number_and_nothing_else():
    trace = two_clicks([[1, 1], [0.1, 0.1]])
    writes, keeps = (plain(step_sentence(trace, 1, convention=c)) for c in ("writes", "keeps"))
    assert "averages 0.10" in writes
    assert "averages 0.90" in keeps
    assert writes.replace("averages 0.10", "averages 0.90") == keeps


@pytest.mark.parametrize(
    ("z", "words"),
    [
        (0.05, "barely writes"),
        (0.3, "writes a little"),
        (0.5, "mixes"),
        (0.8, "writes most"),
        (1.0, "replaces"),
    ],
)
def test_words_follow_the_gate(z, words):
    assert words in plain(step_sentence(two_clicks([[1, 1], [z, z]]), 1))


def test_without_departments_the_item_is_named():
    catalog = Catalog(("a", "b", "c"), ("Camera", "Mug", "Lens"))
    sentence = plain(step_sentence(two_clicks([[1, 1], [0.1, 0.1]], catalog), 1))
    assert sentence.endswith("Next it favours Lens (80\u00a0%).")


def test_department_probability_sums_its_items():
    assert department_probability(two_clicks([[1], [1]]), 1) == ("Photo", pytest.approx(0.9))


def test_parts_that_are_titles_are_marked(any_model, clicks):
    trace = record(any_model, clicks)
    for step in range(len(clicks)):
        parts = step_sentence(trace, step)
        titles = {part.text for part in parts if part.kind == "item"}
        assert trace.catalog.titles[clicks[step]] in titles
        assert "nan" not in plain(parts)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (0.004, "under 1 %"), (0.126, "13 %"), (0.995, "over 99 %"), (1, "100 %")],
)
def test_percent(share, text):
    assert percent(share) == text.replace(" %", "\u00a0%")
