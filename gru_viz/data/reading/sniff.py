"""What kind of file is this, whatever its name says?"""

from __future__ import annotations

import re

from gru_viz.data.reading.findings import Findings
from gru_viz.data.reading.source import Buffer

# Enough to tell text from binary; a wrong guess later still ends in a clear error.
LOOKED_AT = 8192
# Text holds no control characters but tab and line ends; random bytes hold one in ten.
MAX_CONTROL_SHARE = 0.02
# A stray NUL or two in a small text file are reported by row, not as "binary".
FEW_CONTROLS = 8

PARQUET = b"PAR1"
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")

_SAVE_AS_CSV = "save it as CSV (UTF-8) and read that"
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", _SAVE_AS_CSV),
    (b"BZh", "a bzip2 archive", "unpack it, or compress it with gzip"),
    (b"\xfd7zXZ\x00", "an xz archive", "unpack it, or compress it with gzip"),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive", "unpack it, or compress it with gzip"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it and read the file inside"),
    (b"Rar!", "a RAR archive", "unpack it and read the file inside"),
    (b"ARROW1", "an Arrow (Feather) file", "write it as Parquet or CSV"),
    (b"%PDF", "a PDF document", "give the log as CSV or Parquet"),
    (b"SQLite format 3", "an SQLite database", "export the table of clicks as CSV"),
    (b"\x89HDF", "an HDF5 file", "write it as Parquet or CSV"),
    (b"\x93NUMPY", "a NumPy file", "write it as Parquet or CSV"),
)


def is_parquet(data: Buffer, findings: Findings) -> bool:
    """True for Parquet, False for what may be text. Raises InputError for everything else."""
    head = data[:LOOKED_AT]
    if head.startswith(PARQUET):
        return True
    if head.startswith(b"PK\x03\x04"):
        raise _zip_error(data, findings)
    for magic, kind, remedy in _MAGIC:
        if head.startswith(magic):
            raise findings.error(f"this is {kind}, not a click log", remedy)
    if not head.startswith(BOMS) and _is_binary(head):
        raise _binary_error(head, findings)
    return False


def refuse_markup(head: bytes, findings: Findings) -> None:
    """Raises InputError if the text is a web page, JSON or a Git LFS pointer, not a table."""
    start = head.lstrip()[:200].lower()
    if start.startswith(b"version https://git-lfs"):
        raise findings.error(
            "this is a Git LFS pointer, not the log itself", "fetch the file with 'git lfs pull'"
        )
    if re.match(rb"<(!doctype html|html|head|body)\b", start):
        raise findings.error("this is a web page (HTML), not a click log", "download the file itself again")
    if start.startswith(b"<"):
        raise findings.error("this is XML or HTML, not a click log", _SAVE_AS_CSV)
    if re.match(rb'\{|\[\s*([\[{"\d-]|$)', start):
        raise findings.error("this is JSON, not a table", "write it as CSV, one click a row")


def _zip_error(data: Buffer, findings: Findings) -> Exception:
    if data.find(b"xl/") >= 0:
        return findings.error("this is an Excel workbook (.xlsx)", _SAVE_AS_CSV)
    return findings.error("this is a zip archive", "unpack it and read the file inside")


def _is_binary(head: bytes) -> bool:
    control = len(re.findall(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", head))
    return control > max(FEW_CONTROLS, MAX_CONTROL_SHARE * len(head))


def _binary_error(head: bytes, findings: Findings) -> Exception:
    if min(head[0::2].count(0), head[1::2].count(0)) == 0 and head.count(0) > len(head) // 4:
        return findings.error("this looks like UTF-16 without a byte order mark", "save it as UTF-8")
    return findings.error("this is a binary file, not a click log", "give CSV, TSV or Parquet")
