"""How are millions of ids kept without a Python string for each?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import pyarrow as pa


@dataclass(frozen=True, eq=False)
class Texts(Sequence[str]):
    """A sequence of texts that become Python strings as they are asked for.

    Equal to any sequence of the same texts. A string costs Python about 60
    bytes and 0.2 µs to make; most readers of a log never ask for its ids.

    array: texts, or whole numbers, whose text is their plain form
    """

    array: pa.StringArray | pa.Int64Array

    def __len__(self) -> int:
        return len(self.array)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Texts: ...
    def __getitem__(self, index: int | slice) -> str | Texts:
        if isinstance(index, slice):
            return Texts(self.array[index])
        return str(self.array[int(index)].as_py())

    def __iter__(self) -> Iterator[str]:
        return iter(self._list())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Texts):
            return bool(self._text().equals(other._text()))
        return isinstance(other, Sequence) and self._list() == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self._list()))  # as the tuple it may equal

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self[:3]))
        return f"<{len(self):,} texts: {shown}{', …' if len(self) > 3 else ''}>"

    def _list(self) -> list[str]:
        texts: list[str] = self._text().to_numpy(zero_copy_only=False).tolist()
        return texts

    def _text(self) -> pa.StringArray:
        return self.array.cast(pa.string())
