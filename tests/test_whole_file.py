"""Is a file there whole or not at all, also after a power cut?

Oracle: what is told to the kernel to write out, in its order; no power is cut.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from gru_viz.errors import InputError
from gru_viz.whole_file import write_whole


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written out: a file or a folder, in this order, and when the file gets its name."""
    told: list[str] = []
    sync, replace = os.fsync, os.replace

    def fsync(opened: int) -> None:
        told.append("folder" if stat.S_ISDIR(os.fstat(opened).st_mode) else "file")
        sync(opened)

    def renamed(old: Path, new: Path) -> None:
        told.append("name")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", renamed)
    return told


@pytest.mark.parametrize(("lasting", "told"), [(True, ["file", "name", "folder"]), (False, ["name"])])
def test_a_lasting_file_keeps_its_name_too(
    tmp_path: Path, synced: list[str], lasting: bool, told: list[str]
) -> None:
    write_whole(tmp_path / "a", b"1", lasting)
    assert (tmp_path / "a").read_bytes() == b"1"
    assert synced == told
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_folder_that_cannot_be_written_out_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on some network file systems."""
    real = os.fsync

    def fsync(opened: int) -> None:
        if stat.S_ISDIR(os.fstat(opened).st_mode):
            raise OSError(22, "Invalid argument")
        real(opened)

    monkeypatch.setattr(os, "fsync", fsync)
    write_whole(tmp_path / "a", b"1")
    assert (tmp_path / "a").read_bytes() == b"1"


def test_what_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write 'a'"):
        write_whole(tmp_path / "missing" / "a", b"1")
