"""What is a training's model called when it is saved as a file?"""

from __future__ import annotations

import re
import unicodedata

from gru_viz.ui.train.asked import Asked

LONGEST = 40  # characters of the log's name
_ENDINGS = re.compile(r"(\.(csv|tsv|txt|parquet|gz))+$", re.IGNORECASE)
_ODD = re.compile(r"[^\w]+")  # what some system takes for something else than a letter


def file_name(log: str, asked: Asked | None, epoch: int) -> str:
    """log2-gru100-epoch8.safetensors: after the log, the shape and the epoch; safe on every system.

    asked: None where it cannot be read any more, then no shape
    """
    stem = _ODD.sub("-", _ENDINGS.sub("", unicodedata.normalize("NFC", log))).strip("-_")
    shape = "" if asked is None else f"-{asked.model['cell']}{'-'.join(map(str, asked.units))}"
    return f"{stem[:LONGEST].rstrip('-_') or 'model'}{shape}-epoch{epoch}.safetensors"
