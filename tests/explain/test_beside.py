"""What do several models say at the same click? Oracle: read off traces whose scores are given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gru_viz.catalog import Catalog
from gru_viz.explain.beside import beside_sentence, ordinal
from gru_viz.explain.words import plain
from gru_viz.trace import Trace

CATALOG = Catalog(("a", "b", "c"), ("Ax", "<b>Bow</b>", "Cup"))


def trace(scores: list[list[float]]) -> Trace:
    return Trace(CATALOG, np.array([0, 1]), np.array(scores, dtype=np.float32), ())


RIGHT = trace([[0, 5, 1], [0, 0, 9]])
WRONG = trace([[2, 0, 5], [0, 0, 9]])


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
     (111, "111th"), (112, "112th"), (1022, "1,022nd")],
)  # fmt: skip
def test_ordinals(number: int, text: str) -> None:
    assert ordinal(number) == text


def test_ranks_of_what_is_clicked_next_the_best_first() -> None:
    said = beside_sentence({"the RNN": WRONG, "the LSTM": RIGHT, "the GRU": RIGHT}, 0)
    assert plain(said) == (
        "At click 1, Ax, what is really clicked next, <b>Bow</b>, is 1st for the LSTM and the GRU, "
        "3rd for the RNN (first there: Cup)."
    )
    assert [part.text for part in said if part.kind == "number"] == ["1st", "3rd"]


def test_where_none_finds_it_their_firsts_are_left_out() -> None:
    assert plain(beside_sentence({"the RNN": WRONG}, 0)).endswith("is 3rd for the RNN.")


def test_an_item_whose_score_was_not_kept() -> None:
    cut = replace(RIGHT, scores=RIGHT.scores[:, :1], scored=np.array([[2], [2]]), normalizer=np.full(2, 9.0))
    assert plain(beside_sentence({"it": cut}, 0)).endswith("is far back for it.")
    assert "1st for the GRU, far back for it (first there: Cup)" in plain(
        beside_sentence({"it": cut, "the GRU": RIGHT}, 0)
    )


def test_after_the_last_click_those_that_agree_stand_together() -> None:
    other = trace([[0, 0, 0], [9, 0, 0]])
    said = plain(beside_sentence({"the RNN": RIGHT, "the LSTM": other, "the GRU": WRONG}, 1))
    assert said.replace("\u00a0", " ") == (
        "At click 2, <b>Bow</b>, where the session ends, Cup comes first for the RNN (over 99 %) and the GRU "
        "(over 99 %); Ax comes first for the LSTM (over 99 %)."
    )
