"""Where is a model trained, unless somebody says where?"""

from __future__ import annotations

import torch


def usual_device() -> str:
    """ "cuda" where there is a GPU that torch can use, "cpu" otherwise."""
    return "cuda" if torch.cuda.is_available() else "cpu"
