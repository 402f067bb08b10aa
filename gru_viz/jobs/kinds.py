"""Which kinds of job are there? What their processes do stands in child.py."""

from __future__ import annotations

TRAINING, COMPARISON = "training", "comparison"
KINDS = (TRAINING, COMPARISON)
