"""Can a person change a session, hold a gate, and see the list move? The real app in a real Chromium.

Oracle: recordings made here, and what explain/changes.py says of them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

import gru_viz
from gru_viz.data import shop
from gru_viz.edits import delete, insert, move, repeat, swap
from gru_viz.explain.ablation import ablation
from gru_viz.explain.changes import changes, changes_sentence
from gru_viz.explain.words import plain
from gru_viz.interventions import Intervention, keep_everything, words
from gru_viz.rerun import last_clicks
from tests.browser.hostile import HOSTILE
from tests.browser.test_memory import LEAD
from tests.browser.test_step import STEPPER, at_step

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
DETOUR = shop.scenarios(SAMPLE_DATA)[0]
EDITOR = '[data-testid="editor"]'


@pytest.fixture(scope="module")
def model():
    return gru_viz.load(SAMPLE_DATA)


def opened(page, query="session=story:detour", shown=0):
    page.goto(f"/what_if?{query}")
    return showing(page, shown)


def showing(page, shown):
    page.locator(f'{EDITOR}[data-shown="{shown}"]').wait_for()
    return page


def part(page, name):
    return page.locator(f'{EDITOR} [data-testid="{name}"]')


def cards(page, variant):
    """The titles of a row, once it has so many."""
    return page.locator(f'[data-testid="card"][data-variant="{variant}"] b span').all_inner_texts()


def titles(model, items):
    return [model.catalog.titles[item] for item in items]


def row(page, model, variant, items):
    """The row shows these items."""
    page.wait_for_function(
        """([variant, titles]) => {
          const roots = [...document.querySelectorAll("*")].map((node) => node.shadowRoot);
          const root = roots.find((root) => root?.querySelector("[data-testid=editor]"));
          const cards = [...root.querySelectorAll(`[data-testid=card][data-variant="${variant}"] b span`)];
          return JSON.stringify(cards.map((card) => card.textContent)) === JSON.stringify(titles);
        }""",
        arg=[variant, titles(model, items)],
    )


def says(page, text):
    page.wait_for_function(
        "([lead, text]) => document.querySelector(lead)?.innerText.replaceAll('\\u00a0', ' ').includes(text)",
        arg=[LEAD, text.replace("\u00a0", " ")],
    )


def sentence(reference, variant):
    return plain(changes_sentence(reference, variant, changes(reference, variant)))


def own(model):
    return tuple(model.catalog.indices(DETOUR.items))


def test_an_edit_by_button_and_undo(page, model):
    opened(page)
    page.locator('[data-testid="card"][data-click="1"]').click()
    part(page, "delete").click()
    showing(page, 1)
    without = delete(own(model), 0)
    row(page, model, 1, without)
    row(page, model, 0, own(model))
    says(page, sentence(gru_viz.record(model, own(model)), gru_viz.record(model, without)))
    ranked = page.locator('[data-testid="variant-items"] li')
    best = gru_viz.record(model, without).top(10)["item_id"].tolist()
    assert [ranked.nth(n).get_attribute("data-item-id") for n in range(10)] == best
    page.wait_for_function("location.search.includes('edit=1')")
    part(page, "undo-edit").click()
    showing(page, 0)
    part(page, "undo-edit").wait_for(state="hidden")
    assert page.locator('[data-testid="row"]').count() == 1


def test_edits_by_keyboard_one_after_the_other(page, model):
    """Also those that come while an earlier one is under way."""
    opened(page)
    for key in ("Home", "ArrowRight", "d", "Alt+ArrowRight", "Alt+ArrowRight", "Delete"):
        page.keyboard.press(key)
    clicks = repeat(own(model), 1)  # the second of the two is chosen
    clicks = delete(move(move(clicks, 2, 3), 3, 4), 4)
    row(page, model, 1, clicks)
    page.keyboard.press("Delete")
    row(page, model, 1, delete(clicks, 4))
    chosen = page.locator('[data-testid="card"][data-variant="1"][aria-current]')
    assert chosen.get_attribute("data-click") == "5"
    assert chosen.evaluate("card => card.getRootNode().activeElement === card")


@pytest.mark.parametrize("how", ["double click", "key held down"])
def test_one_click_is_deleted_until_that_is_seen(page, model, how):
    """A double click on Delete, or its key held down, once took away the clicks behind it, too."""
    opened(page)
    page.locator('[data-testid="card"][data-click="1"]').click()
    if how == "double click":
        part(page, "delete").dblclick()
    else:
        for _ in range(3):  # without an "up" between them they repeat
            page.keyboard.down("Delete")
        page.keyboard.up("Delete")
    page.keyboard.press("d")  # comes after whatever was deleted
    without = delete(own(model), 0)
    row(page, model, 1, repeat(without, 0))
    part(page, "undo-edit").click()
    row(page, model, 1, without)


def test_dragging_moves_a_click(page, model):
    opened(page)
    first, last = (page.locator(f'[data-testid="card"][data-click="{n}"]') for n in (1, 4))
    first.drag_to(last)
    row(page, model, 1, move(own(model), 0, 3))


def test_two_distant_clicks_are_swapped_with_the_mouse_and_with_the_keyboard(page, model):
    opened(page)
    chosen = page.locator('[data-testid="card"][data-variant="1"][aria-current]')
    page.locator('[data-testid="card"][data-click="2"]').click()
    part(page, "swap").click()
    page.locator('[data-testid="card"][data-click="8"]').click()
    swapped = swap(own(model), 1, 7)
    row(page, model, 1, swapped)
    assert chosen.get_attribute("data-click") == "8"
    for key in ("s", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    asked = part(page, "chosen").inner_text()
    assert asked.startswith(f"Swap click 8 {titles(model, swapped)[7]} with: click 6 ")
    page.keyboard.press("Enter")
    row(page, model, 1, swap(swapped, 7, 5))
    for key in ("s", "Home", "Escape"):  # left as it is
        page.keyboard.press(key)
    assert part(page, "chosen").inner_text().startswith("Click 6 ")
    page.keyboard.press("Control+z")
    row(page, model, 1, swapped)


def test_repeat_and_insert_with_the_mouse(page, model):
    opened(page)
    page.locator('[data-testid="card"][data-click="3"]').click()
    part(page, "repeat").click()
    row(page, model, 1, repeat(own(model), 2))
    part(page, "insert").click()
    page.get_by_role("combobox", name="Insert after click 4").fill("Sarno S10")
    page.get_by_role("option").first.click()
    row(page, model, 1, insert(repeat(own(model), 2), 4, model.catalog.index("sarno-s10")))


def test_replace_asks_for_an_item_in_a_field_that_has_the_focus(page, model):
    opened(page)
    page.keyboard.press("r")
    field = page.get_by_role("combobox", name="Replace click 1")
    field.wait_for()
    page.wait_for_function("document.activeElement.matches('input')")
    page.keyboard.type("Sarno S10")
    page.keyboard.press("Enter")
    sarno = model.catalog.index("sarno-s10")
    row(page, model, 1, (sarno, *own(model)[1:]))
    field.wait_for(state="detached")


def test_a_preset_holds_a_gate_where_it_is_told(page, model):
    opened(page)
    part(page, "force-first").fill("2")
    part(page, "force-last").fill("6")
    part(page, "force-z0").click()
    showing(page, 1)
    held = gru_viz.record(model, DETOUR.items, [keep_everything(clicks=(1, 5))])
    says(page, sentence(gru_viz.record(model, DETOUR.items), held))
    assert part(page, "forced").inner_text().startswith("z held at 0 for all units at clicks 2 to 6")
    part(page, "release").click()
    part(page, "forced").wait_for(state="detached")


def test_any_value_in_the_form(page, model):
    """With the keyboard alone once it is open; oracle: the recording, the units by their ablation."""
    opened(page)
    assert part(page, "force-form").is_hidden()
    part(page, "force-more").click()
    part(page, "force-quantity").select_option("r")
    part(page, "force-action").select_option("scale")
    part(page, "force-top").click()
    part(page, "force-last").fill("8")
    part(page, "force-value").fill("0.25")
    assert part(page, "force-slider").input_value() == "0.3"  # the nearest of its steps
    page.keyboard.press("Enter")
    showing(page, 1)
    plain_trace = gru_viz.record(model, DETOUR.items)
    first = int(plain_trace.ranking(-1, 1)[0])
    best = sorted(ablation(plain_trace, first, partial(last_clicks, model)).units[:5].tolist())
    scaled = Intervention("r", "scale", 0.25, tuple(best), (0, 7))
    says(page, sentence(plain_trace, gru_viz.record(model, DETOUR.items, [scaled])))
    assert part(page, "forced").inner_text().startswith(words(scaled))
    assert part(page, "force-rule").is_visible()


def test_z_is_held_as_it_is_read(page):
    opened(page)
    part(page, "read-keeps").click()
    page.wait_for_function("location.search.includes('z=keeps')")
    part(page, "force-z0").get_by_text("z ≡ 1").wait_for()
    part(page, "force-more").click()
    part(page, "force-value").fill("0.3")
    part(page, "force-it").click()
    part(page, "forced").get_by_text("z held at 0.3 for all units").wait_for()
    page.wait_for_function("location.search.includes('z_c0.7')")


def test_any_difference_is_drawn_and_any_item_is_followed(page):
    opened(page)
    page.keyboard.press("Delete")
    showing(page, 1)
    page.get_by_role("heading", name="Difference of the hidden state h").wait_for()
    for name, heading in (("z", "update gate z"), ("candidate", "candidate h̃")):
        part(page, f"differ-{name}").click()
        page.get_by_role("heading", name=f"Difference of the {heading}").wait_for()
        assert part(page, f"differ-{name}").get_attribute("aria-pressed") == "true"
        assert part(page, f"differ-{name}").evaluate("it => it.getRootNode().activeElement === it")
    part(page, "follow-other").click()
    page.get_by_role("combobox", name="Follow another item").wait_for()
    page.wait_for_function("document.activeElement.matches('input')")
    page.keyboard.type("Sarno 55 mm Lens")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('item=sarno-55')")
    page.locator(EDITOR).get_by_text("After every click, of Sarno 55 mm Lens").wait_for()


def test_pin_and_a_link_restores_it_all(page, open_page, model):
    opened(page)
    page.keyboard.press("Delete")
    showing(page, 1)
    part(page, "force-z1").click()
    part(page, "forced").wait_for()
    page.locator('[data-testid="row"][data-variant="0"] [data-testid="show"]').click()
    showing(page, 0)
    page.locator('[data-testid="row"][data-variant="1"] [data-testid="pin"]').click()
    says(page, "The session against variant 1")
    page.wait_for_function("location.search.includes('pin=1')")
    before = page.locator(LEAD).inner_text()
    other = open_page()
    other.goto(page.url)
    showing(other, 0)
    row(other, model, 1, delete(own(model), 0))
    says(other, before)
    assert part(other, "forced").count() == 1


def test_the_demonstration_keeps_and_loses_the_lens(page):
    opened(page)
    page.get_by_role("button", name="Long detour").click()
    showing(page, 1)
    first = page.locator('[data-testid="variant-items"] li').first
    assert first.get_attribute("data-item-id").startswith("corvin-")
    says(page, "stays first")
    page.locator('[data-testid="row"][data-variant="2"] [data-testid="show"]').click()
    showing(page, 2)
    assert not first.get_attribute("data-item-id").startswith("corvin-")
    says(page, "comes first instead of")


def test_clicks_out_of_sight_are_counted_and_one_press_away(page):
    """Oracle: which cards lie with at least half their width in the strip, as the browser laid them out."""
    opened(page)
    page.get_by_role("button", name="Long detour").click()
    showing(page, 1)
    earlier = part(page, "more-before").first
    earlier.wait_for()
    beyond = """button => {
      const list = button.parentElement.firstElementChild, box = list.getBoundingClientRect();
      const middle = (card) => { const b = card.getBoundingClientRect(); return b.left + b.width / 2; };
      return [...list.children].filter((card) => middle(card) < box.left).length;
    }"""
    count = earlier.evaluate(beyond)
    assert count > 0
    assert earlier.get_attribute("aria-label") == f"Show the {count} earlier clicks"
    earlier.click()
    earlier.wait_for(state="hidden")
    assert part(page, "more-after").first.is_visible()
    assert page.locator('[data-testid="more-before"]:visible').count() == 0  # all rows go together


def test_the_link_is_the_address(page, model):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page)
    page.keyboard.press("Delete")
    showing(page, 1)
    page.wait_for_function("location.search.includes('v1=')")
    part(page, "copy-link").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text === location.href)")


def test_back_takes_back(page, model):
    opened(page)
    page.keyboard.press("Delete")
    showing(page, 1)
    page.wait_for_function("location.search.includes('edit=1')")
    page.go_back()
    showing(page, 0)


def test_a_variant_goes_to_the_step_page(page):
    opened(page)
    page.keyboard.press("End")
    page.keyboard.press("Delete")
    showing(page, 1)
    page.get_by_role("button", name="Step", exact=True).click()
    page.locator('[data-testid="next-items"]').wait_for()
    at_step(page, 8)
    assert page.locator(STEPPER).get_attribute("data-steps") == "8"


def test_a_variant_goes_to_the_memory_page(page, model):
    opened(page)
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    showing(page, 1)
    page.get_by_role("button", name="Memory", exact=True).click()
    strip = page.locator('[data-testid="session-strip"] b span')
    strip.first.get_by_text(titles(model, own(model))[1]).wait_for()
    assert strip.all_inner_texts() == titles(model, own(model)[1:])


def test_both_questions(page):
    opened(page, "session=story:detour&keep=7")
    page.get_by_role("radio", name="Which units matter here?").click()
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    page.get_by_role("radio", name="What is the smallest change that flips it?").click()
    page.get_by_role("button", name="Show it").first.click()
    showing(page, 1)
    says(page, "comes first instead of")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_overflows(open_page, width, theme):
    page = open_page(width, 900, theme)
    opened(page)
    page.get_by_role("button", name="Long detour").click()
    showing(page, 1)
    part(page, "force-more").click()
    root = page.locator(EDITOR)
    assert root.get_attribute("data-theme") == theme
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    box = root.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    painted = page.locator("canvas").evaluate(
        "c => new Set(c.getContext('2d').getImageData(0, 0, c.width, 100).data).size"
    )
    assert painted > 20


def test_hostile_titles_stay_text_and_layers_can_be_chosen(open_page, hostile_server):
    page = open_page(base_url=hostile_server.url)
    page.goto("/what_if?model=given&session=log:<b>2</b>")
    showing(page, 0)
    assert set(cards(page, 0)) <= {" ".join(title.split()) for title in HOSTILE}
    page.keyboard.press("Delete")
    showing(page, 1)
    part(page, "force-layer").select_option("0")
    part(page, "force-units").fill("0, 9-11")
    part(page, "force-ablate").click()
    part(page, "forced").get_by_text("in layer 1").wait_for()
    page.keyboard.press("i")
    page.get_by_role("combobox", name="Insert after").wait_for()
    for question in ("units", "flip"):
        page.goto(f"{page.url.split('&question')[0]}&question={question}")
        showing(page, 1)
        page.locator(".gv-said").first.wait_for()
        for shows in page.get_by_role("button", name="Show it").all():
            shows.hover()  # what it would show is told in Markdown
            page.get_by_test_id("stTooltipContent").wait_for()
    assert page.evaluate("document.querySelectorAll('img[src*=evil], script[src*=evil]').length") == 0
    assert page.locator(f'{EDITOR} img, {EDITOR} a, {LEAD} img, .gv-said img, a[href*="evil"]').count() == 0
