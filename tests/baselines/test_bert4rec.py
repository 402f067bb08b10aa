"""Oracle: what is on either side is changed; what is hidden may not be seen; patterns it must find."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gru_viz.baselines.bert4rec import BERT4Rec, Cloze
from gru_viz.baselines.gradient import Fitting
from gru_viz.baselines.transformer import Transformer
from gru_viz.errors import InputError
from gru_viz.learn.evaluation import evaluate
from tests.baselines.tiny import SMALL, before_last_log, cyclic_log
from tests.logs import log_of, random_log

FITTING = Fitting(30, 60, 0.03, clip=1.0)
GAPS = np.array([[False, True, False]])


def at_the_gap(net: Transformer, items: list[int]) -> torch.Tensor:
    """(D,) what an untrained model finds at the hidden middle click, as it learns."""
    bert = BERT4Rec(SMALL)
    bert.net = net
    found: list[torch.Tensor] = []
    bert._costs = lambda net, features, targets: found.append(features[0])  # type: ignore
    with torch.no_grad():
        bert._loss(Cloze(np.array([items]), np.array([3]), GAPS))
    return found[0]


def test_a_gap_is_seen_from_both_sides_and_not_from_within() -> None:
    net = Transformer(random_log(10, 7), SMALL, causal=False).eval()
    found = at_the_gap(net, [1, 2, 3])
    assert not torch.allclose(at_the_gap(net, [4, 2, 3]), found, atol=1e-4)  # an earlier click
    assert not torch.allclose(at_the_gap(net, [1, 2, 4]), found, atol=1e-4)  # a later click
    torch.testing.assert_close(at_the_gap(net, [1, 5, 3]), found)  # the hidden one


def test_a_gap_is_filled_from_the_click_after_it() -> None:
    """0 ? 3 is 1, 0 ? 4 is 2: only the later click tells."""
    log = log_of([[0, 1, 3], [0, 2, 4]] * 30)
    bert = BERT4Rec(SMALL, only_last=0.0, fitting=FITTING).fit(log)
    with torch.no_grad():
        bert.net.eval()
        seen = torch.tensor([[0, bert.net.hidden, 3], [0, bert.net.hidden, 4]])
        features = bert.net.features(seen, torch.tensor([3, 3]))[:, 1]
        assert bert.net.scores(features).argmax(1).tolist() == [1, 2]


def test_the_next_click_is_a_gap_after_the_last_one() -> None:
    bert = BERT4Rec(SMALL, fitting=Fitting(1, 60, 0.01)).fit(random_log())
    with torch.no_grad():
        bert.net.eval()
        features = bert.net.features(torch.tensor([[4, 2, bert.net.hidden]]), torch.tensor([3]))
        expected = bert.net.scores(features[:, -1]).numpy()
    scores = bert.score(log_of([[4, 2, 1], [3]], 9), np.array([1]))
    np.testing.assert_allclose(scores, expected, atol=1e-6)


def test_a_cyclic_chain_is_learned() -> None:
    log = cyclic_log(60)
    fitting = Fitting(60, 60, 0.02, clip=1.0)
    assert evaluate(BERT4Rec(SMALL, fitting=fitting).fit(log), log, (1,)).recall[1] == 1.0


def test_the_click_before_the_last_is_used() -> None:
    log = before_last_log()
    scores = BERT4Rec(SMALL, fitting=FITTING).fit(log).score(log, np.array([1, 4]))
    assert scores.argmax(axis=1).tolist() == [3, 4]


def cloze_of(only_last: float, masked: float = 0.3) -> list[Cloze]:
    bert = BERT4Rec(SMALL, masked, only_last, fitting=Fitting(1, 60, 0.01))
    bert.fit(random_log(300, 9, longest=6))
    return bert._batches(np.random.default_rng(0))


@pytest.mark.parametrize("masked", [0.0, 0.3, 1.0])
def test_gaps_are_clicks_and_every_session_has_one(masked: float) -> None:
    clicks = hidden = 0
    for cloze in cloze_of(0.0, masked):
        real = np.arange(cloze.items.shape[1]) < cloze.lengths[:, None]
        assert not (cloze.gaps & ~real).any()
        assert cloze.gaps.any(axis=1).all()
        clicks, hidden = clicks + real.sum(), hidden + cloze.gaps.sum()
        if masked == 0.0:
            assert (cloze.gaps.sum(axis=1) == 1).all()
    assert (
        hidden / clicks
        == {0.0: pytest.approx(0.25, abs=0.05), 0.3: pytest.approx(0.38, abs=0.05), 1.0: 1}[masked]
    )


def test_only_the_last_click_of_what_was_cut_is_hidden() -> None:
    made = cloze_of(1.0)
    for cloze in made:
        for gaps, length in zip(cloze.gaps, cloze.lengths, strict=True):
            assert np.flatnonzero(gaps).tolist() == [length - 1]
    lengths = np.concatenate([cloze.lengths for cloze in made])
    assert set(lengths) == {2, 3, 4, 5, 6}  # cut anywhere, two clicks are left at least


@pytest.mark.parametrize("wrong", [{"masked": 1.5}, {"only_last": -0.1}])
def test_shares_that_are_none_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="must be from 0 to 1"):
        BERT4Rec(SMALL, **wrong)
