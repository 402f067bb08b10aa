"""Can a person step through a session? The real app in a real Chromium.

Oracle: a recording made here, of the session that the page names.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

import gru_viz
from gru_viz.data import shop
from gru_viz.ui.text import WORD_JOINER
from tests.browser.hostile import HOSTILE

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
DETOUR = shop.scenarios(SAMPLE_DATA)[0]
STEPPER = '[data-testid="stepper"]'
ROWS = '[data-testid="next-items"] li:visible'


@pytest.fixture(scope="module")
def trace():
    model = gru_viz.load(SAMPLE_DATA / "model.safetensors")
    return gru_viz.record(model, DETOUR.items)


def at_step(page, step):
    page.locator(f'{STEPPER}[data-step="{step}"]').wait_for()
    return page


def opened(page, path="/", step=1):
    page.goto(path)
    return at_step(page, step)


def pictures(page):
    """Every heatmap as it is drawn now."""
    maps = page.locator("canvas[data-testid^=heatmap]")
    return [maps.nth(i).evaluate("canvas => canvas.toDataURL()") for i in range(maps.count())]


def listed(page):
    rows = page.locator(ROWS)
    return [
        (row.get_attribute("data-item-id"), int(row.get_attribute("data-rank")))
        for row in (rows.nth(i) for i in range(rows.count()))
    ]


def test_keys_lead_through_a_story_and_everything_follows(page, trace):
    opened(page)
    steps = int(page.locator(STEPPER).get_attribute("data-steps"))
    assert steps == len(DETOUR.items)
    seen = []
    for step in range(1, steps + 1):
        at_step(page, step)
        table = trace.top(10, step - 1)
        assert listed(page) == list(zip(table["item_id"], table["rank"], strict=True))
        first = page.locator(ROWS).first
        assert float(first.get_attribute("data-probability")) == pytest.approx(table["probability"][0])
        seen.append((tuple(pictures(page)), page.locator('[data-testid="sentence"]').inner_text()))
        page.keyboard.press("ArrowRight")
    assert len({shot for shot, _ in seen}) == steps
    assert len({sentence for _, sentence in seen}) == steps
    for before, after in pairwise(seen):
        assert all(a != b for a, b in zip(before[0], after[0], strict=True))
    page.keyboard.press("Home")
    at_step(page, 1)
    page.keyboard.press("End")
    at_step(page, steps)


def test_space_plays_and_pauses_and_buttons_do_the_same(page):
    opened(page)
    page.keyboard.press("Space")
    at_step(page, 2)
    page.keyboard.press("Space")
    page.locator('[data-testid="step-prev"]').click()
    at_step(page, 1)
    page.locator('[data-testid="step-next"]').click()
    at_step(page, 2)
    page.locator('[data-testid="step-slider"]').fill("4")
    at_step(page, 4)
    page.locator('[data-testid="session-strip"] button').nth(5).click()
    at_step(page, 6)


def test_arrows_in_a_field_do_not_step(page):
    opened(page)
    page.locator('[data-testid="stPopover"] button').first.click()
    page.get_by_role("tab", name="One item").click()
    field = page.get_by_label("Search the catalogue")
    field.fill("lens")
    field.press("ArrowLeft")
    assert page.locator(STEPPER).get_attribute("data-step") == "1"


def test_the_arithmetic_is_that_of_the_unit(page, trace):
    opened(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.locator('[data-testid="heatmap-h"]').click(position={"x": 30, "y": 60})
    panel = page.locator('[data-testid="unit-panel"]')
    unit = int(panel.locator('[data-testid="unit-number"]').input_value())
    layer = trace.layers[-1]
    text = panel.inner_text().replace("−", "-")
    for symbol, values in (("z", layer.z), ("r", layer.r), ("h̃", layer.candidate), ("h", layer.h)):
        shown = re.search(rf"(?<![\w]){symbol} = (-?\d\.\d+)", text)
        assert shown, f"{symbol} in {text}"
        assert float(shown[1]) == pytest.approx(values[2, unit], abs=0.00501)
    at_step(page, 3)
    page.locator('[data-testid="unit-close"]').click()
    panel.wait_for(state="hidden")
    page.locator('[data-testid="unit-open"]').click()
    panel.wait_for()


def test_z_keeps_is_one_minus_z(page, trace):
    opened(page, "/?unit=5&step=3", step=3)
    page.locator('[data-testid="z-keeps"]').click()
    text = page.locator('[data-testid="unit-panel"]').inner_text()
    shown = re.search(r"z = (\d\.\d+)", text)
    assert float(shown[1]) == pytest.approx(1 - trace.layers[-1].z[2, 5], abs=0.00501)
    page.wait_for_function("location.search.includes('z=keeps')")


def test_be_the_shopper_and_share_the_link(page, open_page):
    opened(page)
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    at_step(page, 7)
    chosen = page.locator(ROWS).nth(1)
    item = chosen.get_attribute("data-item-id")
    chosen.locator("button").click()
    page.locator(f'{STEPPER}[data-step="8"][data-steps="8"]').wait_for()
    page.wait_for_url(f"**add={item}**")
    page.locator('[data-testid="step-prev"]').click()
    page.wait_for_function("location.search.endsWith('step=7')")

    other = open_page()
    other.goto(page.url)
    at_step(other, 7)
    assert other.locator(STEPPER).get_attribute("data-steps") == "8"
    assert listed(other) == listed(page)

    other.locator('[data-testid="undo"]').click()
    other.locator(f'{STEPPER}[data-steps="{len(DETOUR.items)}"]').wait_for()


@pytest.mark.parametrize("pause", [100, 300, 350, 450])
def test_an_append_right_after_stepping_is_not_lost(page, pause):
    opened(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    at_step(page, 3)
    page.wait_for_timeout(pause)  # the step's report is due after 400 ms
    page.locator(ROWS).first.locator("button").click()
    page.locator(f'{STEPPER}[data-step="4"][data-steps="4"]').wait_for()
    page.wait_for_function("location.search.includes('keep=3') && location.search.includes('step=4')")


def test_appending_what_was_clicked_anyway_still_moves_on(page):
    last = len(DETOUR.items)
    opened(page, f"/?step={last - 1}", step=last - 1)
    page.locator(f'[data-testid="next-items"] li[data-item-id="{DETOUR.items[-1]}"] button').click()
    at_step(page, last)
    page.wait_for_function("location.search.includes('add=')")


def test_a_step_sends_the_trace_only_once(page):
    received = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    opened(page)
    page.wait_for_timeout(1000)
    whole = sum(received)
    received.clear()
    for step in (2, 3, 4):
        page.keyboard.press("ArrowRight")
        page.wait_for_function(f"location.search.includes('step={step}')")
        page.wait_for_timeout(500)
    # three reports were answered, and the trace alone is far larger than all of them
    assert whole > 60_000
    assert 0 < sum(received) < whole / 5


def test_a_note_does_not_move_the_stepper(page, tmp_path):
    bad = tmp_path / "log.csv"
    bad.write_text("what,is,this\n1,2,3\n")
    opened(page)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.get_by_text("Use your own files").click()
    page.locator('[data-testid="stFileUploaderDropzoneInput"]').nth(1).set_input_files(bad)
    page.locator('[data-testid="stAlert"]').first.wait_for()
    at_step(page, 6)


def test_an_address_plants_no_links(page):
    page.goto("/?model=https%3A%2F%2Fevil.example%2F+www.evil.example&session=story:www.evil.example")
    page.locator('[data-testid="stAlert"]').first.wait_for()
    assert page.locator('[data-testid="stAlert"] a').count() == 0


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_nothing_jumps_while_stepping(open_page, width):
    page = opened(open_page(width, 900))
    seen = set()
    for step in range(1, len(DETOUR.items) + 1):
        at_step(page, step)
        parts = [page.locator(f'[data-testid="{name}"]') for name in ("heatmap-z", "next-items")]
        seen.add(tuple(round(part.bounding_box()["y"]) for part in parts))
        page.keyboard.press("ArrowRight")
    assert len(seen) == 1


def test_back_undoes_an_append_and_stepping_fills_no_history(page):
    opened(page, "/?session=story:detour&step=2", step=2)
    length = page.evaluate("history.length")
    for step in (3, 4):
        page.keyboard.press("ArrowRight")
        page.wait_for_function(f"location.search.includes('step={step}')")
    page.locator(ROWS).first.locator("button").click()
    page.locator(f'{STEPPER}[data-step="5"][data-steps="5"]').wait_for()
    page.wait_for_function("location.search.includes('add=')")
    assert page.evaluate("history.length") == length + 1
    page.go_back()
    page.locator(f'{STEPPER}[data-step="4"][data-steps="{len(DETOUR.items)}"]').wait_for()
    page.go_forward()
    page.locator(f'{STEPPER}[data-step="5"][data-steps="5"]').wait_for()


def test_choosing_another_story(page):
    opened(page)
    page.locator('[data-testid="stPopover"] button').first.click()
    other = shop.scenarios(SAMPLE_DATA)[2]
    page.get_by_text(other.name, exact=True).click()
    page.locator(f'{STEPPER}[data-steps="{len(other.items)}"]').wait_for()
    page.wait_for_url(f"**{other.key}**")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_overflows_and_everything_is_readable(open_page, width, theme):
    page = opened(open_page(width, 900, theme), "/?step=7&unit=3", step=7)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    root = page.locator(STEPPER)
    assert root.evaluate("node => node.scrollWidth <= node.clientWidth")
    box = root.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert root.get_attribute("data-theme") == theme
    poor = root.evaluate(CONTRAST)
    assert poor == []


# Every visible text against the nearest opaque background: WCAG's ratio, 4.5 for text
# of this size. What is faded on purpose (the future, disabled buttons) is left out.
CONTRAST = """root => {
  const numbers = (colour) => {
    const probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = colour; probe.fillRect(0, 0, 1, 1);
    return [...probe.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const page = getComputedStyle(root).getPropertyValue("--st-background-color");
  const behind = (node) => {
    for (let up = node; up && up !== root; up = up.parentElement) {
      const colour = numbers(getComputedStyle(up).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return numbers(page);
  };
  const poor = [];
  for (const node of root.querySelectorAll("*")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    const faded = node.closest(".future, :disabled, .spoken, option");
    if (!own || faded || !node.getClientRects().length) continue;
    const [a, b] = [light(numbers(getComputedStyle(node).color)), light(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(`${node.textContent.slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


def test_reduced_motion_moves_nothing(open_page):
    page = opened(open_page(reduced_motion="reduce"))
    bar = page.locator('[data-testid="next-items"] .bar').first
    assert bar.evaluate("node => getComputedStyle(node).transitionDuration") == "0s"


def test_every_picture_has_words(page):
    opened(page)
    for canvas in page.locator("canvas[data-testid^=heatmap]").all():
        assert re.search(r"at click 1: 64 units, mean", canvas.get_attribute("aria-label"))
    page.keyboard.press("ArrowRight")
    at_step(page, 2)
    assert page.locator('[data-testid="spoken"]').inner_text().startswith("Click 2 of 9: ")


@pytest.mark.parametrize("path", ["/?step=3", "/step?step=3"])
def test_a_direct_link_to_a_fresh_server_has_the_whole_frame(open_page, start_server, path):
    fresh = start_server()
    page = open_page(base_url=fresh.url)
    page.goto(path)
    page.locator(STEPPER).wait_for()
    page.get_by_text("Use your own files").wait_for()
    page.get_by_text("240 items").first.wait_for()
    assert page.locator('[data-testid="stSidebarNavLink"]').count() == 0
    page.close()
    fresh.process.terminate()


def test_uploaded_files_with_hostile_names_are_shown_as_text(page, hostile_files):
    opened(page)
    page.get_by_text("Use your own files").click()
    uploads = page.locator('[data-testid="stFileUploaderDropzoneInput"]')
    uploads.nth(0).set_input_files(hostile_files / "hostile.safetensors")
    page.get_by_text("Nothing to step through yet").wait_for()
    uploads.nth(1).set_input_files(hostile_files / "log.csv")
    page.locator(f'{STEPPER}[data-steps="40"]').wait_for()
    page.locator('[data-testid="stPopover"] button').first.click()
    page.get_by_role("tab", name="The log").click()
    page.get_by_text("How the log was read").click()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.querySelectorAll('img[src*=evil], script[src*=evil]').length") == 0
    assert page.locator(f"{STEPPER} img, {STEPPER} script, {STEPPER} a").count() == 0
    assert page.locator('a[href*="evil"]').count() == 0
    assert set(page.locator(f"{ROWS} .title").all_inner_texts()) == {" ".join(t.split()) for t in HOSTILE}


def test_layers_of_a_stacked_model(open_page, hostile_server):
    page = open_page(base_url=hostile_server.url)
    page.goto("/?model=given&session=log:<b>2</b>&step=5")
    at_step(page, 5)
    top = pictures(page)
    page.locator('[data-testid="layer"]').select_option("0")
    page.wait_for_function("location.search.includes('layer=1')")
    page.locator("canvas[aria-label*='12 units']").first.wait_for()
    assert pictures(page) != top
    at_step(page, 5)


def test_a_bad_upload_is_said_and_nothing_is_lost(page, tmp_path):
    bad = tmp_path / "model.safetensors"
    bad.write_bytes(b"not a checkpoint at all")
    opened(page, "/?step=4", step=4)
    page.get_by_text("Use your own files").click()
    page.locator('[data-testid="stFileUploaderDropzoneInput"]').nth(0).set_input_files(bad)
    page.locator('[data-testid="stAlert"]').first.wait_for()
    said = page.locator('[data-testid="stAlert"]').first.inner_text().replace(WORD_JOINER, "")
    assert "model.safetensors" in said
    page.get_by_role("button", name=re.compile("remove", re.IGNORECASE)).first.click()
    page.locator('[data-testid="stAlert"]').wait_for(state="detached")
    assert "step=4" in page.url
    at_step(page, 4)


def test_the_exported_page_steps_without_the_app(page, open_page, tmp_path):
    opened(page)
    page.locator('[data-testid="stPopover"] button').nth(1).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="A page that steps on its own").click()
    file = tmp_path / "session.html"
    download.value.save_as(file)
    alone = open_page()
    alone.goto(file.as_uri())
    alone.get_by_text("Update gate").first.wait_for()
