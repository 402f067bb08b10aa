"""Oracle: sentences spelled out for traces whose numbers are chosen by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.catalog import Catalog
from gru_viz.explain.words import department_probability, percent, plain, plural, step_sentence, title
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
        "At Mug, 50\u00a0% of what was written at click 1, Camera, is still carried; 1 of 2 units hold at "
        "least half of theirs. Next it favours Photo (90\u00a0%), first Lens (80\u00a0%). "
        "The update gate averages 0.50: old and new are mixed."
    )


def test_the_first_click_speaks_of_no_memory():
    sentence = plain(step_sentence(two_clicks([[0.8, 0.6], [0, 0]]), 0))
    assert sentence.startswith("All that is in memory now was written at the first click, Camera.")
    assert "0.70" in sentence
    assert "carried" not in sentence


def test_where_the_first_item_is_of_another_department_both_are_said():
    # Camera and Lens have 30 % each, Mug 40 %: Photo leads, and yet Mug comes first
    trace = two_clicks([[1, 1], [0.1, 0.1]], scores=np.log([[1, 1, 1], [3, 4, 3]]))
    assert "First comes Mug (40\u00a0%); as a department Photo leads (60\u00a0%)." in plain(
        step_sentence(trace, 1)
    )


def test_a_strong_rise_is_said():
    n = 12
    catalog = Catalog(tuple(map(str, range(n))))
    scores = [np.arange(n, 0, -1), np.where(np.arange(n) == n - 1, 20, np.arange(n, 0, -1))]
    assert ", up from rank 12." in plain(step_sentence(two_clicks([[1], [0]], catalog, scores), 1))


def test_the_click_just_before_is_not_the_one_spoken_of():
    z = np.array([[1.0], [0.5], [0.1]])
    candidate = np.array([[0.2], [0.9], [0.0]])
    h = np.array([[0.2], [0.55], [0.495]])
    layer = LayerTrace("gru", np.zeros(1), {"z": z, "r": z}, candidate, h)
    trace = Trace(CATALOG, np.array([0, 1, 2]), np.zeros((3, 3)), (layer,))
    assert "written at click 1, Camera" in plain(step_sentence(trace, 2))


def test_z_keeps_turns_the_number_and_nothing_else():
    trace = two_clicks([[1, 1], [0.1, 0.1]])
    writes, keeps = (plain(step_sentence(trace, 1, convention=c)) for c in ("writes", "keeps"))
    assert writes.endswith("The update gate averages 0.10: almost nothing is written.")
    assert keeps.endswith(
        "The update gate lets 0.90 of the old through on average: almost nothing is written."
    )
    assert writes.split(" The update")[0] == keeps.split(" The update")[0]


@pytest.mark.parametrize(
    ("z", "words"),
    [(0.05, "almost nothing"), (0.3, "a little"), (0.5, "mixed"), (0.8, "most of"), (1.0, "nearly all")],
)
def test_words_follow_the_gate(z, words):
    assert words in plain(step_sentence(two_clicks([[1, 1], [z, z]]), 1))


def test_without_departments_the_item_is_named():
    catalog = Catalog(("a", "b", "c"), ("Camera", "Mug", "Lens"))
    sentence = plain(step_sentence(two_clicks([[1, 1], [0.1, 0.1]], catalog), 1))
    assert "Next it favours Lens (80\u00a0%). The" in sentence


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


def test_titles_are_short_plain_and_never_empty():
    """Oracle: 60 characters, no control or direction characters, the id where nothing is left."""
    titles = ("x" * 61, "a\u202eb\x00c\n d", " \u2028 ", "Fine")
    trace = two_clicks([[1], [1]], Catalog(("i", "j", "k", "l"), titles), scores=np.zeros((2, 4)))
    assert [title(trace, item).text for item in range(4)] == ["x" * 59 + "…", "a b c d", "k", "Fine"]


@pytest.mark.parametrize(("count", "said"), [(0, "0 items"), (1, "1 item"), (1200, "1,200 items")])
def test_plurals(count, said):
    assert plural(count, "item") == said
