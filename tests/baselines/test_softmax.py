"""Oracle: each loss in float64 NumPy, one prediction at a time."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from gru_viz.baselines import softmax
from gru_viz.baselines.softmax import NextItemLoss
from tests.logs import log_of, random_log

LOG = random_log(40, 9)


class Out:
    def __init__(self) -> None:
        self.table = torch.randn(9, 4, dtype=torch.float64)
        self.bias = nn.Parameter(torch.randn(9, dtype=torch.float64))


def case() -> tuple[Out, torch.Tensor, torch.Tensor, np.ndarray]:
    """Output, features (5, 4), targets (5,), and the scores (5, 9) by hand."""
    out, features = Out(), torch.randn(5, 4, dtype=torch.float64)
    scores = features.numpy() @ out.table.numpy().T + out.bias.detach().numpy()
    return out, features, torch.tensor([0, 3, 8, 3, 1]), scores


def test_full_is_cross_entropy_over_all_items() -> None:
    out, features, targets, scores = case()
    expected = np.mean([np.log(np.exp(s).sum()) - s[t] for s, t in zip(scores, targets, strict=True)])
    assert NextItemLoss(LOG, "full", 0)(out, features, targets).item() == pytest.approx(expected)


def test_sampled_counts_each_item_as_often_as_it_was_to_be_expected() -> None:
    out, features, targets, scores = case()
    loss = NextItemLoss(LOG, "sampled", 3)
    drawn = NextItemLoss(LOG, "sampled", 3).negatives.draw(targets)
    items, expected_count = drawn.items.numpy(), np.exp(drawn.log_expected.numpy())
    q = np.bincount(LOG.items, minlength=9) ** 0.5
    np.testing.assert_allclose(expected_count, softmax.NEGATIVES * (q / q.sum())[items])
    expected = np.mean(
        [
            np.log(np.exp(s[t]) + (np.exp(s[items]) / expected_count)[items != int(t)].sum()) - s[t]
            for s, t in zip(scores, targets, strict=True)
        ]
    )
    assert loss(out, features, targets).item() == pytest.approx(expected)


def test_bce_is_the_target_against_one_item_drawn() -> None:
    """As in SASRec's paper, each item for itself; the mean of both."""
    out, features, targets, scores = case()
    torch.manual_seed(1)
    other = torch.randint(9, (5,))
    torch.manual_seed(1)
    ours = NextItemLoss(LOG, "bce", 0)(out, features, targets).item()
    assert not (other == targets).any()
    sigma = 1 / (1 + np.exp(-scores))
    expected = [-(np.log(p[t]) + np.log(1 - p[j])) / 2 for p, t, j in zip(sigma, targets, other, strict=True)]
    assert ours == pytest.approx(np.mean(expected))


def test_a_large_catalogue_is_sampled_unless_asked_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(softmax, "FULL_SOFTMAX_ITEMS", 5)
    assert NextItemLoss(log_of([[0, 4]]), None, 0).loss == "full"
    assert NextItemLoss(LOG, None, 0).loss == "sampled"
    assert NextItemLoss(LOG, "full", 0).loss == "full"
