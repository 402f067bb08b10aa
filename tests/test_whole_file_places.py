"""Is only a file ever replaced, and does what cannot be deleted stop nobody?

Oracle: what stood in the place before is what stands there afterwards.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from gru_viz.errors import InputError
from gru_viz.whole_file import clear_temporaries, write_json, write_whole


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/null")


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("made", [a_pipe, a_link_to_a_device, a_folder])
def test_what_is_no_file_is_never_replaced(tmp_path: Path, made: Callable[[Path], None]) -> None:
    made(tmp_path / "out")
    before = (tmp_path / "out").lstat()
    with pytest.raises(InputError, match="choose another place") as caught:
        write_json(tmp_path / "out", {})
    assert "\n" not in str(caught.value)
    after = (tmp_path / "out").lstat()
    assert (before.st_ino, before.st_mode) == (after.st_ino, after.st_mode)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_is_replaced_and_of_a_link_the_link(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", b"1")
    (tmp_path / "link").symlink_to("file")
    write_whole(tmp_path / "link", b"2")
    write_whole(tmp_path / "file", b"3")
    assert (tmp_path / "link").read_bytes() == b"2"
    assert (tmp_path / "file").read_bytes() == b"3"
    assert all(stat.S_ISREG(path.lstat().st_mode) for path in tmp_path.iterdir())


def test_temporaries_that_cannot_be_deleted_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a read-only disk; those that can be are deleted all the same."""
    for name in (".a.1.tmp", ".b.2.tmp", "c.tmp"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / ".d.3.tmp").mkdir()
    real = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.name == ".a.1.tmp":
            raise OSError(30, "Read-only file system")
        real(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    clear_temporaries(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".a.1.tmp", ".d.3.tmp", "c.tmp"]
    clear_temporaries(tmp_path / "not there")
