"""How far does the item that was clicked stand above the sampled others?

p is the score of the target, n_j those of its negatives, σ the logistic function. Arguments
and result of every function are those of a `Formula` in `gru_viz.learn.losses.sampled`.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import logsigmoid


def bce(positive: Tensor, negative: Tensor, own: Tensor) -> Tensor:
    """Binary cross-entropy, −[log σ(p) + Σ_j log(1 − σ(n_j))] / (1 + number of negatives).

    Clicked or not, each item for itself (Kang and McAuley 2018, arXiv 1808.09781; the mean
    over many negatives as in Petrov and Macdonald 2023, arXiv 2308.07192).
    """
    against = -logsigmoid(-negative).masked_fill(own, 0).sum(1)
    wrong = (against - logsigmoid(positive)) / (1 + (~own).sum(1))
    return wrong.masked_fill(own.all(1), 0)


def bpr(positive: Tensor, negative: Tensor, own: Tensor) -> Tensor:
    """Bayesian personalised ranking, −mean_j log σ(p − n_j) (Rendle et al. 2009, arXiv 1205.2618)."""
    return _mean(-logsigmoid(positive[:, None] - negative), own)


def top1(positive: Tensor, negative: Tensor, own: Tensor) -> Tensor:
    """mean_j [σ(n_j − p) + σ(n_j²)] (Hidasi et al. 2016, arXiv 1511.06939)."""
    return _mean((negative - positive[:, None]).sigmoid() + negative.square().sigmoid(), own)


def bpr_max(positive: Tensor, negative: Tensor, own: Tensor, regularizer: float = 1.0) -> Tensor:
    """−log Σ_j s_j σ(p − n_j) + λ Σ_j s_j n_j², s the softmax over the negatives only.

    Hidasi and Karatzoglou 2018, arXiv 1706.03847. The gradient goes through s too. The
    logarithm of the sum is taken over logarithms: nothing underflows where p is far below.
    """
    log_s = _log_weights(negative, own)
    wins = (log_s + logsigmoid(positive[:, None] - negative)).logsumexp(1)
    wrong = regularizer * (log_s.exp() * negative.square()).sum(1) - wins
    return wrong.masked_fill(own.all(1), 0)


def top1_max(positive: Tensor, negative: Tensor, own: Tensor) -> Tensor:
    """Σ_j s_j [σ(n_j − p) + σ(n_j²)], s as in BPR-max (Hidasi and Karatzoglou 2018)."""
    wrong = (negative - positive[:, None]).sigmoid() + negative.square().sigmoid()
    weighted = (_log_weights(negative, own).exp() * wrong).sum(1)
    return weighted.masked_fill(own.all(1), 0)


def _mean(values: Tensor, own: Tensor) -> Tensor:
    """(N,) mean over the negatives; 0 where there is none."""
    return values.masked_fill(own, 0).sum(1) / (~own).sum(1).clamp(min=1)


def _log_weights(negative: Tensor, own: Tensor) -> Tensor:
    """(N, K) log of the softmax over each row's negatives, −∞ at its own target.

    A row without negatives has finite weights that mean nothing: a softmax over nothing is NaN,
    and so is its gradient, even where the value is thrown away.
    """
    masked = own & ~own.all(1, keepdim=True)
    return negative.masked_fill(masked, float("-inf")).log_softmax(1)
