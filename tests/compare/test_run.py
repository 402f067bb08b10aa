"""Are all models measured on the same clicks, and is every figure that of `evaluate`?"""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.baselines import Markov, Popularity
from gru_viz.compare.contenders import learned
from gru_viz.compare.names import NAMES, chosen, shares, short_name
from gru_viz.compare.run import Doing, compare, spread
from gru_viz.compare.values import About, Comparison
from gru_viz.errors import InputError
from gru_viz.learn.evaluation import evaluate, ranked
from gru_viz.learn.intervals import intervals, resampled
from gru_viz.learn.split import split_by_time
from tests.logs import memory_log, random_log

ABOUT = About("log", "test", 8, 1, 1, settings="quick")


@pytest.fixture(scope="module")
def split():
    return split_by_time(random_log(60, n_items=30), 0.3)


def last(events):
    found = [event for event in events if isinstance(event, Comparison)]
    return found[-1]


def test_figures_are_those_of_evaluate(split):
    """Oracle: each baseline fitted, evaluated and resampled here; the difference draw by draw."""
    found = last(compare(split.train, split.test, ABOUT, ["popularity", "markov"]))
    assert found.complete
    drawn = {}
    for kind in (Popularity, Markov):
        one, baseline = found.whole.find(kind.name), kind().fit(split.train)
        assert one.quality == evaluate(baseline, split.test, (20,))
        assert one.intervals == intervals(ranked(baseline, split.test), (20,))
        assert [b.by for b in one.breakdowns] == ["position", "length"]
        assert sum(b.quality.predictions for b in one.breakdowns[0].bins) == one.quality.predictions
        assert one.cost.parameters is None
        assert one.cost.fit_seconds >= 0
        assert one.cost.predict_seconds > 0
        drawn[kind.name] = resampled(ranked(baseline, split.test), (20,))
    pair = found.whole.difference("markov", "popularity")
    each = (drawn["markov"] - drawn["popularity"])[:, 0, 0]
    assert pair.recall_interval[0] <= each.mean() <= pair.recall_interval[1]
    assert pair.turned == found.whole.difference("popularity", "markov")
    assert found.whole.difference("markov", "gru") is None


def test_every_model_that_has_a_name_can_be_compared():
    """On a log of eight items; each learned one has parameters, the cells in the order of their gates."""
    split = split_by_time(memory_log(40), 0.2)
    found = last(compare(split.train, split.test, ABOUT, list(NAMES)))
    assert [model.name for model in found.whole.models] == list(NAMES)
    counts = {model.name: model.cost.parameters for model in found.whole.models}
    assert [name for name, count in counts.items() if count is None] == list(NAMES)[:5]
    assert 0 < counts["rnn"] < counts["gru"] < counts["lstm"]
    assert len(found.whole.differences) == 12 * 11 / 2


def test_smaller_shares_come_after_the_whole(split):
    found = last(compare(split.train, split.test, ABOUT, ["markov"], (1.0, 0.5, 0.1)))
    assert [part.share for part in found.rounds] == [1.0, 0.5, 0.1]
    assert [part.sessions for part in found.rounds] == [42, 21, 4]
    small = Markov().fit(spread(split.train, 0.1))
    assert found.rounds[2].models[0].quality == evaluate(small, split.test, (20,))
    assert found.rounds[2].models[0].breakdowns == ()


def test_a_share_is_spread_over_the_time():
    log = random_log(50)
    assert list(spread(log, 0.1).session_ids) == ["s0", "s12", "s24", "s36", "s49"]
    assert spread(log, 1) is log
    assert len(spread(log, 1e-6)) == 1


def test_it_says_how_far_it_is(split):
    """Oracle: the share done rises to 1, and a finished model is in the comparison at once."""
    events = list(compare(split.train, split.test, ABOUT, ["popularity", "gru"]))
    doing = [event.done for event in events if isinstance(event, Doing)]
    assert doing == sorted(doing)
    assert 0 <= doing[0] < 0.1
    assert 0.8 < doing[-1] <= 1
    found = [event for event in events if isinstance(event, Comparison)]
    assert [len(one.whole.models) for one in found] == [1, 2, 2]
    assert [one.complete for one in found] == [False, False, True]


@pytest.mark.parametrize("name", ["mf", "rnn"])
def test_the_seed_decides_the_model(split, name):
    """The same scores for the same seed, others for another."""

    def scores(seed):
        steps = learned(name, split.train, seed, "quick")
        while True:
            try:
                next(steps)
            except StopIteration as stop:
                return next(iter(stop.value.scorer.predictions(split.test)))[0]

    first = scores(0)
    assert np.array_equal(first, scores(0))
    assert not np.array_equal(first, scores(1))


def test_names_and_shares_as_they_are_typed():
    assert chosen("gru, markov,gru") == ("gru", "markov")
    assert shares("0.1,0.3") == (1.0, 0.3, 0.1)
    assert shares("1") == (1.0,)
    for text in ("", "gru,nothing", " , "):
        with pytest.raises(InputError, match="--models takes"):
            chosen(text)
    for text in ("", "0", "2", "a", "nan", "0.1,,1", "-1"):
        with pytest.raises(InputError, match="--shares takes"):
            shares(text)


def test_what_models_are_called():
    assert [short_name(name) for name in ("markov", "lstm", "rnn", "gru")] == [
        "Markov chain", "GRU4Rec (LSTM)", "GRU4Rec (RNN)", "GRU4Rec"
    ]  # fmt: skip
