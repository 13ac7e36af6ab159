r"""The equations of one timestep, forward and backward, as MathML.

They come from ``Cell.equations``, in LaTeX. A term is an array, whose numbers ``app.runs.step`` has
under the same LaTeX, or an operator between arrays.
"""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

from unrolled.app.runs.mathml import mathml
from unrolled.engine import CELLS
from unrolled.engine.attention.attended import Attention
from unrolled.engine.attention.equations import D_H_SEEN
from unrolled.engine.attention.equations import lines as lines_of_attention
from unrolled.engine.bptt.cell_pass import CellPass
from unrolled.engine.cells.equations import TRANSPOSED, Line, d

D_H_OWN = d("h_{t-1}", "L_{t-1}")


@dataclass(frozen=True)
class Text:
    """The equations of a timestep of one layer and direction."""

    passed: CellPass
    timestep: int
    """From 1, in the sequence."""
    directions: int

    @property
    def reads(self) -> str:
        """What the layer reads: the input, or the state of the layer below."""
        below = self.passed.layer - 1
        if not below:
            return "x_t"
        if self.directions == 1:
            return f"h^{{({below})}}_t"
        return rf"[\overrightarrow{{h}}_t, \overleftarrow{{h}}_t]^{{({below})}}"

    @property
    def entering(self) -> str:
        """What enters the state of t-1: of its own loss, of attention, or from the layer above."""
        if self.passed.highest:
            attends = self.passed.network.attention is not None
            return D_H_SEEN if attends and not self._part(self.timestep - 1) else D_H_OWN
        above = f"({self.passed.layer + 1})"
        return rf"W_{{xh}}^{{{above}\top}} \delta_{{t-1}}^{{{above}}}"

    def forward(self) -> list[Line]:
        """Return the equations from timestep t-1 to timestep t, with what its output reads."""
        return [
            line._replace(latex=re.sub(r"\bx_t\b", lambda _: self.reads, line.latex))
            for line in self.passed.network.cell.equations.forward
        ] + [*(lines_of_attention(self.looks) if self.looks else ())]

    @property
    def looks(self) -> Attention | None:
        """The attention of its output, where it has both."""
        return self.passed.network.attention if self._part(self.timestep) else None

    def _part(self, timestep: int) -> int:
        """Return whose weights a timestep uses: 0 of an encoder, 1 of its decoder."""
        return int(self.passed.parts[self.passed.place(timestep - 1)])

    def backward(self, *, goes_on: bool, enters: bool) -> list[Line]:
        """Return the equations of the gradient's step from t to t-1.

        ``goes_on``: truncated BPTT does not cut the path to t-1.
        ``enters``: more gradient enters at t-1, that of its own loss or from the layer above.
        """
        equations = self.passed.network.cell.equations
        if not goes_on:
            return [*equations.here]
        *before, last = equations.back
        if enters:
            nothing = last.latex.removesuffix(" 0") + f" {self.entering}"
            added = f"{last.latex} & + & {self.entering}"
            last = last._replace(latex=nothing if last.latex.endswith(" 0") else added)
        return [*equations.here, *before, last]

    def tex(self, lines: Iterable[Line]) -> str:
        """Return equations as a block of LaTeX, aligned at the signs of equality, with t as it is.

        In a cell that reads from the end t+1 comes before t.
        """
        latex = (_signed(line.latex) for line in lines)
        if self.passed.reverse:
            latex = (line.replace("{t-1}", "{t+1}") for line in latex)
        rows = (line.replace("& = &", "&= ").replace(" & ", " ") for line in latex)
        tidy = (" ".join(row.split()).replace("( ", "(").replace(" )", ")") for row in rows)
        return "\\begin{aligned}\n" + " \\\\\n".join(tidy) + "\n\\end{aligned}"

    @property
    def before(self) -> int | None:
        """The timestep that was read before, if any: t-1, or t+1 from the end."""
        t = self.timestep + (1 if self.passed.reverse else -1)
        return t if 1 <= t <= self.passed.T else None

    def terms(self, line: Line, arrays: Container[str]) -> list[dict[str, Any]]:
        """Return the terms of an equation, with array and counterpart on the stage."""
        return [self._term(latex.strip(), arrays) for latex in line.latex.split("&")]

    def _term(self, latex: str, arrays: Container[str]) -> dict[str, Any]:
        transposed = latex.endswith(TRANSPOSED)
        name, shown = latex.removesuffix(TRANSPOSED), self.at(latex)
        if name not in arrays:
            return {"math": mathml(shown)}
        return {
            "math": mathml(shown),
            "label": spoken(shown),
            "array": name,
            "transposed": transposed,
            "lit": self.counterpart(name),
        }

    def at(self, latex: str) -> str:
        """Return LaTeX with the numbers of the timesteps, and an LSTM's g as c̃."""
        t, way = self.timestep, 1 if self.passed.reverse else -1
        latex = re.sub(r"_t\b", f"_{{{t}}}", _signed(latex)).replace("{tj}", f"{{{t},j}}")
        return latex.replace("{t-1}", f"{{{t + way}}}")

    def counterpart(self, name: str) -> dict[str, Any] | None:
        """Return the counterpart of an array on the stage: a quantity and its timestep.

        Weights, which the timesteps of a network share, have the network in place of a timestep.
        """
        if name.startswith("W_{h"):
            return {"quantity": "W_hh", "timestep": None, "part": self._part(self.timestep)}
        if name.startswith("W_{x") and name != self.entering:
            return {"quantity": "x", "timestep": self.timestep}
        if name == D_H_SEEN:
            return None
        if name == D_H_OWN:
            return {"quantity": "loss", "timestep": self.before}
        found, prefix = _STATE.search(name), ""
        if not found:
            found, prefix = _GRADIENT.search(name), "d_"
        if not found or found[1] not in _on_stage():
            return None
        timestep = self.timestep if found[2] == "t" else self.before
        return {"quantity": prefix + found[1], "timestep": timestep} if timestep else None


# --- text ----------------------------------------------------------------------------------------


def kind_of(name: str) -> str:
    """Return the colour scale of an array: -1..1 for states, 0..1 for slopes and shares."""
    if name.startswith(("W_", "b_", "U_", "v_a", "e_")):
        return "weights"
    return "slope" if "'" in name or name.startswith(r"\alpha") else "state"


_CANDIDATE = re.compile(r"\bg(?=_t\b)|(?<=_)g\b|(?<=_\{[hx])g(?=\})")
"""An LSTM's candidate: ``g`` by its name in files, as in PyTorch's order of the gates."""
_GREEK = {r"\alpha": "α", r"\delta": "δ", r"\kappa": "κ", r"\rho": "ρ", r"\sigma": "σ"}


def _signed(latex: str) -> str:
    return _CANDIDATE.sub(r"{\\tilde{c}}", latex)


def spoken(latex: str) -> str:
    """Return LaTeX as a line of text: W_hh, h_16, ∂L/∂h_17."""
    latex = re.sub(r"\\frac\{(.*?)\}\{\\partial (.*?\}?)\}(?= |$)", r"\1/∂\2", latex)
    arrows = ((r"\overrightarrow{h}", "h→"), (r"\overleftarrow{h}", "h←"), (r"\tilde{h}", "h̃"))
    for sign, text in (
        *arrows,
        (r"\partial ", "∂"),
        (r"\odot", "·"),
        (TRANSPOSED, "^T"),
        (r"\top", "T"),
    ):
        latex = latex.replace(sign, text)
    latex = latex.replace(r"{\tilde{c}}", "c\N{COMBINING TILDE}")
    for letter, text in _GREEK.items():
        latex = latex.replace(letter, text)
    return re.sub(r"\\operatorname|[{}\\]", "", latex)


_STATE = re.compile(r"^(?:\(1-)?([a-z]+)_(t|\{t-1\})\)?$")
_GRADIENT = re.compile(r"partial ([a-z]+)_(t|\{t-1\})\}$")


def _on_stage() -> set[str]:
    """Return the names of the states and gates that the stage shows."""
    return {name for cell in CELLS.values() for name in (*cell.states, *cell.gates)}
