"""Layers of cells, and a readout."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from unrolled.engine.attention.attended import Attention
from unrolled.engine.cells import Cell, Weights, cell_of
from unrolled.engine.config import NetworkConfig
from unrolled.engine.description.keywords import ActivationName, AttentionName, CellName
from unrolled.engine.layer import Layer, gaussian
from unrolled.engine.numerics.arrays import Floats, Integers, read_only
from unrolled.engine.weights import state_dict_of
from unrolled.engine.weights.stored import refusal

Each = TypeVar("Each")
_NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


@dataclass(frozen=True, slots=True)
class Network:
    """Layers of cells and the readout y_t = W_hy h_t + b_y.

    A decoder is a network that has an ``encoder``, another network, whose last state it starts
    from; the encoder's readout has no outputs. With ``attention`` its outputs look at all states of
    the encoder: see ``engine.attention``.
    """

    layers: tuple[Layer, ...]
    """From the inputs up; one, as yet."""
    W_hy: Floats
    """(V, H)"""
    b_y: Floats
    """(V,)"""
    encoder: "Network | None" = None
    """The network whose last state it starts from, if any."""
    attention: Attention | None = None
    """The weights of a decoder's attention, if it has it."""

    def __post_init__(self) -> None:
        if len(self.layers) != 1:
            raise ValueError(f"a network has 1 layer as yet, got {len(self.layers)}")
        if self.attention and not self.encoder:
            raise ValueError("attention needs an encoder to look at")

    def __repr__(self) -> str:
        cell, V = type(self.cell).__name__, self.weights[0].W_xh.shape[1]
        end = ", with an encoder" if self.encoder else ""
        end += " and attention" if self.attention else ""
        return f"Network({cell}, inputs={V}, H={self.hidden_size}, outputs={len(self.b_y)}{end})"

    @classmethod
    def random(
        cls,
        config: NetworkConfig,
        inputs: int,
        outputs: int,
        *,
        encoder: bool = False,
        attention: AttentionName = "none",
    ) -> "Network":
        """Return a network of random weights, each matrix from a random stream of its own.

        Parameters
        ----------
        config
            The cell, its size, and how the weights are drawn.
        inputs, outputs
            Entries of x_t and of y_t.
        encoder
            Whether it is a decoder, with an encoder of as many inputs.
        attention
            A key of ``ATTENTIONS``: how its outputs look at every state of that encoder.
        """
        H, first = config.hidden_size, None
        if encoder:
            read = Layer.random(config, inputs, 0, 2)
            first = cls((read,), np.zeros((0, H)), np.zeros(0))
        layer = Layer.random(config, inputs, int(encoder), 1 + encoder)
        W_hy = gaussian(config.seed, 0, outputs, H, H)
        own = None if attention == "none" else Attention.random(attention, H, config.seed)
        return cls((layer,), W_hy, read_only(np.zeros(outputs)), first, own)

    @classmethod
    def from_state_dict(
        cls, state: Mapping[str, ArrayLike], *, cell: CellName, activation: ActivationName = "tanh"
    ) -> "Network":
        """Return a network of given weights, by PyTorch's names and shapes.

        Parameters
        ----------
        state
            What ``state_dict`` returns here, or in PyTorch that of an ``nn.RNN``, ``nn.LSTM`` or
            ``nn.GRU`` and, as ``head``, of an ``nn.Linear``: ``weight_ih_l0`` (K·H, V),
            ``weight_hh_l0`` (K·H, H), ``bias_ih_l0`` and ``bias_hh_l0`` (K·H,), zero where they are
            left out, ``head.weight`` (outputs, H) and ``head.bias`` (outputs,). Before the cells'
            names of an encoder and a decoder stand ``encoder.`` and ``decoder.``, and with
            attention there is ``attention.weight`` (H, 2H), and of the additive score
            ``attention.W_a.weight`` and ``attention.U_a.weight`` (H, H) and
            ``attention.v_a.weight`` (1, H).
        cell, activation
            Keys of ``CELLS`` and ``ACTIVATIONS``.

        Raises
        ------
        ValueError
            Where an array is missing, has another shape, is not finite, or has no place here.

        >>> import numpy as np, unrolled
        >>> weights = {"weight_ih_l0": np.eye(2), "weight_hh_l0": 0.5 * np.eye(2),
        ...            "head.weight": np.eye(2), "head.bias": np.zeros(2)}
        >>> network = unrolled.Network.from_state_dict(weights, cell="rnn")
        >>> network.hidden_size
        2
        """
        arrays, kind = given(state, cell, activation)
        W_hy = taken(arrays, "head.weight", (None, None))
        outputs, H = W_hy.shape
        b_y = taken(arrays, "head.bias", (outputs,), zeros=True)
        encoder = attention = None
        if any(name.startswith("encoder.") for name in arrays):
            layer = layer_of(arrays, kind, H, "encoder.")
            encoder = cls((layer,), np.zeros((0, H)), np.zeros(0))
        layer = layer_of(arrays, kind, H, "decoder." if encoder else "")
        if encoder:
            attention = Attention.taken([*arrays], H, partial(taken, arrays))
        if arrays:
            raise ValueError(
                f"{', '.join(arrays)}: no such weights here; a network has one layer, "
                "read in one direction"
            )
        return cls((layer,), W_hy, b_y, encoder, attention)

    @classmethod
    def load(
        cls,
        path: str | Path,
        module: str | None = None,
        *,
        head: str | None = None,
        embedding: str | None = None,
        activation: ActivationName = "tanh",
    ) -> "Network":
        """Return a network of the weights in a file, which is read as data: nothing in it is run.

        The cell is told by the shapes: 1, 3 or 4 blocks of H rows are those of an ``nn.RNN``, an
        ``nn.GRU`` or an ``nn.LSTM``.

        Parameters
        ----------
        path
            A ``.safetensors`` or ``.npz`` file with PyTorch's names, in float16, bfloat16, float32
            or float64; with ``h5py`` a ``.keras`` or ``.weights.h5`` file, whose layers are read as
            the modules of PyTorch that they are.
        module
            What stands before ``weight_ih_l0``, such as ``model.rnn``, where there is more than one
            recurrent module: ``modules_in`` lists them.
        head
            The name of the ``nn.Linear`` that reads h_t, where more than one fits.
        embedding
            The name of an ``nn.Embedding`` whose vectors the module reads: x_t are then its
            classes, and W_xh has a column for each.
        activation
            A key of ``ACTIVATIONS``: that of an ``nn.RNN``, which no weight tells.

        Raises
        ------
        ValueError
            Where the file is damaged, a module or its readout is not to be told, or a module has
            what is not here: the message names it.
        OSError
            Where there is no such file.

        >>> network = unrolled.Network.load("model.safetensors", "lstm")  # doctest: +SKIP
        """
        state, cell, _ = state_dict_of(Path(path), module, head, embedding)
        return cls.from_state_dict(state, cell=cell, activation=activation)

    @property
    def segments(self) -> tuple["Network", ...]:
        """The networks that share the timesteps, in their order: the encoder's first."""
        return (*(self.encoder.segments if self.encoder else ()), self)

    @property
    def cell(self) -> Cell:
        """What one timestep computes."""
        return self.layers[0].cell

    @property
    def weights(self) -> tuple[Weights, ...]:
        """The weights of each segment's cell."""
        own = self.layers[0].weights
        return (*self.encoder.weights, own) if self.encoder else (own,)

    @property
    def inputs(self) -> int:
        """Entries of x_t."""
        return self.layers[0].inputs

    @property
    def hidden_size(self) -> int:
        """H."""
        return self.W_hy.shape[1]

    def spans(self, parts: Integers) -> Iterator[tuple[Layer, slice]]:
        """Yield the layers that read, and the timesteps of each, of all (T,)."""
        first = int(np.searchsorted(parts, 1)) if self.encoder else 0
        if self.encoder:
            yield self.encoder.layers[0], slice(0, first)
        yield self.layers[0], slice(first, len(parts))

    def drives(self, x: Integers | Floats, parts: Integers, out: Floats | None = None) -> Floats:
        """Return (T, ..., K·H) W_xh x_t and the biases beside it: see ``Layer.drive``."""
        if out is None:
            shape = x.shape[: x.ndim - (x.dtype.kind == "f")]
            out = np.empty((*shape, len(self.weights[0].b_xh)))
        for layer, now in self.spans(parts):
            layer.drive(x[now], out[now])
        return out

    def state_dict(self) -> dict[str, Floats]:
        """Return the weights under PyTorch's names and shapes (``torch.nn.RNN`` and ``Linear``).

        A feed-forward network has no ``weight_hh_l0``; in an encoder-decoder ``encoder.`` and
        ``decoder.`` go before the cells' names.
        """
        own = self.attention.named() if self.attention else {}
        return self.named(self.weights, self.W_hy, self.b_y, own)

    def named(
        self,
        parts: Sequence[Sequence[Each]],
        W_hy: Each,
        b_y: Each,
        attention: Mapping[str, Each] | None = None,
    ) -> dict[str, Each]:
        """Return values of the weights, such as gradients, under ``state_dict``'s names.

        Those of attention have their names already.
        """
        prefixes = ("encoder.", "decoder.") if len(parts) > 1 else ("",)
        names = {
            f"{prefix}{name}": each
            for prefix, part in zip(prefixes, parts, strict=True)
            for name, each in zip(_NAMES, part, strict=True)
            if self.cell.mixes != 0 or name != "weight_hh_l0"
        }
        return {**names, **(attention or {}), "head.weight": W_hy, "head.bias": b_y}


def given(
    state: Mapping[str, ArrayLike], cell: CellName, activation: ActivationName
) -> tuple[dict[str, Floats], Cell]:
    """Return copies of given weights in float64, and the cell that they are of."""
    arrays = {name: np.array(each, dtype=np.float64, order="C") for name, each in state.items()}
    return arrays, cell_of(NetworkConfig(cell=cell, activation=activation))


def layer_of(
    arrays: dict[str, Floats], cell: Cell, H: int, prefix: str, suffix: str = "_l0"
) -> Layer:
    """Return a layer of given weights, which are taken from ``arrays``.

    W_xh is laid out by columns, as a random one is: so both give the same numbers, to the last bit.
    """
    W_ih, W_hh, b_ih, b_hh = (f"{prefix}{name.removesuffix('_l0')}{suffix}" for name in _NAMES)
    rows = cell.blocks * H
    recurrent = taken(arrays, W_hh, (rows, H), zeros=cell.mixes == 0)
    if (recurrent * ~cell.mixed(H)).any():
        raise ValueError(f"{W_hh} must be zero but for blocks of {cell.mixes} on its diagonal")
    return Layer(
        cell,
        Weights(
            W_xh=read_only(np.asfortranarray(taken(arrays, W_ih, (rows, None)))),
            W_hh=recurrent,
            b_xh=taken(arrays, b_ih, (rows,), zeros=True),
            b_hh=taken(arrays, b_hh, (rows,), zeros=True),
        ),
    )


def taken(
    arrays: dict[str, Floats], name: str, shape: tuple[Any, ...], *, zeros: bool = False
) -> Floats:
    """Return an array of a shape, None for any length; zeros, where they may stand for it."""
    if name not in arrays:
        if zeros:
            return read_only(np.zeros(shape))
        raise refusal("missing", name)
    array = arrays.pop(name)
    fits = array.ndim == len(shape) and all(
        wanted in (None, found) for wanted, found in zip(shape, array.shape, strict=True)
    )
    if not fits:
        wanted = ", ".join("any" if each is None else str(each) for each in shape)
        raise refusal("shape", name, wanted=f"({wanted})", shape=str(array.shape))
    if not np.isfinite(array).all():
        raise refusal("finite", name)
    return read_only(array)
