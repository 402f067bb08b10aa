"""What must happen once, when the server starts?"""

from __future__ import annotations

import gc
import threading

import streamlit as st


@st.cache_resource(show_spinner=False)
def start() -> None:
    """Import torch beside the first page, so that the page's words need not wait for it.

    Afterwards everything imported is moved out of the garbage collector's sight, so that a
    collection, whenever one comes, does not walk through torch (45 to 170 ms each time).
    """
    threading.Thread(target=_warm, name="warm-up", daemon=True).start()


def _warm() -> None:
    import torch

    import gru_viz.record

    assert gru_viz.record is not None
    torch.set_num_threads(1)  # two threads under contention are slower than one
    gc.collect()
    gc.freeze()
