"""Oracle: what was saved comes back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from gru_viz.catalog import Catalog
from gru_viz.errors import InputError
from gru_viz.learn.clicks import CATALOG, FILE_NAME, fingerprint, load_clicks, save_clicks
from tests.logs import random_log


def test_round_trip(tmp_path: Path) -> None:
    log = random_log()
    save_clicks(log, tmp_path / FILE_NAME)
    back = load_clicks(tmp_path / FILE_NAME, log.catalog)
    np.testing.assert_array_equal(back.items, log.items)
    np.testing.assert_array_equal(back.offsets, log.offsets)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_neither_session_ids_nor_times_are_kept(tmp_path: Path) -> None:
    save_clicks(random_log(), tmp_path / FILE_NAME)
    assert b"s17" not in (tmp_path / FILE_NAME).read_bytes()


def test_another_catalogue_is_refused(tmp_path: Path) -> None:
    log = random_log()
    save_clicks(log, tmp_path / FILE_NAME)
    with pytest.raises(InputError, match="other items"):
        load_clicks(tmp_path / FILE_NAME, Catalog(tuple(reversed(log.catalog.ids))))


def test_the_fingerprint_tells_where_an_id_ends() -> None:
    assert fingerprint(Catalog(("ab", "c"))) != fingerprint(Catalog(("a", "bc")))


@pytest.mark.parametrize(
    ("items", "lengths"),
    [([0, 9], [2]), ([0, 1], [3]), ([0, 1], [2, 0]), ([0, -1], [2]), ([], [])],
)
def test_numbers_that_do_not_fit(tmp_path: Path, items: list[int], lengths: list[int]) -> None:
    log = random_log()
    tensors = {"items": np.array(items, np.int32), "lengths": np.array(lengths, np.int32)}
    save_file(tensors, tmp_path / FILE_NAME, {CATALOG: fingerprint(log.catalog)})
    with pytest.raises(InputError, match="damaged"):
        load_clicks(tmp_path / FILE_NAME, log.catalog)


@pytest.mark.parametrize("content", [b"", b"\x80\x04pickle", b"\xff" * 64])
def test_files_of_another_kind(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(InputError, match="cannot read"):
        load_clicks(tmp_path / FILE_NAME, random_log().catalog)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write"):
        save_clicks(random_log(), tmp_path / "no such folder" / FILE_NAME)
