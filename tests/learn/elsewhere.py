"""A device that is not the CPU, on a machine that has no other: what is "there" must be sent there.

Its tensors hold their numbers on the CPU and say that they are elsewhere. As on CUDA, an operation
on tensors of both places fails, single numbers apart; only `.to` and the like move one. The device
is torch's "privateuseone", renamed and set up for the whole process: use it in a process of its own.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

NAME = "elsewhere"


class There(torch.Tensor):
    """A tensor elsewhere; `here` has its numbers."""

    here: torch.Tensor

    @staticmethod
    def __new__(cls, here: torch.Tensor) -> There:
        made = torch.Tensor._make_wrapper_subclass(
            cls,
            here.shape,
            strides=here.stride(),
            storage_offset=here.storage_offset(),
            dtype=here.dtype,
            device=torch.device(NAME, 0),
            requires_grad=False,
        )
        made.here = here
        return made

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return done(func, args, kwargs or {})

    def __repr__(self, *args: Any, **more: Any) -> str:
        return f"There({self.here})"


class Elsewhere(TorchDispatchMode):
    """Within, tensors can be made on the device and sent there and back."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return done(func, args, kwargs or {})


def set_up() -> torch.device:
    _setup_privateuseone_for_python_backend(NAME)
    return torch.device(NAME, 0)


def done(func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """The operation on the numbers here; what it gives is where its arguments, or `device`, are."""
    given = [value for value in tree_flatten((args, kwargs))[0] if isinstance(value, torch.Tensor)]
    asked = kwargs.get("device")
    moves = func in (torch.ops.aten._to_copy.default, torch.ops.aten.copy_.default)
    there = any(isinstance(value, There) for value in given)
    strangers = [value for value in given if not isinstance(value, There) and value.dim() > 0]
    if there and strangers and not moves:
        raise RuntimeError(f"{func}: tensors on the CPU and elsewhere, {[v.shape for v in given]}")
    goes_there = there if asked is None else torch.device(asked).type == NAME
    if asked is not None:
        kwargs = {**kwargs, "device": torch.device("cpu")}
    known = {id(value.here): value for value in given if isinstance(value, There)}
    result = func(*tree_map(_here, args), **tree_map(_here, kwargs))
    # what was changed in place is the tensor that it was
    return tree_map(lambda value: known.get(id(value), _sent(value)), result) if goes_there else result


def _here(value: Any) -> Any:
    return value.here if isinstance(value, There) else value


def _sent(value: Any) -> Any:
    return There(value) if type(value) is torch.Tensor else value
