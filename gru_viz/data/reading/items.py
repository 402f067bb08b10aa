"""What are the items of a log called, and which of them does the catalogue list?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gru_viz.catalog import Catalog
from gru_viz.data.reading.coded import read_ids, read_words, visible_texts, visible_words
from gru_viz.data.reading.columns import ITEMS
from gru_viz.data.reading.encoded import Coded
from gru_viz.data.reading.findings import Findings, OpenQuestionError, counted, shown_name
from gru_viz.data.reading.source import Source, source_name
from gru_viz.data.reading.table import Table, read_table
from gru_viz.errors import InputError

# More items than this need gigabytes for embeddings and scores; a person should know first.
MANY_ITEMS = 500_000
# What one item costs a model of 100 units: input and output embedding and Adam's two moments of each.
ITEM_BYTES = 2 * 3 * 100 * 4

WORDS = ("title", "category")
Words = dict[str, list[str]]


def known_items(values: pa.StringArray, catalog: Catalog) -> np.ndarray:
    """(V,) int64 index in the catalogue of each item id, -1 where it is not there."""
    ids = pc.utf8_normalize(pa.array(catalog.ids, type=pa.string()), form="NFC")
    found = pc.index_in(values, value_set=ids).fill_null(-1)
    return found.to_numpy().astype(np.int64)


def words_in_log(table: Table, items: Coded, findings: Findings) -> dict[str, list[str]]:
    """Title and category columns of the log itself, as one text per item code; '' where none."""
    return {role: _first_words(table, role, items, findings) for role in WORDS if role in table.cells}


def words_in_file(source: Source, values: pa.StringArray, findings: Findings) -> Words:
    """Titles and categories of the item ids in `values`, from an items file; '' where it has none.

    Raises InputError. Ids the log does not have are counted and ignored.
    """
    own = Findings(source_name(source, None))
    try:
        table = read_table(source, ITEMS, {}, own)
        items = read_ids(table, "item", drop_empty=False, findings=own)
    except OpenQuestionError as error:  # the choices are about the log
        raise InputError(str(error)) from None
    words = words_in_log(table, items, own)
    place = pc.index_in(values, value_set=items.values)
    _count_misfits(len(items) - len(items.values), place, len(items.values), own)
    findings.notes += [f"{shown_name(own.name)}: {text}" for text in own.notes]
    findings.warnings += [f"{shown_name(own.name)}: {text}" for text in own.warnings]
    rows = place.fill_null(len(items.values)).to_numpy()
    return {role: np.array([*texts, ""], dtype=object)[rows].tolist() for role, texts in words.items()}


def build_catalog(
    ids: pa.StringArray, order: np.ndarray, words: Sequence[Words], findings: Findings
) -> Catalog:
    """The catalogue of the item codes in `order`; of several words for an item the first is used.

    Items without a title are shown by their id. Raises InputError for fewer than two.
    """
    if len(order) < 2:
        raise findings.error("the log has only one item", "there is nothing to recommend; give a longer log")
    if len(order) > MANY_ITEMS:
        size = len(order) * ITEM_BYTES / 2**30
        findings.warn(f"{len(order):,} items: a model of 100 units needs about {size:.1f} GiB to train")
    kept = ids.take(pa.array(order))
    texts: list[str] = kept.to_pylist()
    shown = visible_texts(kept, texts)
    titles, categories = (_filled(role, order.tolist(), words) for role in WORDS)
    if titles and (nameless := titles.count("")):
        findings.note(f"{counted(nameless, 'item')} without a title, shown by id")
    titles = [title or own for title, own in zip(titles, shown, strict=True)] if titles else shown
    return Catalog(tuple(texts), tuple(titles), tuple(categories))


def _filled(role: str, codes: Sequence[int], words: Sequence[Words]) -> list[str]:
    """For each code the first text that a source has for it; [] if no source has the role."""
    texts = [source[role] for source in words if role in source]
    if not texts:
        return []
    return [next((text[code] for text in texts if text[code]), "") for code in codes]


def _first_words(table: Table, role: str, items: Coded, findings: Findings) -> list[str]:
    """For each item code the first text of a column that is not blank."""
    column = read_words(table, role, findings)
    shown = [text if text.strip() else "" for text in visible_words(column.values, role, findings)]
    empty = np.array([not text for text in shown])
    rows = np.flatnonzero(~empty[column.codes] & (items.codes >= 0))
    first = np.full(len(items.values), -1)
    first[items.codes[rows[::-1]]] = column.codes[rows[::-1]]  # of repeated places the last write stays
    several = len(np.unique(items.codes[rows][first[items.codes[rows]] != column.codes[rows]]))
    if several:
        findings.note(f"{counted(several, 'item')} with more than one {role}; the first was used")
    return [shown[code] if code >= 0 else "" for code in first.tolist()]


def _count_misfits(repeated: int, place: pa.Array, listed: int, findings: Findings) -> None:
    if repeated:
        findings.warn(f"{counted(repeated, 'row')} for an item that an earlier row describes")
    found = len(place) - place.null_count
    if listed > found:
        findings.note(f"{counted(listed - found, 'item')} that no one clicked ignored")
    if place.null_count:
        findings.note(f"{counted(place.null_count, 'item')} of the log not described here")
