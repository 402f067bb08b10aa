"""What does a model know before its first session?

Either way its output bias is the log popularity of each item. Then:

random: embeddings from N(0, 0.15²); recurrent weights as `GRU4Rec` draws them.
markov: the embeddings are a low-rank first-order Markov chain. Its smoothed odds,

    log P(j | i) = log p_j + log(1 + count(i → j) / (n_i p_j)) + a term of i alone,

    are popularity (the bias) plus a sparse matrix M, non-zero only where j followed i.
    A randomised SVD M ≈ A Bᵀ (Halko et al. 2011, arXiv 0909.4061) gives the input
    embedding A and the output embedding B, and the candidate passes its input on. So the
    gates need not first find out which items follow which, but what to add to that.
    Only training transitions are used.
"""

from __future__ import annotations

import numpy as np
import torch

from gru_viz.baselines.base import log_popularity
from gru_viz.errors import InputError
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.sessions import ClickLog

SPREAD = 0.15  # standard deviation of a random embedding
MARKOV_SPREAD = 0.3
WRITE_BIAS = 1.0  # gates that let a click through start at σ(1) = 0.73: mostly the click of now
WRITING = {"gru": ("z",), "lstm": ("i", "o"), "rnn": ()}
SVD_STEPS = 4


def can_start_from_markov(config: ModelConfig) -> bool:
    """Are there two embeddings, and nothing but recurrent layers between them?"""
    return config.input == "embedding" and config.output == "own" and not config.feed_forward


def new_model(log: ClickLog, config: ModelConfig, start: str = "random", seed: int = 0) -> GRU4Rec:
    """An untrained model for the items of the log: the same numbers for the same seed.

    Raises InputError where the model has no room for the start that is asked for.
    """
    if start == "markov" and not can_start_from_markov(config):
        raise InputError(
            "a start from the Markov chain needs embedding input, own output and no feed-forward layer; "
            "start at random instead"
        )
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.default_generator.manual_seed(seed)  # not torch's own: that one seeds every GPU, too
        model = GRU4Rec(log.catalog, config)
        for table in (model.embedding, model.own_output):
            if table is not None:
                table.normal_(0.0, SPREAD)
        model.output_bias.copy_(torch.from_numpy(log_popularity(log)).float())
        if start == "markov":
            _start_from_markov(model, log)
    return model


def _start_from_markov(model: GRU4Rec, log: ClickLog) -> None:
    A, B = markov_factors(log, min(model.config.embedding_dim, *model.config.units, len(log.catalog)))
    rank = A.shape[1]
    assert model.embedding is not None
    assert model.own_output is not None
    model.embedding[:, :rank] = A
    model.own_output[:, :rank] = B
    for layer in model.cells:
        layer.W[layer.rows("candidate")] = torch.eye(layer.units, layer.W.shape[1])
        for gate in WRITING[layer.kind]:
            layer.b[layer.rows(gate)] = WRITE_BIAS


def markov_factors(log: ClickLog, rank: int) -> tuple[torch.Tensor, torch.Tensor]:
    """A and B, each (n_items, rank), both scaled to the same spread; A Bᵀ is near a multiple of M."""
    n = len(log.catalog)
    inner = np.ones(log.n_clicks, dtype=bool)
    inner[log.offsets[:-1]] = False  # a session's first click follows nothing
    after = np.flatnonzero(inner)
    pairs, count = np.unique(log.items[after - 1] * n + log.items[after], return_counts=True)
    before, following = pairs // n, pairs % n
    popularity = np.maximum(np.bincount(log.items, minlength=n), 1) / log.n_clicks
    followed = np.bincount(before, weights=count, minlength=n) + 1
    values = np.log1p(count / (followed[before] * popularity[following]))
    M = torch.sparse_coo_tensor(
        torch.from_numpy(np.stack([before, following])),
        torch.from_numpy(values).float(),
        (n, n),
        check_invariants=True,
    ).coalesce()
    U, S, V = torch.svd_lowrank(M, q=rank, niter=SVD_STEPS)
    return _spread(U * S.sqrt()), _spread(V * S.sqrt())


def _spread(table: torch.Tensor) -> torch.Tensor:
    return table * (MARKOV_SPREAD / table.square().mean().sqrt().clamp_min(1e-9))
