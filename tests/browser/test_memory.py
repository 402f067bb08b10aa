"""Can a person find out which click matters, and how much? The real app in a real Chromium.

Oracle: the explanations computed here, of the session that the page names.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

import gru_viz
from gru_viz.data import shop
from gru_viz.explain.verdict import verdict
from gru_viz.explain.why import why
from gru_viz.explain.words import plain
from gru_viz.rerun import last_clicks
from gru_viz.ui.view import PANELS
from tests.browser.hostile import HOSTILE
from tests.browser.test_step import STEPPER, at_step, opened

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
DETOUR = shop.scenarios(SAMPLE_DATA)[0]
LEAD = ".gv-lead"
CHART = ".js-plotly-plot .main-svg"


@pytest.fixture(scope="module")
def model():
    return gru_viz.load(SAMPLE_DATA)


def leading(model, step, item=None, against=None):
    """The sentence that the page must open with."""
    trace = gru_viz.record(model, DETOUR.items)
    first = int(trace.ranking(step - 1, 1)[0])
    item = first if item is None else model.catalog.index(item)
    other = None if against is None else model.catalog.index(against)
    answer = why(trace, model.weights(), item, partial(last_clicks, model), other, step - 1)
    return plain(verdict(trace, answer, step - 1)).replace("\u00a0", " ")


def says(page, sentence):
    page.wait_for_function(
        "([lead, text]) => document.querySelector(lead)?.innerText.replaceAll('\\u00a0', ' ') === text",
        arg=[LEAD, sentence],
    )


def drawn(page, count):
    page.wait_for_function(
        "n => document.querySelectorAll('.js-plotly-plot:has(.main-svg)').length === n", arg=count
    )


def test_from_the_step_page_and_back_with_the_same_click(page, model):
    opened(page)
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("location.search.endsWith('step=7')")
    page.get_by_role("link", name="Memory").click()
    at_step(page, 7)
    says(page, leading(model, 7))
    page.wait_for_function("location.pathname === '/memory' && location.search.includes('step=7')")
    page.keyboard.press("ArrowLeft")
    at_step(page, 6)
    says(page, leading(model, 6))
    page.get_by_role("link", name="Step").click()
    page.locator('[data-testid="next-items"]').wait_for()
    at_step(page, 6)


def test_every_key_moves_the_sentence(page, model):
    opened(page, "/memory?step=1")
    for step in range(1, len(DETOUR.items) + 1):
        at_step(page, step)
        says(page, leading(model, step))
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    says(page, leading(model, 1))


def test_the_storys_question_is_one_click_away_and_a_link_restores_it(page, open_page, model):
    opened(page, "/memory?session=story:detour", 7)
    page.get_by_role("button", name="Ask at click 7").click()
    page.wait_for_function("location.search.includes('item=halden-45')")
    says(page, leading(model, 7, "halden-45", "sarno-55"))
    page.wait_for_function("location.search.includes('against=sarno-55')")
    other = open_page()
    other.goto(page.url)
    at_step(other, 7)
    says(other, leading(model, 7, "halden-45", "sarno-55"))


def test_another_item_is_chosen_by_name(page, model):
    opened(page, "/memory?session=story:detour&step=7", 7)
    field = page.get_by_role("combobox", name="Why this item")
    field.click()
    field.fill("Sarno 55")
    field.press("Enter")
    says(page, leading(model, 7, "sarno-55"))
    page.wait_for_function("location.search.includes('item=sarno-55')")


@pytest.mark.parametrize("panel", PANELS)
def test_every_panel(page, panel):
    opened(page, f"/memory?session=story:detour&step=7&panel={panel}", 7)
    drawn(page, 2 + {"log": 0, "carried": 2, "lens": 3}.get(panel, 1))


def test_the_panels_switch_keeps_the_page_where_it_is(page):
    opened(page, "/memory?session=story:detour&step=7", 7)
    drawn(page, 2)
    page.get_by_role("radio", name="Does it remember?").click()
    drawn(page, 3)
    page.wait_for_function("location.search.includes('panel=remembers')")
    at_step(page, 7)


def test_stepping_does_not_scroll_the_page(page):
    opened(page, "/memory?session=story:detour&step=7&panel=remembers", 7)
    drawn(page, 3)
    main = page.locator('[data-testid="stMain"]')
    main.evaluate("node => node.scrollTo(0, 150)")
    for step in (6, 5):
        page.keyboard.press("ArrowLeft")
        at_step(page, step)
        page.wait_for_function(f"location.search.includes('step={step}')")
        page.wait_for_timeout(800)
        assert main.evaluate("node => node.scrollTop") == 150


def test_the_whole_log_shows_progress_and_can_be_cancelled(page):
    opened(page, "/memory?session=story:detour&panel=log", 7)
    page.get_by_role("button", name="Measure over").click()
    page.locator('[data-testid="stProgress"]').wait_for()
    page.get_by_text("predictions in").first.wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Stopped after").wait_for()
    page.get_by_role("button", name="Go through all").click()
    page.get_by_text("Stopped after").wait_for(state="detached")
    page.locator('[data-testid="stProgress"]').wait_for(state="detached")
    drawn(page, 3)
    page.get_by_text("Recall@20").first.wait_for()
    page.keyboard.press("ArrowRight")
    at_step(page, 8)
    drawn(page, 3)  # the answer is kept


def test_a_direct_link_to_a_fresh_server_has_the_whole_frame(open_page, start_server):
    fresh = start_server()
    page = open_page(base_url=fresh.url)
    page.goto("/memory?session=story:detour&step=7")
    at_step(page, 7)
    page.locator(LEAD).wait_for()
    for name in ("Step", "Memory"):
        page.get_by_role("link", name=name).wait_for()
    page.close()
    fresh.process.terminate()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_overflows(open_page, width, theme):
    page = open_page(width, 900, theme)
    opened(page, "/memory?session=story:detour&step=7&panel=carried", 7)
    drawn(page, 4)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    wide = page.locator(".js-plotly-plot").evaluate_all(
        "nodes => nodes.filter(node => node.getBoundingClientRect().right > innerWidth).length"
    )
    assert wide == 0


def test_hostile_titles_stay_text_and_a_top_that_is_not_linear_says_so(open_page, hostile_server):
    page = open_page(base_url=hostile_server.url)
    page.goto("/memory?model=given&session=log:<b>2</b>&step=5")
    at_step(page, 5)
    drawn(page, 1)  # no split, and of the three answers only deletion
    page.get_by_text("only deletion applies").first.wait_for()
    for panel, charts in {"lens": 3, "forgets": 1, "remembers": 1}.items():
        page.goto(f"/memory?model=given&session=log:<b>2</b>&step=40&panel={panel}")
        drawn(page, 1 + charts)
    assert page.evaluate("document.querySelectorAll('img[src*=evil], script[src*=evil]').length") == 0
    assert page.locator('a[href*="evil"]').count() == 0
    assert page.locator(f"{STEPPER} img, {LEAD} img, .gv-said img, .gv-said a").count() == 0
    assert any(title.split()[0] in page.locator(LEAD).inner_text() for title in HOSTILE)


def test_a_link_keeps_what_was_chosen_after_the_page_was_opened(page):
    opened(page, "/memory?session=story:detour&step=7&unit=48", 7)
    page.get_by_role("radio", name="What is carried?").click()
    page.locator(".gv-said", has_text="unit 48's memory after click 7").wait_for()
    page.locator('[data-testid="step-prev"]').click()
    page.locator(".gv-said", has_text="unit 48's memory after click 6").wait_for()
    page.locator('[data-testid="copy-link"]').click()
    for part in ("panel=carried", "unit=48", "step=6"):
        assert part in page.url


def test_it_opens_where_there_is_most_to_see_and_stays_there_on_the_next_page(page, model):
    page.goto("/memory")
    at_step(page, 7)
    says(page, leading(model, 7))
    page.get_by_role("link", name="Step").click()
    page.locator('[data-testid="next-items"]').wait_for()
    at_step(page, 7)


def test_back_leaves_a_story_that_was_chosen(page):
    opened(page, "/memory?session=story:detour&step=7", 7)
    page.locator('[data-testid="stPopover"] button').first.click()
    page.get_by_text("A gift: for a child", exact=True).click()
    page.wait_for_function("location.search.includes('gift')")
    page.locator(f'{STEPPER}[data-step="9"]').wait_for()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("location.search.includes('step=8')")
    page.wait_for_timeout(1000)  # the page has come to rest
    page.go_back()
    page.locator(f'{STEPPER}[data-step="7"][data-steps="{len(DETOUR.items)}"]').wait_for()
    page.wait_for_function("location.search.includes('detour')")
