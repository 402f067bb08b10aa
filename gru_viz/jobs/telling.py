"""How does a job's process tell where it is?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from gru_viz.jobs import folder as files

BETWEEN = 0.2  # seconds between two words on progress


class Teller:
    """Writes progress.json, but not more often than anyone can read."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.told = folder, 0.0
        self.name: object = None

    def now(self, doing: str, progress: dict[str, Any] | None = None) -> None:
        """What it does, in words for people, and how far that is; at once."""
        self.told, self.name = time.monotonic(), (progress or {}).get("name")
        files.write(self.folder, files.PROGRESS, {"doing": doing, "progress": progress, "at": time.time()})

    def by_and_by(self, doing: str, progress: dict[str, Any]) -> None:
        """The same where it was not told just before, or of another model."""
        if progress.get("name") != self.name or time.monotonic() - self.told >= BETWEEN:
            self.now(doing, progress)
