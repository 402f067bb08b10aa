"""Do the held-out sessions keep their ids on the way through a job's folder?

Oracle: the log that was asked with; folders as they were before ids were kept.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load, save

from gru_viz.errors import InputError
from gru_viz.jobs import clicks
from gru_viz.jobs.clicks import CLICKS
from gru_viz.jobs.request import read_request, write_request
from gru_viz.learn.parts import Parts
from gru_viz.sessions import ClickLog
from tests.jobs.conftest import request_of

ODD = ("007", "a, b\n", "<b>x</b>", "\u202eabc", "é😀", "\ud800", '"', "x" * 5000)


def held_out(folder: Path) -> ClickLog:
    test = read_request(folder).parts.test
    assert test is not None
    return test


def written(folder: Path, ids: tuple[str, ...] = ()) -> ClickLog:
    """The held-out part that was asked with, its first sessions called so."""
    request = request_of()
    test = request.parts.test
    assert test is not None
    test = ClickLog(test.catalog, test.items, test.offsets, (*ids, *test.session_ids[len(ids) :]))
    write_request(replace(request, parts=replace(request.parts, test=test)), folder)
    return test


def test_ids_come_back_as_they_were_written(tmp_path: Path) -> None:
    asked = written(tmp_path, ODD)
    assert tuple(held_out(tmp_path).session_ids) == tuple(asked.session_ids)
    assert set(ODD) < set(held_out(tmp_path).session_ids)


def test_of_what_is_learned_from_no_id_is_kept(tmp_path: Path) -> None:
    written(tmp_path)
    assert set(read_request(tmp_path).parts.train.session_ids) == {""}


def test_too_many_ids_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clicks, "IDS_BYTES", 20)
    written(tmp_path)
    assert set(held_out(tmp_path).session_ids) == {""}


def test_an_older_folder_still_opens(tmp_path: Path) -> None:
    asked = written(tmp_path)
    tensors = load((tmp_path / CLICKS).read_bytes())
    del tensors["test.ids"]
    (tmp_path / CLICKS).write_bytes(save(tensors))
    assert set(held_out(tmp_path).session_ids) == {""}
    assert held_out(tmp_path).fingerprint == asked.fingerprint


@pytest.mark.parametrize("text", [b'["one"]', b"{}", b"5", b"[", b"\xff"])
def test_ids_that_do_not_fit_are_a_damaged_request(tmp_path: Path, text: bytes) -> None:
    written(tmp_path)
    tensors = load((tmp_path / CLICKS).read_bytes())
    tensors["test.ids"] = np.frombuffer(text, dtype=np.uint8)
    (tmp_path / CLICKS).write_bytes(save(tensors))
    with pytest.raises(InputError, match="start it again"):
        read_request(tmp_path)


def test_how_many_items_there_are_is_told(tmp_path: Path) -> None:
    parts: Parts = request_of().parts
    assert clicks.write_parts(parts, tmp_path)["items"] == len(parts.train.catalog)
