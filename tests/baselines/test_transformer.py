"""Oracle: the equations of the class, in float64 NumPy, one click at a time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from gru_viz.baselines import transformer
from gru_viz.baselines.recent import Recent
from gru_viz.baselines.transformer import Shape, Transformer, batches_of_like_length
from gru_viz.errors import InputError
from tests.logs import random_log

LOG = random_log(20, 7)
SHAPE = Shape(dim=6, blocks=2, heads=3, longest=5)
ITEMS = np.array([[3, 1, 4, 1, 5], [2, 6, 7, 7, 7], [0, 7, 7, 7, 7]])
LENGTHS = np.array([5, 2, 1])


def random_net(causal: bool, shape: Shape = SHAPE) -> Transformer:
    """In float64, every number drawn: a scale or shift that is 1 or 0 would hide a mistake."""
    net = Transformer(LOG, shape, causal).double().eval()
    with torch.no_grad():
        for weights in net.parameters():
            weights.normal_(std=0.5)
    return net


def norm(x: np.ndarray, module: nn.LayerNorm) -> np.ndarray:
    scale, shift = (p.detach().numpy() for p in (module.weight, module.bias))
    return (x - x.mean()) / np.sqrt(x.var() + module.eps) * scale + shift


def affine(x: np.ndarray, W: torch.Tensor, b: torch.Tensor) -> np.ndarray:
    return W.detach().numpy() @ x + b.detach().numpy()


def attention(at: int, x: list[np.ndarray], seen: range, module: Any, heads: int) -> np.ndarray:
    """What click `at` gathers from the clicks it sees: softmax(q · k / √(D / heads)) v, head by head."""
    D = len(x[0])
    qkv = [affine(one, module.in_proj_weight, module.in_proj_bias).reshape(3, heads, D // heads) for one in x]
    gathered = []
    for head in range(heads):
        q = qkv[at][0, head]
        weights = np.array([math.exp(q @ qkv[k][1, head] / math.sqrt(D // heads)) for k in seen])
        values = np.array([qkv[k][2, head] for k in seen])
        gathered.append(weights @ values / weights.sum())
    return affine(np.concatenate(gathered), module.out_proj.weight, module.out_proj.bias)


def gelu(x: np.ndarray) -> np.ndarray:
    return np.array([v * (1 + math.erf(v / math.sqrt(2))) / 2 for v in x])


def features(net: Transformer, items: np.ndarray, heads: int) -> np.ndarray:
    """(T, D) of a session (T,), nothing filled up."""
    E, P = net.items.weight.detach().numpy(), net.places.weight.detach().numpy()
    x = [math.sqrt(len(E[0])) * (E[item] + P[place]) for place, item in enumerate(items)]
    for block in net.blocks:
        assert isinstance(block, nn.TransformerEncoderLayer)
        normed = [norm(one, block.norm1) for one in x]
        sees = [range(at + 1) if net.causal else range(len(x)) for at in range(len(x))]
        x = [x[at] + attention(at, normed, sees[at], block.self_attn, heads) for at in range(len(x))]
        for at, one in enumerate(x):
            inner = gelu(affine(norm(one, block.norm2), block.linear1.weight, block.linear1.bias))
            x[at] = one + affine(inner, block.linear2.weight, block.linear2.bias)
    return np.array([norm(one, net.norm) for one in x])


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("learning", [True, False])
def test_features_are_the_equations(causal: bool, learning: bool) -> None:
    """torch takes another way where no gradient is asked for: both are compared."""
    net = random_net(causal)
    with torch.set_grad_enabled(learning):
        ours = net.features(torch.from_numpy(ITEMS), torch.from_numpy(LENGTHS)).detach().numpy()
    for row, items, length in zip(ours, ITEMS, LENGTHS, strict=True):
        np.testing.assert_allclose(row[:length], features(net, items[:length], 3), atol=1e-10)


@pytest.mark.parametrize("tied", [True, False])
def test_scores_after_the_last_click_are_the_equations(tied: bool) -> None:
    net = random_net(True, Shape(dim=6, blocks=1, heads=2, longest=5, tied=tied))
    table = net.items.weight[:-1] if tied else net.get_parameter("output.weight")
    seen = Recent(np.array([3, 1, 4, 2, 6, 0]), np.array([3, 2, 1]))
    expected = [
        table.detach().numpy() @ features(net, items, 2)[-1] + net.bias.detach().numpy()
        for items in ([3, 1, 4], [2, 6], [0])
    ]
    np.testing.assert_allclose(net.float().after(seen), expected, rtol=1e-4, atol=1e-4)


def test_few_clicks_run_at_once_and_scores_do_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    net, rng = random_net(False).float(), np.random.default_rng(0)
    lengths = rng.integers(1, 6, 30)
    seen = Recent(rng.integers(0, 7, lengths.sum()), lengths)
    together = net.after(seen)
    ran: list[int] = []
    inner = net.features
    monkeypatch.setattr(net, "features", lambda items, n: (ran.append(items.numel()), inner(items, n))[1])
    monkeypatch.setattr(transformer, "BLOCK_CLICKS", 12)
    np.testing.assert_allclose(net.after(seen), together, rtol=1e-4, atol=1e-5)
    assert max(ran) <= 12
    assert sum(ran) < 1.5 * lengths.sum()  # like lengths go together


def test_dropout_is_off_when_scoring() -> None:
    net = random_net(True).float()
    seen = Recent(np.array([3, 1]), np.array([2]))
    net.train()
    np.testing.assert_array_equal(net.after(seen), net.after(seen))


def test_every_row_is_in_one_batch_with_rows_of_like_length() -> None:
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 40, 500)
    batches = batches_of_like_length(lengths, 200, rng)
    assert sorted(np.concatenate(batches)) == list(range(500))
    assert all(lengths[rows].sum() <= 200 + 39 for rows in batches)
    filled = sum(len(rows) * lengths[rows].max() for rows in batches)
    assert filled < 1.05 * lengths.sum()
    again = batches_of_like_length(lengths, 200, rng)
    assert [rows.tolist() for rows in again] != [rows.tolist() for rows in batches]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"dim": 0}, "dim must be at least 1"),
        ({"dim": 7}, "a multiple of heads"),
        ({"blocks": 0}, "blocks must be at least 1"),
        ({"heads": 0}, "heads must be at least 1"),
        ({"longest": 1}, "longest must be at least 2"),
        ({"dropout": 1.0}, "below 1"),
    ],
)
def test_shapes_that_make_no_sense_are_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Shape(**wrong)
