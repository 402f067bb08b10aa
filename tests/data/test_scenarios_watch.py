"""Does what each story tells people to watch happen with the model that ships?

Oracle: the sentence itself, as a condition on the trace of sample_data/model.safetensors. A story
whose sentence was rewritten, or a model that was trained anew, must pass here before it ships.
Clicks are counted from 1, as the sentences do; "the list" is the stepper's, ten items.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import gru_viz
from gru_viz.data import shop
from gru_viz.data.shop.items import products
from gru_viz.trace import Trace

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
PRODUCTS = {product.item_id: product for product in products()}
LIST = 10
HALDEN = {"halden-45", "halden-70-200", "halden-20"}
SARNO = {"sarno-55", "sarno-24-105", "sarno-14"}
CORVIN = {"corvin-40", "corvin-28-75", "corvin-90"}


@pytest.fixture(scope="module")
def traces() -> dict[str, Trace]:
    model = gru_viz.load(SAMPLE_DATA / "model.safetensors")
    return {story.key: gru_viz.record(model, story.items) for story in shop.scenarios(SAMPLE_DATA)}


def clicked(trace: Trace) -> list[str]:
    return [trace.catalog.ids[item] for item in trace.items]


def best(trace: Trace, click: int, k: int = LIST) -> list[str]:
    return list(trace.top(k, click - 1)["item_id"])


def detour(traces: dict[str, Trace]) -> None:
    trace = traces["detour"]
    assert clicked(trace).index("memory-card") - clicked(trace).index("halden-h60") == 6
    assert set(best(trace, 7, 3)) == HALDEN
    assert HALDEN.isdisjoint(best(trace, 6))


def detour_twin(traces: dict[str, Trace]) -> None:
    first, twin = traces["detour"], traces["detour-twin"]
    assert sum(one == other for one, other in zip(clicked(first), clicked(twin), strict=True)) == 7
    apart = np.abs(first.layers[-1].h[6] - twin.layers[-1].h[6])
    assert 3 <= np.count_nonzero(apart > 0.5) < len(apart) / 2
    assert set(best(twin, 7, 3)) == SARNO


def long_detour(traces: dict[str, Trace]) -> None:
    trace = traces["long-detour"]
    h = trace.layers[-1].h
    assert clicked(trace).index("tripod") == 18
    still = (np.abs(h[1:18] - h[0]).max(axis=0) < 0.05) & (np.abs(h[0]) > 0.5)
    assert 3 <= still.sum() <= 8
    assert set(best(trace, 19, 3)) == CORVIN


def switch(traces: dict[str, Trace]) -> None:
    trace = traces["switch"]
    layer, at = trace.layers[-1], clicked(trace).index("turntable")
    camping = {i for i, product in PRODUCTS.items() if product.family == PRODUCTS["camp-stove"].family}
    assert camping <= set(best(trace, at))
    assert camping.isdisjoint(best(trace, at + 1))
    for k in range(at):
        written = np.abs(layer.write[k])
        carried = (written * layer.keep[k + 1 : at + 1].prod(axis=0)).sum() / written.sum()
        assert carried < 0.2


def compare(traces: dict[str, Trace]) -> None:
    trace = traces["compare"]
    assert [best(trace, click, 1) for click in (2, 3)] == [["hp-ovanti"], ["hp-kestane"]]
    fourth = best(trace, 4)
    assert fourth[0] == "pads-ovanti"
    assert "pads-kestane" in fourth


def gift(traces: dict[str, Trace]) -> None:
    trace = traces["gift"]
    departments = {PRODUCTS[item].department for item in clicked(trace)}
    assert departments >= {"Toys", "Books", "Home", "Audio"}
    for click in range(1, len(trace) + 1):
        assert all("k" in PRODUCTS[item].marks for item in best(trace, click))


def budget(traces: dict[str, Trace]) -> None:
    trace = traces["budget"]
    departments = [PRODUCTS[item].department for item in clicked(trace)]
    assert all(one != other for one, other in pairwise(departments))
    for click in range(1, len(trace) + 1):
        assert sum(PRODUCTS[item].price < 10 for item in best(trace, click)) >= 9


def repeat(traces: dict[str, Trace]) -> None:
    trace = traces["repeat"]
    elsewhere = [click for click, item in enumerate(clicked(trace), start=1) if item != "esp-beans"]
    assert len(elsewhere) == 6
    assert all(best(trace, click, 1) == ["esp-beans"] for click in elsewhere)


# (words the sentence must still say, its checkable form)
CLAIMS: dict[str, tuple[tuple[str, ...], Callable[[dict[str, Trace]], None]]] = {
    "detour": (("At the memory card the three Halden lenses jump to the top", "six clicks after"), detour),
    "detour-twin": (("Seven of the nine", "still tell the two apart at the memory card"), detour_twin),
    "long-detour": (("A few units hardly move for seventeen", "three Corvin lenses lead"), long_detour),
    "switch": (("leaves the list at once", "less than a fifth", "still carried"), switch),
    "compare": (("From the second click on", "at the fourth", "first before those of the second"), compare),
    "gift": (("departments change", "nothing for grown-ups enters the list"), gift),
    "budget": (("changes with every click", "at least nine of the ten", "less than 10"), budget),
    "repeat": (("Whatever is clicked in between, the beans lead the list again.",), repeat),
}


def test_every_story_has_a_checked_sentence() -> None:
    assert [story.key for story in shop.scenarios(SAMPLE_DATA)] == list(CLAIMS)


@pytest.mark.parametrize("key", CLAIMS)
def test_the_sentence_says_what_is_checked(key: str) -> None:
    watch = next(story.watch for story in shop.scenarios(SAMPLE_DATA) if story.key == key)
    assert all(words in watch for words in CLAIMS[key][0])


@pytest.mark.parametrize("key", CLAIMS)
def test_what_to_watch_for_happens(key: str, traces: dict[str, Trace]) -> None:
    CLAIMS[key][1](traces)
