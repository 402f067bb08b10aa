"""Does the walk, alone on a page, lead through a session and say where it is?

Oracles: walk_app.py, which writes what was reported as text, and the titles of its session.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gru_viz.bench.server import Server, serve
from gru_viz.data import shop

ROOT = Path(__file__).parents[2]
ITEMS = shop.scenarios(ROOT / "sample_data")[0].items
STEPS = len(ITEMS)
WALK = '[data-testid="stepper"]'
# what walk_app.py starts with and the walk does not change
UNTOUCHED = {"unit": 5, "keeps": True, "sort": "index"}
SETTLE = 700  # ms, as in walk_app.py; more than the 400 that hold where nothing is said

# How long after the last key is the address written? The report goes out with it.
WATCH_THE_REPORT = """() => {
  window.reported = [];
  window.addEventListener("keydown", (event) => (window.pressed = event.timeStamp), { capture: true });
  const write = history.replaceState.bind(history);
  history.replaceState = (...all) => {
    window.reported.push(performance.now() - window.pressed);
    write(...all);
  };
}"""


@pytest.fixture(scope="module")
def walk_server(tmp_path_factory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("walk") / "log.txt"
    running = serve("tests/browser/walk_app.py", ROOT, log, environment={"PYTHONPATH": str(ROOT)})
    yield running
    running.stop()


@pytest.fixture
def open_walk(open_page, walk_server):
    """open_walk(width, height, theme): the walk at its start, click 2."""

    def open_one(*size, path="/", **options):
        page = open_page(*size, base_url=walk_server.url, **options)
        page.goto(path)
        return at_step(page, 2)

    return open_one


@pytest.fixture
def page(open_walk):
    return open_walk()


def at_step(page, step):
    page.locator(f'{WALK}[data-step="{step}"]').wait_for()
    return page


def part(page, name):
    return page.locator(f'[data-testid="{name}"]')


def reported(page, step):
    """What Python has heard once it has heard of this step."""
    text = part(page, "stText").filter(has_text=f'"step": {step}')
    return json.loads(text.inner_text())


def test_keys_lead_through_the_session(page):
    assert page.locator(WALK).get_attribute("data-steps") == str(STEPS)
    page.keyboard.press("ArrowRight")
    at_step(page, 3)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    at_step(page, 1)
    page.keyboard.press("ArrowLeft")
    at_step(page, 1)
    page.keyboard.press("End")
    at_step(page, STEPS)
    assert part(page, "step-next").get_attribute("aria-disabled") == "true"
    page.keyboard.press("Home")
    at_step(page, 1)
    assert part(page, "step-count").inner_text() == f"click 1 of {STEPS}"


def test_buttons_slider_and_strip_do_the_same(page):
    part(page, "step-next").click()
    at_step(page, 3)
    part(page, "step-prev").click()
    at_step(page, 2)
    part(page, "step-first").click()
    at_step(page, 1)
    part(page, "step-slider").fill("4")
    at_step(page, 4)
    cards = part(page, "session-strip").locator("button")
    assert cards.count() == STEPS
    cards.nth(5).click()
    at_step(page, 6)
    assert cards.nth(5).get_attribute("aria-current") == "step"
    page.keyboard.press("ArrowRight")  # the card that was clicked has the focus
    at_step(page, 7)


def test_the_focus_stays_on_a_card_when_python_has_heard(page):
    card = part(page, "session-strip").locator("button").nth(5)
    card.click()
    reported(page, 6)
    page.wait_for_timeout(300)
    assert card.evaluate("card => card.getRootNode().activeElement === card")


def test_space_plays_and_pauses_and_the_button_does_the_same(page):
    page.keyboard.press("Space")
    at_step(page, 3)
    assert part(page, "step-play").inner_text() == "Pause"
    page.keyboard.press("Space")
    assert part(page, "step-play").inner_text() == "Play"
    page.wait_for_timeout(1300)  # a click stays for a second while playing
    at_step(page, 3)
    page.keyboard.press("End")
    part(page, "step-play").click()  # at the end it begins again
    at_step(page, 1)
    at_step(page, 2)


def test_steps_in_a_row_are_one_report_with_the_whole_state(page):
    page.evaluate(WATCH_THE_REPORT)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    at_step(page, 5)
    assert reported(page, 5) == {
        "event": "view", "reports": 1, "view": {"key": f"{STEPS} clicks", "step": 5, **UNTOUCHED},
    }  # fmt: skip
    page.wait_for_timeout(SETTLE + 300)
    assert reported(page, 5)["reports"] == 1
    (after,) = page.evaluate("window.reported")
    assert after >= SETTLE - 5
    assert page.evaluate("location.search") == ("?session=story%3Adetour&step=5&unit=5&z=keeps&sort=index")


def test_a_step_there_and_back_ends_where_it_began(page):
    page.keyboard.press("ArrowRight")
    reported(page, 3)
    page.keyboard.press("ArrowLeft")
    assert reported(page, 2)["view"] == {"key": f"{STEPS} clicks", "step": 2, **UNTOUCHED}


def test_the_spoken_line_says_click_and_title(page):
    page.keyboard.press("ArrowRight")
    title = part(page, "session-strip").locator("button").nth(2).get_attribute("title")
    assert title.startswith("Click 3: ")
    assert part(page, "spoken").inner_text() == f"Click 3 of {STEPS}: {title.removeprefix('Click 3: ')}."
    assert part(page, "spoken").get_attribute("aria-live") == "polite"


def test_the_link_is_copied_at_once(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("ArrowRight")
    part(page, "copy-link").click()
    page.get_by_text("Copied").wait_for()
    assert "step=3" in page.evaluate("navigator.clipboard.readText()")


def test_arrows_in_a_field_do_not_step(page):
    field = page.get_by_label("Something else")
    field.fill("lens")
    for key in ("ArrowLeft", "ArrowRight", "ArrowRight", "Home", "Space"):
        field.press(key)
    assert page.locator(WALK).get_attribute("data-step") == "2"
    assert field.input_value() == " lens"


def test_undo_is_heard_and_the_step_before_it_is_not_reported_late(page):
    page.keyboard.press("End")
    page.wait_for_timeout(SETTLE - 400)  # its report is still to go out
    part(page, "undo").click()
    page.locator(f'{WALK}[data-steps="{STEPS - 1}"][data-step="2"]').wait_for()
    page.wait_for_timeout(SETTLE + 300)
    assert json.loads(part(page, "stText").inner_text()) == {"event": "undo", "reports": 1}
    part(page, "undo").wait_for(state="hidden")
    page.keyboard.press("ArrowRight")
    assert reported(page, 3)["view"]["key"] == f"{STEPS - 1} clicks"


def test_nothing_of_the_board_is_there(page):
    assert page.locator(f"{WALK} canvas, {WALK} select").count() == 0
    assert part(page, "next-items").count() == 0
    assert part(page, "sentence").count() == 0
    assert part(page, "z-keeps").is_hidden()


def test_the_switch_is_there_where_it_is_wanted(open_walk):
    page = open_walk(path="/?switch")
    assert part(page, "z-keeps").get_attribute("aria-pressed") == "true"
    part(page, "z-writes").click()
    assert part(page, "z-writes").get_attribute("aria-pressed") == "true"
    assert reported(page, 2)["view"]["keeps"] is False


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_overflows(open_walk, width, theme):
    page = open_walk(width, 900, theme)
    root = page.locator(WALK)
    assert root.get_attribute("data-theme") == theme
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert root.evaluate("node => node.scrollWidth <= node.clientWidth")
    box = root.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.keyboard.press("End")  # the strip follows
    card = part(page, "session-strip").locator("button").last.bounding_box()
    assert card["x"] + card["width"] <= box["x"] + box["width"] + 1
