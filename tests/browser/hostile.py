"""A model and a log full of titles, ids and names that want to be markup, and a server of them."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import torch

from gru_viz.bench.server import Server
from gru_viz.catalog import Catalog
from gru_viz.checkpoint import save
from gru_viz.model import GRU4Rec, ModelConfig

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "![x](https://evil.example/a.png)",
    "[link](http://evil.example)",
    "$x^2$ :red[hi] **b**",
    "right \u202e to left",
    "long " * 60,
)


@pytest.fixture(scope="session")
def hostile_files(tmp_path_factory):
    """A two-layer model with hostile titles, ids and departments, and a log over it."""
    folder = tmp_path_factory.mktemp("hostile")
    ids = tuple(f"id,{number}&=%/é" for number in range(len(HOSTILE)))
    torch.manual_seed(0)
    config = ModelConfig(units=(12, 8), embedding_dim=6, reset="after", feed_forward=(5,))
    save(GRU4Rec(Catalog(ids, HOSTILE, HOSTILE), config), folder / "hostile.safetensors")
    rng = np.random.default_rng(0)
    with (folder / "log.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["SessionId", "ItemId", "Time"])
        for session in ("![x](https://evil.example/s.png)", "<b>2</b>"):
            clicks = enumerate(rng.integers(len(ids), size=40))
            writer.writerows((session, ids[i], 1_700_000_000 + n) for n, i in clicks)
    return folder


@pytest.fixture(scope="session")
def hostile_server(start_server, hostile_files) -> Server:
    """The app with these as its own, the model under the name `given`."""
    files = hostile_files / "hostile.safetensors", hostile_files / "log.csv"
    return start_server("--model", files[0], "--log", files[1])
