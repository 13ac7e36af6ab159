r"""The equations of one timestep, forward and backward, once: in LaTeX, and as the page's MathML.

A line of LaTeX is cut into terms at each ``&``. A term that names an array (``app.runs.step`` has
its numbers under the same LaTeX) stands above that array; the others are the operators between.

    u_t = f'(a_t) ⊙ ∂L/∂h_t        ∂L/∂h_{t-1} = W_hhᵀ u_t

is how a gradient takes one step back in an RNN. In a gated cell δ with a gate's name is ∂L/∂ of its
pre-activation, and κ_t is what timestep t+1 hands to c_t along the carry path.
"""

import re
from collections.abc import Container
from typing import Any, NamedTuple

from unrolled.app.runs.mathml import mathml
from unrolled.engine import Trace

ACTIVATION = {
    "tanh": r"\tanh",
    "relu": r"\operatorname{ReLU}",
    "sigmoid": r"\sigma",
    "identity": "",
}
GATE = {"i": r"\sigma", "f": r"\sigma", "g": r"\tanh", "o": r"\sigma", "r": r"\sigma"}
GATE |= {"z": r"\sigma", "n": r"\tanh"}
TRANSPOSED = r"^\top"


def d(name: str, loss: str = "L") -> str:
    """∂L/∂name."""
    return rf"\frac{{\partial {loss}}}{{\partial {name}}}"


D_H, D_H_PREV, D_C = d("h_t"), d("h_{t-1}"), d("c_t")
D_H_OWN = d("h_{t-1}", "L_{t-1}")


class Line(NamedTuple):
    latex: str
    path: str | None = None
    """Which way back it is, in a gated cell: ``carry`` or ``recurrent``."""


def forward(trace: Trace) -> list[Line]:
    """How timestep t comes out of timestep t-1."""
    cell = trace.experiment.cell
    if cell == "lstm":
        return [
            *(_gate(gate) for gate in "ifgo"),
            Line(r"c_t & = & f_t & \odot & c_{t-1} & + & i_t & \odot & g_t"),
            Line(r"h_t & = & o_t & \odot & \tanh(c_t)"),
        ]
    if cell == "gru":
        return [
            *(_gate(gate) for gate in "rz"),
            Line(r"q_t & = & W_{hn} & h_{t-1} & + & b_{hn}"),
            Line(r"n_t & = & \tanh( & W_{xn} x_t & + & b_{xn} & + & r_t & \odot & q_t & )"),
            Line(r"h_t & = & (1-z_t) & \odot & n_t & + & z_t & \odot & h_{t-1}"),
        ]
    f = ACTIVATION[trace.experiment.activation]
    recurrent = r"W_{hh} & h_{t-1} & + & " if trace.network.cell.recurrent else ""
    return [
        Line(rf"a_t & = & {recurrent}W_{{xh}} x_t & + & b_h"),
        Line(rf"h_t & = & {f}( & a_t & )" if f else "h_t & = & a_t"),
    ]


def _gate(gate: str) -> Line:
    return Line(
        rf"{gate}_t & = & {GATE[gate]}( & W_{{h{gate}}} & h_{{t-1}} & + & "
        rf"W_{{x{gate}}} x_t & + & b_{gate} & )"
    )


def backward(trace: Trace, *, goes_on: bool, has_loss: bool) -> list[Line]:
    """How the gradient takes the step from t to t-1.

    ``goes_on``: truncated BPTT does not cut the way to t-1.
    ``has_loss``: t-1 has a loss of its own.
    """
    own = f" & + & {D_H_OWN}" if has_loss else ""
    if trace.experiment.cell == "lstm":
        here, last = _lstm_back(own)
    elif trace.experiment.cell == "gru":
        here, last = _gru_back(own)
    else:
        f = ACTIVATION[trace.experiment.activation]
        here = [Line(rf"u_t & = & {f}'(a_t) & \odot & {D_H}" if f else f"u_t & = & {D_H}")]
        no_path = D_H_OWN if has_loss else "0"
        way = f"W_{{hh}}{TRANSPOSED} & u_t{own}" if trace.network.cell.recurrent else no_path
        last = [Line(f"{D_H_PREV} & = & {way}")]
    return here + last if goes_on else here


def _lstm_back(own: str) -> tuple[list[Line], list[Line]]:
    through_h = rf"o_t & \odot & \tanh'(c_t) & \odot & {D_H}"
    here = [
        Line(rf"{D_C} & = & \kappa_t & + & {through_h}"),
        Line(rf"\delta_i & = & \sigma'(a_i) & \odot & g_t & \odot & {D_C}"),
        Line(rf"\delta_f & = & \sigma'(a_f) & \odot & c_{{t-1}} & \odot & {D_C}"),
        Line(rf"\delta_g & = & \tanh'(a_g) & \odot & i_t & \odot & {D_C}"),
        Line(rf"\delta_o & = & \sigma'(a_o) & \odot & \tanh(c_t) & \odot & {D_H}"),
    ]
    gates = " & + & ".join(rf"W_{{h{gate}}}{TRANSPOSED} & \delta_{gate}" for gate in "ifgo")
    last = [
        Line(rf"\kappa_{{t-1}} & = & f_t & \odot & {D_C}", path="carry"),
        Line(f"{D_H_PREV} & = & {gates}{own}", path="recurrent"),
    ]
    return here, last


def _gru_back(own: str) -> tuple[list[Line], list[Line]]:
    here = [
        Line(rf"\delta_n & = & \tanh'(a_n) & \odot & (1-z_t) & \odot & {D_H}"),
        Line(rf"\delta_z & = & \sigma'(a_z) & \odot & (h_{{t-1}}-n_t) & \odot & {D_H}"),
        Line(r"\delta_r & = & \sigma'(a_r) & \odot & q_t & \odot & \delta_n"),
    ]
    deltas = {"r": r"\delta_r", "z": r"\delta_z", "n": r"(r_t \odot \delta_n)"}
    gates = " & + & ".join(rf"W_{{h{g}}}{TRANSPOSED} & {delta}" for g, delta in deltas.items())
    last = [
        Line(rf"\kappa_{{t-1}} & = & z_t & \odot & {D_H}", path="carry"),
        Line(rf"{D_H_PREV} & = & \kappa_{{t-1}} & + & {gates}{own}", path="recurrent"),
    ]
    return here, last


# --- terms ---------------------------------------------------------------------------------------


def terms(line: Line, t: int, part: int, arrays: Container[str]) -> list[dict[str, Any]]:
    """The terms of a line at timestep t: MathML, the name of the array below, what it lights.

    ``part``: whose weights the timestep uses, as ``Trace.parts`` counts.
    """
    return [_term(latex.strip(), t, part, arrays) for latex in line.latex.split("&")]


def _term(latex: str, t: int, part: int, arrays: Container[str]) -> dict[str, Any]:
    transposed = latex.endswith(TRANSPOSED)
    name = latex.removesuffix(TRANSPOSED)
    if name not in arrays:
        return {"math": mathml(at(latex, t))}
    return {
        "math": mathml(at(latex, t)),
        "label": spoken(at(latex, t)),
        "array": name,
        "transposed": transposed,
        "lit": counterpart(name, t, part),
    }


def at(latex: str, t: int) -> str:
    """The same LaTeX with the timestep's own number in it."""
    return re.sub(r"_t\b", f"_{{{t}}}", latex).replace("{t-1}", f"{{{t - 1}}}")


def spoken(latex: str) -> str:
    """LaTeX as a line of text: W_hh, h_16, ∂L/∂h_17."""
    latex = re.sub(r"\\frac\{(.*?)\}\{\\partial (.*)\}$", r"\1/∂\2", latex)
    for sign, text in ((r"\partial ", "∂"), (r"\odot", "·"), (TRANSPOSED, "^T")):
        latex = latex.replace(sign, text)
    for letter, text in ((r"\delta", "δ"), (r"\kappa", "κ"), (r"\sigma", "σ")):
        latex = latex.replace(letter, text)
    return re.sub(r"\\operatorname|[{}\\]", "", latex)


_STATE = re.compile(r"^([a-z]|\(1-z)_(t|\{t-1\})\)?$")
_GRADIENT = re.compile(r"partial ([hc])_(t|\{t-1\})\}$")


def counterpart(name: str, t: int, part: int = 0) -> dict[str, Any] | None:
    """What on the stage is the same thing as an array: a quantity, and its timestep.

    What all timesteps of a part of the network share has that part instead.
    """
    if name.startswith("W_{h"):
        return {"quantity": "W_hh", "timestep": None, "part": part}
    if name.endswith(" x_t"):
        return {"quantity": "x", "timestep": t}
    if name == D_H_OWN:
        return {"quantity": "loss", "timestep": t - 1}
    found, prefix = _STATE.search(name), ""
    if not found:
        found, prefix = _GRADIENT.search(name), "d_"
    if not found or (prefix == "" and found[1] in ("a", "u", "q")):
        return None
    timestep = t if found[2] == "t" else t - 1
    return {"quantity": prefix + found[1][-1], "timestep": timestep} if timestep else None
