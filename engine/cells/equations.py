r"""The equations of a cell, in LaTeX.

A line is cut into terms at each ``&``. A term that names an array stands above that array; the
others are the operators between. Weights go by the name of their block: ``W_{hf}``,
``W_{xf} x_t``, and ``b_f``, or ``b_{xf}`` and ``b_{hf}``; a cell without gates has the block ``h``.
In a gated cell ``\delta_f`` is ∂L/∂a_f; in another ``u_t`` is ∂L/∂a_t. ``\kappa_{t-1}`` is what
goes along the carry path, and ``\kappa_t`` what timestep t+1 hands to a second state.
"""

from typing import NamedTuple

TRANSPOSED = r"^\top"


def d(name: str, loss: str = "L") -> str:
    """Return ∂L/∂name in LaTeX."""
    return rf"\frac{{\partial {loss}}}{{\partial {name}}}"


D_H, D_H_PREV, D_C = d("h_t"), d("h_{t-1}"), d("c_t")


class Line(NamedTuple):
    latex: str
    path: str | None = None
    """The path back in a gated cell: ``carry`` or ``recurrent``."""


class Equations(NamedTuple):
    forward: tuple[Line, ...]
    """The step from timestep t-1 to t."""
    here: tuple[Line, ...]
    """The gradients of the pre-activations of t, from that of its state."""
    back: tuple[Line, ...]
    """The step back to t-1; the last line is ∂L/∂h_{t-1}, before the loss of t-1."""


def gate(name: str, function: str = r"\sigma", reads: str = "h_{t-1}") -> Line:
    """Return the line of a gate: a function of a recurrent product, W_x x and b."""
    return Line(
        rf"{name}_t & = & {function}( & W_{{h{name}}} & {reads} & + & "
        rf"W_{{x{name}}} x_t & + & b_{name} & )"
    )


def of_input(gate: str, function: str = "", name: str = "") -> Line:
    """Return the line of a gate, or of ``name``, that reads the input and no state."""
    drive = rf"W_{{x{gate}}} x_t & + & b_{gate}"
    return Line(
        f"{name or f'{gate}_t'} & = & " + (f"{function}( & {drive} & )" if function else drive)
    )


def back_through(deltas: dict[str, str]) -> str:
    """Σ W_hᵀ δ, of the blocks by name."""
    return " & + & ".join(rf"W_{{h{name}}}{TRANSPOSED} & {delta}" for name, delta in deltas.items())
