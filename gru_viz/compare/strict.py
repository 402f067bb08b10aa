"""Is a piece of JSON what it has to be, and if not, where?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gru_viz.errors import InputError, quote


@dataclass(frozen=True)
class Json:
    """A value of a document that came from outside, and the way to it; each look at it is a check.

    What does not hold raises InputError with the place and what was found there.
    """

    value: Any
    place: str = "the document"

    def __getitem__(self, name: str) -> Json:
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        if name not in self.value:
            raise InputError(f"{self.place} has no {quote(name)}")
        return Json(self.value[name], name if self.place == "the document" else f"{self.place}.{name}")

    def each(self, least: int, most: int) -> Iterator[Json]:
        """The values of a list of `least` to `most` of them."""
        if not isinstance(self.value, list) or not least <= len(self.value) <= most:
            raise self.wrong(f"a list of {least} to {most}")
        return (Json(value, f"{self.place}[{number}]") for number, value in enumerate(self.value))

    def number(self, low: float, high: float = math.inf) -> float:
        """A finite number from `low` to `high`."""
        value = self.value
        try:
            good = type(value) in (int, float) and math.isfinite(value) and low <= value <= high
        except OverflowError:  # a whole number beyond any float
            good = False
        if not good:
            bound = f"from {low:g} to {high:g}" if math.isfinite(high) else f"at least {low:g}"
            raise self.wrong(f"a number {bound}")
        return float(value)

    def whole(self, low: int = 0, high: int = 2**53) -> int:
        if type(self.value) is not int or not low <= self.value <= high:
            raise self.wrong(f"a whole number from {low}")
        return int(self.value)

    def text(self, most: int = 200) -> str:
        if not isinstance(self.value, str) or len(self.value) > most:
            raise self.wrong(f"a text of at most {most} characters")
        return self.value

    def one_of(self, *allowed: Any) -> Any:
        found = next((one for one in allowed if type(one) is type(self.value) and one == self.value), self)
        if found is self:
            raise self.wrong(f"one of {', '.join(map(str, allowed))}")
        return found

    def interval(self, low: float = 0.0, high: float = 1.0) -> tuple[float, float]:
        """[a, b] with a ≤ b."""
        a, b = (end.number(low, high) for end in self.each(2, 2))
        if a > b:
            raise self.wrong("two numbers, the smaller one first")
        return a, b

    def wrong(self, expected: str) -> InputError:
        return InputError(f"{self.place} must be {expected}, not {quote(self.value)}")
