"""PyTorch's tensors as plain memory, and back; torch itself is only used where it is loaded."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from .encoded import Buffer, CannotDecodeError, CannotEncodeError

#: The names that safetensors files give to torch's types.
TENSOR_DTYPES: Mapping[str, str] = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "float8_e4m3fn": "F8_E4M3",
    "float8_e5m2": "F8_E5M2",
    "complex64": "C64",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint64": "U64",
    "uint32": "U32",
    "uint16": "U16",
    "uint8": "U8",
    "bool": "BOOL",
}
# The name is read from a file, and becomes one of a module.
_DEVICES = frozenset(["cuda", "mps", "xpu", "hpu", "npu", "mtia"])
_NAMES = {code: name for name, code in TENSOR_DTYPES.items()}


def is_tensor(value: Any) -> bool:
    """Whether a value is exactly a tensor or a parameter of torch."""
    torch = sys.modules.get("torch")
    return torch is not None and type(value) in (
        getattr(torch, "Tensor", None),
        getattr(getattr(torch, "nn", None), "Parameter", None),
    )


def is_plain_tensor(tensor: Any) -> bool:
    """Whether bytes, type, shape and device are all there is of a tensor."""
    import torch

    return (
        tensor.layout == torch.strided
        and not tensor.is_quantized
        and tensor.is_leaf
        and not tensor.is_conj()
        and not tensor.is_neg()
        and not getattr(tensor, "_backward_hooks", None)
        and not vars(tensor)
        and _dtype_name(tensor) in TENSOR_DTYPES
    )


def tensor_code(tensor: Any) -> str:
    """Return the name of a tensor's type in safetensors files."""
    return TENSOR_DTYPES[_dtype_name(tensor)]


def tensor_memory(tensor: Any) -> Buffer:
    """Return the bytes of a tensor: its own where it lies in this machine's memory in order.

    Raises
    ------
    CannotEncodeError
        It lies on a device and cannot be copied from there.
    """
    if tensor.numel() == 0:
        return b""
    import torch

    flat = on_host(tensor).contiguous().reshape(-1)
    return memoryview(flat.view(torch.uint8).numpy())


def on_host(tensor: Any) -> Any:
    """Return a tensor's data in this machine's memory, copied only from a device.

    Raises
    ------
    CannotEncodeError
        The device does not give it.
    """
    data = tensor.detach()
    if data.device.type == "cpu":
        return data
    try:
        return data.cpu()
    except (RuntimeError, NotImplementedError) as fault:
        raise CannotEncodeError(
            f"it is a tensor on the device {data.device} without a copy in memory ({fault}); "
            "give the cell a copy made with .cpu(), or make it in the cell"
        ) from fault


def tensor_notes(tensor: Any) -> dict[str, Any]:
    """Return what a tensor has besides its data; only what is not the usual."""
    notes: dict[str, Any] = {}
    if tensor.device.type != "cpu":
        notes["device"] = str(tensor.device)
    if type(tensor).__name__ == "Parameter":
        notes["parameter"] = True
    if tensor.requires_grad:
        notes["grad"] = True
    return notes


def read_tensor(code: str, shape: list[int], data: Buffer, notes: Mapping[str, Any]) -> Any:
    """Give back a tensor that uses the given memory, on its device where that is here.

    Raises
    ------
    CannotDecodeError
        torch is not here, or does not know the type.
    """
    try:
        import torch
    except ImportError as fault:
        raise CannotDecodeError(f"tensors need torch here: {fault}") from fault
    dtype = getattr(torch, _NAMES[code], None) if code in _NAMES else None
    if dtype is None:
        raise CannotDecodeError(f"this torch has no type {code}")
    if memoryview(data).nbytes:
        tensor = torch.frombuffer(data, dtype=dtype).reshape(shape)
    elif math.prod(shape) != 0:
        raise CannotDecodeError(f"a tensor of the shape {shape} without any bytes")
    else:
        tensor = torch.empty(shape, dtype=dtype)
    return rebuild_tensor(
        tensor,
        notes.get("device", "cpu"),
        is_parameter=notes.get("parameter", False),
        requires_grad=notes.get("grad", False),
    )


def rebuild_tensor(tensor: Any, device: str, *, is_parameter: bool, requires_grad: bool) -> Any:
    """Put a tensor on the device that it was on, where there is such a one, else leave it."""
    import torch

    if device != "cpu" and _is_device_here(device):
        tensor = tensor.to(device)
    if is_parameter:
        return torch.nn.Parameter(tensor, requires_grad=requires_grad)
    return tensor.requires_grad_() if requires_grad else tensor


def share_storage(tensors: Iterable[Any]) -> bool:
    """Whether any two of some tensors lie in the same memory."""
    places = [each.untyped_storage().data_ptr() for each in tensors if each.numel()]
    return len(set(places)) < len(places)


def _dtype_name(tensor: Any) -> str:
    return str(tensor.dtype).rpartition(".")[2]


def _is_device_here(device: str) -> bool:
    import torch

    kind, _, number = device.partition(":")
    if kind not in _DEVICES:
        return False
    backend = getattr(torch, kind, None)
    if backend is None or not backend.is_available():
        return False
    return bool(int(number or 0) < backend.device_count())
