"""Which named scenarios can this model's page tell?"""

from __future__ import annotations

from functools import cache

from gru_viz.data.shop import Scenario, scenarios
from gru_viz.ui.resolve import stories_for
from gru_viz.ui.sources import SAMPLE_DATA, Source


def stories(source: Source) -> dict[str, Scenario]:
    """The sample shop's scenarios whose items the model knows, by key."""
    return stories_for(source.model.catalog, _all())


@cache
def _all() -> tuple[Scenario, ...]:
    return scenarios(SAMPLE_DATA)
