"""What do forced gates do to the shop's own model in its detour stories?

Oracle: what was measured on the checkpoint that ships. A retrained one may differ; then look
again at what the What-if page promises.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import gru_viz
from gru_viz.data.shop import scenarios
from gru_viz.explain.ablation import ablation
from gru_viz.explain.changes import changes
from gru_viz.explain.flip import smallest_ablation, smallest_deletion
from gru_viz.interventions import Intervention, forget, keep_everything, no_memory
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.rerun import last_clicks
from gru_viz.trace import Trace
from gru_viz.ui.sources import SAMPLE_DATA

# story: the item to which the model comes back, first and last detour click, the lenses' maker
DETOURS = {
    "detour": ("memory-card", 1, 5, "Halden"),
    "detour-twin": ("memory-card", 1, 5, "Sarno"),
    "long-detour": ("tripod", 1, 17, "Corvin"),
}


@pytest.fixture(scope="module")
def shop() -> GRU4Rec:
    return gru_viz.load(str(SAMPLE_DATA / "model.safetensors"))


def at_the_cue(shop: GRU4Rec, story: str, *interventions: Intervention) -> Trace:
    """The story up to the click that brings the camera back to mind."""
    items = next(s.items for s in scenarios(SAMPLE_DATA) if s.key == story)
    cue, first, last, _ = DETOURS[story]
    assert items.index(cue) == last + 1
    assert first == 1
    return record(shop, items[: last + 2], interventions)


def first_titles(trace: Trace, k: int = 1) -> list[str]:
    return trace.top(k)["title"].tolist()


@pytest.mark.parametrize("story", DETOURS)
def test_writing_nothing_during_the_detour_keeps_the_right_lenses_on_top(shop: GRU4Rec, story: str) -> None:
    """Measured: the three lenses of the camera's maker stay the first three, the first one the same."""
    _, first, last, maker = DETOURS[story]
    plain, held = at_the_cue(shop, story), at_the_cue(shop, story, keep_everything(clicks=(first, last)))
    for trace in (plain, held):
        assert all(title.startswith(maker) for title in first_titles(trace, 3))
    assert first_titles(held) == first_titles(plain)
    assert changes(plain, held).kl < 0.1


@pytest.mark.parametrize("story", ["detour-twin", "long-detour"])
def test_writing_everything_anew_just_before_the_cue_loses_them(shop: GRU4Rec, story: str) -> None:
    """Measured: another maker's lens comes first, the right one has under 1 %."""
    _, _, last, maker = DETOURS[story]
    plain, anew = at_the_cue(shop, story), at_the_cue(shop, story, no_memory(clicks=(last, last)))
    assert not any(title.startswith(maker) for title in first_titles(anew, 3))
    right = plain.ranking(k=1)
    assert plain.probability(right)[0] > 0.4
    assert anew.probability(right)[0] < 0.01
    assert changes(plain, anew).kl > 4


def test_with_the_halden_camera_it_only_looks_kept(shop: GRU4Rec) -> None:
    """Measured: after z ≡ 1 at click 6 every camera gets Halden's lens, its own camera, too."""
    anew = no_memory(clicks=(5, 5))
    shown = {first_titles(at_the_cue(shop, story, anew))[0] for story in ("detour", "detour-twin")}
    assert shown == {"Halden 45 mm Lens"}
    rest = next(s.items for s in scenarios(SAMPLE_DATA) if s.key == "detour")[1:7]
    cameras = [i for i, title, _ in shop.catalog.rows() if title.endswith("Camera")]
    assert len(cameras) == 16
    by_itself = {first_titles(record(shop, [camera, *rest]))[0] for camera in cameras}
    forced = {first_titles(record(shop, [camera, *rest], [anew]))[0] for camera in cameras}
    assert len(by_itself) == 8
    assert forced == {"Halden 45 mm Lens"}


@pytest.mark.parametrize("story", DETOURS)
def test_writing_everything_anew_at_every_detour_click_loses_them_in_every_story(
    shop: GRU4Rec, story: str
) -> None:
    """Measured: the right lens falls from over 40 % to under 5 % and behind the fifth place."""
    _, first, last, _ = DETOURS[story]
    right = at_the_cue(shop, story).ranking(k=1)
    anew = at_the_cue(shop, story, no_memory(clicks=(first, last)))
    assert anew.probability(right)[0] < 0.05
    assert anew.rank(int(right[0])) > 5


@pytest.mark.parametrize("story", DETOURS)
def test_forgetting_at_the_cue_leaves_the_cue_alone(shop: GRU4Rec, story: str) -> None:
    """Oracle: the session of the cue alone; measured: no lens of any maker comes first."""
    cue, _, last, _ = DETOURS[story]
    forgotten = at_the_cue(shop, story, forget(last + 1))
    np.testing.assert_allclose(forgotten.scores[-1], record(shop, [cue]).scores[0], rtol=0, atol=1e-4)
    assert "Lens" not in first_titles(forgotten)[0].removesuffix(" Cloth")


def test_units_and_flips_of_the_stories(shop: GRU4Rec) -> None:
    """Measured: one unit of 64 carries most of the margin; one click or unit less flips it."""
    rerun = partial(last_clicks, shop)
    trace = at_the_cue(shop, "long-detour")
    right, sarno = int(trace.ranking(k=1)[0]), shop.catalog.index("sarno-55")
    found = ablation(trace, right, rerun, against=sarno)
    assert found.score_drop[0] > 0.9 * found.score
    assert abs(found.score_drop[1]) < 0.5 * found.score_drop[0]
    deletion, units = smallest_deletion(trace, rerun), smallest_ablation(trace, rerun)
    assert (deletion.size, deletion.tried, deletion.exhaustive) == (1, 19, True)
    assert (units.size, units.tried, units.exhaustive) == (1, 64, True)
