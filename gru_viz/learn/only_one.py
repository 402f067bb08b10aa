"""Does another process train in this folder?

Who trains holds a lock (flock) on the folder itself, so nothing lies there that would have to be
tidied up, downloaded or explained. The kernel frees it with the process, however that ended.
"""

from __future__ import annotations

import errno
import fcntl
import os
import weakref
from pathlib import Path

from gru_viz.errors import InputError
from gru_viz.learn.room import named

# On a disk that knows no such lock (some network disks) a run goes on without, as on a copy of its folder.
NO_LOCKS = (errno.EBADF, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)


class OnlyOne:
    """The right to train in `folder`: `take` it, and `free` it; it ends with this object, too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.held: weakref.finalize[[int], OnlyOne] | None = None

    def take(self) -> None:
        """Nothing happens where it is held already. Raises InputError where another one holds it, OSError."""
        if self.held is not None and self.held.alive:
            return
        opened = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
            raise InputError(
                f"another process trains in {named(self.folder)}; wait for its end, or choose another folder"
            ) from None
        except OSError as error:
            if error.errno not in NO_LOCKS:
                os.close(opened)
                raise
        self.held = weakref.finalize(self, os.close, opened)

    def free(self) -> None:
        if self.held is not None:
            self.held()
