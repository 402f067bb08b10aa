"""Does a person train a model on their own file, whatever happens to page and process meanwhile?

The real app, its real children, a real Chromium. Oracle: the run's own files on disk, and the
recordings of the models in them.
"""

from __future__ import annotations

import json
import os
import re
import signal

import pytest

import gru_viz
from gru_viz.learn.config import PRESETS
from tests.browser.test_step import STEPPER, at_step
from tests.logs import memory_log, write_csv

LEAD = ".gv-lead"
EPOCHS = PRESETS["best"].training.epochs
SLOW = 60_000  # ms: a child must load torch, perhaps beside others


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def training_server(start_server, runs):
    fresh = start_server("--runs", runs)
    yield fresh
    fresh.stop()


@pytest.fixture
def visit(open_page, training_server):
    """visit(…): a new person with a browser of their own."""

    def one(*size, **options):
        return open_page(*size, base_url=training_server.url, **options)

    return one


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """90,000 clicks: an epoch takes seconds."""
    return write_csv(memory_log(20_000), tmp_path_factory.mktemp("logs") / "large.csv")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """22,000 clicks: so many epochs take long enough to refresh the page between two of them."""
    return write_csv(memory_log(5000), tmp_path_factory.mktemp("logs") / "small.csv")


def button(page, name):
    return page.locator('[data-testid="stMain"]').get_by_role("button", name=name, exact=True)


def says(page, text):
    page.locator('[data-testid="stMain"]').get_by_text(text).first.wait_for(timeout=SLOW)


def start(page, log, preset):
    """Upload a log and start; the training's id."""
    page.goto("/train")
    page.get_by_text("A file of mine", exact=True).click()
    page.locator('[data-testid="stMain"] input[type="file"]').set_input_files(log)
    says(page, "clicks on 8 items")
    page.get_by_text(preset, exact=True).click()
    button(page, "Start training").click()
    page.wait_for_function("location.search.includes('job=')")
    return page.url.split("job=")[1][:32]


def finished_epochs(runs, job):
    try:
        return json.loads((runs / job / "run.json").read_text())["epochs"]
    except OSError:
        return []


def in_training(page):
    """The page shows a training that is not over."""
    page.get_by_role("button", name="Cancel …").wait_for(timeout=SLOW)


def cancel(page):
    page.get_by_role("button", name="Cancel …").click()
    button_in = page.get_by_role("button", name="Cancel this training")
    button_in.click()
    says(page, "Cancelled;")


def test_train_refresh_half_way_find_it_again_and_step_with_the_result(visit, runs, small, large):
    page, other = visit(), visit()
    job = start(page, small, "Best")
    says(page, re.compile(r"After epoch \d+ it finds"))
    page.reload()
    in_training(page)
    assert 1 <= len(finished_epochs(runs, job)) < EPOCHS
    tab = page.context.new_page()  # of the same browser, by no link at all
    tab.goto("/train")
    says(tab, re.compile(r"After epoch \d+ it finds|Trained\. The best epoch"))  # over by now, perhaps
    tab.close()

    another = start(other, large, "Best")
    assert another != job
    in_training(other)
    other.goto(f"/train?job={job}")  # somebody else's: a link opens nothing
    says(other, "it is another browser's")
    in_training(other)
    assert page.url.split("job=")[1][:32] == job
    cancel(other)

    button(page, "Replay its epochs").wait_for(timeout=2 * SLOW)
    assert "of the held-out next clicks" in page.locator(LEAD).inner_text()
    button(page, "Step").click()
    page.locator('[data-testid="next-items"]').wait_for()
    assert f"model=run-{job}" in page.url
    model = gru_viz.load(runs / job)
    cards = page.locator(f"{STEPPER} .card b span").all_inner_texts()
    trace = gru_viz.record(model, cards)  # ids are the titles here
    page.keyboard.press("ArrowRight")
    at_step(page, 2)
    first = page.locator('[data-testid="next-items"] li').first
    assert first.get_attribute("data-item-id") == model.catalog.ids[int(trace.ranking(1, 1)[0])]
    page.reload()  # the model is found again, too
    page.locator('[data-testid="next-items"]').wait_for()
    assert page.locator('[data-testid="stSidebar"]').get_by_text(", trained here").count()

    replay(page, runs, job)


def replay(page, runs, job):
    """Scrub to the last epoch: what the stepper shows is that checkpoint's, at the same step."""
    page.goto(f"/train?job={job}")
    button(page, "Replay its epochs").click()
    page.locator('[data-testid="epochs"][data-shown="1"]').wait_for(timeout=60_000)
    page.locator(STEPPER).wait_for()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("location.search.includes('step=2')")
    page.keyboard.press("Shift+ArrowRight")
    page.locator('[data-testid="epochs"][data-shown="2"]').wait_for()
    at_step(page, 2)
    slider = page.locator('[data-testid="epoch-slider"]')
    slider.focus()
    slider.press("End")
    page.locator(f'[data-testid="epochs"][data-shown="{EPOCHS}"]').wait_for(timeout=60_000)
    at_step(page, 2)
    model = gru_viz.load(runs / job / "epochs" / f"{EPOCHS:04}.safetensors")
    cards = page.locator(f"{STEPPER} .card b span").all_inner_texts()
    trace = gru_viz.record(model, cards)
    first = page.locator('[data-testid="next-items"] li').first
    chance = float(trace.probability(trace.ranking(1, 1), 1)[0])
    assert float(first.get_attribute("data-probability")) == pytest.approx(chance, abs=1e-4)
    assert f"epoch={EPOCHS}" in page.url


def test_a_killed_child_is_said_and_goes_on_from_its_last_epoch(visit, runs, large):
    page = visit()
    job = start(page, large, "Best")
    says(page, re.compile(r"After epoch \d+ it finds"))
    before = finished_epochs(runs, job)
    os.kill(json.loads((runs / job / "process.json").read_text())["pid"], signal.SIGKILL)
    says(page, "The training process ended in epoch")
    done = len(finished_epochs(runs, job))
    button(page, f"Continue from epoch {done}").click()
    says(page, f"After epoch {done + 1} it finds")
    after = finished_epochs(runs, job)
    assert after[: len(before)] == before
    assert [one["epoch"] for one in after] == list(range(1, len(after) + 1))
    cancel(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_overflows(visit, width, theme):
    page = visit(width, 900, theme)
    page.goto("/train")
    button(page, "Start training").wait_for(timeout=SLOW)
    page.get_by_text("Advanced", exact=True).click()
    page.get_by_text("Way to train", exact=True).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
