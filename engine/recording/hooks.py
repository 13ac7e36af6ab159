"""The hooks on a model in PyTorch while it trains; PyTorch itself is not needed to import this.

A recorded step copies, and computes nothing. The model and its numbers are left as they are.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from unrolled.engine.recording.moment import Moment
from unrolled.engine.recording.projected import unprojected
from unrolled.engine.recording.recording import Recording
from unrolled.engine.recording.watched import Watched, watched_in


@contextmanager
def record(
    model: Any, every: int = 50, *, modules: Sequence[str] | None = None, sequences: int = 8
) -> Iterator[Recording]:
    """Return a context in which the recurrent modules of a model in PyTorch are recorded.

    Parameters
    ----------
    model
        An ``nn.Module`` with an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU`` in it; it is not changed.
    every
        Steps from one recorded to the next; the first is recorded. A step is a forward pass of the
        model in training.
    modules
        Names of the modules to record, as ``named_modules`` has them; all, if not given.
    sequences
        Sequences of each batch to keep, at most: the first ones.

    Returns
    -------
    context manager of Recording
        Complete when the block ends.

    Raises
    ------
    ValueError
        On a module that cannot be recorded, by name, and where nothing was recorded.

    Examples
    --------
    >>> with unrolled.record(model, every=50) as recording:        # doctest: +SKIP
    ...     train(model)
    >>> recording.save("training.npz")                             # doctest: +SKIP
    """
    if every < 1 or sequences < 1:
        raise ValueError("every and sequences must be at least 1")
    found, recording = watched_in(model, modules), Recording()
    recorder = _Recorder(recording, every, sequences)
    handles = [model.register_forward_pre_hook(recorder.begin)]
    for module, told in found.values():
        handles.append(module.register_forward_hook(recorder.hook(told), with_kwargs=True))
    try:
        yield recording
    finally:
        for handle in handles:
            handle.remove()
        recorder.finish()
    if not recording.moments and not recording.diverged_at:
        raise ValueError(
            f"nothing was recorded in {recorder.step} steps: a step is a call of the model in "
            "training mode, model.train(), with loss.backward() after it"
        )


class _Recorder:
    """The steps of a training, and what is recorded of the present one."""

    def __init__(self, recording: Recording, every: int, sequences: int) -> None:
        self.recording, self.every, self.sequences = recording, every, sequences
        self.step, self._now = 0, False
        self._open: dict[str, _Open] = {}

    def begin(self, model: Any, args: Any) -> None:
        """Count a forward pass of the model in training."""
        self.finish()
        self._now = False
        if model.training:
            self.step += 1
            self._now = (self.step - 1) % self.every == 0

    def hook(self, told: Watched) -> Any:
        """Return the hook that a module calls after its forward pass."""

        def after(module: Any, args: Any, kwargs: Any, returned: Any) -> None:
            if not self._now or not module.training:
                return
            given = dict(zip(("input", "hx"), args, strict=False)) | kwargs
            if not getattr(_data(returned[0]), "requires_grad", False):
                return
            if told.name in self._open:
                raise ValueError(
                    f"{told.name or 'the model'} is called more than once in a step: only a module "
                    "that reads the whole sequence in one call can be recorded"
                )
            self._open[told.name] = _Open(told, module, given, returned, self.sequences)

        return after

    def finish(self) -> None:
        """Keep what the present step has, if the loss was walked back."""
        for each in self._open.values():
            if (moment := each.moment(self.step)) is not None:
                self.recording.add(moment)
        self._open = {}


class _Open:
    """A module at a step that is not walked back yet."""

    def __init__(
        self, told: Watched, module: Any, given: Any, returned: Any, sequences: int
    ) -> None:
        self.told, x, output = told, given["input"], _data(returned[0])
        if str(output.dtype) == "torch.float16":
            raise ValueError(
                f"{told.name or 'the model'} computes in float16, where a GradScaler multiplies "
                "the loss: use autocast with bfloat16, or float32"
            )
        if getattr(x, "is_nested", False):
            raise ValueError(f"{told.name or 'the model'} reads a nested tensor: pad or pack it")
        self._shape = _Shape(x, module.batch_first, sequences)
        self._x = self._shape.copied(x)
        self._d_output: Any = None
        self._weights = {k: _array(each) for k, each in module.named_parameters(recurse=False)}
        self._states: dict[str, Any] = {}
        for name, state in zip("hc", _each(given.get("hx")), strict=False):
            self._states[f"{name}_0"] = self._shape.state(state)
        for name, state in zip("hc", _each(returned[1]), strict=False):
            if name == "h":
                self._states["h_n"] = self._shape.state(state)
            state.register_hook(self._at_state(f"d_{name}_n"))
        output.register_hook(self._at_output)

    def _at_output(self, gradient: Any) -> None:
        found = self._shape.copied(gradient)
        self._d_output = found if self._d_output is None else self._d_output + found

    def _at_state(self, name: str) -> Any:
        def arrived(gradient: Any) -> None:
            self._states[name] = self._states.get(name, 0) + self._shape.state(gradient)

        return arrived

    def moment(self, step: int) -> Moment | None:
        """Return what was recorded; None where no gradient arrived."""
        arrived = [each for each in self._states if each.startswith("d_")]
        if self._d_output is None and not arrived:
            return None
        x, lengths = self._shape.in_time(self._x)
        told, weights, states = self.told, self._weights, self._states
        width = (told.projection or told.hidden_size) * (1 + told.bidirectional)
        d_output = np.zeros((*x.shape[:2], width), dtype=np.float32)
        if self._d_output is not None:
            d_output, _ = self._shape.in_time(self._d_output)
        if told.projection:
            weights, d_output, states = unprojected(told, weights, d_output, states)
        return Moment(told, step, lengths, x, d_output, weights, states)


class _Shape:
    """The way in which sequences lie in a tensor: padded, packed, or one alone."""

    def __init__(self, x: Any, batch_first: bool, sequences: int) -> None:
        self._sizes = _array(x.batch_sizes) if hasattr(x, "batch_sizes") else None
        self._alone = self._sizes is None and x.ndim == 2
        self._batch_first, self._most = batch_first, slice(sequences)
        order = getattr(x, "unsorted_indices", None) if self._sizes is not None else None
        self._order = None if order is None else _array(order)

    def copied(self, tensor: Any) -> Any:
        """Return a copy of some sequences of a tensor of inputs, or of outputs."""
        tensor = _data(tensor)
        if self._sizes is not None:
            return _array(tensor)
        if self._alone:
            return _array(tensor)[:, None]
        if self._batch_first:
            return _array(tensor[self._most]).swapaxes(0, 1)
        return _array(tensor[:, self._most])

    def state(self, tensor: Any) -> Any:
        """Return (levels, B, H) a copy of a state of those sequences."""
        return _array(tensor)[:, None] if self._alone else _array(tensor[:, self._most])

    def in_time(self, copied: Any) -> tuple[Any, Any]:
        """Return (T, B, n) of a copy, and the lengths (B,)."""
        if self._sizes is None:
            T, B, _ = copied.shape
            return copied, np.full(B, T)
        T, B = len(self._sizes), int(self._sizes[0])
        there = np.arange(B) < self._sizes[:, None]
        padded = np.zeros((T, B, copied.shape[-1]), copied.dtype)
        padded[there] = copied
        lengths = there.sum(axis=0)
        if self._order is not None:
            padded, lengths = padded[:, self._order], lengths[self._order]
        return padded[:, self._most], lengths[self._most]


def _data(tensor: Any) -> Any:
    """Return the tensor of a packed sequence, or a tensor itself."""
    return tensor.data if hasattr(tensor, "batch_sizes") else tensor


def _each(states: Any) -> tuple[Any, ...]:
    if states is None:
        return ()
    return tuple(states) if isinstance(states, tuple) else (states,)


def _array(tensor: Any) -> Any:
    """Return a copy of a tensor, from any device; NumPy has no bfloat16."""
    tensor = tensor.detach()
    if str(tensor.dtype) == "torch.bfloat16":
        tensor = tensor.float()
    return np.array(tensor.cpu().numpy())
