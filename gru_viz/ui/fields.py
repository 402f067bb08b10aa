"""How does a field show a value that lives elsewhere?"""

from __future__ import annotations

from typing import Any

import streamlit as st


def follow(key: str, value: Any) -> None:
    """Let the field under this key show `value`; call it right before the field is drawn.

    What is set travels to the browser and there undoes what the person has done to the field
    meanwhile. So it is set only where the field does not show it already.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
