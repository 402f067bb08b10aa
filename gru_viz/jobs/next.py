"""What a job's process becomes in the end: `python -m gru_viz.jobs.next AT_ONCE ROOT`.

It starts the job that waits, so that nobody need look. Of the ended job it has the process id and
the log, no memory and no lock. After kill -9 there is no such process; whoever looks next starts it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from gru_viz.jobs.turns import locked, start_waiting


def main(at_once: int, root: Path) -> None:
    with locked(root):
        start_waiting(root, at_once)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
