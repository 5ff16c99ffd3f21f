"""A stand-in for torch, as far as the tensors' adapter uses it: NumPy memory behind its names."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np


class DType:
    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"


class Tensor:
    is_quantized = False
    is_leaf = True
    layout = "strided"

    def __init__(self, array: Any, dtype: Any = None, device: str = "cpu") -> None:
        self._array = array
        self._dtype = dtype or getattr(torch, array.dtype.name)
        self._device = device
        self._grad = False

    # What a tensor holds besides these is a person's own.
    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        return {}

    __slots__ = ("_array", "_device", "_dtype", "_grad")

    dtype = property(lambda self: self._dtype)
    shape = property(lambda self: self._array.shape)
    nbytes = property(lambda self: self._array.nbytes)
    requires_grad = property(lambda self: self._grad)

    @property
    def device(self) -> Any:
        kind = self._device.partition(":")[0]
        return type("Device", (), {"type": kind, "__str__": lambda _: self._device})()

    def is_conj(self) -> bool:
        return False

    is_neg = is_conj

    def numel(self) -> int:
        return int(self._array.size)

    def element_size(self) -> int:
        return int(self._array.itemsize)

    def detach(self) -> Tensor:
        return self

    def cpu(self) -> Tensor:
        if self._device == "meta":
            raise NotImplementedError("Cannot copy out of meta tensor; no data!")
        return Tensor(self._array.copy(), self._dtype)

    def to(self, device: str) -> Tensor:
        return Tensor(self._array, self._dtype, device)

    def contiguous(self) -> Tensor:
        return Tensor(np.ascontiguousarray(self._array), self._dtype)

    def reshape(self, *shape: Any) -> Tensor:
        return Tensor(self._array.reshape(*shape), self._dtype)

    def view(self, dtype: DType) -> Tensor:
        return Tensor(self._array.view(dtype.name), dtype)

    def numpy(self) -> Any:
        return self._array

    def requires_grad_(self) -> Tensor:
        self._grad = True
        return self

    def untyped_storage(self) -> Any:
        base = self._array if self._array.base is None else self._array.base
        return SimpleNamespace(data_ptr=lambda: base.__array_interface__["data"][0])


class Parameter(Tensor):
    __slots__ = ()

    def __init__(self, data: Tensor, requires_grad: bool = True) -> None:
        super().__init__(data._array, data._dtype, data._device)
        self._grad = requires_grad


def install() -> Any:
    """Put the stand-in in torch's place; return it."""
    sys.modules["torch"] = torch
    return torch


def _frombuffer(data: Any, dtype: DType) -> Tensor:
    return Tensor(np.frombuffer(data, "u2" if dtype.name == "bfloat16" else dtype.name), dtype)


Tensor.__module__ = Parameter.__module__ = "torch"
torch: Any = ModuleType("torch")
torch.Tensor = Tensor
torch.strided = "strided"
torch.nn = SimpleNamespace(Parameter=Parameter)
torch.frombuffer = _frombuffer
torch.empty = lambda shape, dtype: Tensor(np.empty(shape, dtype.name), dtype)
torch.cuda = SimpleNamespace(is_available=lambda: True, device_count=lambda: 1)
for _name in ("float64", "float32", "bfloat16", "int64", "uint8", "bool"):
    setattr(torch, _name, DType(_name))
