"""Does the Train page watch and show trainings, each person's own?

Oracle: trainings as their folders would tell them (tests/ui/training.py), one tiny real run, and what
the page asks of `gru_viz.jobs`, whose own tests are elsewhere.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.numpy import load, save

from gru_viz.jobs.folder import Job
from gru_viz.jobs.request import CLICKS, JobRequest, write_request
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.figures_file import GATES_OF
from gru_viz.learn.run import Parts, read_run, run_in
from gru_viz.learn.split import split_by_time
from gru_viz.model import ModelConfig
from gru_viz.ui.text import WORD_JOINER
from tests.logs import memory_log
from tests.pages.browsing import button, labels, view_of, words
from tests.pages.train_page import PERSON, sent
from tests.ui.training import epoch, job, progress, sure

ROOT = Path(__file__).parents[2]

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


# --- which one it is, and how it was asked for


def drawn(app) -> str:
    """All that the page's Plotly figures say."""
    return " ".join(chart.proto.spec for chart in app.get("plotly_chart"))


def test_how_it_was_asked_for_is_said_with_everything_one_click_deeper(train, finished):
    train.run()
    assert "Good with changes: units 6; dropout of clicks 0" in words(train)
    assert "epochs 3" in words(train)
    assert "the last 20% of the sessions held out" in words(train)
    assert "Optimizer: Adam" in words(train)


def test_a_running_one_says_it_too(train, kept, folder):
    kept.runs = [job("running", doing="training", folder=folder, epochs=(epoch(1),))]
    assert "Good with changes: units 6" in words(train.run())


def test_two_of_one_log_have_labels_that_differ(train, kept):
    kept.runs = [job("cancelled", id=f"{n:032x}", name="log2.tsv", started=60.0 * n) for n in (1, 2)]
    options = train.run().selectbox(key="gru_viz.train.run").options
    assert len(options) == len(set(options)) == 3


def test_the_download_is_named_after_the_log(train, finished, monkeypatch):
    names = []
    monkeypatch.setattr(
        "streamlit.download_button", lambda _, data, name, *more, **options: names.append(name)
    )
    train.run()
    assert names == [f"mine-gru6-epoch{finished.kept}.safetensors"]


def test_the_kept_epoch_is_marked_in_the_curve_that_ends_elsewhere(train, kept):
    epochs = (epoch(1, 0.5), epoch(2, 0.871), epoch(3, 0.844))
    kept.runs = [job("cancelled", epochs=epochs, kept=2)]
    train.run()
    assert ".844 after epoch 3" in drawn(train)
    assert ".871 after epoch 2" in drawn(train)
    recall = train.get("plotly_chart")[0].proto
    assert "Kept is epoch 2, which finds 87" in recall.alt


def test_the_curves_follow_a_training_that_goes_on(train, kept):
    """Cancelled after epoch 3 with epoch 2 kept; it goes on, and epoch 4 becomes the kept one."""
    epochs = tuple(epoch(n, recall) for n, recall in ((1, 0.5), (2, 0.871), (3, 0.844), (4, 0.9)))
    kept.runs = [job("cancelled", epochs=epochs[:3], kept=2)]
    train.run()
    kept.runs = [job("running", doing="training", epochs=epochs[:3], kept=2, progress=progress(4))]
    train.run()
    assert ".844 after epoch 3" in drawn(train)
    assert ".871 after epoch 2" in drawn(train)
    kept.runs = [job("running", doing="training", epochs=epochs, kept=4, progress=progress(5))]
    train.run()
    assert drawn(train).count(".900 after epoch 4") == 2
    assert ".871 after epoch 2" not in drawn(train)


def test_a_link_to_a_strangers_replay_is_one_right_sentence(train, kept):
    train.session_state["gru_viz.owner"] = "f" * 32
    there = job("finished", name="secret.csv", kept=1, epochs=(epoch(1),))
    kept.runs = [there]
    train.query_params.update({"model": f"run-{there.id}", "job": there.id, "epoch": "1", "session": "log:8"})
    train.run()
    assert not train.exception
    (said,) = [element.value.replace(WORD_JOINER, "").replace("\\", "") for element in train.info]
    assert said == (
        "The training that the address names is not here: it was removed, or it is another browser's."
    )
    assert view_of(train).model == "sample"
    assert view_of(train).job is None


def test_what_the_next_training_removes_is_named(train, kept):
    old = job("finished", id="ee" * 16, name="log2.tsv", kept=1, epochs=(epoch(1),), folder=ROOT / "none")
    kept.runs = [old]
    kept.leaving = (
        Job(Path(old.id), "", "log2.tsv", 0.0),
        Job(Path("ff" * 16), "", "other.csv", 0.0, "comparison"),
    )
    train.query_params["job"] = "new"
    train.run()
    assert "The next one removes “log2.tsv · 1 Jan 00:00 · trained, 1 epoch”: 5 of your" in words(train)
    assert "Download its model first" in words(train)
    assert "The next one removes the comparison of other.csv" in words(train)
    kept.leaving = ()
    assert "removes" not in words(train.run())


def test_held_out_sessions_have_their_own_ids(train, finished):
    """Oracle: the log that was trained on, split again; none of its ids is a number that would stand in."""
    button(train.run(), "Replay its epochs").click().run()
    ids = set(split_by_time(memory_log(80), 0.2).test.session_ids)
    assert view_of(train).session.name in ids - {str(number) for number in range(1, len(ids) + 1)}


def test_without_ids_they_are_numbered_and_that_is_said(train, kept, finished, folder, tmp_path):
    """As a folder was left before the ids were kept."""
    old = shutil.copytree(folder, tmp_path / "old")
    tensors = load((old / CLICKS).read_bytes())
    del tensors["test.ids"]
    (old / CLICKS).write_bytes(save(tensors))
    kept.runs = [replace(finished, folder=old)]
    button(train.run(), "Replay its epochs").click().run()
    assert view_of(train).session.name in {str(number) for number in range(1, 17)}
    assert "the sessions are numbered: their own ids were not kept" in words(train)
