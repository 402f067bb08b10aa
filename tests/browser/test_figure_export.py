"""Does the exported walk open on its own, step, and show a hostile title as the text it is?"""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.catalog import Catalog
from gru_viz.figures import walk
from gru_viz.figures.export import figure_html
from gru_viz.trace import LayerTrace, Trace

TITLES = ("<a href=http://x>free</a>", "<script>alert(1)</script>", "$x$ &lt;b&gt; %{x}", "Plain lamp")


@pytest.fixture
def exported(tmp_path):
    rng = np.random.default_rng(0)
    gates = {name: rng.random((4, 6)) for name in "zr"}
    layer = LayerTrace("gru", np.zeros(6), gates, rng.uniform(-1, 1, (4, 6)), rng.uniform(-1, 1, (4, 6)))
    trace = Trace(Catalog(("a", "b", "c", "d"), TITLES), np.arange(4), rng.normal(size=(4, 4)), (layer,))
    path = tmp_path / "walk.html"
    path.write_text(figure_html(walk(trace)), "utf-8")
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
