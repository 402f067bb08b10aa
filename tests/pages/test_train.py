"""Does the Train page set up, watch and show trainings, each person's own?

Oracle: trainings as their folders would tell them (tests/ui/training.py), one tiny real run, and what
the page asks of `gru_viz.jobs`, whose own tests are elsewhere.
"""

from __future__ import annotations

import html
import json
import re
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gru_viz.errors import InputError
from gru_viz.explain.words import NBSP
from gru_viz.jobs.request import JobRequest, write_request
from gru_viz.learn.config import PRESETS, TrainingConfig
from gru_viz.learn.estimate import Estimate
from gru_viz.learn.figures_file import GATES_OF
from gru_viz.learn.run import Parts, read_run, run_in
from gru_viz.learn.split import split_by_time
from gru_viz.model import ModelConfig
from gru_viz.ui import navigation
from gru_viz.ui.launch import launch
from gru_viz.ui.text import WORD_JOINER
from gru_viz.ui.train import service
from gru_viz.ui.view import from_query
from tests.logs import memory_log, write_csv
from tests.ui.training import epoch, job, progress, sure

ROOT = Path(__file__).parents[2]
PERSON = "0123456789abcdef" * 2


class Kept:
    """Stands in for `Jobs`: tells what it was given, remembers what it was asked."""

    def __init__(self) -> None:
        self.runs: list = []
        self.asked: list = []
        self.refuses: str | None = None

    def of(self, owner):
        return tuple(self.runs) if owner == PERSON else ()

    def status(self, run, owner):
        found = [known for known in self.of(owner) if known.id == run]
        if not found:
            raise InputError("there is no such training; it may have been removed")
        return found[0]

    def busy(self, owner):
        return next(("training" for run in self.of(owner) if run.active), None)

    def submit(self, request, owner):
        if self.refuses:
            raise InputError(self.refuses)
        self.asked.append(("submit", request, owner))
        self.runs.insert(0, job("waiting", id="cd" * 16, place=1))
        return "cd" * 16

    def __getattr__(self, name):
        return lambda run, owner: self.asked.append((name, run, owner))


@pytest.fixture
def kept(monkeypatch) -> Kept:
    made = Kept()
    monkeypatch.setattr(service, "Jobs", lambda root: made)
    return made


@pytest.fixture
def train(monkeypatch, kept) -> AppTest:
    """The Train page by itself, its browser known, with an estimate that takes no time."""
    monkeypatch.setattr(sys, "argv", ["app.py"])
    launch.cache_clear()
    monkeypatch.setattr(navigation, "_routed", True)
    monkeypatch.setattr(navigation, "links", lambda: None)
    monkeypatch.setattr("gru_viz.learn.estimate.estimate", lambda *_: Estimate(40.0, 10**9, 5.0))
    page = AppTest.from_file(str(ROOT / "pages" / "train.py"), default_timeout=60)
    page.session_state["gru_viz.owner"] = PERSON
    yield page
    launch.cache_clear()


def words(app) -> str:
    """All that the page says, plain, without what protects it from Markdown."""
    assert not app.exception
    kinds = ("markdown", "caption", "error", "warning", "info", "subheader")
    texts = [element.value for kind in kinds for element in app.get(kind)]
    texts += [bar.proto.text for bar in app.get("progress")]
    for element in app.get("html"):
        tagless = re.sub(r"<style>.*?</style>|<[^>]+>", "", element.proto.body, flags=re.DOTALL)
        texts.append(html.unescape(tagless))
    plain = " ".join(texts).replace("\\", "").replace("**", "")
    return plain.replace(WORD_JOINER, "").replace(NBSP, " ")


def button(app, label):
    (found,) = [button for button in app.button if button.label == label]
    return found


def labels(app) -> list[str]:
    return [button.label for button in app.button]


def sent(app) -> dict[str, dict]:
    """What the page sent to its components, by what they are."""
    found = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return {("stepper" if "trace" in data else "epochs"): data for data in found if "key" in data}


def view_of(app):
    address = {name: v if isinstance(v, str) else v[0] for name, v in app.query_params.items()}
    view, notes = from_query(address)
    assert notes == ()
    return view


# --- whose browser it is


def told(app, token):
    states = app._tree.get_widget_states()
    component = app.get("bidi_component")[0].proto.id
    states.widgets.add(id=component, json_value=json.dumps({"token": token}))
    return app._run(states)


def test_nothing_of_anyone_is_shown_before_the_browser_has_told_who_it_is(train, kept):
    del train.session_state["gru_viz.owner"]
    kept.runs = [job("finished")]
    train.run()
    assert not train.exception
    assert labels(train) == []
    told(train, "x" * 32)  # not one of ours
    assert labels(train) == []
    told(train, PERSON)
    assert "Train another" in labels(train)


def test_a_link_to_a_strangers_training_shows_nothing_of_it(train, kept):
    train.session_state["gru_viz.owner"] = "f" * 32
    kept.runs = [job("finished", name="secret.csv", kept=1, epochs=(epoch(1),))]
    train.query_params["job"] = kept.runs[0].id
    assert "it is another browser's" in words(train.run())
    assert "secret" not in words(train)
    assert "Start training" in labels(train)
    train.query_params["model"] = f"run-{kept.runs[0].id}"
    assert "secret" not in words(train.run())


# --- setting one up


def test_the_sample_shop_and_a_preset(train, kept):
    train.run()
    assert "20,000 sessions, 186,818 clicks on 240 items" in words(train)
    assert "measured on 2,000 later ones" in words(train)
    assert "About 75 s and 1.0 GB of memory" in words(train)
    train.radio(key="gru_viz.train.preset").set_value("quick").run()
    train.select_slider(key="gru_viz.train.share").set_value(20).run()
    button(train, "Start training").click().run()
    ((what, request, owner),) = kept.asked
    assert (what, owner) == ("submit", PERSON)
    assert request.training == PRESETS["quick"].training
    assert request.model == ModelConfig(**PRESETS["quick"].model).to_dict()
    assert (len(request.parts.train), len(request.parts.test)) == (16_000, 4_000)
    assert request.parts.train.catalog.titles != request.parts.train.catalog.ids
    assert view_of(train).job == "cd" * 16
    assert "Waits: second in line" in words(train)


def test_advanced_settings_and_what_does_not_fit(train, kept):
    train.run()
    train.selectbox(key="gru_viz.train.set.embedding").set_value("tied").run()
    train.number_input(key="gru_viz.train.set.units").set_value(16).run()
    train.selectbox(key="gru_viz.train.set.start").set_value("markov").run()
    assert "start from the Markov chain" in words(train)
    assert "Start training" not in labels(train)
    train.selectbox(key="gru_viz.train.set.start").set_value("random").run()
    button(train, "Start training").click().run()
    model = ModelConfig.from_dict(dict(kept.asked[0][1].model))
    assert (model.units, model.embedding_dim, model.output) == ((16,), 16, "tied")


def test_settings_that_come_faster_than_the_page_are_all_trained_with(train, kept):
    """Two fields and the button in one message, as they come when the page is still being drawn."""
    train.run()
    train.number_input(key="gru_viz.train.set.units").set_value(24)
    train.number_input(key="gru_viz.train.set.epochs").set_value(3)
    train.select_slider(key="gru_viz.train.share").set_value(20)
    button(train, "Start training").click().run()
    ((_, request, _),) = kept.asked
    assert request.model["units"] == (24,)
    assert request.training.epochs == 3
    assert len(request.parts.test) == 4_000


def test_a_start_with_settings_that_do_not_fit_starts_nothing_then_or_later(train, kept):
    train.run()
    train.selectbox(key="gru_viz.train.set.embedding").set_value("tied").run()
    train.selectbox(key="gru_viz.train.set.start").set_value("markov")
    button(train, "Start training").click().run()
    assert "start from the Markov chain" in words(train)
    train.selectbox(key="gru_viz.train.set.start").set_value("random").run()
    assert kept.asked == []


def test_a_refusal_is_one_line(train, kept):
    kept.refuses = "20 trainings are waiting already; try again later"
    button(train.run(), "Start training").click().run()
    assert kept.refuses in words(train)
    assert "Start training" in labels(train)


def test_one_at_a_time(train, kept):
    kept.runs = [job("running")]
    train.query_params["job"] = "new"
    assert button(train.run(), "Start training").disabled


def upload(app, name, data):
    app.file_uploader(key="gru_viz.train.upload").set_value((name, data, "text/csv")).run()
    return app


def test_an_upload_its_columns_and_a_file_that_cannot_be_read(train, kept, tmp_path):
    train.run().segmented_control(key="gru_viz.train.pick").set_value("own").run()
    data = write_csv(memory_log(40), tmp_path / "mine.csv").read_bytes()
    upload(train, "mine.csv", data)
    assert "mine.csv: 40 sessions" in words(train)
    upload(train, "bad.csv", b"one\nx\n")
    assert "bad.csv" in words(train)
    assert "mine.csv, which was read before, is still there" in words(train)
    assert "Start training" in labels(train)
    renamed = data.replace(b"SessionId,ItemId,Time", b"who,what,when")
    upload(train, "<b>odd</b>.csv", renamed)
    assert "no session column" in words(train)
    train.selectbox(key="gru_viz.train.column.session").set_value("who").run()
    train.selectbox(key="gru_viz.train.column.item").set_value("what").run()
    assert "<b>odd</b>.csv: 40 sessions" in words(train)
    button(train, "Start training").click().run()
    assert kept.asked[0][1].parts.facts["log"]["columns"] == {"session": "who", "item": "what"}


# --- watching one


def test_a_running_one(train, kept):
    epochs = (epoch(1, 0.5), epoch(2, 0.61, **sure(0.61, 0.01, markov=0.7, popularity=0.17)))
    kept.runs = [job("running", doing="training", epochs=epochs, progress=progress(3), kept=2)]
    train.run()
    assert "Epoch 3 of 14 · 12,345 clicks a second · about 40 s left" in words(train)
    assert "After epoch 2 it finds 61 % of the held-out next clicks" in words(train)
    assert "below the Markov chain" in words(train)
    assert len(train.get("plotly_chart")) == 4
    assert f"Gates: of the first {GATES_OF} training sessions" in words(train)
    button(train, "Cancel this training").click().run()
    assert kept.asked == [("cancel", "ab" * 16, PERSON)]


def test_an_exploding_gradient_is_said(train, kept):
    kept.runs = [job("running", doing="training", epochs=(epoch(1),), progress=progress(gradient_norm=90.0))]
    assert "The gradient explodes in epoch 2" in words(train.run())


def test_an_exploding_gradient_is_said_in_the_first_epoch(train, kept):
    spoilt = progress(1, gradient_norm=90.0, usual_norm=0.5)
    kept.runs = [job("running", doing="training", progress=spoilt)]
    assert "The gradient explodes in epoch 1: its norm is 90" in words(train.run())


# --- one that ended


@pytest.mark.parametrize("state", ["lost", "failed", "cancelled"])
def test_one_that_did_not_finish_says_why_and_goes_on(train, kept, state):
    message = "" if state == "cancelled" else "the training process ended in epoch 2; continue goes on"
    kept.runs = [job(state, message=message, epochs=(epoch(1, None),), folder=ROOT / "none")]
    train.run()
    assert ("Cancelled; 1 finished epoch is kept" if state == "cancelled" else "ended in epoch 2") in words(
        train
    )
    button(train, "Continue from epoch 1").click().run()
    assert kept.asked == [("resume", "ab" * 16, PERSON)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A run of three epochs on a log of tests/logs.py, as a job leaves it."""
    made = tmp_path_factory.mktemp("run")
    split = split_by_time(memory_log(80), 0.2)
    parts = Parts(split.train, split.test, "mine.csv", "the last 20% of the sessions", True, {})
    model = ModelConfig(units=(6,), embedding_dim=6)
    training = TrainingConfig(epochs=3, batch=16, learning_rate=0.05)
    write_request(JobRequest(parts, model.to_dict(), training), made)
    list(run_in(made, parts, model, training))
    return made


@pytest.fixture
def finished(kept, folder):
    run = read_run(folder)
    kept.runs = [
        job(
            "finished",
            folder=folder,
            epochs=run.epochs,
            baselines=run.baselines,
            intervals=run.intervals,
            kept=run.kept,
            name=run.name,
        )
    ]
    return kept.runs[0]


def test_a_finished_one(train, finished):
    train.run()
    assert f"The best epoch, number {finished.kept}, was kept" in words(train)
    assert {"Step", "Memory", "What if", "Replay its epochs"} <= set(labels(train))
    assert len(train.get("download_button")) == 1


def test_beside_the_baselines_stands_how_sure_it_is(train, finished):
    train.session_state["gru_viz.train.beside"] = True
    train.run()
    assert not train.exception
    assert "in 95 % of 1,000 resamples of the sessions" in words(train)
    drawn = [json.loads(chart.proto.spec) for chart in train.get("plotly_chart")]
    bars = next(
        figure for figure in drawn if "Recall@20" in json.dumps(figure) and "MRR@20" in json.dumps(figure)
    )
    assert "whiskers: 95 % of 1,000 resamples" in json.dumps(bars, ensure_ascii=False)


def test_replay_keeps_session_and_step_while_the_epoch_changes(train, finished):
    button(train.run(), "Replay its epochs").click().run()
    assert not train.exception
    view = view_of(train)
    assert (view.model, view.epoch) == (f"run-{finished.id}", 1)
    first = sent(train)
    assert first["epochs"] == {"key": finished.id, "epoch": 1, "epochs": 3, "best": finished.kept}
    assert first["stepper"]["trace"]["units"] == 6
    train.query_params["step"] = "2"
    train.query_params["epoch"] = "3"
    later = sent(train.run())
    assert later["epochs"]["epoch"] == 3
    assert later["stepper"]["start"]["step"] == 2
    assert later["stepper"]["trace"]["clicks"] == first["stepper"]["trace"]["clicks"]
    assert later["stepper"]["trace"]["values"] != first["stepper"]["trace"]["values"]
    assert "After epoch 3, " in words(train)
    assert "; after epoch 1 " in words(train)
    button(train, "Close").click().run()
    assert view_of(train).epoch is None
    assert "Replay its epochs" in labels(train)


def test_the_result_is_the_loaded_model_with_its_held_out_sessions(train, finished):
    button(train.run(), "Replay its epochs").click().run()
    assert "16 sessions in mine.csv, held out" in words(train)
    assert view_of(train).session.kind == "log"


def test_a_run_whose_files_are_gone_is_one_line(train, kept, tmp_path):
    kept.runs = [job("finished", folder=tmp_path, epochs=(epoch(1),), kept=1)]
    train.query_params.update({"model": f"run-{'ab' * 16}", "job": "ab" * 16, "epoch": "1"})
    train.run()
    assert not train.exception


def test_without_every_epochs_model_there_is_no_replay_and_that_is_said(train, kept, tmp_path):
    epochs = (epoch(1, checkpoint=""), epoch(2, checkpoint="epochs/0002.safetensors"))
    kept.runs = [job("finished", folder=tmp_path, epochs=epochs, kept=2)]
    (tmp_path / "model.safetensors").write_bytes(b"")
    train.run()
    assert not train.exception
    assert "Replay its epochs" not in labels(train)
    assert "There is no replay" in " ".join(caption.value for caption in train.caption)


def test_another_one_and_removing(train, kept, finished):
    button(train.run(), "Train another").click().run()
    assert "Start training" in labels(train)
    train.selectbox(key="gru_viz.train.run").set_value(finished.id).run()
    button(train, "Remove it").click().run()
    assert kept.asked == [("remove", finished.id, PERSON)]
