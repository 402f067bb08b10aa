"""Does a sentence stand as text, its parts marked? Oracle: the HTML written out by hand."""

from __future__ import annotations

import pytest

from gru_viz.explain.words import Part
from gru_viz.figures.palette import QUANTITIES
from gru_viz.ui import said as module
from gru_viz.ui.said import said


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """What reaches the page, in the dark theme."""
    bodies: list[str] = []
    monkeypatch.setattr(module.st, "html", bodies.append)
    monkeypatch.setattr(module, "theme", lambda: "dark")
    return bodies


def test_each_kind_of_part(drawn):
    said((Part("The "), Part("Mug", "item"), Part("scores 1", "number"), Part("Written at", "column")))
    said((Part("z", "z"), Part(" writes")), kind="trust")
    assert drawn == [
        '<p class="gv-said">The <strong>Mug</strong><b>scores 1</b><strong>Written at</strong></p>',
        f'<p class="gv-trust"><strong style="color:{QUANTITIES["z"].dark}">z</strong> writes</p>',
    ]


@pytest.mark.parametrize("kind", ["text", "item", "number", "column", *QUANTITIES])
def test_a_hostile_title_is_text(drawn, kind):
    said((Part('<img src=x onerror="a">', kind),))
    assert "<img" not in drawn[0]
    assert "&lt;img src=x onerror=&quot;a&quot;&gt;" in drawn[0]
