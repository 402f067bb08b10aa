"""Does the Models page set up, watch and show comparisons, each person's own?

Oracle: comparisons as their folders would tell them, and what the page asks of `gru_viz.jobs`, whose own
tests are elsewhere.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gru_viz.compare.document import FILE_NAME, to_document
from gru_viz.compare.names import NAMES, short_name
from gru_viz.data import shop
from gru_viz.errors import InputError
from gru_viz.jobs import ComparisonStatus
from gru_viz.jobs.comparison_status import At
from gru_viz.jobs.request import ComparisonRequest, JobRequest, write_request
from gru_viz.learn.config import TrainingConfig
from gru_viz.ui.models import clicks, results, service
from gru_viz.ui.sources import LoadedLog
from gru_viz.ui.train import service as trainings
from gru_viz.ui.train.split import parts_of
from tests.compare.values import comparison
from tests.logs import memory_log, write_csv
from tests.pages.browsing import button, labels, view_of, words

ROOT = Path(__file__).parents[2]
PERSON = "0123456789abcdef" * 2
ID = "ab" * 16


class Kept:
    """Stands in for `Comparisons`: tells what it was given, remembers what it was asked."""

    def __init__(self) -> None:
        self.runs: list[ComparisonStatus] = []
        self.asked: list[Any] = []
        self.refuses: str | None = None
        self.broken: str | None = None

    def of(self, owner):
        if self.broken:
            raise InputError(self.broken)
        return tuple(self.runs) if owner == PERSON else ()

    def status(self, run, owner):
        found = [known for known in self.of(owner) if known.id == run]
        if not found:
            raise InputError("there is no such comparison; it may have been removed")
        return found[0]

    def busy(self, owner):
        return next(("comparison" for run in self.of(owner) if run.active), None)

    def submit(self, request, owner):
        if self.refuses:
            raise InputError(self.refuses)
        self.asked.append(("submit", request, owner))
        self.runs.insert(0, run("waiting", id="cd" * 16, place=1))
        return "cd" * 16

    def __getattr__(self, name):
        return lambda run, owner: self.asked.append((name, run, owner))


def run(state: str, folder: Path = Path("/nowhere"), **told: Any) -> ComparisonStatus:
    usual: dict[str, Any] = {
        "id": ID,
        "place": 0,
        "doing": "",
        "message": "",
        "name": "clicks.csv",
        "started": 0.0,
        "updated": 0.0,
        "at": None,
        "models": ("gru", "markov", "popularity"),
        "result": folder / FILE_NAME if (folder / FILE_NAME).exists() else None,
    }
    return ComparisonStatus(state=state, folder=folder, **{**usual, **told})


@pytest.fixture
def found(tmp_path) -> Path:
    """A comparison's folder with two models in it, before the others are measured."""
    made = replace(comparison({"gru": 0.5, "markov": 0.6}, log="clicks.csv", limit=None), complete=False)
    (tmp_path / FILE_NAME).write_text(json.dumps(to_document(made)))
    return tmp_path


@pytest.fixture
def kept(monkeypatch) -> Kept:
    made = Kept()
    monkeypatch.setattr(service, "Comparisons", lambda root: made)
    monkeypatch.setattr(trainings, "Jobs", lambda root: made)
    return made


@pytest.fixture
def models(alone, kept) -> AppTest:
    """The Models page by itself, its browser known."""
    page = alone("models")
    page.session_state["gru_viz.owner"] = PERSON
    return page


def named(app) -> list[str]:
    """The models in the leaderboard's table."""
    return re.findall(r'class="gm-name[^"]*">([^<]*)<', "".join(e.proto.body for e in app.get("html")))


def form(app, log: Path | None = None) -> AppTest:
    """The form opened, with a log of the person's own."""
    app.session_state["gru_viz.models.form"] = True
    app.run()
    if log is not None:
        app.file_uploader(key="gru_viz.train.upload").upload(log.name, log.read_bytes(), "text/csv").run()
    return app


@pytest.fixture
def own_log(tmp_path) -> Path:
    return write_csv(memory_log(60), tmp_path / "mine.csv")


# --- setting up


def test_nothing_is_read_or_worked_out_before_the_form_is_open(models):
    app = models.run()
    assert "Compare" not in labels(app)
    assert named(app)[0]  # the shop's results stand there at once


def test_the_form_asks_for_what_it_says(models, kept, own_log):
    app = form(models, own_log)
    assert "Learns from 54 sessions" in words(app)
    assert re.search(r"About \d+ s and 0.\d GB of memory on this machine", words(app))
    asked = app.button_group(key="gru_viz.models.which")
    assert list(asked.value) == [name for name in NAMES if name != "bert4rec"]
    asked.set_value(["markov", "gru"])
    app.button_group(key="gru_viz.models.preset").set_value("quick")
    app.checkbox(key="gru_viz.models.less").check()
    app.checkbox(key="gru_viz.models.claims").check()
    app.run()
    button(app, "Compare").click().run()
    (what, request, owner) = kept.asked[0]
    assert (what, owner) == ("submit", PERSON)
    assert isinstance(request, ComparisonRequest)
    assert request.models == ("markov", "gru")
    assert (request.preset, request.shares, request.seed) == ("quick", (1.0, 0.3, 0.1), 0)
    assert request.claims
    assert request.parts.name == "mine.csv"
    assert (len(request.parts.train), len(request.parts.test or ())) == (54, 6)
    assert view_of(app).compared == "cd" * 16
    assert "Waits: second in line" in words(app)


def test_how_long_the_copy_of_the_clicks_stays(models, own_log):
    """Oracle: what `gru_viz.jobs.keeping` deletes."""
    app = form(models, own_log)
    assert "until you remove it, at most 14 days" in words(app)
    assert "Beyond 5 trainings and comparisons of yours" in words(app)
    assert "or 5 GB of everybody’s, the first to go are those without a result" in words(app)


def test_without_a_model_there_is_nothing_to_start(models, own_log):
    app = form(models, own_log)
    app.button_group(key="gru_viz.models.which").set_value([]).run()
    assert "Choose a model." in words(app)
    assert "Compare" not in labels(app)


def test_a_log_that_cannot_be_read_is_one_line(models, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("")
    app = form(models, bad)
    assert "Compare" not in labels(app)
    assert len(app.error) == 1


def test_what_is_refused_is_remarked(models, kept, own_log):
    kept.refuses = "20 others are waiting already; try again later"
    app = form(models, own_log)
    button(app, "Compare").click().run()
    assert "20 others are waiting already" in words(app)
    assert view_of(app).compared is None


def test_one_at_a_time(models, kept, own_log):
    kept.runs = [run("running", at=At("gru", 1.0, 0.5, 30.0))]
    app = form(models, own_log)
    assert button(app, "Compare").disabled
    assert "One at a time: your comparison still runs or waits." in words(app)


def test_what_does_not_fit_into_memory_is_not_started(models, own_log, monkeypatch):
    monkeypatch.setattr("gru_viz.ui.models.set_up.free_memory", lambda: 100_000_000)
    app = form(models, own_log)
    assert "It has only 0.1 GB left" in words(app)
    assert button(app, "Compare").disabled


def test_the_loaded_log_is_what_is_compared_on(models, kept):
    """Oracle: thirty sessions of the same clicks, the last three of them held out."""
    clicked = shop.scenarios(ROOT / "sample_data")[0].items
    rows = [
        f"{number},{item},{1_700_000_000 + 1000 * number + place}"
        for number in range(30)
        for place, item in enumerate(clicked)
    ]
    content = "\n".join(["SessionId,ItemId,Time", *rows]).encode()
    app = models.run()
    app.file_uploader(key="gru_viz.log_file").upload("part.csv", content, "text/csv").run()
    assert "part.csv has not been compared yet. Compare the models on it here" in words(app)
    assert app.button_group(key="gru_viz.models.clicks").value == "loaded"
    button(app, "Compare").click().run()
    parts = kept.asked[0][1].parts
    assert parts.name == "part.csv"
    assert (len(parts.train), len(parts.test)) == (27, 3)


def test_what_was_compared_leads_and_the_form_stands_below(models, kept, found):
    """Whatever log is loaded: its own comparison is no stranger's."""
    kept.runs = [run("finished", found, name="part.csv")]
    app = models.run()
    content = b"SessionId,ItemId,Time\na,cam-halden-h60,1\na,chef-knife,2\nb,chef-knife,3\nb,chef-knife,4\n"
    app.file_uploader(key="gru_viz.log_file").upload("part.csv", content, "text/csv").run()
    assert "has not been compared" not in words(app)
    assert named(app) == ["Markov chain", "GRU4Rec"]
    assert "Compare" not in labels(app)


def test_results_of_another_log_are_called_so(models, kept, found):
    kept.runs = [run("finished", found, name="other.csv")]
    app = models.run()
    content = b"SessionId,ItemId,Time\na,cam-halden-h60,1\na,chef-knife,2\nb,chef-knife,3\nb,chef-knife,4\n"
    app.file_uploader(key="gru_viz.log_file").upload("part.csv", content, "text/csv").run()
    assert "part.csv has not been compared yet" in words(app)
    assert "the results further below are of other.csv." in words(app)
    assert named(app) == ["Markov chain", "GRU4Rec"]


def test_a_model_without_a_log_leads_with_what_is_missing(models):
    """The shop's model under another name is one of the person's own, and comes without a log."""
    app = models.run()
    data = (ROOT / "sample_data" / "cells" / "gru_16.safetensors").read_bytes()
    app.file_uploader(key="gru_viz.model_file").upload("mine.safetensors", data, "application/x").run()
    assert "No log is loaded for mine.safetensors, so nothing has been compared." in words(app)
    assert named(app) == []
    assert "The sample shop's results" in [one.label for one in app.expander]
    choice = [one.key for one in app.selectbox]
    assert "gru_viz.models.results" not in choice  # there is nothing else to choose


def test_the_shops_results_are_open_where_they_were_asked_for(models, kept, found):
    kept.runs = [run("finished", found, name="part.csv")]
    app = models.run()
    content = b"SessionId,ItemId,Time\na,cam-halden-h60,1\na,chef-knife,2\nb,chef-knife,3\nb,chef-knife,4\n"
    app.file_uploader(key="gru_viz.log_file").upload("part.csv", content, "text/csv").run()
    app.selectbox(key="gru_viz.models.results").select("shop").run()
    assert len(named(app)) > 2
    assert "further below are the sample shop's" in words(app)


def test_of_a_training_it_is_the_log_that_it_learned_from(kept, tmp_path, monkeypatch):
    """Oracle: the training's own request; the loaded log is its held-out sessions alone."""
    parts = parts_of(memory_log(60), "mine.csv", 20, {})
    write_request(JobRequest(parts, {"units": [4]}, TrainingConfig()), tmp_path)
    kept.runs = [run("finished", tmp_path)]
    monkeypatch.setattr(clicks, "_kept", lambda about, made: made())
    own = LoadedLog("mine.csv, held out", parts.test)
    now = SimpleNamespace(source=SimpleNamespace(key=f"run-{ID}", own=own), loaded=own)
    found = clicks._loaded(now, PERSON)
    assert (found.name, len(found.train), len(found.test)) == ("mine.csv", 48, 12)
    another = LoadedLog("other.csv", memory_log(40))  # loaded for this model afterwards
    found = clicks._loaded(SimpleNamespace(source=now.source, loaded=another), PERSON)
    assert (found.name, len(found.train)) == ("other.csv", 36)


# --- watching and looking


def test_an_experiment_is_named_as_such(models, kept):
    kept.runs = [run("running", at=At("sizes", 1.0, 0.9, 30.0))]
    assert "For the textbook’s claims: other sizes · about 30 s left" in words(models.run())


def test_a_running_one_grows(models, kept, found):
    kept.runs = [run("running", found, doing="comparing", at=At("gru", 0.3, 0.5, 61.0))]
    app = models.run()
    assert "Now GRU4Rec, from 30 % of the sessions · about 60 s left" in words(app)
    assert named(app) == ["Markov chain", "GRU4Rec"]
    assert "stopped before every model" not in words(app)
    assert "Cancel this comparison" in labels(app)
    button(app, "Cancel this comparison").click().run()
    assert ("cancel", ID, PERSON) in kept.asked


def test_no_time_is_promised_before_one_can_know(models, kept):
    kept.runs = [run("running", at=At("markov", 1.0, 0.1, None))]
    assert "Now a Markov chain · how long it takes is not known yet" in words(models.run())


def test_a_running_one_whose_result_cannot_be_read_goes_on(models, kept, found):
    (found / FILE_NAME).write_text("{")
    kept.runs = [run("running", found, at=At("gru", 1.0, 0.5, 61.0))]
    app = models.run()
    assert "Now GRU4Rec · about 60 s left" in words(app)
    assert "Each model stands here as soon as it is measured." in words(app)


def test_before_the_first_model_it_says_so(models, kept):
    kept.runs = [run("starting")]
    app = models.run()
    assert "Each model stands here as soon as it is measured." in words(app)
    assert named(app) == []
    assert any(".gm-list" in element.proto.body for element in app.get("html"))  # the lists look as ever


def test_a_finished_one_is_shown_with_where_it_is_from(models, kept, found):
    kept.runs = [run("finished", found, updated=1_700_000_000.0)]
    models.query_params["compared"] = ID
    app = models.run()
    assert "Compared on this server from clicks.csv," in words(app)
    assert named(app) == ["Markov chain", "GRU4Rec"]
    (download,) = app.get("download_button")
    assert download.proto.label == "Download"
    button(app, "Remove it").click().run()
    assert ("remove", ID, PERSON) in kept.asked
    assert view_of(app).compared is None


@pytest.mark.parametrize(
    ("state", "told", "said"),
    [
        ("cancelled", {}, "Cancelled; 2 of 3 models are finished and kept."),
        ("failed", {"message": "the disk is full"}, "The disk is full."),
        ("lost", {"message": "the process of this comparison ended at FPMC; …"}, "ended at FPMC"),
    ],
)
def test_one_that_was_stopped_keeps_what_is_finished(models, kept, found, state, told, said):
    kept.runs = [run(state, found, **told)]
    models.query_params["compared"] = ID
    app = models.run()
    assert said in words(app)
    assert named(app) == ["Markov chain", "GRU4Rec"]
    button(app, "Start it again").click().run()
    assert ("resume", ID, PERSON) in kept.asked


def test_a_damaged_result_is_one_line(models, kept, found):
    (found / FILE_NAME).write_text("{")
    kept.runs = [run("finished", found)]
    models.query_params["compared"] = ID
    app = models.run()
    assert "is no JSON" in words(app)
    assert named(app) == []
    assert "Remove it" in labels(app)


@pytest.mark.parametrize("state", ["cancelled", "finished"])
def test_a_result_that_is_gone_by_now_is_one_line(models, kept, tmp_path, state):
    """As another tab may have removed it since it was listed."""
    kept.runs = [run(state, result=tmp_path / FILE_NAME)]
    models.query_params["compared"] = ID
    app = models.run()
    assert "cannot read 'models.json'" in words(app)
    assert "Remove it" in labels(app)


def test_less_data_that_was_not_reached_is_no_sentence(models, kept, tmp_path):
    """Stopped in the second round, in which one of two models learned."""
    part = comparison({"gru": 0.5, "markov": 0.6}, {0.3: {"gru": 0.4}}, limit=None)
    (tmp_path / FILE_NAME).write_text(json.dumps(to_document(replace(part, complete=False))))
    kept.runs = [run("cancelled", tmp_path)]
    models.query_params.update({"compared": ID, "look": "data"})
    app = models.run()
    assert len(app.get("plotly_chart")) == 2
    assert "training sessions" not in words(app)


# --- whose results


def test_the_shop_opens_with_its_own_results_and_the_others_are_chosen(models, kept, found):
    kept.runs = [run("finished", found)]
    app = models.run()
    assert len(named(app)) > 2
    choice = app.selectbox(key="gru_viz.models.results")
    assert choice.value == "shop"
    choice.select(ID).run()
    assert named(app) == ["Markov chain", "GRU4Rec"]
    assert view_of(app).compared == ID


def test_two_of_one_log_are_told_apart_by_their_time(models, kept, found):
    kept.runs = [
        run("finished", found),
        run("waiting", id="ef" * 16, started=86_400.0 * 40),
        run("cancelled", id="cd" * 16, name="other.csv"),
    ]
    options = models.run().selectbox(key="gru_viz.models.results").options
    first, second = (
        time.strftime("%d %b, %H:%M", time.localtime(at)).lstrip("0") for at in (0.0, 86_400.0 * 40)
    )
    assert options[1:] == [
        f"clicks.csv · compared · {first}",
        f"clicks.csv · waits · {second}",
        "other.csv · cancelled",
    ]


def test_of_the_comparisons_that_of_the_loaded_log_comes_first(found):
    other, same = run("finished", found, name="other.csv"), run("finished", found, id="ef" * 16)
    runs = {one.id: one for one in (other, same)}
    assert results._usual(runs, opened=False, other_log="clicks.csv") == same.id
    assert results._usual(runs, opened=False, other_log="third.csv") == other.id
    assert results._usual(runs, opened=False, other_log=None) == results.SHOP
    assert results._usual(runs, opened=True, other_log="clicks.csv") == results.FILE


def test_a_file_that_the_address_names_is_to_be_opened_once_more(models):
    models.query_params["compared"] = "file"
    app = models.run()
    assert "results from a file, which is no longer here: open it once more" in words(app)
    assert "another browser" not in words(app)
    assert view_of(app).compared is None


def test_where_none_could_be_read_none_is_said_to_be_gone(models, kept):
    kept.broken = "cannot keep a comparison in '![](x)'"
    models.query_params["compared"] = ID
    app = models.run()
    (error,) = [one.value for one in app.error]
    assert "![" not in error
    assert "another browser" not in words(app)
    assert view_of(app).compared == ID


def test_what_runs_comes_first(models, kept, found):
    kept.runs = [run("waiting", place=0)]
    assert "Waits: first in line. It starts by itself" in words(models.run())


def test_what_ran_stays_in_view_when_it_ends(models, kept, found):
    kept.runs = [run("running", found, at=At("gru", 1.0, 0.5, 61.0))]
    app = models.run()
    kept.runs = [run("finished", found)]
    assert "Compared on this server from clicks.csv" in words(app.run())
    assert "compared" not in app.query_params  # so Back leads where it came from


def test_somebody_elses_is_not_here(models, kept, found):
    kept.runs = [run("finished", found)]
    models.session_state["gru_viz.owner"] = "f" * 32
    models.query_params["compared"] = ID
    app = models.run()
    assert "The results that the address names are not here" in words(app)
    assert len(named(app)) > 2
    assert view_of(app).compared is None


@pytest.mark.parametrize("asked", [None, "shop", "file"])
def test_a_browser_that_has_not_told_yet_sees_the_shop_at_once(models, kept, found, asked):
    kept.runs = [run("finished", found)]
    del models.session_state["gru_viz.owner"]
    if asked is not None:
        models.query_params["compared"] = asked
    app = models.run()
    assert len(named(app)) > 2
    assert view_of(app).compared == asked  # kept until it has: what is remarked now is gone a moment later


def test_a_link_to_results_of_ones_own_shows_no_others_first(models, kept, found):
    """Before the browser has told whose it is: the shop's would stand there under the link of others."""
    kept.runs = [run("finished", found)]
    del models.session_state["gru_viz.owner"]
    models.query_params["compared"] = ID
    app = models.run()
    assert not app.exception
    assert not any("gm-name" in element.proto.body for element in app.get("html"))
    assert view_of(app).compared == ID
    app.session_state["gru_viz.owner"] = PERSON
    assert len(named(app.run())) == 2


# --- the link


def test_the_link_holds_question_and_lists(models):
    app = models.run()
    app.button_group(key="gru_viz.models.panel").set_value("data").run()
    app.button_group(key="gru_viz.models.lists").set_value(["markov", "loaded"]).run()
    assert (view_of(app).look, view_of(app).lists) == ("data", ("loaded", "markov"))
    other = AppTest.from_file(str(ROOT / "pages" / "models.py"), default_timeout=60)
    other.session_state["gru_viz.owner"] = PERSON
    other.query_params.update(app.query_params)
    other.run()
    assert not other.exception
    assert other.button_group(key="gru_viz.models.panel").value == "data"
    lists = "".join(e.proto.body for e in other.get("html") if "gm-lists" in e.proto.body)
    assert re.findall(r"<h4>([^<]*)</h4>", lists) == ["GRU4Rec", short_name("markov")]
