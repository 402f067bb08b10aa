"""Does the exported walk open on its own, step, and show a hostile title as the text it is?"""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.catalog import Catalog
from gru_viz.figures import walk
from gru_viz.figures.export import figure_html
from gru_viz.trace import LayerTrace, Trace

TITLES = ("<a href=http://x>free</a>", "<script>alert(1)</script>", "$x$ &lt;b&gt; %{x}", "Plain lamp")


# every headline from now on, once
SEEN = """() => {
  window.seen = [];
  const look = () => {
    const text = document.querySelector(".gtitle")?.textContent;
    if (text && text !== before && text !== seen.at(-1)) seen.push(text);
  };
  const before = document.querySelector(".gtitle").textContent;
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@pytest.fixture
def exported(tmp_path):
    rng = np.random.default_rng(0)
    gates = {name: rng.random((4, 6)) for name in "zr"}
    layer = LayerTrace("gru", np.zeros(6), gates, rng.uniform(-1, 1, (4, 6)), rng.uniform(-1, 1, (4, 6)))
    trace = Trace(Catalog(("a", "b", "c", "d"), TITLES), np.arange(4), rng.normal(size=(4, 4)), (layer,))
    path = tmp_path / "walk.html"
    path.write_text(figure_html(walk(trace, step=1), TITLES[0]), "utf-8")
    return path.as_uri()


def test_the_slider_walks_and_titles_stay_text(open_page, exported):
    page = open_page(1250, 760)
    page.goto(exported)
    rail = page.locator(".slider-rail-touch-rect").bounding_box()
    for number, title in enumerate(TITLES, start=1):
        along = 4 + (rail["width"] - 8) * (number - 1) / (len(TITLES) - 1)
        page.mouse.click(rail["x"] + along, rail["y"] + rail["height"] / 2)
        page.locator(".gtitle", has_text=f"Click {number} of 4").wait_for()
        assert page.locator(".gtitle").text_content() == f"Click {number} of 4 · {title}"
    page.mouse.move(90, 300)
    assert TITLES[0] in page.locator(".hovertext").first.text_content()
    assert page.locator("svg a").count() == 0


def test_it_opens_at_its_step_and_plays_on_from_there(open_page, exported):
    page = open_page(1250, 760)
    page.goto(exported)
    headline = page.locator(".gtitle")
    headline.wait_for()
    assert page.title() == page.locator("h1").text_content() == TITLES[0]
    assert headline.text_content() == f"Click 2 of 4 · {TITLES[1]}"
    page.evaluate(SEEN)  # it plays on by itself, faster than a busy machine may look
    page.get_by_text("Play", exact=True).click()
    page.locator(".gtitle", has_text="Click 4 of 4").wait_for()
    assert page.evaluate("seen") == [f"Click {n} of 4 · {TITLES[n - 1]}" for n in (3, 4)]
    assert "The update gate averages" in page.locator(".annotation-text").last.text_content()


def test_on_a_phone_it_scrolls_sideways_and_nothing_overlaps(open_page, exported):
    page = open_page(390, 760)
    page.goto(exported)
    page.locator(".gtitle").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 900
    words = page.locator(".annotation-text, .gtitle, .legend-text, .updatemenu-button")
    boxes = [box for box in (word.bounding_box() for word in words.all()) if box]
    assert all(box["x"] + box["width"] <= 900 for box in boxes)
    for number, one in enumerate(boxes):
        for other in boxes[:number]:
            apart_x = max(one["x"], other["x"]) - min(one["x"] + one["width"], other["x"] + other["width"])
            apart_y = max(one["y"], other["y"]) - min(one["y"] + one["height"], other["y"] + other["height"])
            assert apart_x >= -1 or apart_y >= -1, (one, other)
