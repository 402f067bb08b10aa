"""Can a person at the keyboard see where they are, and tell it from the page they are on?

Streamlit greys the link of the current page and a focused one alike. Oracle: the sheet's own rules.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gru_viz.ui
from gru_viz.figures.palette import QUANTITIES

CSS = (Path(gru_viz.ui.__file__).parent / "page.css").read_text("utf-8")
RULES = [rule.split("{", 1) for rule in CSS.split("}") if ":focus-visible" in rule]


@pytest.mark.parametrize("element", ["a", "button", "summary"])
def test_links_buttons_and_expanders_have_a_ring_of_two_pixels(element):
    rings = [body for selector, body in RULES if re.search(rf"\b{element}\b.*:focus-visible", selector)]
    blue = QUANTITIES["h"]
    assert any(f"outline: 2px solid light-dark({blue.light}, {blue.dark})" in body for body in rings)


def test_a_pages_link_has_its_ring_inside_so_that_the_sidebar_cuts_none_off():
    (body,) = (body for selector, body in RULES if "stPageLink-NavLink" in selector)
    assert "outline-offset: -2px" in body
