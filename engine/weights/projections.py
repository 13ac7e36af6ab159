"""The projections of an ``nn.LSTM`` (``proj_size``), folded into the weights that read its states.

    m_t = o_t ⊙ tanh(c_t)        h_t = W_hr m_t        W_hh h_{t-1} = (W_hh W_hr) m_{t-1}

So an LSTM without projections whose states are m_t, H wide, has the same gates, cell states and
losses: W_hh W_hr stands in place of W_hh, and what reads h_t, the next layer and the readout, reads
W_hr m_t (Sak et al. 2014, "Long short-term memory recurrent neural network architectures for large
scale acoustic modeling").
"""

from collections.abc import Mapping

import numpy as np

from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.weights.stored import refusal

BLOCKS = 4
"""Blocks of H rows of its weights."""


def folded(state: Mapping[str, Floats], module: str, most: int) -> dict[str, Floats]:
    """Return the weights of the LSTM whose states are those before the projections.

    Parameters
    ----------
    state
        Those of an ``nn.LSTM`` with ``proj_size`` under PyTorch's names, and ``head.weight``.
    module
        Its name, for an error.
    most
        Numbers that the folded matrices may have.

    Raises
    ------
    ExperimentError
        Where they do not fit each other, or are more.
    """
    found, ways = dict(state), 2 if "weight_hr_l0_reverse" in state else 1
    layers = [name for name in state if name.startswith("weight_hr") and "reverse" not in name]
    P, H = state["weight_hr_l0"].shape
    _check_count(state, H, ways, len(layers), module, most)
    below: list[Floats] = []
    for k in range(len(layers)):
        own = []
        for way in ("", "_reverse")[:ways]:
            suffix = f"_l{k}{way}"
            W_hr = _taken(found, f"weight_hr{suffix}", (P, H))
            W_hh = _taken(found, f"weight_hh{suffix}", (BLOCKS * H, P))
            found[f"weight_hh{suffix}"] = W_hh @ W_hr
            if below:
                W_ih = _taken(found, f"weight_ih{suffix}", (BLOCKS * H, ways * P))
                found[f"weight_ih{suffix}"] = _read(W_ih, below)
            own.append(W_hr)
        below = own
    found["head.weight"] = _read(found["head.weight"], below)
    return found


def _read(W: Floats, below: list[Floats]) -> Floats:
    """Return the weights on the states before the projections of each direction."""
    parts = np.split(W, len(below), axis=1)
    return np.hstack([part @ W_hr for part, W_hr in zip(parts, below, strict=True)])


def _check_count(
    state: Mapping[str, Floats], H: int, ways: int, layers: int, module: str, most: int
) -> None:
    read = BLOCKS * H * ways * (layers + (layers - 1) * ways) + len(state["head.weight"]) * ways
    if (count := read * H) > most:
        raise refusal("numbers", module, count=count, limit=most)


def _taken(found: dict[str, Floats], name: str, wanted: tuple[int, int]) -> Floats:
    if name not in found:
        raise refusal("missing", name)
    array = found.pop(name)
    if array.shape != wanted:
        raise refusal("shape", name, wanted=str(wanted), shape=str(array.shape))
    return array
