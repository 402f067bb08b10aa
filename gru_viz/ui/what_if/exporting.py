"""How do a session and its variants leave the page? As one table, or as what each recommends."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from gru_viz.interventions import words
from gru_viz.ui.current import Current
from gru_viz.ui.editor.scene import Scene
from gru_viz.ui.export import neutralised, recommendations, slug
from gru_viz.ui.variants import name


def exporting(now: Current, scene: Scene) -> None:
    """A button that opens the downloads of all that is on the page."""
    file = f"what-if-{slug(now.session.title)}"
    with st.popover("Export"):
        st.download_button(
            "What each recommends at every click, JSON",
            lambda: as_json(scene),
            f"{file}.json",
            "application/json",
            on_click="ignore",
            help="The session and its variants: their clicks, what is forced, and the best next items.",
        )
        st.download_button(
            "Every gate and state of all of them, CSV",
            lambda: as_csv(scene),
            f"{file}.csv",
            "text/csv",
            on_click="ignore",
            help="One row a session, step, layer, unit and quantity, as the Step page exports one session.",
        )


def as_json(scene: Scene) -> bytes:
    """The session and its variants in their order; clicks count from 1.

    compared: which two, after which clicks
    """
    reference, shown = (step + 1 for step in scene.steps)
    document = {
        "compared": {
            "reference": name(scene.pinned),
            "after_click": reference,
            "with": name(scene.shown),
            "after_its_click": shown,
        },
        "sessions": [
            {
                "name": name(number),
                "forced": [words(one) for one in trace.interventions],
                "clicks": json.loads(recommendations(trace)),
            }
            for number, trace in enumerate(scene.traces)
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8")


def as_csv(scene: Scene) -> bytes:
    """The tidy tables below each other, the session's first, with item ids safe to open in a spreadsheet."""
    frames = [trace.to_frame() for trace in scene.traces]
    for number, frame in enumerate(frames):
        frame.insert(0, "session", name(number))
        frame["item"] = neutralised(frame["item"])
    return pd.concat(frames).to_csv(index=False).encode("utf-8")
