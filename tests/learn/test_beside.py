"""Oracle: the paired bootstrap by hand, over all draws of two sessions; a run that was never stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from gru_viz.baselines import Markov, Popularity
from gru_viz.cutoffs import CUTOFF
from gru_viz.errors import InputError
from gru_viz.learn.beside import FILE_NAME, OnTest, keep, kept
from gru_viz.learn.evaluation import ranked
from gru_viz.learn.intervals import intervals, resampled
from gru_viz.learn.paired import margin, standing
from tests.logs import random_log


@pytest.fixture(scope="module")
def found() -> dict[str, OnTest]:
    log = random_log(40, n_items=60)
    return {
        b.name: OnTest.of(b.fit(log), random_log(30, n_items=60, seed=1)) for b in (Popularity(), Markov())
    }


def test_figures_and_intervals_are_those_of_the_ranks(found: dict[str, OnTest]) -> None:
    log, test = random_log(40, n_items=60), random_log(30, n_items=60, seed=1)
    ranks = ranked(Markov().fit(log), test)
    one = found["markov"]
    assert one.quality == ranks.quality()
    assert one.intervals == intervals(ranks, (CUTOFF,))
    low, high = one.intervals.recall[CUTOFF]
    assert low < one.quality.recall[CUTOFF] < high


def test_margins_are_paired(found: dict[str, OnTest]) -> None:
    """Draw by draw, so one against itself is level without any width."""
    margins = found["markov"].margins(found)
    own = margins["markov"]
    assert (own.recall, own.recall_interval, own.mrr, own.mrr_interval) == (0, (0, 0), 0, (0, 0))
    other = margins["popularity"]
    both = found["markov"].quality.recall[CUTOFF], found["popularity"].quality.recall[CUTOFF]
    assert other.recall == both[0] - both[1]
    drawn = (found["markov"].drawn - found["popularity"].drawn)[:, 0, 0]
    assert other.recall_interval == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])))


def test_the_same_shoppers_make_a_sure_difference_of_two_wide_intervals() -> None:
    """Sessions are easy or hard for both, and one finds a tenth more in each: .1 on every resample."""
    easy = np.linspace(0.1, 0.8, 200)
    drawn = np.stack([easy, easy / 2], axis=1)[:, :, None]
    quality = OnTest.of(Markov().fit(random_log(5)), random_log(5)).quality
    better = replace(quality, recall={20: 0.55}, mrr={20: 0.275})
    worse = replace(quality, recall={20: 0.45}, mrr={20: 0.225})
    told = margin((better, worse), (drawn + 0.1, drawn), CUTOFF)
    assert told.recall_interval == pytest.approx((0.1, 0.1))
    assert standing(told.recall_interval) == "above"


def test_they_come_back_as_they_were(found: dict[str, OnTest], tmp_path: Path) -> None:
    keep(found, tmp_path)
    again = kept({name: one.quality for name, one in found.items()}, tmp_path)
    assert list(again) == list(found)
    assert found["markov"].margins(again) == found["markov"].margins(found)


def test_a_single_session_comes_back_too(tmp_path: Path) -> None:
    log = random_log(5)
    one = OnTest.of(Markov().fit(log), log.select(np.array([int(np.argmax(log.lengths))])))
    assert one.drawn.shape == (0, 2, 1)
    keep({"markov": one}, tmp_path)
    again = kept({"markov": one.quality}, tmp_path)
    assert one.margins(again)["markov"].recall_interval == (-1.0, 1.0)


@pytest.mark.parametrize(
    "content",
    [b"", b"no tensors", save({"markov": np.zeros((3, 2, 1), np.float32)}), save({"markov": np.zeros(3)}),
     save({"markov": np.zeros((3, 2, 1))}), save({"other": np.zeros((1000, 2, 1))})],
)  # fmt: skip
def test_what_is_damaged_or_of_another_size_is_left_out(
    found: dict[str, OnTest], tmp_path: Path, content: bytes
) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    again = kept({name: one.quality for name, one in found.items()}, tmp_path)
    assert found["markov"].margins(again) == {}


def test_without_a_file_there_is_nothing(found: dict[str, OnTest], tmp_path: Path) -> None:
    assert kept({"markov": found["markov"].quality}, tmp_path) == {}
    with pytest.raises(InputError, match="another place"):
        keep(found, tmp_path / "nowhere")


def test_the_draws_are_those_of_resampled(found: dict[str, OnTest]) -> None:
    log, test = random_log(40, n_items=60), random_log(30, n_items=60, seed=1)
    drawn = resampled(ranked(Popularity().fit(log), test), (CUTOFF,))
    assert np.array_equal(found["popularity"].drawn, drawn)
