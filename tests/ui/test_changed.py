"""Is a changed file seen as changed, and one that is not there as not there?"""

from __future__ import annotations

import os
from pathlib import Path

from gru_viz.ui.changed import changed


def test_when_a_file_was_changed(tmp_path: Path) -> None:
    """Oracle: the time it was given; nothing that vanishes, or was never there, is an error."""
    file = tmp_path / "x"
    assert changed(file) == 0
    file.write_text("")
    os.utime(file, ns=(5, 1_234_567_890))
    assert changed(file) == 1_234_567_890
    file.unlink()
    assert changed(file) == 0
    assert changed(file / "below") == 0
