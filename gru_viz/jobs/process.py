"""Is a job's process alive, and how is it started and ended?

A job's process holds an exclusive lock (flock) on a file of its folder from before its first
instruction until its end: the starter takes the lock and hands the open file down. The kernel
frees the lock with the process, however it ended, and no other process ever gets it by chance,
as it may get a process id. So the lock alone says whether the process lives; its id is only for
ending it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import gru_viz

ALIVE = "alive.lock"
LOG = "log.txt"
PATIENCE = 0.9  # seconds until an ended process must be gone
# A machine short of something says nothing of the job, whatever it is that lies under the lock's name.
SHORT_OF = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOLCK)
ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")

# Children of this server that may still have to be waited for, so that none stays a zombie.
_children: list[subprocess.Popen[bytes]] = []


def start(folder: Path, at_once: int) -> int:
    """The process id of a new child that works on the job in `folder`. Raises OSError.

    at_once: how many may run, for the child when it starts another one in the end
    """
    reap()
    home = str(Path(gru_viz.__file__).parents[1])
    path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1"), "PYTHONPATH": path}
    with open(folder / ALIVE, "wb", opener=_own) as held, open(folder / LOG, "ab", opener=_own) as log:
        fcntl.flock(held, fcntl.LOCK_EX)
        child = subprocess.Popen(
            [sys.executable, "-m", "gru_viz.jobs.child", str(at_once), str(folder)],
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C at the server, or its end, is not the child's
            pass_fds=(held.fileno(),),
        )
    _children.append(child)
    return child.pid


def alive(folder: Path) -> bool:
    """Does the process of the job in `folder` live?"""
    reap()
    try:
        with open(folder / ALIVE, "rb", opener=_own) as held:
            # shared: two who ask at the same time do not take each other for the process
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError as error:
        if error.errno in SHORT_OF:
            raise
        return False  # what cannot be opened, or is a folder or a link, is no lock that anybody holds
    return False


def end(folder: Path, pid: int) -> None:
    """End the process of the job in `folder`, in the middle of whatever it does; returns when it is gone.

    It is killed: every file it writes appears whole or not at all, so there is nothing it would
    have to tidy up, and it cannot be busy in a long computation and not hear.
    """
    # else the id may be somebody else's by now; 0 and below are whole groups of processes, 1 is the system's
    if pid > 1 and alive(folder):
        with suppress(ProcessLookupError, OverflowError):
            os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    while alive(folder) and time.monotonic() < until:
        time.sleep(0.01)


def _own(path: str, flags: int) -> int:
    """For `open`: a file of the job's own. A link may lead to another's, a pipe would be waited for."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)


def reap() -> None:
    """Take leave of children that have ended."""
    for child in list(_children):
        if child.poll() is not None and child in _children:
            _children.remove(child)
