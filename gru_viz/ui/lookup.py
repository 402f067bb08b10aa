"""Which item is meant by what a person typed?"""

from __future__ import annotations

from gru_viz.catalog import Catalog
from gru_viz.ui.text import cut


def lookup(text: str, catalog: Catalog) -> str | None:
    """The id of the item: the one with this id, else with just this title, else the first match.

    An item matches where its title, department or id has every word of the text. None where none does.
    """
    if text in catalog:
        return text
    matches = catalog.search(text, len(catalog))
    exact = [item for item in matches if catalog.titles[item].casefold() == text.strip().casefold()]
    return catalog.ids[(exact or matches)[0]] if matches else None


def nothing_found(text: str) -> str:
    """What a person is told where `lookup` finds none."""
    return f"No item's title, department or id has “{cut(text)}” in it."
