r"""The equations of one timestep, forward and backward, as MathML.

They come from ``Cell.equations``, in LaTeX. A term is an array, whose numbers ``app.runs.step`` has
under the same LaTeX, or an operator between arrays.
"""

import re
from collections.abc import Container, Iterable
from typing import Any

from unrolled.app.runs.mathml import mathml
from unrolled.engine import CELLS, Trace
from unrolled.engine.cells.equations import TRANSPOSED, Line, d

D_H_OWN = d("h_{t-1}", "L_{t-1}")


def forward(trace: Trace) -> list[Line]:
    """Return the equations from timestep t-1 to timestep t."""
    return [*trace.network.cell.equations.forward]


def backward(trace: Trace, *, goes_on: bool, has_loss: bool) -> list[Line]:
    """Return the equations of the gradient's step from t to t-1.

    ``goes_on``: truncated BPTT does not cut the path to t-1.
    ``has_loss``: t-1 has a loss of its own.
    """
    equations = trace.network.cell.equations
    if not goes_on:
        return [*equations.here]
    *before, last = equations.back
    if has_loss:
        nothing = last.latex.removesuffix(" 0") + f" {D_H_OWN}"
        added = f"{last.latex} & + & {D_H_OWN}"
        last = last._replace(latex=nothing if last.latex.endswith(" 0") else added)
    return [*equations.here, *before, last]


def tex(lines: Iterable[Line]) -> str:
    """Return equations as a block of LaTeX, aligned at the signs of equality, with t as it is."""
    rows = (_signed(line.latex).replace("& = &", "&= ").replace(" & ", " ") for line in lines)
    tidy = (" ".join(row.split()).replace("( ", "(").replace(" )", ")") for row in rows)
    return "\\begin{aligned}\n" + " \\\\\n".join(tidy) + "\n\\end{aligned}"


# --- terms ---------------------------------------------------------------------------------------


def terms(line: Line, t: int, part: int, arrays: Container[str]) -> list[dict[str, Any]]:
    """Return the terms of an equation at timestep t, with array and counterpart on the stage.

    ``part``: the network whose weights the timestep uses, as in ``Trace.parts``.
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


_CANDIDATE = re.compile(r"\bg(?=_t\b)|(?<=_)g\b|(?<=_\{[hx])g(?=\})")
"""An LSTM's candidate: ``g`` by its name in files, as in PyTorch's order of the gates."""
_GREEK = {r"\delta": "δ", r"\kappa": "κ", r"\rho": "ρ", r"\sigma": "σ"}


def at(latex: str, t: int) -> str:
    """Return the LaTeX with the number of the timestep in place of t, and an LSTM's g as c̃."""
    return re.sub(r"_t\b", f"_{{{t}}}", _signed(latex)).replace("{t-1}", f"{{{t - 1}}}")


def _signed(latex: str) -> str:
    return _CANDIDATE.sub(r"{\\tilde{c}}", latex)


def spoken(latex: str) -> str:
    """Return LaTeX as a line of text: W_hh, h_16, ∂L/∂h_17."""
    latex = re.sub(r"\\frac\{(.*?)\}\{\\partial (.*)\}$", r"\1/∂\2", latex)
    for sign, text in ((r"\partial ", "∂"), (r"\odot", "·"), (TRANSPOSED, "^T")):
        latex = latex.replace(sign, text)
    latex = latex.replace(r"{\tilde{c}}", "c\N{COMBINING TILDE}")
    for letter, text in _GREEK.items():
        latex = latex.replace(letter, text)
    return re.sub(r"\\operatorname|[{}\\]", "", latex)


_STATE = re.compile(r"^(?:\(1-)?([a-z]+)_(t|\{t-1\})\)?$")
_GRADIENT = re.compile(r"partial ([a-z]+)_(t|\{t-1\})\}$")


def counterpart(name: str, t: int, part: int = 0) -> dict[str, Any] | None:
    """Return the counterpart of an array on the stage: a quantity and its timestep.

    Weights, which the timesteps of a network share, have the network in place of a timestep.
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
    if not found or found[1] not in _on_stage():
        return None
    timestep = t if found[2] == "t" else t - 1
    return {"quantity": prefix + found[1], "timestep": timestep} if timestep else None


def _on_stage() -> set[str]:
    """Return the names of the states and gates that the stage shows."""
    return {name for cell in CELLS.values() for name in (*cell.states, *cell.gates)}
