"""Which sessions of the sample shop tell a story?"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from gru_viz.errors import InputError, quote


@dataclass(frozen=True)
class Scenario:
    """One session worth showing.

    key:   short word for links
    name:  what to call it in a list
    story: one sentence for someone who knows no equation
    watch: what to look for while stepping; tests/data/test_scenarios_watch.py holds it against the model
    items: ids of the clicks in order
    ask:   a question worth asking of it, if any: after which click (from 1), why this item and not that one
    """

    key: str
    name: str
    story: str
    watch: str
    items: tuple[str, ...]
    ask: tuple[int, str, str] | None = None


_DETOUR = Scenario(
    "detour",
    "Detour: a camera body, then back to its lens",
    "A shopper looks at a Halden camera, strolls past knives, garden lights and a novel, and comes back for "
    "a lens: only the first click tells which one fits.",
    "At the memory card the three Halden lenses jump to the top, six clicks after the camera.",
    (
        *("halden-h60", "chef-knife", "paring-knife", "string-lights", "hammock", "lighthouse"),
        *("memory-card", "halden-45", "camera-bag"),
    ),
    (7, "halden-45", "sarno-55"),
)

SCENARIOS = (
    _DETOUR,
    replace(
        _DETOUR,
        key="detour-twin",
        name="The same detour with another camera",
        story="Click for click the same stroll as in the first detour, but it began with a Sarno camera, so "
        "another lens fits.",
        watch="Seven of the nine clicks are those of the first detour; see which units still tell the two "
        "apart at the memory card.",
        items=tuple({"halden-h60": "sarno-s10", "halden-45": "sarno-55"}.get(i, i) for i in _DETOUR.items),
        ask=(7, "sarno-55", "halden-45"),
    ),
    Scenario(
        "long-detour",
        "Long detour: eighteen clicks until the lens",
        "A shopper looks at a Corvin camera, then wanders through books, hiking gear, loudspeakers and half "
        "the house before a tripod brings the camera back to mind.",
        "A few units hardly move for seventeen clicks; at the tripod the three Corvin lenses lead those of "
        "all eight makes.",
        (
            *("corvin-c200", "lighthouse", "salt-thunder", "clockmaker", "daypack", "boots", "trail-socks"),
            *("port-speaker", "shelf-spk", "wool-throw", "linen-bed", "cushion", "chef-knife"),
            *("walnut-board", "sharpener", "string-lights", "hammock", "fire-bowl"),
            *("tripod", "corvin-40", "lens-cloth"),
        ),
        (19, "corvin-40", "halden-45"),
    ),
    Scenario(
        "switch",
        "Change of mind: from camping to vinyl",
        "A shopper looks at camping gear and then, from one click to the next, only at record players and "
        "what goes with them.",
        "At the record player the camping gear leaves the list at once; less than a fifth of what any "
        "camping click wrote is still carried.",
        (
            *("camp-stove", "headlamp", "sleep-mat", "down-bag", "camp-stove"),
            *("turntable", "rec-brush", "tube-amp", "turntable", "rec-crate"),
        ),
    ),
    Scenario(
        "compare",
        "Compare and return: two headphones",
        "A shopper goes back and forth between two headphones and then looks at ear pads: usually those of "
        "the pair seen first.",
        "From the second click on the list knows which two are compared; at the fourth it expects the ear "
        "pads, those of the first before those of the second.",
        ("hp-ovanti", "hp-kestane", "hp-ovanti", "hp-kestane", "pads-ovanti", "port-speaker", "shelf-spk"),
    ),
    Scenario(
        "gift",
        "A gift: for a child",
        "The session opens with a child's birthday card, so everything after it pleases a child, in whatever "
        "department.",
        "Toys, books, lamps, a radio: the departments change, but nothing for grown-ups enters the list.",
        (
            *("kids-card", "train-bimbu", "bears-sleep", "moon-light", "blocks", "kids-radio"),
            *("plush-rabbit", "bath-ducks", "dino-wrap"),
        ),
    ),
    Scenario(
        "budget",
        "On a budget: the cheap end of every department",
        "A shopper moves all over the shop and looks only at the cheapest things.",
        "The department changes with every click, yet at least nine of the ten things listed cost less than "
        "10, though the model is never given a price.",
        (
            *("paring-knife", "clay-pot", "spatulas", "pocket-noir", "tin-mug", "spk-cable"),
            *("citronella", "led-bulb", "chew-ring"),
        ),
    ),
    Scenario(
        "repeat",
        "Running low: coffee again and again",
        "A shopper keeps coming back to the same espresso beans after one or two clicks elsewhere.",
        "Whatever is clicked in between, the beans lead the list again.",
        (
            *("esp-beans", "green-tea", "esp-beans", "chef-knife", "damask-knife", "esp-beans"),
            *("wool-throw", "esp-beans", "lighthouse", "salt-thunder", "esp-beans"),
        ),
    ),
)


def to_json(scenarios: tuple[Scenario, ...] = SCENARIOS) -> str:
    """The scenarios as a JSON list, one object each, ready to be read by a person."""
    rows = [asdict(scenario) for scenario in scenarios]
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def read(path: Path) -> tuple[Scenario, ...]:
    """The scenarios of a JSON file as `to_json` writes it. Raises InputError where it is not one."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return tuple(_scenario(row) for row in rows)
    except OSError as error:
        raise InputError(f"cannot read {quote(path)}: {error.strerror or error}") from None
    except (ValueError, TypeError, KeyError):
        raise InputError(
            f"{quote(path)} is not a list of scenarios with key, name, story, watch and items; "
            "`python -m gru_viz sample` writes one"
        ) from None


def _scenario(row: dict[str, Any]) -> Scenario:
    items = tuple(str(item) for item in row["items"])
    ask = None
    if row.get("ask") is not None:
        step, item, other = row["ask"]
        ask = int(step), str(item), str(other)
    return Scenario(str(row["key"]), str(row["name"]), str(row["story"]), str(row["watch"]), items, ask)
