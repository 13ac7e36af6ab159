"""The binary frame.

    uint32 little-endian header length | JSON header, padded with spaces | arrays

The padding lets the payload start on a multiple of 8, and each array does too, so that a browser
reads them in place. Arrays are float32, but for log10 norms and shares, and losses, which are
float64 so that the decimals on the page are the engine's.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar, Literal, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray
from pydantic_core import to_json

from unrolled.app.errors import MessageError, described
from unrolled.engine import ExperimentError

MEDIA_TYPE = "application/octet-stream"
"""Of frames, one after another: each ends where its last array does."""
ALIGNMENT = 8
_LENGTH = struct.Struct("<I")


class Array(NamedTuple):
    """The array in which a field of a frame is sent."""

    dtype: Literal["<f4", "<f8"]
    shape: tuple[str, ...]
    """Of ``n`` records, ``H`` hidden units, ``V`` tokens, ``T`` timesteps, ``S`` losses."""
    prefix: str = ""
    """Of a field with several arrays by name: each travels under the prefix and its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A header and arrays; fields that are None are arrays that this run does not have."""

    type: ClassVar[str]

    id: int | None
    """That of the request which it answers; null where a request had none."""

    def encode(self) -> bytes:
        cls: Any = self.__class__
        header: dict[str, Any] = {"id": self.id, "type": self.type}
        arrays: dict[str, NDArray[Any]] = {}
        for name, array in layout(cls).items():
            value = getattr(self, name)
            if array is None:
                header[name.rstrip("_")] = value
            elif isinstance(value, Mapping):
                arrays |= {array.prefix + each: cast(array, value[each]) for each in value}
            elif value is not None:
                arrays[name] = cast(array, value)
        return encode(header, arrays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Error(Frame):
    """A request that was refused, or failed: the last frame of its answer."""

    type: ClassVar[str] = "error"

    field: str | None
    """The setting to change, if there is one."""
    code: str
    """What is wrong, for a program; each code has one sentence."""
    details: dict[str, Any]
    """What the sentence says in numbers: the value, the range, the limit."""
    message: str
    """The sentence, in English."""

    @classmethod
    def of(cls, number: int | None, error: ExperimentError | MessageError) -> "Error":
        return cls(id=number, **described(error))


@cache
def layout(kind: Any) -> dict[str, Array | None]:
    """Return the fields of a kind of frame: the ``Array`` of each, None for one in the header."""
    hints = get_type_hints(kind, include_extras=True)
    return {each.name: _array(hints[each.name]) for each in fields(kind) if each.name != "id"}


def _array(hint: Any) -> Array | None:
    """Return the ``Array`` of an annotation, also of an optional one."""
    for each in (hint, *getattr(hint, "__args__", ())):
        for told in getattr(each, "__metadata__", ()):
            if isinstance(told, Array):
                return told
    return None


def cast(array: Array, value: Any) -> NDArray[Any]:
    """Return the numbers in the type that is sent; float32 overflows to infinity."""
    with np.errstate(over="ignore", under="ignore"):
        return np.ascontiguousarray(value, dtype=array.dtype)


def encode(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the bytes of a frame, its arrays being float32 or float64 already."""
    listed, payload = [], bytearray()
    for name, array in arrays.items():
        payload += b"\0" * (-len(payload) % ALIGNMENT)
        shape, offset = list(array.shape), len(payload)
        listed.append({"name": name, "shape": shape, "dtype": array.dtype.str, "offset": offset})
        payload += array.tobytes()
    text = to_json({**header, "arrays": listed}, inf_nan_mode="null")
    text += b" " * (-(_LENGTH.size + len(text)) % ALIGNMENT)
    return _LENGTH.pack(len(text)) + text + payload


def decode(frame: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the header, and the arrays by name."""
    (length,) = _LENGTH.unpack_from(frame)
    header = json.loads(frame[_LENGTH.size : _LENGTH.size + length])
    payload = frame[_LENGTH.size + length :]
    arrays = {
        each["name"]: np.frombuffer(
            payload, each["dtype"], int(np.prod(each["shape"])), each["offset"]
        ).reshape(each["shape"])
        for each in header["arrays"]
    }
    return header, arrays
