"""Which experiments can be made with these models, and how long does each take?"""

from __future__ import annotations

from collections.abc import Collection

from gru_viz.compare.contenders import LASTS
from gru_viz.compare.experiments.values import KINDS
from gru_viz.compare.names import GRU4REC

# The models without which an experiment says nothing; "long" needs any that is no GRU4Rec.
NEEDS = {
    "gradients": {"gru", "rnn"},
    "reset": {"gru"},
    "clipping": {"gru"},
    "sizes": {"gru"},
    "long": {"gru"},
    "waiting": {"gru", "sasrec"},
}
# Seconds as `LASTS` counts them. Five further sizes: four small ones, and one twice as wide.
QUICK = {"gradients": 30.0, "reset": 2.0, "long": 1.0, "waiting": 5.0}
SIZES_LAST = 4.5 * LASTS["gru"]


def planned(names: Collection[str]) -> tuple[str, ...]:
    """Of KINDS, in their order, those whose models were asked for."""
    others = any(name not in GRU4REC for name in names)
    return tuple(kind for kind in KINDS if NEEDS[kind] <= set(names) and (others or kind != "long"))


def lasts(kind: str, names: Collection[str]) -> float:
    """About how many seconds, on the log that `LASTS` was measured on."""
    if kind == "clipping":
        return sum(LASTS[cell] for cell in ("gru", "rnn") if cell in names)
    return SIZES_LAST if kind == "sizes" else QUICK[kind]
