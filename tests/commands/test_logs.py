"""Does a person see how far the reading of a log is? Oracle: the bytes on a made-up terminal."""

from __future__ import annotations

import argparse
import io
import sys

import pytest

from gru_viz.commands import logs
from gru_viz.errors import InputError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def watched(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Not a fixture: pytest puts its own stderr in place after those."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def read(path: object, text: str, *options: str) -> None:
    path.write_text(text)  # type: ignore[attr-defined]
    parser = argparse.ArgumentParser()
    logs.add_log(parser)
    logs.read(str(path), parser.parse_args([str(path), *options]))


def test_the_bar_is_drawn_and_goes_before_the_report(tmp_path, monkeypatch):
    terminal = watched(monkeypatch)
    read(tmp_path / "log.csv", "session,item\ns,a\ns,b\n")
    shown, _, report = terminal.getvalue().rpartition("\r\x1b[K")
    assert "reading ████████████████████████ 100/100" in shown
    assert report.startswith("log.csv: comma-separated text")


def test_an_error_stands_on_a_line_of_its_own(tmp_path, monkeypatch):
    terminal = watched(monkeypatch)
    with pytest.raises(InputError, match="empty item id"):
        read(tmp_path / "log.csv", "session,item\ns,a\ns,\n")
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_no_bar_where_nobody_watches(tmp_path, capsys):
    read(tmp_path / "log.csv", "session,item\ns,a\ns,b\n")
    assert "█" not in capsys.readouterr().err


EMPTY_ID = "session,item\ns,a\ns,\ns,b\n"


def test_rows_without_an_id_can_be_left_out(tmp_path, capsys):
    with pytest.raises(InputError, match=r"row 3, column 'item': empty item id; .* with --drop-empty-ids$"):
        read(tmp_path / "log.csv", EMPTY_ID)
    read(tmp_path / "log.csv", EMPTY_ID, "--drop-empty-ids")
    assert "dropped 1 click: empty session or item id" in capsys.readouterr().err


@pytest.mark.parametrize("header", ["session,colour", "session,item_id,ItemId"])
def test_an_unclear_column_is_named_with_an_option(tmp_path, header):
    text = f"{header}\ns,a,x\ns,b,y\n" if header.count(",") == 2 else f"{header}\ns,a\ns,b\n"
    with pytest.raises(InputError, match=r"name the right one with --column ROLE=NAME$"):
        read(tmp_path / "log.csv", text)
    read(tmp_path / "log.csv", text, "--column", f"item={header.split(',')[1]}")


@pytest.mark.parametrize("command", ["train", "evaluate", "compare", "explain"])
def test_every_command_that_reads_a_log_takes_it(command):
    from gru_viz.__main__ import parser

    needed = {
        "train": ["log.csv", "--out", "x"],
        "evaluate": ["model", "log.csv"],
        "compare": ["log.csv"],
        "explain": ["model", "--log", "log.csv"],
    }
    assert parser().parse_args([command, *needed[command], "--drop-empty-ids"]).drop_empty_ids
