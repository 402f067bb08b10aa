"""Are all experiments made that the models allow, in order, and is each result that of its own file?"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gru_viz.compare import contenders
from gru_viz.compare.contenders import training_of
from gru_viz.compare.document import read_comparison, to_document
from gru_viz.compare.experiments.plan import lasts, planned
from gru_viz.compare.experiments.reset import reset
from gru_viz.compare.experiments.values import KINDS
from gru_viz.compare.names import EXPERIMENTS, NAMES
from gru_viz.compare.run import Doing, compare
from gru_viz.compare.values import About, Comparison
from gru_viz.learn.config import PRESETS, Preset
from gru_viz.learn.evaluation import ModelScorer, ranked
from gru_viz.learn.split import split_by_time
from gru_viz.learn.start import new_model
from gru_viz.learn.trainer import train
from tests.logs import random_log

ABOUT = About("log", "test", 8, 1, 10_000, settings="quick")


@pytest.fixture(scope="module")
def split():
    return split_by_time(random_log(150, n_items=30), 0.5)


@pytest.fixture(scope="module", autouse=True)
def small():
    """A preset of 8 units that trains in a moment."""
    quick = PRESETS["quick"]
    preset = Preset({**quick.model, "units": (8,), "embedding_dim": 8}, replace(quick.training, epochs=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contenders, "PRESETS", {"quick": preset})
        yield


@pytest.fixture(scope="module")
def events(split):
    names = ["markov", "rnn", "gru"]
    return list(compare(split.train, split.test, ABOUT, names, (1.0, 0.5), claims=True))


def test_which_experiments_which_models_allow():
    assert planned(NAMES) == KINDS
    assert planned(["gru"]) == ("reset", "clipping", "sizes")
    assert planned(["gru", "lstm"]) == ("reset", "clipping", "sizes")
    assert planned(["gru", "rnn"]) == ("gradients", "reset", "clipping", "sizes")
    assert planned(["markov", "gru"]) == ("reset", "clipping", "sizes", "long")
    assert planned(["markov", "sasrec", "lstm", "rnn"]) == ()
    assert set(EXPERIMENTS) == set(KINDS)
    assert not set(EXPERIMENTS) & set(NAMES)
    assert lasts("clipping", ["gru", "rnn"]) > lasts("clipping", ["gru"]) > lasts("reset", ["gru"]) > 0


def test_they_come_after_the_rounds_one_by_one(events):
    """Oracle: every Comparison but the last is not complete; each experiment adds one field."""
    found = [event for event in events if isinstance(event, Comparison)]
    assert [one.complete for one in found] == [False] * (len(found) - 1) + [True]
    tried = [one.experiments for one in found[6:]]
    assert all(one.experiments is None for one in found[:6])
    kinds = ("gradients", "reset", "clipping", "sizes", "long")
    assert len(tried) == len(kinds) + 1
    for number, one in enumerate(tried[:-1], 1):
        have = [kind for kind in KINDS if getattr(one, kind) or kind in one.left_out]
        assert tuple(have) == kinds[:number]
    assert tried[-1] == tried[-2]


def test_the_share_that_is_done_rises_to_the_end(events):
    doing = [event for event in events if isinstance(event, Doing)]
    done = [event.done for event in doing]
    assert done == sorted(done)
    assert done[-1] > 0.9
    assert {event.name for event in doing} == {"markov", "rnn", "gru", *KINDS} - {"waiting"}


def test_the_models_are_those_of_the_comparison(events, split):
    """Oracle: the GRU trained here on all of the log, not on the smaller share that came after it."""
    shape, training = training_of("gru", len(split.train.catalog), 0, "quick")
    model = new_model(split.train, shape, training.start, 0)
    for _ in train(model, split.train, training):
        pass
    scorer = ModelScorer(model)
    assert events[-1].experiments.reset == reset(scorer, split.test, ranked(scorer, split.test))


def test_a_log_that_is_too_small_leaves_out(events):
    """75 sessions of up to 12 clicks: none of the places that late needs is reached by a hundred."""
    assert events[-1].experiments.left_out == ("long",)
    assert events[-1].experiments.long is None


def test_the_file_holds_them(events):
    """Oracle: what is written is read again, as it was."""
    found = events[-1]
    content = json.dumps(to_document(found), allow_nan=False).encode()
    assert read_comparison(content).experiments == found.experiments


def test_nobody_asked(split):
    (*_, last) = compare(split.train, split.test, ABOUT, ["markov"])
    assert last.experiments is None
