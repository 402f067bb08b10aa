"""Do the pieces of the model make the function that GRU4Rec is?

Oracles: `tests.oracles`, float64 NumPy, for every kind of model; for reset after also
embedding → `torch.nn.GRU` → linear, forward and backward.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from gru_viz.catalog import Catalog
from gru_viz.errors import InputError
from gru_viz.model import GRU4Rec, ModelConfig, PackedBatch
from tests import oracles
from tests.cells.test_gru import as_torch_gru
from tests.models import random_model, small_catalog, tensors_of

EXACT = {"rtol": 0, "atol": 1e-12}


def forward(model: GRU4Rec, items: list[int]) -> torch.Tensor:
    return model(torch.tensor(items), [1] * len(items))


# --- forward


def test_scores_equal_transcription(every_model64: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: the float64 transcription of the whole model."""
    config = every_model64.config
    tensors = tensors_of(every_model64)
    _, expected = oracles.gru4rec(tensors, len(config.units), config.activation, clicks, cell=config.cell)
    np.testing.assert_allclose(forward(every_model64, clicks).detach().numpy(), expected, **EXACT)


def test_scores_and_gradients_equal_torch() -> None:
    """Oracle: nn.functional.embedding → nn.GRU (three layers) → linear, by autograd, on a packed batch."""
    model = random_model("three layers, reset after", double=True)
    cells = list(model.layers)
    # nn.GRU wants equal sizes, so the oracle is three of them on top of each other
    stack = [as_torch_gru([cell]) for cell in cells]
    sessions = [np.array([1, 2, 2]), np.array([3, 0, 4, 5, 1]), np.array([6])]
    batch = PackedBatch.of(sessions)
    rows = batch.rows_by_session()
    weights = torch.randn(len(rows), len(model.catalog)).double()

    scores = model(batch.items, batch.batch_sizes)[rows]
    (scores * weights).sum().backward()

    leaves = [
        w.detach().clone().requires_grad_() for w in (model.embedding, model.own_output, model.output_bias)
    ]
    embedding, output, bias = leaves
    expected = []
    for session in sessions:
        h = nn.functional.embedding(torch.from_numpy(session), embedding)[None]
        for gru in stack:
            h = gru(h)[0]
        expected.append(h[0] @ output.t() + bias)
    theirs = torch.cat(expected)
    (theirs * weights).sum().backward()

    torch.testing.assert_close(scores, theirs, **EXACT)
    ours = (model.embedding, model.own_output, model.output_bias)
    for mine, leaf in zip(ours, leaves, strict=True):
        torch.testing.assert_close(mine.grad, leaf.grad, **EXACT)
    for cell, gru in zip(cells, stack, strict=True):
        for mine, name in ((cell.W, "weight_ih_l0"), (cell.U, "weight_hh_l0"), (cell.b, "bias_ih_l0")):
            r, z, n = getattr(gru, name).grad.chunk(3)
            torch.testing.assert_close(mine.grad, torch.cat([-z, r, n]), **EXACT)
        torch.testing.assert_close(cell.c.grad, gru.bias_hh_l0.grad[-cell.units :], **EXACT)


def test_one_hot_is_an_embedding_with_the_identity(clicks: list[int]) -> None:
    """Oracle: x_t of a one-hot input is row x_t of the identity matrix."""
    one_hot = random_model("one-hot", double=True)
    n = len(one_hot.catalog)
    embedded = GRU4Rec(one_hot.catalog, ModelConfig(units=(5,), embedding_dim=n)).double().eval()
    embedded.load_state_dict({**one_hot.state_dict(), "embedding": torch.eye(n).double()})
    torch.testing.assert_close(forward(one_hot, clicks), forward(embedded, clicks), **EXACT)


def test_tied_output_is_the_input_embedding() -> None:
    """Oracle: one tensor, so that one gradient reaches it from both ends."""
    model = random_model("tied")
    assert model.own_output is None
    assert model.output_embedding is model.embedding
    assert "own_output" not in model.state_dict()


def test_dropout_works_only_while_training(clicks: list[int]) -> None:
    """Oracle: in eval mode the scores are those of the model without dropout."""
    plain = random_model("two layers")
    dropping = GRU4Rec(
        plain.catalog, ModelConfig(units=(5, 3), embedding_dim=4, dropout_embedding=0.5, dropout_hidden=0.5)
    )
    dropping.load_state_dict(plain.state_dict())
    assert torch.equal(forward(dropping.eval(), clicks), forward(plain, clicks))
    assert not torch.equal(forward(dropping.train(), clicks), forward(plain, clicks))


def test_a_given_state_continues_a_session(every_model64: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: the session in one piece."""
    whole = every_model64.unroll(torch.tensor(clicks), [1] * len(clicks))
    first = every_model64.unroll(torch.tensor(clicks[:3]), [1] * 3)
    h0 = [record.carried[-1:] for record in first]
    rest = every_model64.unroll(torch.tensor(clicks[3:]), [1] * (len(clicks) - 3), h0)
    for layer, later in zip(whole, rest, strict=True):
        torch.testing.assert_close(layer.h[3:], later.h, **EXACT)


def test_weights_are_read_only_copies(every_model: GRU4Rec) -> None:
    """Oracle: the parameters themselves, before and after they change."""
    weights = every_model.weights()
    written = tensors_of(every_model)
    np.testing.assert_array_equal(weights.output_bias, written["output.bias"])
    np.testing.assert_array_equal(weights.layers[0].W, written["layers.0.W"])
    before = weights.output_bias.copy()
    with torch.no_grad():
        every_model.output_bias.add_(1)
    np.testing.assert_array_equal(weights.output_bias, before)
    with pytest.raises(ValueError, match="read-only"):
        weights.layers[0].U[0] = 0
    assert weights.layers[0].reset == every_model.config.reset


# --- packing


@given(st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=6), min_size=1, max_size=8))
def test_packing_is_undone_by_rows_by_session(sessions: list[list[int]]) -> None:
    """Oracle: the sessions themselves, end to end; batch sizes counted one by one."""
    batch = PackedBatch.of([np.array(session) for session in sessions])
    assert batch.items[batch.rows_by_session()].tolist() == [item for session in sessions for item in session]
    longest = max(map(len, sessions))
    assert batch.batch_sizes == [sum(len(s) > t for s in sessions) for t in range(longest)]


@given(st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=5), min_size=1, max_size=5))
def test_a_batch_scores_each_session_as_if_alone(sessions: list[list[int]]) -> None:
    """Oracle: one session at a time."""
    model = random_model("reset after", double=True)
    batch = PackedBatch.of([np.array(session) for session in sessions])
    together = model(batch.items, batch.batch_sizes)[batch.rows_by_session()]
    alone = torch.cat([forward(model, session) for session in sessions])
    torch.testing.assert_close(together, alone, **EXACT)


# --- settings


@pytest.mark.parametrize(
    ("values", "fragment"),
    [
        ({"units": ()}, "at least one layer"),
        ({"units": (0,)}, "at least 1"),
        ({"units": (2.5,)}, "whole number"),
        ({"units": (True,)}, "whole number"),
        ({"feed_forward": (-1,)}, "at least 1"),
        ({"embedding_dim": 0}, "at least 1"),
        ({"cell": "transformer"}, "cell must be one of gru"),
        ({"reset": "sideways"}, "reset must be one of before, after"),
        ({"input": "text"}, "input must be one of"),
        ({"output": "borrowed"}, "output must be one of"),
        ({"activation": "x" * 10_000}, "activation must be one of"),
        ({"dropout_hidden": 1.0}, "below 1"),
        ({"dropout_embedding": -0.1}, "at least 0"),
        ({"output": "tied", "input": "onehot"}, "tied"),
        ({"output": "tied", "units": (5,), "embedding_dim": 4}, "top's size 5"),
        ({"output": "tied", "feed_forward": (5,), "embedding_dim": 4}, "top's size 5"),
    ],
)
def test_settings_that_do_not_fit(values: dict[str, Any], fragment: str) -> None:
    """Oracle: one line that says what is wrong, and not the whole of a long value."""
    with pytest.raises(InputError) as caught:
        ModelConfig(**values)
    assert fragment in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "values", [{"colour": 1}, {"units": 5}, {"units": None}, {"dropout_hidden": "much"}, {"units": [[3]]}]
)
def test_settings_from_a_file_of_a_wrong_type(values: dict[str, Any]) -> None:
    """Oracle: InputError, whatever JSON may hold."""
    with pytest.raises(InputError):
        ModelConfig.from_dict(values)


def test_settings_round_trip(every_model: GRU4Rec) -> None:
    """Oracle: the config itself."""
    assert ModelConfig.from_dict(every_model.config.to_dict()) == every_model.config


def test_a_new_model_starts_as_published() -> None:
    """Oracle: U(±√(6/(fan in + fan out))) for every block of the cell, zero biases."""
    model = GRU4Rec(small_catalog(), ModelConfig(units=(30,), embedding_dim=20, reset="after"))
    (cell,) = model.layers
    for block in cell.W.chunk(3):
        bound = (6 / (20 + 30)) ** 0.5
        assert 0.9 * bound < block.abs().max() <= bound
    for bias in (cell.b, cell.c, model.output_bias):
        assert not bias.any()


def test_a_model_of_one_item() -> None:
    """Oracle: one score a click, its softmax is 1."""
    model = GRU4Rec(Catalog(("only",)), ModelConfig(units=(2,), embedding_dim=2)).eval()
    assert forward(model, [0, 0]).shape == (2, 1)
