"""Which items are there, and what are they called?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gru_viz.errors import InputError, quote


@dataclass(frozen=True)
class Catalog:
    """The items a model knows, in the order of its output scores.

    ids:        item ids, text exactly as the log wrote them, all distinct
    titles:     what to show a person; the id where no title is known
    categories: department of each item; "" where unknown

    Raises InputError if it is empty, ids repeat or the three differ in length.
    """

    ids: tuple[str, ...]
    titles: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    _index: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if not self.ids:
            raise InputError("the catalogue has no items; a model needs at least one")
        object.__setattr__(self, "titles", self.titles or self.ids)
        object.__setattr__(self, "categories", self.categories or ("",) * len(self.ids))
        if not len(self.ids) == len(self.titles) == len(self.categories):
            raise InputError(
                f"the catalogue lists {len(self.ids)} ids, {len(self.titles)} titles and "
                f"{len(self.categories)} categories; give one of each per item"
            )
        self._index.update(zip(self.ids, range(len(self.ids)), strict=True))
        if len(self._index) < len(self.ids):
            seen: set[str] = set()
            twice = next(i for i in self.ids if i in seen or seen.add(i))  # type: ignore[func-returns-value]
            raise InputError(f"item id {quote(twice)} is in the catalogue twice; ids must be distinct")

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._index

    def index(self, item_id: str) -> int:
        """The item's position in the scores. Raises InputError for an id that is not known."""
        try:
            return self._index[item_id]
        except KeyError:
            raise InputError(
                f"item {quote(item_id)} is not among the {len(self)} items this model knows; "
                "use an id from its catalogue"
            ) from None

    def indices(self, items: Iterable[str | int]) -> list[int]:
        """Item ids (text) or item indices (whole numbers) as indices, each one checked."""
        return [self.index(item) if isinstance(item, str) else self._checked(int(item)) for item in items]

    def _checked(self, index: int) -> int:
        if not 0 <= index < len(self):
            raise InputError(f"item index {index} is outside 0..{len(self) - 1}")
        return index

    @cached_property
    def _folded_titles(self) -> Sequence[str]:
        return [f"{title} {category} {item}".casefold() for item, title, category in self.rows()]

    @cached_property
    def departments(self) -> tuple[tuple[str, ...], np.ndarray]:
        """The distinct categories by first appearance, and (n_items,) which one each item has."""
        names = dict.fromkeys(self.categories)
        place = {name: index for index, name in enumerate(names)}
        return tuple(names), np.array([place[name] for name in self.categories])

    def rows(self) -> Iterable[tuple[str, str, str]]:
        """(id, title, category) of every item, in order."""
        return zip(self.ids, self.titles, self.categories, strict=True)

    def search(self, text: str, limit: int = 50) -> list[int]:
        """Indices of items whose title, category or id contains every word of `text`."""
        words = text.casefold().split()
        hits = (i for i, folded in enumerate(self._folded_titles) if all(w in folded for w in words))
        return [index for index, _ in zip(hits, range(limit), strict=False)]
