"""A page with nothing but the walk, for test_walk.py: whatever it reports stands below it as text."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

import gru_viz
from gru_viz.data import shop
from gru_viz.trace import Trace
from gru_viz.ui.stepper import walk
from gru_viz.ui.stepper.payload import walk_payload

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
ITEMS = shop.scenarios(SAMPLE_DATA)[0].items
OWN = len(ITEMS) - 1  # the last one counts as added, so that there is something to undo
START = {"step": 2, "unit": 5, "keeps": True, "sort": "index"}


@st.cache_resource
def recorded(clicks: int) -> Trace:
    return gru_viz.record(gru_viz.load(SAMPLE_DATA / "model.safetensors"), ITEMS[:clicks])


def heard(event: str) -> None:
    """Keep what was reported, with how many reports there were."""
    seen = st.session_state.seen
    st.session_state.seen = {**seen, "event": event, "reports": seen["reports"] + 1}
    if event == "view":
        st.session_state.seen["view"] = st.session_state["walk"]["view"]
    if event == "undo":
        st.session_state.clicks = OWN


st.set_page_config(layout="wide")
st.session_state.setdefault("seen", {"reports": 0})
clicks = st.session_state.setdefault("clicks", len(ITEMS))
walk(
    {
        "key": f"{clicks} clicks",
        "address": {"session": "story:detour"},
        "start": {**START, "step": st.session_state.seen.get("view", START)["step"]},
        "trace": walk_payload(recorded(clicks)),
        "edits": {"own": OWN, "added": clicks - OWN, "set_aside": 0, "nothing": False},
        "switch": "switch" in st.query_params,
        "settle": 700,
    },
    key="walk",
    on_view=lambda: heard("view"),
    on_undo=lambda: heard("undo"),
    on_reset=lambda: heard("reset"),
)
st.text_input("Something else")
st.text(json.dumps(st.session_state.seen))
