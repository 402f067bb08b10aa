"""Does the Models page stand in a real browser: table, lists that follow the keys, every question?"""

from __future__ import annotations

from pathlib import Path

import pytest

from gru_viz.compare.document import read_comparison
from gru_viz.compare.names import NAMES, short_name
from tests.browser.test_step import at_step
from tests.logs import memory_log, write_csv

RESULT = Path(__file__).parents[2] / "sample_data" / "models.json"
SLOW = 60_000  # ms: a child must load torch, perhaps beside others
CHART = ".js-plotly-plot:has(.main-svg)"


def test_a_direct_link_shows_table_chart_and_lists_that_follow(page):
    """The console is clean: `open_page` watches it."""
    page.goto("/models?session=story:detour&step=7")
    page.locator(CHART).first.wait_for()
    shown = page.locator(".gm-name").all_inner_texts()
    assert shown == [short_name(model.name) for model in read_comparison(RESULT.read_bytes()).whole.ranked]
    page.get_by_text("After click 7").wait_for()
    assert page.locator(".gm-list").count() == 4
    page.keyboard.press("ArrowLeft")
    page.get_by_text("After click 6").wait_for()
    at_step(page, 6)


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_every_question_opens_and_nothing_is_wider_than_the_window(open_page, width, theme):
    page = open_page(width=width, theme=theme)
    page.goto("/models")
    page.locator(".gm-list").first.wait_for()
    for question, there in (
        ("Where in a session?", f"{CHART} >> nth=2"),
        ("With less data?", f"{CHART} >> nth=1"),
        ("Do the textbooks hold?", ".gm-claim >> nth=0"),
    ):
        page.get_by_text(question, exact=True).click()
        page.locator(there).wait_for()
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wider)


def test_a_result_of_ones_own_is_opened(page, tmp_path):
    text = RESULT.read_text().replace('"log":"the sample shop"', '"log":"<img src=x onerror=alert(1)>"')
    mine = tmp_path / "mine.json"
    mine.write_text(text)
    page.goto("/models")
    page.get_by_text("Results from a file").click()
    page.locator('input[type="file"]').last.set_input_files(mine)
    page.get_by_text("On <img src=x onerror=alert(1)> GRU4Rec reaches").wait_for()


# --- a comparison of one's own


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def comparing_server(start_server, runs):
    fresh = start_server("--runs", runs)
    yield fresh
    fresh.stop()


def compare(page, log, models, preset="Quick"):
    """Upload, choose these models alone, start; the comparison's id."""
    page.goto("/models")
    page.get_by_text("Compare the models on a log of your own").click()
    main = page.locator('[data-testid="stMain"]')
    form = main.locator('[data-testid="stExpander"]', has_text="Compare the models on").first
    form.locator('input[type="file"]').set_input_files(log)
    page.get_by_role("button", name="Compare", exact=True).wait_for()
    choices = form.locator('[data-testid="stButtonGroup"]', has_text="BPR-MF")
    for name in map(short_name, NAMES):
        chosen = name not in ("BERT4Rec",)
        if chosen != (name in models):
            choices.get_by_role("button", name=name, exact=True).click()
    form.get_by_text(preset, exact=True).click()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_function("location.search.includes('compared=')")
    return page.url.split("compared=")[1][:32]


def test_compare_on_a_log_refresh_see_it_finish_and_cancel_another(
    open_page, comparing_server, runs, tmp_path
):
    """Oracle: models.json in the job's folder. The other person's would learn for minutes."""
    page, other = (open_page(base_url=comparing_server.url) for _ in range(2))
    for visitor in (page, other):
        visitor.set_default_timeout(SLOW)
    small = write_csv(memory_log(400), tmp_path / "small.csv")
    large = write_csv(memory_log(20_000), tmp_path / "large.csv")
    job = compare(page, small, ("popularity", "Markov chain", "GRU4Rec"))
    page.get_by_role("button", name="Cancel …").wait_for()
    page.reload()

    another = compare(other, large, ("popularity", "SASRec"))
    other.goto(f"/models?compared={job}")  # somebody else's: a link opens nothing
    other.get_by_text("they were removed, or are another browser's").wait_for()
    other.goto("/models")  # found again by no link at all
    other.get_by_text("Now SASRec").wait_for()
    other.get_by_role("button", name="Cancel …").click()
    other.get_by_role("button", name="Cancel this comparison").click()
    other.get_by_text("1 of 2 models is finished and kept").wait_for()
    assert names_in(runs / another) == ["popularity"]

    page.get_by_text("Compared on this server from small").wait_for()
    page.locator(CHART).first.wait_for()
    assert page.locator(".gm-name").all_inner_texts() == names_in(runs / job)
    assert len(names_in(runs / job)) == 3
    page.get_by_text("Where in a session?", exact=True).click()
    page.wait_for_function("location.search.includes('look=where')")
    tab = page.context.new_page()  # of the same browser
    tab.set_default_timeout(SLOW)
    tab.goto(page.url)
    tab.get_by_text("Compared on this server from small").wait_for()
    tab.locator(f"{CHART} >> nth=2").wait_for()
    assert tab.locator(".gm-name").all_inner_texts() == names_in(runs / job)


def names_in(folder):
    found = read_comparison((folder / RESULT.name).read_bytes())
    return [short_name(model.name) for model in found.whole.ranked]
