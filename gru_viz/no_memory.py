"""Has memory run out, whoever says so, and what is said then?"""

from __future__ import annotations

TORCH_HAS_NONE = ("allocate memory", "out of memory")  # of the processor, of the accelerator
SMALLER = {
    "training": "use fewer units, a smaller batch or a smaller log",
    "comparison": "leave models out, or use a smaller log",
}
SMALLER_ANYTHING = "use a smaller log, a shorter session or a smaller model"


def lacks_memory(error: BaseException) -> bool:
    """torch raises a RuntimeError where it gets no memory, NumPy a MemoryError."""
    return isinstance(error, MemoryError) or any(sign in str(error) for sign in TORCH_HAS_NONE)


def too_little_for(work: str) -> str:
    """One line for people. work: "training", "comparison", or what else needed it"""
    return f"there is not enough memory for this {work}; {SMALLER.get(work, SMALLER_ANYTHING)}"
