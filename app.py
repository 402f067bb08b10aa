"""Start the app: which pages are there?"""

from __future__ import annotations

from gru_viz.ui.frame import configure
from gru_viz.ui.navigation import navigate

configure()
navigate()
