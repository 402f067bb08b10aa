"""Does the Models page stand in a real browser: table, lists that follow the keys, every question?"""

from __future__ import annotations

from pathlib import Path

import pytest

from gru_viz.compare.document import read_comparison
from gru_viz.compare.names import short_name
from tests.browser.test_step import at_step

RESULT = Path(__file__).parents[2] / "sample_data" / "models.json"
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
    page.get_by_text("Results of another log").click()
    page.locator('input[type="file"]').last.set_input_files(mine)
    page.get_by_text("On <img src=x onerror=alert(1)> GRU4Rec reaches").wait_for()
