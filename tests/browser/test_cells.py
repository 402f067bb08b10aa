"""Does one cursor lead through the session in all three cells? The real app in a real Chromium.

Oracle: traces recorded here with the models that ship. That the console stays clean is checked by conftest.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import gru_viz
from gru_viz.data import shop
from gru_viz.explain.cell_studies import model_file
from tests.browser.test_step import STEPPER, at_step

SAMPLE = Path(__file__).parents[2] / "sample_data"
DETOUR = shop.scenarios(SAMPLE)[0]
CELLS = ("rnn", "lstm", "gru")
STEPS = len(DETOUR.items)


@pytest.fixture(scope="module")
def traces():
    return recorded(64)


def recorded(units, gru="gru"):
    """The session through the models of this size, by the kind of cell."""
    names = {"rnn": "rnn", "lstm": "lstm", "gru": gru}
    return {
        cell: gru_viz.record(gru_viz.load(model_file(SAMPLE, name, units)), DETOUR.items)
        for cell, name in names.items()
    }


def opened(page, address="/cells"):
    page.goto(address)
    page.wait_for_selector(f'{STEPPER}[data-step="7"]')
    return page


def shows(page, traces, step):
    """Every board stands at this click, with its own list and rank."""
    at_step(page, step)
    for cell, trace in traces.items():
        board = page.get_by_test_id(f"cell-{cell}")
        assert board.get_attribute("data-step") == str(step)
        ids = [trace.catalog.ids[i] for i in trace.ranking(step - 1, 5)]
        rows = page.get_by_test_id(f"next-{cell}").locator("li")
        assert [row.get_attribute("data-item-id") for row in rows.all()] == ids
        rank = "" if step == STEPS else str(trace.rank(int(trace.items[step]), step - 1))
        assert board.get_attribute("data-rank") == rank


def test_keys_step_all_three(page, traces):
    opened(page)
    shows(page, traces, 7)
    for key, step in (("ArrowRight", 8), ("ArrowLeft", 7), ("Home", 1), ("End", STEPS)):
        page.keyboard.press(key)
        shows(page, traces, step)
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.wait_for_selector(f'{STEPPER}[data-step="2"]')
    page.keyboard.press("Space")
    at = int(page.locator(STEPPER).get_attribute("data-step"))
    shows(page, traces, at)
    page.wait_for_function("at => new URLSearchParams(location.search).get('step') === String(at)", arg=at)


def test_gates_units_and_what_z_means(page, traces):
    opened(page)
    assert page.locator('[data-testid^="heatmap-"]:visible').count() == len(CELLS)
    page.get_by_test_id("show-gates").click()
    assert page.locator('[data-testid^="heatmap-"]:visible').count() == 1 + 6 + 4
    gru, layer = page.get_by_test_id("anatomy-gru"), traces["gru"].layers[-1]
    page.get_by_test_id("unit-gru").fill("7")
    page.get_by_test_id("unit-gru").press("Enter")
    z = float(layer.z[6, 7])
    page.get_by_test_id("anatomy-gru").get_by_text(f"1−z {1 - z:.2f}", exact=True).wait_for()
    mean = float(layer.z[6].mean())
    heatmap = page.get_by_test_id("cell-gru").get_by_test_id("heatmap-z")
    assert f"mean {mean:.2f}" in heatmap.get_attribute("aria-label")
    page.get_by_test_id("z-keeps").click()
    assert f"mean {1 - mean:.2f}" in heatmap.get_attribute("aria-label")
    page.wait_for_function("() => new URLSearchParams(location.search).get('z') === 'keeps'")
    gru.get_by_text(f"z {1 - z:.2f}", exact=True).wait_for()
    before, after = float(layer.h[5, 7]), float(layer.h[6, 7])
    spoken = gru.get_attribute("aria-label").replace("−", "-")
    assert f"{before:.2f}" in spoken
    assert f"{after:.2f}" in spoken


def test_a_phone_in_the_dark(open_page, traces):
    page = opened(open_page(390, 844, "dark"))
    shows(page, traces, 7)
    page.keyboard.press("ArrowRight")
    shows(page, traces, 8)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.get_by_test_id("cell-gru").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_a_link_says_what_z_means_only_where_it_is_turned(page):
    opened(page)
    page.get_by_test_id("z-keeps").click()
    page.wait_for_function("() => new URLSearchParams(location.search).get('z') === 'keeps'")
    page.wait_for_timeout(1500)  # the report comes back with the address as Python knows it
    page.get_by_test_id("z-writes").click()
    page.wait_for_function("() => !new URLSearchParams(location.search).has('z')")
    page.reload()
    page.get_by_test_id("z-writes").and_(page.locator('[aria-pressed="true"]')).wait_for()


def asks(page, name, value):
    page.wait_for_function(f"() => new URLSearchParams(location.search).get('{name}') === {value}")


def switched(page, name, option):
    page.locator(f".st-key-gru_viz-cells-{name}").get_by_role("radio", name=option, exact=True).click()


def test_another_size_and_another_reset(page):
    """Every board shows the other models; a link, opened anew, shows them, too."""
    opened(page)
    switched(page, "size", "16")
    asks(page, "size", "'16'")
    page.get_by_text("the GRU, 16 units, puts the lens that fits first").wait_for()
    shows(page, recorded(16), 7)
    switched(page, "reset", "after")
    asks(page, "reset", "'after'")
    board = page.get_by_test_id("cell-gru")
    board.get_by_text("2 gates, reset after").wait_for()
    other = recorded(16, "gru_after")
    shows(page, other, 7)
    page.get_by_test_id("step-next").click()  # arrow keys are the switch's own while it has the focus
    shows(page, other, 8)
    layer, unit = other["gru"].layers[-1], int(page.get_by_test_id("unit-gru").input_value())
    board.get_by_text(f"h̃ {layer.candidate[7, unit]:.2f}".replace("-", "−"), exact=True).wait_for()
    board.get_by_text("r×(Uh+c)").wait_for()
    asks(page, "step", "'8'")
    page.reload()
    at_step(page, 8)
    board.get_by_text("2 gates, reset after").wait_for()
    shows(page, other, 8)
    switched(page, "size", "64")
    asks(page, "size", "null")
    page.get_by_text("the GRU with reset after, 64 units, puts the lens that fits first").wait_for()
    shows(page, recorded(64, "gru_after"), 8)


def test_gates_that_are_shown_are_in_the_link(page):
    opened(page)
    page.get_by_test_id("show-gates").click()
    asks(page, "gates", "'shown'")
    page.wait_for_timeout(1500)  # the report comes back with the address as Python knows it
    page.reload()
    at_step(page, 7)
    page.locator('[data-testid^="heatmap-"]:visible').nth(10).wait_for()
    page.get_by_role("link", name="Memory", exact=True).click()
    page.wait_for_url("**/memory?*")
    asks(page, "gates", "'shown'")
    page.get_by_role("link", name="Cells", exact=True).click()
    page.locator('[data-testid^="heatmap-"]:visible').nth(10).wait_for()
    page.get_by_test_id("show-gates").click()
    asks(page, "gates", "null")
    assert page.locator('[data-testid^="heatmap-"]:visible').count() == len(CELLS)


def test_what_was_opened_is_in_the_link(page):
    opened(page, "/cells?deeper=conventions")
    page.get_by_text("The shop's own GRU has reset before.").wait_for()
    page.get_by_text("The equations of the three cells").click()
    asks(page, "deeper", "'equations,conventions'")
    page.get_by_text("z writes or keeps, reset before or after: does it matter?").click()
    asks(page, "deeper", "'equations'")
