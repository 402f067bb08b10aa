"""Is a session's story told as text? Oracle: the Markdown written out by hand."""

from __future__ import annotations

import pytest

from gru_viz.ui.opening import told
from gru_viz.ui.resolve import Resolved
from gru_viz.ui.text import escape_markdown
from gru_viz.ui.view import SessionRef

HOSTILE = "**bold** ![](https://a.b/c)"


@pytest.mark.parametrize(
    ("story", "look_for", "watch", "expected"),
    [
        ("A camera", "the lens", True, "A camera **Watch for:** the lens"),
        ("A camera", "the lens", False, "A camera"),
        ("A camera", "", True, "A camera"),
        ("", "", True, ""),
        (HOSTILE, HOSTILE, True, f"{escape_markdown(HOSTILE)} **Watch for:** {escape_markdown(HOSTILE)}"),
    ],
)
def test_a_story_and_what_to_look_for(story, look_for, watch, expected):
    assert told(Resolved(SessionRef(), (0,), "title", story, look_for), watch) == expected
