import pytest

from unrolled import engine
from unrolled.app.runs import equations
from unrolled.app.runs.mathml import mathml
from unrolled.engine.cells import equations as written
from unrolled.engine.cells.equations import Line

EVERY = [
    pytest.param({"cell": cell, "activation": activation}, id=f"{cell}-{activation}")
    for cell in engine.CELLS
    for activation in engine.ACTIVATIONS
    if cell in ("rnn", "feedforward") or activation == "tanh"
]


@pytest.mark.parametrize("fields", EVERY)
def test_every_equation_is_mathematics_that_a_browser_can_draw(fields):
    trace = engine.trace("abcab", **fields)
    lines = equations.forward(trace)
    for goes_on in (True, False):
        for has_loss in (True, False):
            lines += equations.backward(trace, goes_on=goes_on, has_loss=has_loss)
    for line in lines:
        for term in equations.terms(line, 3, 0, set()):
            assert term["math"].startswith("<math>")
            assert "merror" not in term["math"]


@pytest.mark.parametrize("fields", EVERY)
def test_the_equations_can_be_taken_away_as_one_aligned_block(fields):
    trace = engine.trace("abcab", **fields)
    for lines in (
        equations.forward(trace),
        equations.backward(trace, goes_on=True, has_loss=True),
    ):
        begin, *rows, end = equations.tex(lines).split("\n")
        assert (begin, end) == (r"\begin{aligned}", r"\end{aligned}")
        assert len(rows) == len(lines)
        for row in rows:
            assert row.count("&") == 1
            assert "merror" not in mathml(row.removesuffix(r" \\").replace("&", ""))


def test_the_equations_of_an_rnn_as_tex():
    lines = equations.forward(engine.trace("abcab"))
    assert equations.tex(lines).split("\n")[1:-1] == [
        r"a_t &= W_{hh} h_{t-1} + W_{xh} x_t + b_h \\",
        r"h_t &= \tanh(a_t)",
    ]


@pytest.mark.parametrize(
    ("latex", "written"),
    [
        ("h_t", "h_{17}"),
        ("h_{t-1}", "h_{16}"),
        (r"W_{hh}^\top", r"W_{hh}^\top"),
        (r"\tanh'(a_t)", r"\tanh'(a_{17})"),
        (written.D_H_PREV, r"\frac{\partial L}{\partial h_{16}}"),
    ],
)
def test_a_timestep_has_its_own_number(latex, written):
    assert equations.at(latex, 17) == written


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        ("h_{16}", "h_16"),
        (r"W_{hh}^\top", "W_hh^T"),
        (r"\frac{\partial L}{\partial h_{16}}", "∂L/∂h_16"),
        (r"\frac{\partial L_{16}}{\partial h_{16}}", "∂L_16/∂h_16"),
        (r"\sigma'(a_i)", "σ'(a_i)"),
        (r"(r_{2} \odot \delta_n)", "(r_2 · δ_n)"),
    ],
)
def test_a_symbol_can_be_said_in_a_line_of_text(latex, words):
    assert equations.spoken(latex) == words


@pytest.mark.parametrize(
    ("name", "quantity", "timestep"),
    [
        ("h_t", "h", 5),
        ("h_{t-1}", "h", 4),
        ("c_{t-1}", "c", 4),
        ("(1-z_t)", "z", 5),
        ("W_{xh} x_t", "x", 5),
        (written.D_H, "d_h", 5),
        (written.D_C, "d_c", 5),
        (written.D_H_PREV, "d_h", 4),
        (equations.D_H_OWN, "loss", 4),
    ],
)
def test_a_symbol_knows_what_it_is_on_the_stage(name, quantity, timestep):
    assert equations.counterpart(name, 5) == {"quantity": quantity, "timestep": timestep}


def test_a_matrix_is_that_of_its_part_of_the_network():
    shared = {"quantity": "W_hh", "timestep": None}
    assert equations.counterpart("W_{hf}", 5) == shared | {"part": 0}
    (term,) = equations.terms(Line("W_{hh}"), 5, 1, {"W_{hh}"})
    assert term["lit"] == shared | {"part": 1}


@pytest.mark.parametrize("name", ["a_t", "u_t", "q_t", "b_h", r"\delta_i", r"\sigma'(a_i)"])
def test_a_symbol_that_the_stage_does_not_show_lights_nothing(name):
    assert equations.counterpart(name, 5) is None


def test_the_state_before_the_first_timestep_is_nowhere_on_the_stage():
    assert equations.counterpart("h_{t-1}", 1) is None


def test_a_transposed_matrix_stands_above_the_array_of_the_matrix():
    (term,) = equations.terms(Line(r"W_{hh}^\top"), 2, 0, {"W_{hh}"})
    assert (term["array"], term["transposed"], term["label"]) == ("W_{hh}", True, "W_hh^T")
