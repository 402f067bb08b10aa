"""Oracle: what a checkpoint may say of its quality, sound and unsound, written out by hand."""

from __future__ import annotations

import pytest

from gru_viz.model import GRU4Rec
from gru_viz.ui.frame import _quality
from gru_viz.ui.sources import Source
from tests.models import small_catalog

MARKOV = {"markov": {"recall@10": 0.6, "recall@20": 0.7}}


def lines(about):
    return _quality(Source("key", "name", "digest", GRU4Rec(small_catalog(), about=about)))


def test_beside_the_limit_where_it_is_known():
    quality = {"recall@10": 0.72, "limit": {"recall@10": 0.8}, "baselines": MARKOV}
    assert lines({"quality": quality}) == ["Recall@10 **90.0% of the limit** · Markov 75.0%"]


def test_beside_markov_even_where_markov_is_better():
    assert lines({"quality": {"recall@20": 0.65, "baselines": MARKOV}}) == [
        "Recall@20 **0.650** · Markov 0.700"
    ]


@pytest.mark.parametrize(
    "about", [{}, {"quality": None}, {"quality": []}, {"quality": {"recall@20": "<b>", "baselines": 3}}]
)
def test_nothing_is_said_of_what_is_not_known(about):
    assert lines(about) == []
