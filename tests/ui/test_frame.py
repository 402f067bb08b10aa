"""Oracle: what a checkpoint may say of its quality, sound and unsound, written out by hand."""

from __future__ import annotations

import pytest

from gru_viz.model import GRU4Rec
from gru_viz.ui.frame import _quality, _small
from gru_viz.ui.sources import Source
from tests.models import small_catalog

MARKOV = {"markov": {"recall@10": 0.6, "recall@20": 0.7}}


def lines(about):
    return _quality(Source("key", "name", "digest", GRU4Rec(small_catalog(), about=about)))


def test_beside_the_limit_where_it_is_known():
    quality = {"recall@10": 0.72, "limit": {"recall@10": 0.8}, "baselines": MARKOV}
    assert lines({"quality": quality}) == ["Recall@10 **90.0\u00a0% of the limit** · Markov\u00a075.0\u00a0%"]


def test_beside_markov_even_where_markov_is_better():
    assert lines({"quality": {"recall@20": 0.65, "baselines": MARKOV}}) == [
        "Recall@20 **.650** · Markov\u00a0.700"
    ]


@pytest.mark.parametrize(
    "about", [{}, {"quality": None}, {"quality": []}, {"quality": {"recall@20": "<b>", "baselines": 3}}]
)
def test_nothing_is_said_of_what_is_not_known(about):
    assert lines(about) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (4.6e-7, "5\u00a0×\u00a010⁻⁷"),
        (0.0, "0"),
        (float("nan"), "not a number"),
        (float("inf"), "not a number"),
    ],
)
def test_a_small_difference_is_written_as_elsewhere(value, said):
    assert _small(value) == said
