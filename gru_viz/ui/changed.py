"""When was a file changed last? Part of the key of what is cached of it."""

from __future__ import annotations

from pathlib import Path


def changed(path: Path) -> int:
    """In nanoseconds; 0 where there is nothing to see, which reading it will then say."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
