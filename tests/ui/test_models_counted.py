"""Which sessions do the simple models count where the model was trained here, and what are its lists called?

Oracle: a Markov chain fitted here to the training's own part.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from gru_viz.baselines import ALL, Markov
from gru_viz.errors import InputError
from gru_viz.explain.words import NBSP
from gru_viz.ui.cells.loaded import Cells
from gru_viz.ui.models import counted
from gru_viz.ui.models.clicks import other_log
from gru_viz.ui.models.counted import counting
from gru_viz.ui.models.whose import whose_words
from gru_viz.ui.sources import LoadedLog
from gru_viz.ui.train.split import parts_of
from gru_viz.ui.view import LOG, NOTHING, SessionRef
from tests.logs import memory_log

PARTS = parts_of(memory_log(60), "mine.csv", 20, {})
HELD = LoadedLog("mine.csv, held out", PARTS.test)


def now(session: SessionRef, loaded: LoadedLog | None = HELD, key: str = "run-ab") -> SimpleNamespace:
    source = SimpleNamespace(key=key, own=HELD, digest="d", about={}, name="mine")
    return SimpleNamespace(source=source, loaded=loaded, session=SimpleNamespace(ref=session))


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    """Nothing is kept, and the training's folder tells what it learned from."""
    monkeypatch.setattr(counted, "kept", lambda shared, about, compute: compute())
    monkeypatch.setattr(counted, "is_shared", lambda source: False)
    monkeypatch.setattr(counted, "trained_on", lambda source: PARTS)


def first_held_out() -> SessionRef:
    return SessionRef(LOG, PARTS.test.session_ids[0])


def test_beside_a_training_the_others_count_what_it_learned_from():
    found = counting(now(first_held_out()))
    assert found.names == tuple(model.name for model in ALL)
    test, own = PARTS.test, found.of("markov")
    clicks = np.array([0])
    np.testing.assert_array_equal(own.score(test, clicks), Markov().fit(PARTS.train).score(test, clicks))
    assert found.words.endswith(
        f"here in the {len(PARTS.train)} sessions that the model learned from; the one shown was held out."
    )
    assert whose_words(now(first_held_out()), Cells({}), ["GRU4Rec"]) == (
        "GRU4Rec is the model in view, not the leaderboard's. It did not learn from the session shown."
    )


def test_clicks_of_no_log_were_not_held_out():
    own = now(SessionRef(NOTHING, "", None, ("1",)))
    assert counting(own).words.endswith("that the model learned from.")
    assert whose_words(own, Cells({}), ["GRU4Rec"]).endswith("not the leaderboard's.")


def test_a_training_that_is_gone_leaves_nothing_to_count(monkeypatch):
    def gone(source):
        raise InputError("there is no such training")

    monkeypatch.setattr(counted, "trained_on", gone)
    found = counting(now(first_held_out()))
    assert (found.names, found.words) == ((), "The simple models are not there: there is no such training.")


def test_another_log_for_the_same_model_is_counted_itself():
    log = memory_log(40)
    found = counting(now(SessionRef(LOG, log.session_ids[0]), LoadedLog("other.csv", log)))
    said = found.words.replace(NBSP, " ")
    assert said.endswith("here in the earlier 90 % of the 40 sessions in other.csv, without the one shown.")


@pytest.mark.parametrize("place", [0, 7, 35, 36, 39])
def test_what_is_fitted_never_holds_the_session_shown(place, monkeypatch):
    """Oracle: which sessions reach `fit`, asked of every model."""
    log, seen = memory_log(40), []

    class Remembers:
        def fit(self, log):
            seen.append(set(log.session_ids))
            return self

    monkeypatch.setattr(
        counted, "ALL", [type(model.name, (Remembers,), {"name": model.name}) for model in ALL]
    )
    found = counting(now(SessionRef(LOG, log.session_ids[place]), LoadedLog("other.csv", log)))
    for name in found.names:
        found.of(name)
    expected = {name for at, name in enumerate(log.session_ids) if at < 36 and at != place}
    assert seen == [expected] * len(ALL)


def test_the_log_of_a_training_is_called_as_the_person_called_it():
    assert other_log(now(first_held_out())) == "mine.csv"
    assert other_log(now(first_held_out(), LoadedLog("x, held out", memory_log(40)))) == "x, held out"
