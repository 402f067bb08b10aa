"""`sample`: what it calls. What it writes is tested with the data, how good its model is in learn/."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli import Output, document, refused


def test_sample_writes_the_shop_where_it_is_told(
    output: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `shop.write` writes is tested with the data; here, that it is called, and nothing trained."""
    written: list[Path] = []
    monkeypatch.setattr("gru_viz.data.shop.write", written.append)
    told = document(output, "sample", "--out", tmp_path / "shop")
    assert told == {"out": str(tmp_path / "shop"), "quality": None}
    assert written == [tmp_path / "shop"]


def test_a_place_for_the_sample_that_cannot_be(output: Output, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "choose another --out" in refused(output, "sample", "--out", tmp_path / "file")
