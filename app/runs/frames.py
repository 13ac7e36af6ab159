"""The binary frame.

    uint32 little-endian header length | JSON header, padded with spaces | arrays

The padding lets the payload start on a multiple of 8, and each array does too, so that a browser
reads them in place. Arrays are float32, but for log10 norms and shares, and losses, which are
float64 so that the decimals on the page are the engine's.
"""

import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.app.errors import MessageError, described
from unrolled.engine import ExperimentError

MEDIA_TYPE = "application/octet-stream"
"""Of frames, one after another: each ends where its last array does."""
ALIGNMENT = 8
_LENGTH = struct.Struct("<I")
_PRECISE = (
    *("loss", "mean_loss"),
    *("log10_gradient_norm", "log10_cell_gradient_norm", "log10_share", "log10_cell_share"),
)


def encode(header: dict[str, Any], arrays: dict[str, NDArray[Any]] | None = None) -> bytes:
    listed, payload = [], bytearray()
    for name, array in (arrays or {}).items():
        dtype = "<f8" if name in _PRECISE else "<f4"
        payload += b"\0" * (-len(payload) % ALIGNMENT)
        listed.append(
            {"name": name, "shape": list(array.shape), "dtype": dtype, "offset": len(payload)}
        )
        with np.errstate(over="ignore", under="ignore"):
            payload += np.ascontiguousarray(array, dtype=dtype).tobytes()
    text = json.dumps({**header, "arrays": listed}, allow_nan=False, ensure_ascii=False).encode()
    text += b" " * (-(_LENGTH.size + len(text)) % ALIGNMENT)
    return _LENGTH.pack(len(text)) + text + payload


def error_frame(number: int | None, error: ExperimentError | MessageError) -> bytes:
    return encode({"id": number, "type": "error", **described(error)})


def decode(frame: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The header, and the arrays by name."""
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
