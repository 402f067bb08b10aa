"""How many of a person's models are kept? Oracle: sizes counted by hand."""

from __future__ import annotations

import pytest

from gru_viz.catalog import Catalog
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.ui import sources
from gru_viz.ui.sources import Source, newest

SHAPE = ModelConfig(units=(1,), embedding_dim=1, cell="rnn")


def source(key: str, items: int) -> Source:
    """A plain RNN of one unit, E = 1: W, U and b, and for each item an embedding in, one out and a bias."""
    model = GRU4Rec(Catalog(tuple(map(str, range(items)))), SHAPE)
    assert sum(number.numel() for number in model.parameters()) == 3 * items + 3
    return Source(key, key, key, model)


@pytest.fixture
def models() -> dict[str, Source]:
    return {key: source(key, items) for key, items in (("a", 9), ("b", 19), ("c", 29))}  # 120, 240, 360 bytes


@pytest.mark.parametrize(
    ("most", "most_bytes", "kept"),
    [(3, 720, "abc"), (3, 719, "bc"), (2, 720, "bc"), (3, 599, "c"), (3, 10, "c"), (1, 720, "c")],
)
def test_the_newest_models_that_fit_are_kept_and_always_the_last(models, monkeypatch, most, most_bytes, kept):
    monkeypatch.setattr(sources, "MAX_BYTES", most_bytes)
    assert "".join(newest(models, most)) == kept


def test_none():
    assert newest({}, 3) == {}
