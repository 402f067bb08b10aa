"""Which characters do these bytes stand for?"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from gru_viz.data.reading.findings import Findings
from gru_viz.data.reading.source import Buffer

_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # before UTF-16: its mark starts with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# Pieces that stay in the processor's cache while they are looked at.
PIECE = 1 << 18

_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True)
class Text:
    """UTF-8 text without NUL; it starts at byte `start` of `data` (after a byte order mark)."""

    data: Buffer
    start: int
    encoding: str

    @cached_property
    def span(self) -> tuple[int, int]:
        """The least and the greatest of all bytes."""
        codes = np.frombuffer(self.data, dtype=np.uint8, offset=self.start)
        pieces = (codes[i : i + PIECE] for i in range(0, len(codes), PIECE))
        spans = [(int(piece.min()), int(piece.max())) for piece in pieces] or [(1, 1)]
        return min(least for least, _ in spans), max(most for _, most in spans)

    @cached_property
    def last_quote(self) -> int:
        """Offset of the last quote, -1 if there is none."""
        for start in range(len(self.data) - 1, self.start - 1, -PIECE):
            first = max(self.start, start - PIECE + 1)
            found = self.data[first : start + 1].rfind(b'"')  # a map's own find looks at byte after byte
            if found >= 0:
                return first + found
        return -1

    def row_at(self, offset: int) -> int:
        """Which line (from 1, as a text editor counts) holds the byte at `offset`."""
        before = self.data[self.start : offset]
        return before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1


def as_utf8(data: Buffer, findings: Findings) -> Text:
    """The text as UTF-8. Raises InputError for NUL bytes and for a mix of encodings."""
    for mark, codec, label in _WIDE:
        if data[: len(mark)] == mark:
            text = Text(_recoded(data, codec, label, findings), 0, label)
            break
    else:
        text = _narrow(data, findings)
    if text.span[0] == 0:
        row = text.row_at(bytes(text.data).index(0))
        raise findings.error("a NUL character '\\x00'", "remove it, or export the log again", row=row)
    return text


def _narrow(data: Buffer, findings: Findings) -> Text:
    if data[:3] == codecs.BOM_UTF8:
        findings.note("a UTF-8 byte order mark was skipped")
        start, label = 3, "UTF-8 with byte order mark"
    else:
        start, label = 0, "UTF-8"
    text = Text(data, start, label)
    return text if text.span[1] < 0x80 or _is_utf8(data) else _from_cp1252(data, findings)


def _recoded(data: Buffer, codec: str, label: str, findings: Findings) -> bytes:
    try:
        recoded = data[:].decode(codec).encode("utf-8")
    except UnicodeError:
        raise findings.error(f"damaged {label} text", "save it as UTF-8") from None
    findings.note(f"{label} was converted to UTF-8")
    return recoded


def _is_utf8(data: Buffer) -> bool:
    """Validated by Arrow, as if the file were one cell of a column: nothing is decoded or copied."""
    ends = pa.py_buffer(np.array([0, len(data)], dtype=np.int64))
    cell = pa.LargeStringArray.from_buffers(1, ends, pa.py_buffer(data))
    try:
        cell.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _from_cp1252(data: Buffer, findings: Findings) -> Text:
    """Windows-1252 text as UTF-8; refused where part of the file is UTF-8 after all."""
    whole = data[:]
    if _MULTIBYTE.search(whole):
        raise _mixed_error(whole, findings)
    try:
        recoded = whole.decode("cp1252").encode("utf-8")
    except UnicodeDecodeError as error:
        row = Text(whole, 0, "").row_at(error.start)
        raise findings.error(
            f"byte 0x{whole[error.start]:02x} belongs to no known encoding", "save it as UTF-8", row=row
        ) from None
    findings.warn("the text is not UTF-8; it was read as Windows-1252 (Latin-1): check the accents")
    return Text(recoded, 0, "Windows-1252")


def _mixed_error(whole: bytes, findings: Findings) -> Exception:
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError as error:
        offset = error.start
    return findings.error(
        f"byte 0x{whole[offset]:02x} at offset {offset:,} is not UTF-8, though other parts of the file are",
        "save the whole file in one encoding, best UTF-8",
        row=Text(whole, 0, "").row_at(offset),
    )
