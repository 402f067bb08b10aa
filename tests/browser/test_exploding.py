"""Does the switch beside the exploding gradient show the other training? The real app in a real Chromium.

That the console stays clean is checked by conftest.
"""

from __future__ import annotations

from tests.browser.test_step import STEPPER, at_step


def opened(page):
    page.goto("/cells")
    page.wait_for_selector(f'{STEPPER}[data-step="7"]')
    return page


def test_a_gradient_that_explodes_with_and_without_clipping(page):
    """The switch changes the sentence and the lines in full, not the scale, and is in the link."""
    opened(page)
    chart = page.locator(".js-plotly-plot").filter(has_text="Length of the gradient")
    chart.get_by_text("RNN, not clipped").wait_for()
    page.get_by_text("Not clipped, the vanilla RNN's gradient grows to").wait_for()
    numbers = chart.locator(".ytick, .y2tick").all_text_contents()
    switch = page.locator(".st-key-gru_viz-cells-clip")
    switch.get_by_role("radio", name="on").click()
    chart.get_by_text("RNN, clipped").wait_for()
    page.get_by_text("the vanilla RNN's gradient grows to").and_(page.get_by_text("Clipped in")).wait_for()
    assert chart.locator(".ytick, .y2tick").all_text_contents() == numbers
    page.wait_for_function("() => new URLSearchParams(location.search).get('clip') === 'on'")
    page.get_by_test_id("step-next").click()
    at_step(page, 8)
    page.wait_for_function("() => new URLSearchParams(location.search).get('step') === '8'")
    page.wait_for_timeout(1500)  # the report comes back with the address as Python knows it
    page.reload()
    chart.get_by_text("RNN, clipped").wait_for()
    at_step(page, 8)
