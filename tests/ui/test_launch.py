"""Oracle: arguments written out by hand."""

from __future__ import annotations

from gru_viz.ui.launch import Launch, parse


def test_nothing_given():
    assert parse([]) == Launch()


def test_all_given():
    assert parse(["--model", "m", "--log", "l", "--runs", "r"]) == Launch("m", "l", "r")


def test_an_unknown_argument_is_an_error_not_an_exit():
    assert "--modle" in (parse(["--modle", "m"]).error or "")
    assert "--model" in (parse(["--model"]).error or "")
